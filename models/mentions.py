"""Mentions: people whom a text names as `@[id]`, kept beside it so that they can be told and found."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.audiences import COMPANY
from models.belonging import READS

MENTIONS_MAX = 50  # people in one text


class Mention(Model):
    """A person named in a post, a comment or a message, which is the `subject`. Visible with it.

    `post_id` is the post that it is, or stands under; of a message `conversation_id` is where it was said.
    `told`: the log says that they were named, which happens once, and not before they can see it.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    subject_id = fields.UUIDField()
    post_id = fields.UUIDField(null=True, db_index=True)
    conversation_id = fields.UUIDField(null=True, db_index=True)
    person_id = fields.UUIDField()
    told = fields.BooleanField(default=False, db_default=False)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "mention"
        unique_together = (("subject_id", "person_id"),)


ADD = """
INSERT INTO mention (subject_id, post_id, conversation_id, person_id, told, created_at)
SELECT $1, $2, $3, n.id, false, $5 FROM unnest($4::uuid[]) WITH ORDINALITY AS n(id, place) ORDER BY n.place
ON CONFLICT (subject_id, person_id) DO NOTHING
"""
DROP = "DELETE FROM mention WHERE subject_id = $1 AND person_id <> ALL($2::uuid[])"

# Of the audience $1, whichever it is.
_SEES = READS.format(everyone=f"($1::uuid = '{COMPANY}' OR (SELECT a.open FROM audience a WHERE a.id = $1))")

# Nobody is told of what they say themselves, nor of whom they have blocked or who has blocked them.
TELL = f"""
UPDATE mention m SET told = true
FROM mention t JOIN post p ON p.id = t.post_id JOIN person r ON r.id = t.person_id
    LEFT JOIN comment c ON c.id = t.subject_id
WHERE t.id = m.id AND t.post_id = $2 AND NOT t.told AND p.status = 'PUBLISHED' AND c.removed IS NOT TRUE
  AND r.id IS DISTINCT FROM coalesce(c.author_id, p.author_id)
  AND (c.id IS NOT NULL OR r.id IS DISTINCT FROM p.written_by)
  AND {_SEES}
  AND NOT EXISTS (SELECT 1 FROM block b WHERE b.blocker_id = r.id AND b.person_id = coalesce(c.author_id, p.author_id))
  AND NOT EXISTS (SELECT 1 FROM block b WHERE b.person_id = r.id AND b.blocker_id = coalesce(c.author_id, p.author_id))
RETURNING m.subject_id, m.person_id
"""

STANDING = f"""
SELECT r.id, r.active, r.is_guest, coalesce({_SEES}, false) AS sees,
       EXISTS (SELECT 1 FROM block b WHERE b.blocker_id = $3 AND b.person_id = r.id) AS blocked
FROM person r WHERE r.id = ANY($2::uuid[])
"""


async def add(
    subject: uuid.UUID,
    people: Sequence[uuid.UUID],
    now: datetime,
    *,
    post: uuid.UUID | None = None,
    conversation: uuid.UUID | None = None,
) -> None:
    """Note that a subject names these people; also those whom it named before.

    It is the `post` or a comment under it, or else a message of the `conversation`.
    """
    await db.execute(ADD, subject, post, conversation, list(people), now)


async def drop(subject: uuid.UUID, keep: Sequence[uuid.UUID]) -> None:
    """Forget whom a subject names, but for these."""
    await db.execute(DROP, subject, list(keep))


async def tell(post: uuid.UUID, audience: uuid.UUID) -> list[asyncpg.Record]:
    """Those who are named in a post or under it (`subject_id`, `person_id`) and can see it, each time once in all."""
    return await db.rows(TELL, audience, post)


async def standing(people: Sequence[uuid.UUID], audience: uuid.UUID, writer: uuid.UUID) -> list[asyncpg.Record]:
    """How these people stand to what `writer` says to an audience: `active`, `is_guest`, `sees`, `blocked` by them."""
    return await db.rows(STANDING, audience, list(people), writer)


async def named_in(subjects: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """Who is named in which subject, in the order of their names in it."""
    sql = "SELECT subject_id, person_id FROM mention WHERE subject_id = ANY($1::uuid[]) ORDER BY id"
    return await db.rows(sql, list(subjects))
