"""What a viewer finds by, besides what they carry: the lists and conversations that they are on, and names."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import asyncpg

from models import db

LISTED = """
SELECT audience_id FROM audience_member WHERE person_id = $1 AND listed ORDER BY id DESC LIMIT $2
"""
BESIDE = "SELECT DISTINCT person_id FROM audience_member WHERE audience_id = ANY($1::uuid[]) LIMIT $2"

# Names as they are at this moment: the index is asked for none of these.
UNITS = "SELECT id FROM org_unit WHERE position($1 IN lower(name)) > 0 ORDER BY length(name), id LIMIT $2"
CONVERSATIONS = """
SELECT c.id, c.title AS name FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id
WHERE m.person_id = $1 AND position($2 IN lower(c.title)) > 0 ORDER BY length(c.title), c.id LIMIT $3
"""
BELOW = "SELECT DISTINCT descendant_id FROM unit_closure WHERE ancestor_id = ANY($1::uuid[]) LIMIT $2"
FOUND = """
SELECT subject_id FROM search_document
WHERE words @@ $1::text::tsquery AND (words @@ $2::text::tsquery OR subject_id = ANY($3::uuid[])) LIMIT $4
"""


async def listed(person: uuid.UUID, most: int) -> list[uuid.UUID]:
    """The conversations and lists of people that a person is on, the latest first."""
    return [row[0] for row in await db.rows(LISTED, person, most)]


async def beside(audiences: Collection[uuid.UUID], most: int) -> list[uuid.UUID]:
    """Who belongs to one of these audiences."""
    return [row[0] for row in await db.rows(BESIDE, list(audiences), most)]


async def units(word: str, most: int) -> list[uuid.UUID]:
    """Units in whose name a word (in lower case) stands, the shortest first."""
    return [row[0] for row in await db.rows(UNITS, word, most)]


async def conversations(person: uuid.UUID, word: str, most: int) -> list[asyncpg.Record]:
    """Key and name of the conversations that a person is in and in whose title a word stands."""
    return await db.rows(CONVERSATIONS, person, word, most)


async def found(query: str, seen: str, subjects: Collection[uuid.UUID], most: int) -> list[uuid.UUID]:
    """What a tsquery finds of what another one finds, and of these subjects; in no order."""
    return [row[0] for row in await db.rows(FOUND, query, seen, list(subjects), most)]


async def below(units: Collection[uuid.UUID], most: int) -> list[uuid.UUID]:
    """These units and those below them."""
    return [row[0] for row in await db.rows(BELOW, list(units), most)]
