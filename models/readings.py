"""Must-reads: posts that their audience has to have read by a day, and who says that they have."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7


class MustRead(Model):
    """A post that must be read; it has the post's key. `round` rises when a major edit asks everybody again."""

    id = fields.UUIDField(primary_key=True)
    due_at = fields.DatetimeField(null=True)
    round = fields.IntField(default=1)
    required_by = fields.UUIDField(null=True)
    required_at = fields.DatetimeField()
    waived_at = fields.DatetimeField(null=True)  # from then on nobody need read it; who has, stays told

    class Meta(Model.Meta):
        table = "must_read"


class Acknowledgement(Model):
    """A person says that they have read the post, as it stood in that round."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    post_id = fields.UUIDField()
    person_id = fields.UUIDField(db_index=True)
    round = fields.IntField()
    acknowledged_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "acknowledgement"
        unique_together = (("post_id", "round", "person_id"),)


# Asked anew it keeps its round: who has read it need not do so again because it is due on another day.
REQUIRE = """
INSERT INTO must_read (id, due_at, round, required_by, required_at) VALUES ($1, $2, 1, $3, $4)
ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, required_by = excluded.required_by, waived_at = NULL
WHERE must_read.due_at IS DISTINCT FROM excluded.due_at OR must_read.waived_at IS NOT NULL
"""

ACKNOWLEDGE = """
INSERT INTO acknowledgement (id, post_id, person_id, round, acknowledged_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (post_id, round, person_id) DO NOTHING
"""

# Who belongs to an audience is asked from its side: of the person `p` and the audience `a`.
BELONGS = """(p.active AND CASE a.kind
    WHEN 'COMPANY' THEN NOT p.is_guest
    WHEN 'UNIT' THEN NOT p.is_guest AND EXISTS (
        SELECT 1 FROM unit_closure c WHERE c.descendant_id = p.unit_id AND c.ancestor_id = a.id)
    ELSE FALSE END
OR p.active AND EXISTS (SELECT 1 FROM audience_member m WHERE m.person_id = p.id AND m.audience_id = a.id))"""

# The same people, found by index from the audience {audience} of kind {kind}: three ways, of which two are empty.
MEMBERS = """
SELECT p.id FROM person p WHERE {kind} = 'COMPANY' AND p.active AND NOT p.is_guest
UNION
SELECT p.id FROM unit_closure c JOIN person p ON p.unit_id = c.descendant_id
WHERE {kind} = 'UNIT' AND c.ancestor_id = {audience} AND p.active AND NOT p.is_guest
UNION
SELECT p.id FROM audience_member m JOIN person p ON p.id = m.person_id WHERE m.audience_id = {audience} AND p.active
"""

# An audience is counted once for all its posts. Whose post it is need not acknowledge it, and counts on neither side.
COUNTS = f"""
WITH asked AS (
    SELECT r.id, r.round, t.audience_id, t.author_id FROM must_read r JOIN post t ON t.id = r.id
    WHERE r.id = ANY($1::uuid[])
), sizes AS (
    SELECT a.id, (SELECT count(*) FROM ({MEMBERS.format(audience="a.id", kind="a.kind")}) m) AS size
    FROM audience a WHERE a.id IN (SELECT audience_id FROM asked)
)
SELECT q.id,
    s.size - (SELECT count(*) FROM person p WHERE p.id = q.author_id AND {BELONGS}) AS audience,
    (SELECT count(*) FROM acknowledgement k JOIN person p ON p.id = k.person_id
     WHERE k.post_id = q.id AND k.round = q.round AND p.id IS DISTINCT FROM q.author_id AND {BELONGS}) AS acknowledged
FROM asked q JOIN sizes s ON s.id = q.audience_id JOIN audience a ON a.id = q.audience_id
"""

EVIDENCE = f"""(
    SELECT p.*, k.round, k.acknowledged_at, coalesce(k.round = q.round, FALSE) AS is_current, x.belongs
    FROM must_read q JOIN post t ON t.id = q.id JOIN audience a ON a.id = t.audience_id
    CROSS JOIN LATERAL (
        SELECT y.id, bool_or(y.belongs) AS belongs FROM (
            SELECT m.id, TRUE AS belongs FROM ({MEMBERS.format(audience="a.id", kind="a.kind")}) m
            UNION ALL
            SELECT k.person_id, FALSE FROM acknowledgement k WHERE k.post_id = q.id
        ) y GROUP BY y.id
    ) x
    JOIN person p ON p.id = x.id AND p.id IS DISTINCT FROM t.author_id
    LEFT JOIN LATERAL (
        SELECT k.round, k.acknowledged_at FROM acknowledgement k
        WHERE k.post_id = q.id AND k.person_id = p.id ORDER BY k.round DESC LIMIT 1
    ) k ON TRUE
    WHERE q.id = parent.id
)"""
"""People of the must-read `parent.id`: who is in its audience now, and who has acknowledged it and is not any more.

A row is a person with the latest `round` that they have acknowledged, when, whether that `is_current`, and whether they
belong.
"""

OWED = f"""(
    SELECT t.*, coalesce(q.due_at, '9999-12-31 23:59:59Z') AS due_key
    FROM must_read q JOIN post t ON t.id = q.id JOIN audience a ON a.id = t.audience_id
    JOIN person p ON p.id = {{person}}
    WHERE q.waived_at IS NULL AND q.required_at <= {{moment}} AND t.status = 'PUBLISHED' AND NOT a.read_only
      AND t.author_id IS DISTINCT FROM p.id AND {BELONGS} AND NOT EXISTS (
        SELECT 1 FROM acknowledgement k WHERE k.post_id = q.id AND k.round = q.round AND k.person_id = p.id
          AND k.acknowledged_at <= {{moment}})
)"""
"""Must-reads of the audiences of a person that they had not acknowledged at some moment, as posts with a `due_key`."""


async def require(post: uuid.UUID, due_at: datetime | None, by: uuid.UUID, now: datetime) -> bool:
    """Have a post be read by everybody of its audience; False where it has been so, by the same time."""
    return await db.execute(REQUIRE, post, due_at, by, now) == 1


async def waive(post: uuid.UUID, now: datetime) -> bool:
    """Have nobody need to read it any more; False where nobody had to."""
    sql = "UPDATE must_read SET waived_at = $2 WHERE id = $1 AND waived_at IS NULL"
    return await db.execute(sql, post, now) == 1


async def ask_again(post: uuid.UUID) -> bool:
    """Have everybody acknowledge it anew; False where nobody has to."""
    return await db.execute("UPDATE must_read SET round = round + 1 WHERE id = $1 AND waived_at IS NULL", post) == 1


async def acknowledge(post: uuid.UUID, person: uuid.UUID, round: int, now: datetime) -> bool:
    """Say that somebody has read it; False where they had said so of this round before."""
    return await db.execute(ACKNOWLEDGE, uuid7(), post, person, round, now) == 1


async def required(posts: Sequence[uuid.UUID]) -> dict[uuid.UUID, asyncpg.Record]:
    """Those of these posts that must be read."""
    sql = "SELECT * FROM must_read WHERE id = ANY($1::uuid[]) AND waived_at IS NULL"
    return {record["id"]: record for record in await db.rows(sql, posts)}


async def acknowledged(posts: Sequence[uuid.UUID], person: uuid.UUID) -> set[uuid.UUID]:
    """Which of these must-reads somebody has acknowledged as they stand."""
    sql = (
        "SELECT r.id FROM must_read r JOIN acknowledgement k ON k.post_id = r.id AND k.round = r.round"
        " WHERE r.id = ANY($1::uuid[]) AND k.person_id = $2"
    )
    return {record["id"] for record in await db.rows(sql, posts, person)}


async def counts(posts: Sequence[uuid.UUID]) -> dict[uuid.UUID, asyncpg.Record]:
    """For each of these must-reads how many people are its `audience`, and how many of them have `acknowledged` it."""
    return {record["id"]: record for record in await db.rows(COUNTS, posts)}
