"""Who belongs to an audience: asked of people, not of a viewer, and kept in step with what is said of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

import asyncpg

from models import audiences, db, rules
from models.audiences import COMPANY
from models.rules import Changes

Ids = Sequence[uuid.UUID]

READS = """r.active AND (
    NOT r.is_guest AND ({everyone} OR r.unit_id IN (
        SELECT c.descendant_id FROM unit_closure c WHERE c.ancestor_id = $1))
    OR r.id IN (SELECT m.person_id FROM audience_member m WHERE m.audience_id = $1))"""
LISTED = "r.active AND r.id = ANY($1::uuid[])"

COUNTS = "SELECT count(*) AS people, count(*) FILTER (WHERE r.is_guest) AS guests FROM person r WHERE {}"

# Who was banned stays out; who was taken out by hand has left since, or the row would be gone.
WELCOME = """
WITH come AS (
    INSERT INTO membership (group_id, person_id, role, status, source, joined_at, created_at)
    SELECT g.id, p.id, 'MEMBER', 'MEMBER', 'DEFAULT', $2::timestamptz, $2::timestamptz
    FROM groups g CROSS JOIN person p
    WHERE g.is_default AND g.archived_at IS NULL AND p.id = ANY($1::uuid[]) AND p.active AND NOT p.is_guest
    ORDER BY g.id, p.id
    ON CONFLICT (person_id, group_id) DO NOTHING
    RETURNING group_id, person_id
), read AS (
    INSERT INTO audience_member (person_id, audience_id, listed) SELECT person_id, group_id, false FROM come
    ON CONFLICT (person_id, audience_id) DO NOTHING
)
SELECT group_id AS audience_id, person_id, true AS is_in, true AS is_group FROM come ORDER BY 1, 2
"""
# Rows are locked in one order, so that two who change the rights of the same people do not wait in a ring.
NEW_EPOCH = """
UPDATE person p SET auth_epoch = p.auth_epoch + 1
FROM (SELECT id FROM person WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE) x WHERE p.id = x.id
"""


def readers(audience: uuid.UUID, *, open: bool) -> str:
    """A condition on the person `r`: they read what belongs to the audience $1, `open` as its row says."""
    return READS.format(everyone="TRUE" if open or audience == COMPANY else "FALSE")


async def counts(condition: str, *params: object) -> asyncpg.Record:
    """How many `people` meet a condition on `r`, and how many `guests` there are among them."""
    found = await db.row(COUNTS.format(condition), *params)
    assert found is not None
    return found


async def follow(
    people: Ids, day: date, now: datetime, *, placed: Ids = (), joined: Ids = (), positions: Ids = ()
) -> Changes:
    """Have these people belong to what they belong to by what HR says of them on `day`, which is today.

    `placed`: who is at another location, or has come or gone; `joined`: newcomers, who come into the default groups;
    `positions`: whose holders and lines are others, with those to which something reported before. Whoever comes to an
    audience or loses it has a new epoch; it is for the caller to tell of them. Wants the transaction that changed
    them, and the lock of the stream `ORG`.
    """
    if placed:
        await audiences.follow_locations(placed)
    welcomed = await db.rows(WELCOME, joined, now) if joined else []
    concerned = {*people, *await rules.leading(positions, day)}
    return await renewed([*welcomed, *await rules.follow(sorted(concerned), day, now)])


async def follow_tree(moved: Ids, parents: Ids, day: date, now: datetime) -> Changes:
    """The same for those who are in units that have moved, below and from below these `parents`."""
    return await renewed(await rules.follow_tree(moved, parents, day, now))


async def renewed(changes: Changes) -> Changes:
    """Have the rights of those whom these concern looked at anew."""
    if changes:
        await db.execute(NEW_EPOCH, sorted({one["person_id"] for one in changes}))
    return changes
