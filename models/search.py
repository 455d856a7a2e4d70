"""The search documents that PostgreSQL's full text answers from."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db


class SearchDocument(Model):
    """A thing as it can be found. `audience_id` null: everybody who is signed in and not a guest may find it."""

    id = fields.BigIntField(primary_key=True, generated=True)
    kind = fields.CharField(max_length=16)
    subject_id = fields.UUIDField(unique=True)
    audience_id = fields.UUIDField()
    version = fields.BigIntField()
    title = fields.TextField()
    body = fields.TextField()

    class Meta(Model.Meta):
        table = "search_document"


# A late, older document never overwrites a newer one: readers of the log may run twice.
PUT = """
INSERT INTO search_document (kind, subject_id, audience_id, version, title, body)
SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[])
ON CONFLICT (subject_id) DO UPDATE
SET audience_id = excluded.audience_id, version = excluded.version, title = excluded.title, body = excluded.body
WHERE search_document.version <= excluded.version
"""

FIND = """
SELECT d.kind, d.subject_id, ts_rank_cd(d.words, q, 1) AS score
FROM search_document d, to_tsquery('simple', $1) q
WHERE d.words @@ q AND d.kind = ANY($2::text[])
  AND (d.audience_id = ANY($3::uuid[])
       OR d.audience_id IN (SELECT m.audience_id FROM audience_member m WHERE m.person_id = $4 AND m.listed)
       OR $7 AND d.audience_id IN (SELECT a.id FROM audience a WHERE a.open))
ORDER BY score DESC, d.subject_id DESC LIMIT $5 OFFSET $6
"""


async def put(documents: Sequence[tuple[str, uuid.UUID, uuid.UUID, int, str, str]]) -> None:
    """Insert or replace documents: tuples of kind, subject, audience, version, title, body; one a subject."""
    if documents:
        await db.execute(PUT, *(list(column) for column in zip(*documents, strict=True)))


async def drop(subjects: Sequence[uuid.UUID]) -> None:
    """Forget the documents of these subjects."""
    await db.execute("DELETE FROM search_document WHERE subject_id = ANY($1::uuid[])", subjects)


async def find(
    query: str,
    kinds: Sequence[str],
    audiences: Sequence[uuid.UUID],
    person: uuid.UUID,
    *,
    is_member: bool,
    limit: int,
    offset: int,
) -> list[asyncpg.Record]:
    """What matches a tsquery within the audiences and the lists that `person` is on: kind, subject_id, score.

    Whoever `is_member` of the company looks into open audiences, too.
    """
    return await db.rows(FIND, query, kinds, audiences, person, limit, offset, is_member)
