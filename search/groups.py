"""Groups as documents: found by their members, and by the company unless they are secret."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg

from models import db
from models.groups import Visibility
from search.engine import Document
from search.plain import plain

KIND = "GROUP"

ROWS = """
SELECT g.id, g.version, g.name, g.description, g.visibility, g.archived_at
FROM groups g WHERE g.id = ANY($1::uuid[])
"""


async def documents(ids: Sequence[uuid.UUID]) -> list[Document]:
    """The documents of these groups."""
    return [_document(row) for row in await db.rows(ROWS, list(ids))]


def _document(row: asyncpg.Record) -> Document:
    return Document(
        KIND,
        row["id"],
        row["version"],
        (row["id"],),
        title=row["name"],
        body=plain(row["description"]),
        terms=("group:ARCHIVED",) if row["archived_at"] else (),
        open=row["visibility"] != Visibility.SECRET,
    )
