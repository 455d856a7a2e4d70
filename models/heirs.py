"""Leaving all groups at once, when somebody leaves the company: what they owned goes to who has been there longest."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from models import db

# A ban outlives its person's leaving: who comes back is the same person.
PART = """
WITH gone AS (
    DELETE FROM membership WHERE person_id = ANY($1::uuid[]) AND status <> 'BANNED'
    RETURNING group_id, person_id, status, role
), unread AS (
    DELETE FROM audience_member m USING gone g WHERE m.audience_id = g.group_id AND m.person_id = g.person_id
)
SELECT group_id, person_id, role FROM gone WHERE status = 'MEMBER' ORDER BY group_id, person_id
"""

OWNERLESS = """NOT EXISTS (
        SELECT 1 FROM membership o WHERE o.group_id = {group} AND o.status = 'MEMBER' AND o.role = 'OWNER'
    )"""
INHERIT = f"""
UPDATE membership m SET role = 'OWNER'
FROM (
    SELECT DISTINCT ON (x.group_id) x.id
    FROM membership x JOIN person p ON p.id = x.person_id AND p.active AND NOT p.is_guest
    WHERE x.group_id = ANY($1::uuid[]) AND x.status = 'MEMBER' AND x.role IN ('MODERATOR', 'MEMBER')
      AND {OWNERLESS.format(group="x.group_id")}
    ORDER BY x.group_id, (x.role = 'MODERATOR') DESC, x.joined_at, x.person_id
) heir
WHERE m.id = heir.id RETURNING m.group_id, m.person_id
"""
ARCHIVE = f"""
WITH left_alone AS (
    UPDATE groups g SET archived_at = $2, version = g.version + 1
    WHERE g.id = ANY($1::uuid[]) AND g.archived_at IS NULL AND {OWNERLESS.format(group="g.id")}
    RETURNING g.id
), still AS (
    UPDATE audience a SET read_only = TRUE FROM left_alone g WHERE a.id = g.id
)
SELECT id FROM left_alone ORDER BY id
"""


@dataclass(frozen=True)
class Inheritance:
    """Who has left which group, who owns which one instead (pairs of `group_id`, `person_id`), and what is archived."""

    left: list[asyncpg.Record]
    heirs: list[asyncpg.Record]
    archived: list[uuid.UUID]


async def part(people: Sequence[uuid.UUID], now: datetime) -> Inheritance:
    """Have people who are not active any more leave all their groups.

    The longest-serving moderator of a group that they owned alone, else the longest-serving member, owns it from now
    on; a group without either is archived. Wants a transaction that holds the lock of the stream `ORG`: whoever changes
    a group shares it, so that nobody does meanwhile.
    """
    left = await db.rows(PART, people)
    owned = sorted({one["group_id"] for one in left if one["role"] == "OWNER"})
    if not owned:
        return Inheritance(left, [], [])
    heirs = await db.rows(INHERIT, owned)
    return Inheritance(left, heirs, [row[0] for row in await db.rows(ARCHIVE, owned, now)])
