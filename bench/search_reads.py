"""How much of the search documents an answer looks at, by the plans of the statements that look for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.costs import Question
from models import db

TABLE, INDEX = "search_document", "search_document_words"
SEEKS = f"FROM {TABLE} w WHERE w.words @@"  # what a statement says that looks for words


@dataclass(frozen=True)
class Reads:
    """Rows of documents that were `read` (those thrown away among them), places that the `index` told of, `buffers`."""

    read: int
    index: int
    buffers: int


async def reads(question: Question) -> Reads:
    """What one answer looks at, on the one connection of the pool."""
    heard: list[Any] = []
    async with db.connection() as con:
        con.add_query_logger(heard.append)
    try:
        await question()
    finally:
        async with db.connection() as con:
            con.remove_query_logger(heard.append)
    plans = [await plan(one.query, *one.args) for one in heard if SEEKS in one.query]
    scans = [scan for found in plans for scan in _scans(found["Plan"])]
    return Reads(
        read=sum(_rows(scan) for scan in scans if scan.get("Relation Name") == TABLE),
        index=sum(_rows(scan) for scan in scans if scan.get("Index Name") == INDEX),
        buffers=sum(found["Plan"]["Shared Hit Blocks"] + found["Plan"]["Shared Read Blocks"] for found in plans),
    )


async def plan(sql: str, *args: object) -> dict[str, Any]:
    """How a statement was carried out."""
    return json.loads(await db.value(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", *args))[0]


def _scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _scans(part)


def _rows(scan: dict[str, Any]) -> int:
    thrown = scan.get("Rows Removed by Filter", 0) + scan.get("Rows Removed by Index Recheck", 0)
    return round((scan["Actual Rows"] + thrown) * scan["Actual Loops"])
