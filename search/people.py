"""People as documents."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from models import db
from models.audiences import COMPANY
from search.engine import Document

KIND = "PERSON"

ROWS = """
SELECT p.id, p.name, p.title, p.bio, p.version, p.active, u.name AS unit
FROM person p LEFT JOIN org_unit u ON u.id = p.unit_id WHERE p.id = ANY($1::uuid[])
"""


async def documents(ids: Sequence[uuid.UUID]) -> list[Document]:
    """The documents of those of these people who are active and not guests: the company may find them."""
    found = await db.rows(ROWS + " AND p.active AND NOT p.is_guest", ids)
    return [
        Document(
            KIND, r["id"], COMPANY, r["version"], r["name"], " ".join(filter(None, (r["title"], r["unit"], r["bio"])))
        )
        for r in found
    ]
