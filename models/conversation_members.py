"""Who comes into conversations and who goes: members, and those of the conversations' audiences, always both."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from models import db
from models.conversations import ConversationRole

# Nobody begins with a heap of what is unread: who comes in has read what was said before, as far as they see it.
ENROL = """
WITH come AS (
    INSERT INTO conversation_member (conversation_id, person_id, role, since, read_up_to, seen_up_to, added_by,
                                     joined_at)
    SELECT c.id, p.id, CASE WHEN p.id = $3 THEN 'OWNER' ELSE 'MEMBER' END, least(coalesce($4, c.sequence), c.sequence),
           c.sequence, 0, $5::uuid, $6::timestamptz
    FROM conversation c, unnest($2::uuid[]) WITH ORDINALITY AS n(id, place) JOIN person p ON p.id = n.id
    WHERE c.id = $1 AND p.active ORDER BY n.place
    ON CONFLICT (conversation_id, person_id) DO NOTHING
    RETURNING person_id
), hears AS (
    INSERT INTO audience_member (person_id, audience_id, listed) SELECT person_id, $1, true FROM come
    ON CONFLICT (person_id, audience_id) DO NOTHING
)
SELECT person_id FROM come ORDER BY person_id
"""

DISMISS = """
WITH gone AS (
    DELETE FROM conversation_member WHERE conversation_id = $1 AND person_id = $2
    RETURNING conversation_id, person_id, role
), deaf AS (
    DELETE FROM audience_member WHERE audience_id = $1 AND person_id = $2
)
SELECT conversation_id, person_id, role FROM gone
"""

# What two people have said to each other is still theirs when one of them has left.
PART = """
WITH gone AS (
    DELETE FROM conversation_member m USING conversation c
    WHERE m.person_id = ANY($1::uuid[]) AND c.id = m.conversation_id AND c.kind <> 'DIRECT'
    RETURNING m.conversation_id, m.person_id, m.role
), deaf AS (
    DELETE FROM audience_member a USING gone g WHERE a.audience_id = g.conversation_id AND a.person_id = g.person_id
)
SELECT conversation_id, person_id, role FROM gone ORDER BY conversation_id, person_id
"""

OWNERLESS = """NOT EXISTS (
        SELECT 1 FROM conversation_member o WHERE o.conversation_id = {conversation} AND o.role = 'OWNER'
    )"""
INHERIT = f"""
UPDATE conversation_member m SET role = 'OWNER'
FROM (
    SELECT DISTINCT ON (x.conversation_id) x.id
    FROM conversation_member x JOIN person p ON p.id = x.person_id AND p.active AND NOT p.is_guest
    WHERE x.conversation_id = ANY($1::uuid[]) AND {OWNERLESS.format(conversation="x.conversation_id")}
    ORDER BY x.conversation_id, x.joined_at, x.person_id
) heir
WHERE m.id = heir.id RETURNING m.conversation_id
"""
ARCHIVE = f"""
WITH left_alone AS (
    UPDATE conversation c SET archived_at = $2, version = c.version + 1
    WHERE c.id = ANY($1::uuid[]) AND c.archived_at IS NULL AND {OWNERLESS.format(conversation="c.id")}
    RETURNING c.id
), still AS (
    UPDATE audience a SET read_only = TRUE FROM left_alone c WHERE a.id = c.id
)
SELECT id FROM left_alone ORDER BY id
"""

COUNTS = "SELECT conversation_id, count(*) FROM conversation_member WHERE conversation_id = ANY($1::uuid[]) GROUP BY 1"
OF_PERSON = "SELECT * FROM conversation_member WHERE person_id = $1 AND conversation_id = ANY($2::uuid[])"
BLOCKS = """
SELECT blocker_id, person_id FROM block
WHERE blocker_id = $1 AND person_id = ANY($2::uuid[]) OR person_id = $1 AND blocker_id = ANY($2::uuid[])
"""


@dataclass(frozen=True)
class Parting:
    """Who has left which conversation (pairs of `conversation_id`, `person_id`), and which go on otherwise."""

    left: list[asyncpg.Record]
    changed: list[uuid.UUID]


async def enrol(
    conversation: uuid.UUID,
    people: Sequence[uuid.UUID],
    *,
    owner: uuid.UUID | None,
    since: int | None,
    by: uuid.UUID | None,
    now: datetime,
) -> list[uuid.UUID]:
    """Make active people members; those who have come in. They read what came after `since` (None: what comes now)."""
    return [row[0] for row in await db.rows(ENROL, conversation, list(people), owner, since, by, now)]


async def dismiss(conversation: uuid.UUID, person: uuid.UUID, now: datetime) -> Parting:
    """Take a member out, if they are one; as `part`."""
    return await _go_on(await db.rows(DISMISS, conversation, person), now)


async def part(people: Sequence[uuid.UUID], now: datetime) -> Parting:
    """Have people who are not active any more leave all conversations but direct ones.

    Of one whose owner goes, whoever of the company has been in it longest owns it from now on; one without anybody is
    archived. Wants a transaction that holds the lock of the stream `ORG`: whoever lets people in or out shares it.
    """
    return await _go_on(await db.rows(PART, list(people)), now)


async def counts(conversations: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """How many people are in each of these: pairs; an empty one is not among them."""
    return await db.rows(COUNTS, conversations)


async def of_person(person: uuid.UUID, conversations: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """What somebody is to each of these conversations; those in which they are not are not among them."""
    return await db.rows(OF_PERSON, person, conversations)


async def blocks(one: uuid.UUID, others: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """The blocks between somebody and any of the others, whoever's they are: `blocker_id` and `person_id`."""
    return await db.rows(BLOCKS, one, list(others))


async def _go_on(left: list[asyncpg.Record], now: datetime) -> Parting:
    owned = sorted({one["conversation_id"] for one in left if one["role"] == ConversationRole.OWNER})
    if not owned:
        return Parting(left, [])
    inherited = {row[0] for row in await db.rows(INHERIT, owned)}
    archived = {row[0] for row in await db.rows(ARCHIVE, owned, now)}
    return Parting(left, sorted(inherited | archived))
