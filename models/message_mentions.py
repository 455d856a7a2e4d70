"""Mentions in messages: who of those whom a message names, by name or with everybody else, reads it and is told."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg

from models import db

# The message `x` is read by the person `r`: they are in its conversation, and may read as far back.
_READS = """r.active AND EXISTS (SELECT 1 FROM conversation_member w
    WHERE w.conversation_id = x.conversation_id AND w.person_id = r.id AND x.sequence > w.since)"""
# Nobody is told of what they say themselves, nor of whom they have blocked or who has blocked them.
_HEARS = f"""r.id IS DISTINCT FROM x.author_id AND {_READS}
    AND NOT EXISTS (SELECT 1 FROM block b WHERE b.blocker_id = r.id AND b.person_id = x.author_id)
    AND NOT EXISTS (SELECT 1 FROM block b WHERE b.person_id = r.id AND b.blocker_id = x.author_id)"""

TELL = f"""
UPDATE mention m SET told = true FROM message x JOIN person r ON true
WHERE m.subject_id = $1 AND x.id = $1 AND r.id = m.person_id AND NOT m.told AND {_HEARS}
RETURNING m.person_id
"""
EVERYONE = f"""
SELECT r.id FROM message x JOIN conversation_member c ON c.conversation_id = x.conversation_id
    JOIN person r ON r.id = c.person_id
WHERE x.id = $1 AND {_HEARS}
  AND NOT EXISTS (SELECT 1 FROM mention m WHERE m.subject_id = x.id AND m.person_id = r.id AND m.told)
ORDER BY r.id
"""
STANDING = f"""
SELECT r.id, r.active, r.is_guest, {_READS} AS sees,
       EXISTS (SELECT 1 FROM block b WHERE b.blocker_id = $3 AND b.person_id = r.id) AS blocked
FROM message x JOIN person r ON r.id = ANY($2::uuid[]) WHERE x.id = $1
"""


async def tell(message: uuid.UUID) -> list[uuid.UUID]:
    """Those whom a message names and who read it, each time once in all."""
    return [row[0] for row in await db.rows(TELL, message)]


async def everyone(message: uuid.UUID) -> list[uuid.UUID]:
    """Those who read a message, but for its author and whom it has told by their names."""
    return [row[0] for row in await db.rows(EVERYONE, message)]


async def standing(people: Sequence[uuid.UUID], message: uuid.UUID, writer: uuid.UUID) -> list[asyncpg.Record]:
    """How these people stand to a message of `writer`: `active`, `is_guest`, `sees`, `blocked` by them."""
    return await db.rows(STANDING, message, list(people), writer)
