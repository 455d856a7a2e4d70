"""The log's tables: each change and its event commit together, in one append-only table with a gap-free order.

Order is `(generation, xid, id)`: a sequence does not follow the order of commits, transaction ids below the snapshot's
horizon do. `generation` rises when the database finds itself in another cluster (a dump restored), where transaction
ids begin anew.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db


class LoggedEvent(Model):
    """Something that has happened, told by ids only. `quiet` ones (imports) reach the index but nobody's screen."""

    id = fields.BigIntField(primary_key=True, generated=True)
    generation = fields.IntField()
    xid = fields.BigIntField()  # of the transaction that wrote it: 64 bits, never reused within a generation
    kind = fields.CharField(max_length=60)
    stream = fields.CharField(max_length=100)
    audience_id = fields.UUIDField(null=True)
    actor_id = fields.UUIDField(null=True)
    subject_id = fields.UUIDField()
    refs: fields.Field[dict[str, object]] = fields.JSONField(default=dict)
    quiet = fields.BooleanField(default=False)
    occurred_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "event"


class LogGeneration(Model):
    """One row for each move of this database to another cluster, or back to one where it has lived before."""

    id = fields.IntField(primary_key=True)
    system_identifier = fields.CharField(max_length=40)

    class Meta(Model.Meta):
        table = "log_generation"


class LogStart(Model):
    """The position of the last event that was deleted for its age, one row then. Nobody resumes from before it."""

    id = fields.IntField(primary_key=True)
    generation = fields.IntField()
    xid = fields.BigIntField()
    event_id = fields.BigIntField()

    class Meta(Model.Meta):
        table = "log_start"


class ReaderPosition(Model):
    """How far a reader of the log has come, and who runs it until when. `failures` counts tries of the next event."""

    name = fields.CharField(max_length=60, primary_key=True)
    generation = fields.IntField(default=0)
    xid = fields.BigIntField(default=0)
    event_id = fields.BigIntField(default=0)
    holder = fields.CharField(max_length=100, null=True)
    held_until = fields.DatetimeField(null=True)
    failures = fields.IntField(default=0)
    error = fields.TextField(default="")

    class Meta(Model.Meta):
        table = "reader_position"


class ParkedEvent(Model):
    """An event that a reader could not digest after its last try: kept for a person to look at."""

    id = fields.BigIntField(primary_key=True, generated=True)
    reader = fields.CharField(max_length=60, db_index=True)
    event_id = fields.BigIntField()
    error = fields.TextField()
    parked_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "parked_event"


Position = tuple[int, int, int]
START: Position = (0, 0, 0)


class Entry(NamedTuple):
    """An event as it is written: `refs` is JSON."""

    kind: str
    stream: str
    audience: uuid.UUID | None
    actor: uuid.UUID | None
    subject: uuid.UUID
    refs: str


NOTE = """
INSERT INTO event (generation, xid, kind, stream, audience_id, actor_id, subject_id, refs, quiet, occurred_at)
SELECT (SELECT max(id) FROM log_generation), pg_current_xact_id()::text::bigint, {}, FALSE, {now} FROM {source}
"""

APPEND = """
INSERT INTO event (generation, xid, kind, stream, audience_id, actor_id, subject_id, refs, quiet, occurred_at)
SELECT (SELECT max(id) FROM log_generation), pg_current_xact_id()::text::bigint, e.*, $7, $8
FROM unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::jsonb[]) e
"""

# The horizon must be taken from the same snapshot as the rows, so it is part of the statement.
AFTER = """
SELECT e.* FROM event e
WHERE (e.generation, e.xid, e.id) > ($1, $2, $3)
  AND (e.generation < (SELECT max(id) FROM log_generation)
       OR e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
  AND ($5::text[] IS NULL OR e.kind = ANY($5))
ORDER BY e.generation, e.xid, e.id LIMIT $4
"""

# Each stream's own index gives its events in order; of all streams at once that would be a scan of the log.
AFTER_IN = """
SELECT e.* FROM unnest($6::text[]) AS s(name) CROSS JOIN LATERAL (
    SELECT * FROM event e
    WHERE e.stream = s.name AND (e.generation, e.xid, e.id) > ($1, $2, $3)
      AND (e.generation < (SELECT max(id) FROM log_generation)
           OR e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
      AND ($5::text[] IS NULL OR e.kind = ANY($5))
    ORDER BY e.generation, e.xid, e.id LIMIT $4
) e ORDER BY e.generation, e.xid, e.id LIMIT $4
"""

BEGINNING = "SELECT generation, xid, event_id FROM log_start"

# What no reader has digested stays, however old it is.
TRIM = """
WITH oldest AS (
    SELECT generation, xid, id, occurred_at FROM event ORDER BY generation, xid, id LIMIT $3
), gone AS (
    DELETE FROM event e USING oldest o
    WHERE e.id = o.id AND (o.occurred_at < $1 OR o.id <= (SELECT max(id) FROM event) - $2)
      AND NOT EXISTS (SELECT 1 FROM reader_position r
                      WHERE (r.generation, r.xid, r.event_id) < (o.generation, o.xid, o.id))
    RETURNING e.generation, e.xid, e.id
), last AS (
    SELECT * FROM gone ORDER BY generation DESC, xid DESC, id DESC LIMIT 1
), moved AS (
    INSERT INTO log_start AS s (id, generation, xid, event_id) SELECT 1, generation, xid, id FROM last
    ON CONFLICT (id) DO UPDATE
    SET generation = excluded.generation, xid = excluded.xid, event_id = excluded.event_id
    WHERE (s.generation, s.xid, s.event_id) < (excluded.generation, excluded.xid, excluded.event_id)
)
SELECT count(*) FROM gone
"""

