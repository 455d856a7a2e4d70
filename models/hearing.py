"""Who hears of an event: asked for many people and many events at once, when it is delivered."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from models import db
from models.audiences import COMPANY

People = dict[uuid.UUID, set[uuid.UUID]]
"""People, by the audience or the message that they may hear of; where nobody may, it is missing."""

HEARING = """
SELECT a.id, array_agg(r.id) FROM (
    SELECT a.id, (SELECT o.open FROM audience o WHERE o.id = a.id) AS open FROM unnest($1::uuid[]) AS a(id) OFFSET 0
) a JOIN person r ON r.id = ANY($2::uuid[])
WHERE r.active AND (
    NOT r.is_guest AND ({everyone} OR EXISTS (
        SELECT 1 FROM unit_closure c WHERE c.ancestor_id = a.id AND c.descendant_id = r.unit_id))
    OR EXISTS (SELECT 1 FROM audience_member m WHERE m.audience_id = a.id AND m.person_id = r.id))
GROUP BY a.id
"""
BELONGING = HEARING.format(everyone=f"a.id = '{COMPANY}'")
READING = HEARING.format(everyone=f"(a.id = '{COMPANY}' OR a.open)")

# What was said before somebody came in is not theirs to hear of, unless they were let read it.
SAID_TO = """
SELECT m.id, array_agg(w.person_id) FROM message m JOIN conversation_member w ON w.conversation_id = m.conversation_id
WHERE m.id = ANY($1::uuid[]) AND w.person_id = ANY($2::uuid[]) AND m.sequence > w.since
GROUP BY m.id
"""


PLACES = """
SELECT p.id, CASE WHEN p.status = 'PUBLISHED' THEN p.audience_id END FROM post p
WHERE p.id = ANY($1::uuid[]) AND p.status <> 'REMOVED'
"""


async def belonging(audiences: Iterable[uuid.UUID], people: Iterable[uuid.UUID]) -> People:
    """Which of these people belong to which of these audiences now."""
    return {row[0]: set(row[1]) for row in await db.rows(BELONGING, list(audiences), list(people))}


async def reading(audiences: Iterable[uuid.UUID], people: Iterable[uuid.UUID]) -> People:
    """As `belonging`, and of an open audience everybody of the company, who may read it without belonging to it."""
    return {row[0]: set(row[1]) for row in await db.rows(READING, list(audiences), list(people))}


async def said_to(messages: Iterable[uuid.UUID], people: Iterable[uuid.UUID]) -> People:
    """Which of these people may read which of these messages, as far as they stand."""
    return {row[0]: set(row[1]) for row in await db.rows(SAID_TO, list(messages), list(people))}


PRESENT = """
SELECT conversation_id, person_id FROM (
    SELECT m.conversation_id, m.person_id, row_number() OVER (PARTITION BY m.conversation_id ORDER BY p.name, p.id) AS n
    FROM conversation_member m JOIN person p ON p.id = m.person_id
    WHERE m.conversation_id = ANY($1::uuid[]) AND m.person_id = ANY($2::uuid[]) AND p.shows_presence AND p.active
) w WHERE n <= $3 ORDER BY conversation_id, n
"""


async def present(
    conversations: Iterable[uuid.UUID], people: Iterable[uuid.UUID], most: int
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Of each conversation those of the people who are in it and show that they are here: so many at most, by name."""
    rows = await db.rows(PRESENT, list(conversations), list(people), most)
    return [(row[0], row[1]) for row in rows]


async def showing_presence(people: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these people who let others know that they are here, or write."""
    sql = "SELECT id FROM person WHERE id = ANY($1::uuid[]) AND shows_presence AND active"
    return {row[0] for row in await db.rows(sql, list(people))}


async def places(posts: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID | None]:
    """The audience of each of these posts that stands, None of one that is not published."""
    return {row[0]: row[1] for row in await db.rows(PLACES, list(posts))}
