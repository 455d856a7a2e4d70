"""People as documents."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from models import db
from models.audiences import COMPANY
from models.profiles import PUBLIC_WORDS, BuiltIn, public
from models.skills import SKILL_WORDS
from search.engine import Document

KIND = "PERSON"

BODY = ("title", "unit", "skills", "bio", "interests", "said")

# What not everybody sees is in no document, not even for those who see it.
ROWS = f"""
SELECT p.id, p.name, p.title, p.version, p.active, u.name AS unit, {SKILL_WORDS} AS skills,
       {public(BuiltIn.BIO, "p.bio")} AS bio,
       {public(BuiltIn.INTERESTS, "array_to_string(p.interests, ' ')")} AS interests,
       {PUBLIC_WORDS} AS said
FROM person p LEFT JOIN org_unit u ON u.id = p.unit_id WHERE p.id = ANY($1::uuid[])
"""


async def documents(ids: Sequence[uuid.UUID]) -> list[Document]:
    """The documents of those of these people who are active and not guests: the company may find them."""
    found = await db.rows(ROWS + " AND p.active AND NOT p.is_guest", ids)
    return [
        Document(KIND, r["id"], COMPANY, r["version"], r["name"], " ".join(filter(None, (r[part] for part in BODY))))
        for r in found
    ]
