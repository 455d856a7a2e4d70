"""Tags as documents: those kept for the company by all of it, others by whoever reads a post that carries them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg

from models import db
from models.audiences import COMPANY
from search.engine import Document

KIND = "TAG"
LIVING = """
r.kept OR EXISTS (SELECT 1 FROM post_tag o WHERE o.tag_id = r.id AND o.published_at IS NOT NULL)
"""
"""Of a row `r`: it has a document."""
AUDIENCES_MAX = 50  # in which a tag is found by those who are in them: the ones with the newest posts

# From one audience of a tag to the next by the index, however many posts carry it in each.
USED = f"""
WITH RECURSIVE used AS (
    (SELECT t.id AS tag_id, x.audience_id, x.published_at FROM tag t CROSS JOIN LATERAL (
        SELECT o.audience_id, o.published_at FROM post_tag o WHERE o.tag_id = t.id AND o.published_at IS NOT NULL
        ORDER BY o.audience_id, o.published_at DESC LIMIT 1) x
     WHERE t.id = ANY($1::uuid[]) AND NOT t.kept)
    UNION ALL
    SELECT u.tag_id, x.audience_id, x.published_at FROM used u CROSS JOIN LATERAL (
        SELECT o.audience_id, o.published_at FROM post_tag o
        WHERE o.tag_id = u.tag_id AND o.published_at IS NOT NULL AND o.audience_id > u.audience_id
        ORDER BY o.audience_id, o.published_at DESC LIMIT 1) x
), newest AS (
    SELECT u.*, row_number() OVER (PARTITION BY u.tag_id ORDER BY u.published_at DESC, u.audience_id) AS place
    FROM used u
)
SELECT n.tag_id, array_agg(n.audience_id ORDER BY n.place) AS audiences, bool_or(a.open) AS open
FROM newest n JOIN audience a ON a.id = n.audience_id WHERE n.place <= {AUDIENCES_MAX} GROUP BY n.tag_id
"""

ROWS = f"""
SELECT t.id, t.version, t.name, t.description, t.kept, u.audiences, u.open,
    (SELECT string_agg(y.name, ', ' ORDER BY y.name) FROM tag_synonym y WHERE y.tag_id = t.id) AS synonyms
FROM tag t LEFT JOIN ({USED}) u ON u.tag_id = t.id
WHERE t.id = ANY($1::uuid[]) AND (t.kept OR u.tag_id IS NOT NULL)
"""


async def documents(ids: Sequence[uuid.UUID]) -> list[Document]:
    """The documents of those of these tags that are kept for the company, or on some published post."""
    return [_document(row) for row in await db.rows(ROWS, list(ids))]


def _document(row: asyncpg.Record) -> Document:
    return Document(
        KIND,
        row["id"],
        row["version"],
        (COMPANY,) if row["kept"] else tuple(row["audiences"]),
        title=row["name"],
        keywords=row["synonyms"] or "",
        body=row["description"],
        open=not row["kept"] and row["open"],
    )
