"""How far people have read in conversations: pointers, what is unread, and who has read a message."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import asyncpg

from models import db

UNREAD_MAX = 1_000  # messages that are counted in a conversation

BEHIND = "m.conversation_id = w.conversation_id AND m.sequence > greatest(w.read_up_to, w.since)"
UNREAD = f"{BEHIND} AND NOT m.removed AND m.author_id IS DISTINCT FROM w.person_id"
"""A message `m` that the member `w` has not read."""

COUNTS = f"""
SELECT w.conversation_id, (SELECT count(*) FROM (SELECT FROM message m WHERE {UNREAD} LIMIT {UNREAD_MAX}) x)
FROM conversation_member w WHERE w.person_id = $1 AND w.conversation_id = ANY($2::uuid[])
"""

# A conversation that is muted counts only for what names the person, or everybody: that is few, and has its indexes.
WAITING = f"""
SELECT count(*) FROM conversation_member w JOIN conversation c ON c.id = w.conversation_id
WHERE w.person_id = $1 AND c.archived_at IS NULL AND c.sequence > greatest(w.read_up_to, w.since)
  AND CASE WHEN w.muted_until IS NULL OR w.muted_until <= $2
      THEN EXISTS (SELECT 1 FROM message m WHERE {UNREAD})
      ELSE EXISTS (SELECT 1 FROM message m WHERE {UNREAD} AND m.everyone)
        OR EXISTS (SELECT 1 FROM mention n JOIN message m ON m.id = n.subject_id
                   WHERE n.conversation_id = w.conversation_id AND n.person_id = $1 AND {UNREAD})
      END
"""

# A scalar, unlike EXISTS, is asked of one conversation at a time: the other way all that is unread would be read.
HAS_UNREAD = f"""
(SELECT r.sequence > greatest(w.read_up_to, w.since) AND (SELECT TRUE FROM message m WHERE {UNREAD} LIMIT 1)
 FROM conversation_member w WHERE w.person_id = $1 AND w.conversation_id = r.id)
"""
"""Of the conversation `r`: something in it is unread by the person $1."""

# Whoever may not show how far they have read, or does not want to, tells nobody but themselves.
ADVANCE = """
UPDATE conversation_member w SET read_up_to = least($3, c.sequence)
FROM conversation c, person p
WHERE w.conversation_id = $1 AND w.person_id = $2 AND c.id = w.conversation_id AND p.id = w.person_id
  AND w.read_up_to < least($3, c.sequence)
RETURNING w.read_up_to, c.receipts = 'NAMES' AND p.shows_reading AS shown
"""
GO_BACK = """
UPDATE conversation_member w
SET seen_up_to = greatest(w.seen_up_to, w.read_up_to), read_up_to = greatest($3 - 1, w.since)
WHERE w.conversation_id = $1 AND w.person_id = $2 AND w.read_up_to > greatest($3 - 1, w.since)
RETURNING w.read_up_to
"""
MUTE = """
UPDATE conversation_member SET muted_until = $3
WHERE conversation_id = $1 AND person_id = $2 AND muted_until IS DISTINCT FROM $3
"""
SHOWS = """
SELECT c.receipts = 'NAMES' AND p.shows_reading
FROM conversation_member w JOIN conversation c ON c.id = w.conversation_id JOIN person p ON p.id = w.person_id
WHERE w.conversation_id = $1 AND w.person_id = $2
"""

HAS_READ = """x.conversation_id = {message}.conversation_id AND x.person_id IS DISTINCT FROM {message}.author_id
    AND x.since < {message}.sequence AND greatest(x.read_up_to, x.seen_up_to) >= {message}.sequence"""
"""The member `x` has read a message, which is not their own."""

# Whoever does not show how far they have read does not learn it of others.
READERS = f"""
WITH asked AS (
    SELECT m.id, m.conversation_id, m.sequence, m.author_id, c.receipts
    FROM message m JOIN conversation c ON c.id = m.conversation_id
        JOIN conversation_member w ON w.conversation_id = c.id AND w.person_id = $2 AND m.sequence > w.since
        JOIN person me ON me.id = $2 AND me.shows_reading
    WHERE m.id = ANY($1::uuid[]) AND c.receipts <> 'OFF' AND NOT m.removed
), x AS MATERIALIZED (
    SELECT y.* FROM conversation_member y JOIN person p ON p.id = y.person_id AND p.active AND p.shows_reading
    WHERE y.conversation_id IN (SELECT conversation_id FROM asked)
)
SELECT a.id, a.receipts, (SELECT count(*) FROM x WHERE {HAS_READ.format(message="a")}) AS count FROM asked a
"""


async def unread(person: uuid.UUID, conversations: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """How much of each conversation that somebody is in they have not read: pairs, `UNREAD_MAX` at most."""
    return await db.rows(COUNTS, person, conversations)


async def waiting(person: uuid.UUID, now: datetime) -> int:
    """In how many conversations something waits to be read by somebody; of a muted one, something that names them."""
    return await db.value(WAITING, person, now)


async def shows(conversation: uuid.UUID, person: uuid.UUID) -> bool | None:
    """Whether the others of a conversation learn how far somebody has read; None for who is not in it."""
    return await db.value(SHOWS, conversation, person)


async def advance(conversation: uuid.UUID, person: uuid.UUID, sequence: int) -> asyncpg.Record | None:
    """Move somebody's pointer on, to the newest message at most: where it is now (`read_up_to`) and whether that is
    `shown` to others. None where it has not moved: it never goes back.
    """
    return await db.row(ADVANCE, conversation, person, sequence)


async def go_back(conversation: uuid.UUID, person: uuid.UUID, sequence: int) -> int | None:
    """Have a message and those behind it be unread again; where the pointer is now. None where it has not moved."""
    return await db.value(GO_BACK, conversation, person, sequence)


async def mute(conversation: uuid.UUID, person: uuid.UUID, until: datetime | None) -> bool:
    """Mute a conversation for somebody until then, None: no longer; False where it was so before."""
    return await db.execute(MUTE, conversation, person, until) == 1


async def readers(messages: Sequence[uuid.UUID], person: uuid.UUID) -> list[asyncpg.Record]:
    """How many have read each of these messages (`id`, `receipts`, `count`); those of which somebody in their
    conversation may not know are not among them.
    """
    return await db.rows(READERS, messages, person)
