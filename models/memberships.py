"""Who comes into groups and who goes: memberships and the members of the groups' audiences, in one statement each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import asyncpg

from models import db
from models.groups import GroupRole, MembershipSource, MembershipStatus

# Who is banned, or in it already, is left alone by the caller and by the last line.
ENROL = """
WITH come AS (
    INSERT INTO membership (group_id, person_id, role, status, source, by_id, joined_at, created_at)
    SELECT $1::uuid, p.id, CASE WHEN p.is_guest THEN 'GUEST' ELSE $3 END, 'MEMBER', $4::text, $5::uuid,
           $6::timestamptz, $6::timestamptz
    FROM person p WHERE p.id = ANY($2::uuid[]) AND p.active
    ON CONFLICT (person_id, group_id) DO UPDATE
    SET role = excluded.role, status = 'MEMBER', source = excluded.source, by_id = excluded.by_id,
        joined_at = excluded.joined_at, expires_at = NULL
    WHERE membership.status NOT IN ('MEMBER', 'BANNED')
    RETURNING person_id
), read AS (
    INSERT INTO audience_member (person_id, audience_id, listed) SELECT person_id, $1, false FROM come
    ON CONFLICT (person_id, audience_id) DO NOTHING
)
SELECT person_id FROM come ORDER BY person_id
"""

# Of a group with a rule they stay out by hand: else the rule would have them back at once.
DISMISS = """
WITH gone AS (
    DELETE FROM membership WHERE group_id = $1 AND person_id = $2 AND status = 'MEMBER'
        AND NOT EXISTS (SELECT 1 FROM audience_rule r WHERE r.id = $1)
    RETURNING person_id
), kept AS (
    UPDATE membership SET status = 'REMOVED', role = CASE role WHEN 'GUEST' THEN 'GUEST' ELSE 'MEMBER' END,
        joined_at = NULL, expires_at = NULL, by_id = $3
    WHERE group_id = $1 AND person_id = $2 AND status = 'MEMBER'
        AND EXISTS (SELECT 1 FROM audience_rule r WHERE r.id = $1)
    RETURNING person_id
), unread AS (
    DELETE FROM audience_member WHERE audience_id = $1 AND person_id = $2
)
SELECT EXISTS (SELECT 1 FROM gone) OR EXISTS (SELECT 1 FROM kept)
"""

BAN = """
WITH banned AS (
    INSERT INTO membership (group_id, person_id, role, status, source, by_id, created_at)
    SELECT $1::uuid, p.id, CASE WHEN p.is_guest THEN 'GUEST' ELSE 'MEMBER' END, 'BANNED', 'ADDED', $3::uuid,
           $4::timestamptz
    FROM person p WHERE p.id = $2
    ON CONFLICT (person_id, group_id) DO UPDATE
    SET role = excluded.role, status = 'BANNED', by_id = excluded.by_id, joined_at = NULL, expires_at = NULL,
        created_at = excluded.created_at
    RETURNING person_id
)
DELETE FROM audience_member WHERE audience_id = $1 AND person_id = $2
"""

# Whoever was taken out of a group with a rule, and now waits at its door, is of the source RULE: that does not let them
# in again, and turned away they are out by hand as before.
STAYS_OUT = "CASE membership.status WHEN 'REMOVED' THEN 'RULE' ELSE membership.source END"

INVITE = f"""
INSERT INTO membership (group_id, person_id, role, status, source, by_id, expires_at, created_at)
SELECT $1::uuid, p.id, CASE WHEN p.is_guest THEN 'GUEST' ELSE 'MEMBER' END, 'INVITED', 'JOINED', $3::uuid,
       $4::timestamptz, $5::timestamptz
FROM person p WHERE p.id = ANY($2::uuid[]) AND p.active
ON CONFLICT (person_id, group_id) DO UPDATE
SET status = 'INVITED', by_id = excluded.by_id, expires_at = excluded.expires_at, created_at = excluded.created_at,
    source = {STAYS_OUT}
