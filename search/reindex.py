"""Rebuilding an index from the rows, beside a running server and without a gap."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import asyncpg

from models import db
from search import feed, people
from search.engine import Engine
from search.indexer import Indexer, Load

BATCH = 500  # rows read, locked and indexed at a time
TRIES = 5  # of one batch
FIRST = uuid.UUID(int=0)

Progress = Callable[[int, str], object]
"""Told how many more of what are done."""


@dataclass(frozen=True, slots=True)
class Source:
    """The table whose rows become documents of one kind."""

    kind: str
    table: str
    what: str
    load: Load


SOURCES = (
    Source(people.KIND, "person", "people", people.documents),
    Source(feed.KIND, "post", "posts", feed.documents),
)

# Until the batch is committed nobody changes these rows: what we write is then older than any change's event, and the
# index's own reader, which follows, has the last word.
NEXT = "SELECT id FROM {table} WHERE id > $1 ORDER BY id LIMIT $2 FOR SHARE"
FORSAKEN = """
DELETE FROM search_document WHERE id IN (
    SELECT d.id FROM search_document d
    WHERE d.kind = $1 AND NOT EXISTS (SELECT 1 FROM {table} r WHERE r.id = d.subject_id) LIMIT $2
)
"""


async def reindex(engine: Engine, progress: Progress) -> int:
    """Put a document for all that can be found, drop the others; how many rows were looked at.

    Memory does not grow with their number. Searches go on meanwhile and miss nothing that they found before.
    """
    return sum([await _source(Indexer(engine), source, progress) for source in SOURCES])


async def _source(indexer: Indexer, source: Source, progress: Progress) -> int:
    after, count = FIRST, 0
    while ids := await _batch(indexer, source, after):
        after, count = ids[-1], count + len(ids)
        progress(len(ids), source.what)
    while gone := await db.execute(FORSAKEN.format(table=source.table), source.kind, BATCH):
        progress(gone, f"forsaken documents of {source.what}")
    return count


async def _batch(indexer: Indexer, source: Source, after: uuid.UUID) -> list[uuid.UUID]:
    """The rows of the next batch, indexed. Tried again where it and another writer waited for each other in a ring."""
    for left in reversed(range(TRIES)):
        try:
            async with db.transaction():
                ids = [r["id"] for r in await db.rows(NEXT.format(table=source.table), after, BATCH)]
                if ids:
                    await indexer.refresh(ids, source.load)
            return ids
        except asyncpg.DeadlockDetectedError:
            if not left:
                raise
    return []
