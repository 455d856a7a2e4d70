"""Comparing an index with the rows, night by night: what the log has not told of is mended."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from models import db
from models import log as table
from search.engine import Engine, Sight, Unavailable
from search.indexer import Indexer
from search.query import Query
from search.reindex import Progress, drop_forsaken, reindex, renew, untold
from search.sources import FIRST, PEOPLE, SOURCES, Source

PORTION = 500  # rows compared at a time
SAMPLE = 100  # rows of each kind of which an index holds one, unless it was never filled
PATIENCE = 60.0  # seconds that the index's reader has to come as far as the log
POLL = 0.5  # seconds
PROBES = 4  # searches without an answer, beside reads that have one: it is not just slow

ANYBODY = Query(kinds=(PEOPLE.kind,), wanted=(), terms=(frozenset({f"kind:{PEOPLE.kind}"}),))
HAS_READ = "SELECT (generation, xid, event_id) >= ($2, $3, $4) FROM reader_position WHERE name = $1"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison has come upon, by kind: rows seen, documents made anew, documents dropped."""

    seen: Counter[str] = field(default_factory=Counter[str])
    renewed: Counter[str] = field(default_factory=Counter[str])
    dropped: Counter[str] = field(default_factory=Counter[str])


async def compare(engine: Engine, *, patience: float = PATIENCE) -> Compared:
    """Make anew what is missing in an index or differs from its row, and drop what has none. Raises `Unavailable`.

    What differs may have changed this very moment, and then it is for the index's reader: that has up to `patience`
    seconds, once, to read what the log tells by now, and only what differs still is mended.
    """
    found, indexer = Compared(), Indexer(engine)
    for source in SOURCES:
        after = FIRST
        while ids := await source.keys(after, PORTION):
            after = ids[-1]
            amiss = await _amiss(engine, source, ids)
            if amiss and source.is_versioned:
                patience -= await _let_read(indexer.name, patience)
                amiss = await _amiss(engine, source, amiss)
            if amiss:
                await renew(indexer, source, amiss)
            found.seen[source.kind] += len(ids)
            found.renewed[source.kind] += len(amiss)
        found.dropped[source.kind] += await drop_forsaken(engine, source, untold)
    return found


async def fill(engine: Engine, progress: Progress = untold) -> int | None:
    """Fill an index that never was; how many rows were looked at, None where it is filled. Raises `Unavailable`."""
    return None if await is_filled(engine) else await reindex(engine, progress)


async def is_filled(engine: Engine) -> bool:
    """Whether an index has been filled: it answers, and holds of each kind one of the oldest. Raises `Unavailable`.

    What its reader has put there since is no sign of it.
    """
    if not await _answers(engine):
        return False
    samples = [await source.sample(SAMPLE) for source in SOURCES]
    return all([not sample or bool(await engine.versions(sample)) for sample in samples])


async def _answers(engine: Engine) -> bool:
    """Whether an index that can be read can be searched, too: not before its first filling. Raises `Unavailable`."""
    for _ in range(PROBES):
        await engine.subjects(PEOPLE.kind, FIRST, 1)
        try:
            await engine.find(ANYBODY, Sight(frozenset(), is_member=True))
            return True
        except Unavailable:
            await asyncio.sleep(POLL)
    return False


async def _amiss(engine: Engine, source: Source, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those of these rows whose documents are missing, differ, or should not be there."""
    held = await engine.versions(ids)
    should = {row["id"]: (row["version"], row["edition"]) for row in await source.rows(ids)}
    if not source.is_versioned:
        return [id for id in ids if id in should or id in held]
    return [id for id in ids if held.get(id) != should.get(id)]


async def _let_read(reader: str, patience: float) -> float:
    """Wait until the reader has come to where the log stands now, or patience ends; the seconds that it took."""
    began, wanted = monotonic(), await table.horizon()
    while monotonic() - began < patience:
        if await db.value(HAS_READ, reader, *wanted) is not False:  # None: nobody reads
            break
        await asyncio.sleep(POLL)
    return monotonic() - began