WHERE membership.status IN ('INVITED', 'REMOVED')
RETURNING person_id
"""

REQUEST = f"""
INSERT INTO membership (group_id, person_id, role, status, source, created_at)
VALUES ($1, $2, 'MEMBER', 'REQUESTED', 'JOINED', $3)
ON CONFLICT (person_id, group_id) DO UPDATE
SET status = 'REQUESTED', by_id = NULL, expires_at = NULL, created_at = excluded.created_at, source = {STAYS_OUT}
WHERE membership.status IN ('INVITED', 'REMOVED')
"""

OF_PERSON = "SELECT * FROM membership WHERE person_id = $1 AND group_id = ANY($2::uuid[])"

_WAITS = """group_id = $1 AND status = ANY($2::text[]) AND ($3::uuid[] IS NULL OR person_id = ANY($3))
    AND ($4::timestamptz IS NULL OR expires_at <= $4)"""
TURN_AWAY = f"""
WITH gone AS (
    DELETE FROM membership WHERE {_WAITS} AND source <> 'RULE' RETURNING person_id, status
), kept AS (
    UPDATE membership SET status = 'REMOVED', expires_at = NULL WHERE {_WAITS} AND source = 'RULE'
    RETURNING person_id, old.status
)
SELECT person_id, status FROM gone UNION ALL SELECT person_id, status FROM kept ORDER BY person_id
"""

# Into a group with a rule they come back if they want to, not by the rule.
LIFT = """
WITH gone AS (
    DELETE FROM membership WHERE group_id = $1 AND person_id = $2 AND status = 'BANNED'
        AND NOT EXISTS (SELECT 1 FROM audience_rule r WHERE r.id = $1)
    RETURNING person_id
), kept AS (
    UPDATE membership SET status = 'REMOVED'
    WHERE group_id = $1 AND person_id = $2 AND status = 'BANNED'
        AND EXISTS (SELECT 1 FROM audience_rule r WHERE r.id = $1)
    RETURNING person_id
)
SELECT EXISTS (SELECT 1 FROM gone) OR EXISTS (SELECT 1 FROM kept)
"""

OF_GROUPS = (
    "SELECT group_id, count(*) FROM membership WHERE group_id = ANY($1::uuid[]) AND status = 'MEMBER' GROUP BY 1"
)
STANDING = """
SELECT person_id FROM membership
WHERE group_id = $1 AND status = $2 AND ($3::uuid[] IS NULL OR person_id = ANY($3)) ORDER BY person_id
"""
OTHER_OWNER = """
SELECT EXISTS (
    SELECT 1 FROM membership WHERE group_id = $1 AND person_id <> $2 AND status = 'MEMBER' AND role = 'OWNER'
)
"""

KEEP_THOSE_BY_RULE = "UPDATE membership SET source = 'ADDED' WHERE group_id = $1 AND source = 'RULE'"


async def enrol(
    group: uuid.UUID,
    people: Sequence[uuid.UUID],
    role: GroupRole,
    source: MembershipSource,
    *,
    by: uuid.UUID | None,
    now: datetime,
) -> list[uuid.UUID]:
    """Make active people members; those who have come in. Guests come as guests, who is banned stays out."""
    return [row[0] for row in await db.rows(ENROL, group, list(people), role.value, source.value, by, now)]


async def dismiss(group: uuid.UUID, person: uuid.UUID, *, by: uuid.UUID | None) -> bool:
    """Take a member out; False where they are none."""
    return await db.value(DISMISS, group, person, by)


async def ban(group: uuid.UUID, person: uuid.UUID, *, by: uuid.UUID, now: datetime) -> None:
    """Take somebody out, if they are in, and keep them out."""
    await db.execute(BAN, group, person, by, now)


async def invite(
    group: uuid.UUID, people: Sequence[uuid.UUID], *, by: uuid.UUID, until: datetime, now: datetime
) -> list[uuid.UUID]:
    """Invite active people who are not in it, do not ask to be and are not banned; those who are invited now."""
    return [row[0] for row in await db.rows(INVITE, group, list(people), by, until, now)]


async def turn_away(
    group: uuid.UUID,
    *statuses: MembershipStatus,
    people: Sequence[uuid.UUID] | None = None,
    expired: datetime | None = None,
) -> list[asyncpg.Record]:
    """End the requests or invitations of these `people`, or of all, and only those that had `expired` by a moment.

    Whose they were, with their `status`.
    """
    return await db.rows(TURN_AWAY, group, [one.value for one in statuses], people, expired)


async def lift(group: uuid.UUID, person: uuid.UUID) -> bool:
    """Let somebody who was banned come back; False where they were not."""
    return await db.value(LIFT, group, person)


async def request(group: uuid.UUID, person: uuid.UUID, now: datetime) -> bool:
    """Have somebody ask to come in; False where they have asked before."""
    return bool(await db.execute(REQUEST, group, person, now))


async def of_person(person: uuid.UUID, groups: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """Where somebody stands towards each of `groups`; those to which they are nothing are not among them."""
    return await db.rows(OF_PERSON, person, groups)


async def counts(groups: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """How many members each of `groups` has: pairs; an empty one is not among them."""
    return await db.rows(OF_GROUPS, groups)


async def standing(
    group: uuid.UUID, status: MembershipStatus, among: Sequence[uuid.UUID] | None = None
) -> list[uuid.UUID]:
    """Who stands so towards a group, of `among` or of all."""
    return [row[0] for row in await db.rows(STANDING, group, status.value, among)]


async def has_other_owner(group: uuid.UUID, person: uuid.UUID) -> bool:
    """Whether somebody else than `person` owns the group. Wants the group's row locked."""
    return await db.value(OTHER_OWNER, group, person)


async def keep_those_by_rule(group: uuid.UUID) -> None:
    """Have the members who came by a group's rule stay without it."""
    await db.execute(KEEP_THOSE_BY_RULE, group)
