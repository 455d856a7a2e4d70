"""Guests: the groups that let them in, and who leads these."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

import asyncpg

from models import db

OF_GUEST = """
SELECT group_id, status FROM membership WHERE person_id = $1 AND status IN ('MEMBER', 'INVITED') ORDER BY group_id
"""
HOSTED = """
SELECT DISTINCT person_id FROM membership
WHERE person_id = ANY($1::uuid[]) AND group_id = ANY($2::uuid[]) AND status = 'MEMBER'
"""
UNINVITE = """
DELETE FROM membership WHERE person_id = $1 AND group_id = ANY($2::uuid[]) AND status = 'INVITED' RETURNING group_id
"""
BANNED = "SELECT group_id FROM membership WHERE person_id = $1 AND group_id = ANY($2::uuid[]) AND status = 'BANNED'"
COUNTS = """
SELECT group_id, count(*) FROM membership
WHERE group_id = ANY($1::uuid[]) AND status = 'MEMBER' AND role = 'GUEST' GROUP BY 1
"""


async def groups_of(guest: uuid.UUID) -> list[asyncpg.Record]:
    """The groups that somebody is in or invited to: `group_id` and `status`."""
    return await db.rows(OF_GUEST, guest)


async def hosted(people: Sequence[uuid.UUID], groups: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Who of `people` is in one of `groups`."""
    if not people or not groups:
        return set()
    return {row[0] for row in await db.rows(HOSTED, people, list(groups))}


async def banned_from(guest: uuid.UUID, groups: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """From which of `groups` somebody is banned."""
    return {row[0] for row in await db.rows(BANNED, guest, groups)}


async def uninvite(guest: uuid.UUID, groups: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Withdraw somebody's invitations into `groups`; into which there was one."""
    return [row[0] for row in await db.rows(UNINVITE, guest, list(groups))]


async def counts(groups: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """How many guests are in each of `groups`: pairs; one without is not among them."""
    return await db.rows(COUNTS, groups)
