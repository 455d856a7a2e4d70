"""Posts and comments as documents, found by whoever may see them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg

from models import db
from search import said
from search.engine import Document
from search.plain import plain

POST, COMMENT = "POST", "COMMENT"
LIVING_POST = "r.status = 'PUBLISHED'"
LIVING_COMMENT = "NOT r.removed AND EXISTS (SELECT 1 FROM post p WHERE p.id = r.post_id AND p.status = 'PUBLISHED')"
"""Of a row `r`: it has a document."""

# Names of tags count as words of the post, under whatever name one knows them.
POSTS = """
SELECT p.id, p.author_id, p.audience_id, p.kind, p.version, p.title, p.body, p.published_at, a.open,
    ARRAY(SELECT t.tag_id FROM post_tag t WHERE t.post_id = p.id ORDER BY t.id) AS tags,
    (SELECT string_agg(n.name, ', ' ORDER BY n.name) FROM post_tag t CROSS JOIN LATERAL (
        SELECT g.name FROM tag g WHERE g.id = t.tag_id
        UNION ALL SELECT y.name FROM tag_synonym y WHERE y.tag_id = t.tag_id) n
     WHERE t.post_id = p.id) AS names,
    CASE p.kind WHEN 'POLL' THEN (
        SELECT string_agg(o.text, E'\\n' ORDER BY o.place) FROM poll_option o WHERE o.poll_id = p.id) END AS options
FROM post p JOIN audience a ON a.id = p.audience_id
WHERE p.id = ANY($1::uuid[]) AND p.status = 'PUBLISHED'
"""

COMMENTS = """
SELECT c.id, c.author_id, c.audience_id, c.version, c.body, c.created_at, a.open,
    p.accepted_id IS NOT DISTINCT FROM c.id AS is_accepted,
    ARRAY(SELECT t.tag_id FROM post_tag t WHERE t.post_id = p.id ORDER BY t.id) AS tags
FROM comment c JOIN post p ON p.id = c.post_id AND p.status = 'PUBLISHED' JOIN audience a ON a.id = c.audience_id
WHERE c.id = ANY($1::uuid[]) AND NOT c.removed
"""


async def posts(ids: Sequence[uuid.UUID]) -> list[Document]:
    """The documents of those of these posts that are published."""
    return [_post(row) for row in await db.rows(POSTS, list(ids))]


async def comments(ids: Sequence[uuid.UUID]) -> list[Document]:
    """The documents of those of these comments that stand below a published post."""
    return [_comment(row) for row in await db.rows(COMMENTS, list(ids))]


def _post(row: asyncpg.Record) -> Document:
    body = "\n".join(filter(None, (plain(row["body"]), row["options"])))
    return Document(
        POST,
        row["id"],
        row["version"],
        (row["audience_id"],),
        title=row["title"] or "",
        keywords=row["names"] or "",
        body=body,
        terms=(*said.terms(row, row["audience_id"], body), f"post:{row['kind']}", *_tagged(row)),
        moment=row["published_at"],
        open=row["open"],
    )


def _comment(row: asyncpg.Record) -> Document:
    body = plain(row["body"])
    accepted = ("accepted:yes",) if row["is_accepted"] else ()
    return Document(
        COMMENT,
        row["id"],
        row["version"],
        (row["audience_id"],),
        body=body,
        terms=(*said.terms(row, row["audience_id"], body), *accepted, *_tagged(row)),
        moment=row["created_at"],
        open=row["open"],
    )


def _tagged(row: asyncpg.Record) -> Sequence[str]:
    return [f"tag:{tag}" for tag in row["tags"]]
