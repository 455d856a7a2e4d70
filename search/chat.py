"""Messages as documents, found by whoever is in their conversation."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg

from models import db
from search import said
from search.engine import Document
from search.plain import plain

KIND = "MESSAGE"
LIVING = "NOT r.removed"
"""Of a row `r`: it has a document."""

ROWS = """
SELECT m.id, m.author_id, m.conversation_id, m.version, m.body, m.created_at
FROM message m WHERE m.id = ANY($1::uuid[]) AND NOT m.removed
"""


async def documents(ids: Sequence[uuid.UUID]) -> list[Document]:
    """The documents of those of these messages that still say something."""
    return [_document(row) for row in await db.rows(ROWS, list(ids))]


def _document(row: asyncpg.Record) -> Document:
    body = plain(row["body"])
    return Document(
        KIND,
        row["id"],
        row["version"],
        (row["conversation_id"],),
        body=body,
        terms=tuple(said.terms(row, row["conversation_id"], body)),
        moment=row["created_at"],
    )
