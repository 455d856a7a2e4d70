"""Posts as documents, found by whoever may see them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from models import db
from search.engine import Document

KIND = "POST"

ROWS = """
SELECT id, audience_id, version, title, body FROM post WHERE id = ANY($1::uuid[]) AND status = 'PUBLISHED'
"""


async def documents(ids: Sequence[uuid.UUID]) -> list[Document]:
    """The documents of those of these posts that are published."""
    found = await db.rows(ROWS, ids)
    return [Document(KIND, r["id"], r["audience_id"], r["version"], r["title"] or "", r["body"]) for r in found]
