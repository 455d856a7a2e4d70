"""Rebuilding an index from the rows, beside a running server and without a gap."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg

from models import db
from models import log as table
from models.log import Position
from search.engine import Engine
from search.indexer import Indexer
from search.sources import FIRST, SOURCES, Source
from subscriptions import log

BATCH = 500  # rows read, locked and indexed at a time
TRIES = 5  # of one batch
HELD = timedelta(seconds=90)  # how long the reader waits for an index to take over, should we be killed at that

Progress = Callable[[int, str], object]
"""Told how many more of what are done."""


def untold(count: int, what: str) -> None:
    """Progress that nobody watches."""


# The reader that is under way loses what it is doing: it cannot set its position beyond this one.
HOLD = """
INSERT INTO reader_position (name, generation, xid, event_id, holder, held_until, failures, error)
VALUES ($1, $2, $3, $4, $5, $6, 0, '')
ON CONFLICT (name) DO UPDATE SET generation = $2, xid = $3, event_id = $4, holder = $5, held_until = $6,
    failures = 0, error = ''
"""
RELEASE = "UPDATE reader_position SET holder = NULL, held_until = NULL WHERE name = $1 AND holder = $2"


async def reindex(engine: Engine, progress: Progress) -> int:
    """Put a document for all that can be found, drop the others; how many rows were looked at.

    Memory does not grow with their number. Searches go on meanwhile and miss nothing that they found before. Raises
    `search.engine.Unavailable`.

    No gap is left. What the log had told of when we began (its horizon) is in the rows that we read. What happens later
    is read by the index's own reader, to the index that is searched now, and by us to the one beside it, as far as we
    come. Then the reader is stopped, its position set back to that horizon, and the new index takes over: whatever has
    happened since we began is read to it once more. A kill before that leaves the old index, which reads some of it
    twice; a kill after that the new one, which reads all of it.

    PostgreSQL's documents are replaced in place, a batch at a time: until it is committed nobody changes its rows, so
    what we write is older than any change's event, and the reader, which follows, has the last word.
    """
    began = await table.horizon()
    into = await engine.rebuilt()
    indexer = Indexer(into)
    in_place = into is engine
    count = sum([await _fill(indexer, source, progress, in_place=in_place) for source in SOURCES])
    if in_place:
        for source in SOURCES:
            await drop_forsaken(engine, source, progress)
    else:
        await _catch_up(indexer, began)
    await _take_over(into, Indexer(engine).name, began)
    return count


async def renew(indexer: Indexer, source: Source, ids: Sequence[uuid.UUID]) -> None:
    """Make the documents of these rows anew beside the index's reader; in PostgreSQL nobody changes the rows meanwhile.

    Tried again where we and another writer waited for each other in a ring.
    """
    if indexer.outside:
        await indexer.refresh(ids, source.load)
        return
    for left in reversed(range(TRIES)):
        try:
            async with db.transaction():
                await source.hold(ids)
                await indexer.refresh(ids, source.load)
            return
        except asyncpg.DeadlockDetectedError:
            if not left:
                raise


async def drop_forsaken(engine: Engine, source: Source, progress: Progress) -> int:
    """Drop the documents that have no row any more; how many. What has a row, but nothing to say, was dropped by it."""
    after, count = FIRST, 0
    while held := list(await engine.subjects(source.kind, after, BATCH)):
        after = held[-1]
        sql = f"SELECT k FROM unnest($1::uuid[]) k WHERE NOT EXISTS (SELECT 1 FROM {source.table} r WHERE r.id = k)"
        gone = [row[0] for row in await db.rows(sql, held)]
        if gone:
            await engine.drop(gone)
            count += len(gone)
            progress(len(gone), f"forsaken documents of {source.what}")
    return count


async def _fill(indexer: Indexer, source: Source, progress: Progress, *, in_place: bool) -> int:
    after, count = FIRST, 0
    while ids := await (_batch_in_place if in_place else _batch)(indexer, source, after):
        after, count = ids[-1], count + len(ids)
        progress(len(ids), source.what)
    return count


async def _batch(indexer: Indexer, source: Source, after: uuid.UUID) -> list[uuid.UUID]:
    """The rows of the next batch, indexed where nobody searches yet."""
    ids = await source.keys(after, BATCH)
    documents = await source.load(ids) if ids else []
    if documents:
        await indexer.engine.put(documents)
    return ids


async def _batch_in_place(indexer: Indexer, source: Source, after: uuid.UUID) -> list[uuid.UUID]:
    """The same where everybody searches."""
    ids = await source.keys(after, BATCH)
    if ids:
        await renew(indexer, source, ids)
    return ids


async def _catch_up(indexer: Indexer, since: Position) -> None:
    """Have a new index read what has happened, until that is little."""
    while True:
        events, behind = await log.after(since)
        await indexer.read(events)
        if len(events) < log.PAGE // 2:
            return
        since = behind


async def _take_over(into: Engine, reader: str, position: Position) -> None:
    """Let the index be searched, and its reader go on behind `position`, whichever of the two a kill leaves undone."""
    me = f"reindex:{uuid.uuid4().hex}"
    await db.execute(HOLD, reader, *position, me, datetime.now(UTC) + HELD)
    try:
        await into.take_over()
    finally:
        await db.execute(RELEASE, reader, me)