# Not the snapshot's own horizon: after a crash the ids of transactions that came to nothing are given once more, and
# what they write then would stand before a cursor from right before it. What has been committed keeps its place.
HORIZON = """
SELECT generation, xid, id FROM (
    (SELECT e.generation, e.xid, e.id FROM event e
     WHERE e.generation < (SELECT max(id) FROM log_generation)
        OR e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
     ORDER BY e.generation DESC, e.xid DESC, e.id DESC LIMIT 1)
    UNION ALL SELECT generation, xid, event_id FROM log_start
    UNION ALL SELECT 0, 0, 0
) p ORDER BY generation DESC, xid DESC, id DESC LIMIT 1
"""

ENTER_CLUSTER = """
INSERT INTO log_generation (id, system_identifier)
SELECT coalesce((SELECT max(id) FROM log_generation), 0) + 1, system_identifier::text FROM pg_control_system()
WHERE system_identifier::text IS DISTINCT FROM (SELECT system_identifier FROM log_generation ORDER BY id DESC LIMIT 1)
ON CONFLICT DO NOTHING
"""


async def append(entries: Sequence[Entry], *, quiet: bool, now: datetime) -> None:
    """Write events. Wants the transaction of their cause."""
    await db.execute(APPEND, *(list(column) for column in zip(*entries, strict=True)), quiet, now)


def noted(first: int, now: int, source: str, *, refs: str = "") -> str:
    """An INSERT of an event that stands beside its cause, in one statement: once for each row of `source`.

    Its entry's values are the statement's parameters from `$first` on, its moment is `$now`. `refs` is an expression
    over `source` for more of them, which nobody knows before: `'reaction', id`.
    """
    kind, stream, audience, actor, subject, told = (f"${number}" for number in range(first, first + len(Entry._fields)))
    more = f" || jsonb_build_object({refs})" if refs else ""
    return NOTE.format(
        f"{kind}::text, {stream}::text, {audience}::uuid, {actor}::uuid, {subject}::uuid, {told}::jsonb{more}",
        now=f"${now}",
        source=source,
    )


async def after(
    position: Position, *, limit: int, kinds: Sequence[str] | None = None, streams: Sequence[str] | None = None
) -> list[asyncpg.Record]:
    """The next events behind `position` in order; none that could still be preceded by one not yet committed.

    Of these `kinds`, and of these `streams` only, where they are given.
    """
    if streams is None:
        return await db.rows(AFTER, *position, limit, kinds)
    return await db.rows(AFTER_IN, *position, limit, kinds, list(streams))


async def beginning() -> Position:
    """The position of the last event that is no longer kept: behind it the log is whole."""
    found = await db.row(BEGINNING)
    return (found[0], found[1], found[2]) if found else START


async def trim(before: datetime, keep: int, limit: int) -> int:
    """Delete the oldest events, at most `limit`, that are from `before` then, or beyond the newest `keep`; how many."""
    return await db.value(TRIM, before, keep, limit)


async def horizon() -> Position:
    """The position of the last event that no unfinished transaction can precede: what they write stands behind it."""
    found = await db.row(HORIZON)
    assert found is not None
    return (found[0], found[1], found[2])


async def enter_cluster() -> None:
    """Begin a new generation if this database has moved to another cluster. Run once at each start."""
    await db.execute(ENTER_CLUSTER)


TAKE = "pg_advisory_xact_lock(hashtextextended({}, 0))"
LOCK = f"SELECT {TAKE.format('$1')}, pg_current_xact_id_if_assigned() IS NULL"


def taking(streams: Iterable[str]) -> str:
    """Statements that take the locks of streams, one after the other, for a transaction to begin by."""
    return "".join(f"SELECT {TAKE.format(_quoted(stream))};" for stream in streams)


async def lock_stream(stream: str) -> None:
    """Take a stream's lock until the transaction ends, so that its commits, sequence and events share one order.

    It must come before the transaction's first write, or another writer of the stream could commit in between with a
    higher transaction id than ours; it refuses otherwise.
    """
    found = await db.row(LOCK, stream)
    if found is None or not found[1]:
        raise RuntimeError(f"the lock of stream {stream!r} was asked for after a write of the same transaction")


def holding(streams: Sequence[str]) -> AbstractAsyncContextManager[Any]:
    """A transaction that has the locks of these streams from its beginning, taken in this order."""
    return _holding_within(streams) if db.is_in_transaction() else db.transaction(taking(streams))


@asynccontextmanager
async def _holding_within(streams: Sequence[str]) -> AsyncGenerator[None]:
    async with db.transaction():
        for stream in streams:
            await lock_stream(stream)
        yield


async def share_stream(stream: str) -> None:
    """Keep whoever takes a stream's lock away until the transaction ends, beside others who do no more than this."""
    await db.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", stream)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
