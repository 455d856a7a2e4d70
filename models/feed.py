"""Posts and comments."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from enum import StrEnum

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7

BODY_MAX = 20_000  # characters
TITLE_MAX = 300  # characters
COMMENT_MAX = 10_000  # characters


class PostKind(StrEnum):
    """What a post is meant as."""

    DISCUSSION = "DISCUSSION"


class PostStatus(StrEnum):
    """Where a post is in its life. Only `PUBLISHED` ones are seen by others than their author."""

    PUBLISHED = "PUBLISHED"
    REMOVED = "REMOVED"


class Post(Model):
    """One entry of the feed. Removed, it keeps its place but not its text."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    author_id = fields.UUIDField(null=True)
    audience_id = fields.UUIDField()
    kind = fields.CharEnumField(PostKind, max_length=16, default=PostKind.DISCUSSION)
    status = fields.CharEnumField(PostStatus, max_length=16, default=PostStatus.PUBLISHED)
    title = fields.CharField(max_length=TITLE_MAX, null=True)
    body = fields.TextField()
    client_id = fields.CharField(max_length=100, null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    published_at = fields.DatetimeField()
    edited_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "post"
        unique_together = (("author_id", "client_id"),)


class Comment(Model):
    """A comment under a post, or a reply to one (one level). It belongs to its post's audience."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    post_id = fields.UUIDField()
    reply_to_id = fields.UUIDField(null=True, db_index=True)
    author_id = fields.UUIDField(null=True)
    audience_id = fields.UUIDField()
    body = fields.TextField()
    removed = fields.BooleanField(default=False)
    client_id = fields.CharField(max_length=100, null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    edited_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "comment"
        unique_together = (("author_id", "client_id"),)
        indexes = (("post_id", "id"),)


# One index scan of a page's length per audience, merged: bounded whatever the viewer is in. A membership filter over a
# newest-first scan looks cheaper and reads everything for a member of one quiet audience.
HOME = """
SELECT p.*, 'Post' AS _type FROM (
    SELECT unnest($1::uuid[]) AS id
    UNION ALL
    SELECT m.audience_id FROM audience_member m WHERE m.person_id = $2 AND m.listed
) a CROSS JOIN LATERAL (
    SELECT p.* FROM post p WHERE p.audience_id = a.id AND p.status = 'PUBLISHED'{after} ORDER BY {order} LIMIT $3
) p
ORDER BY {order} LIMIT $3
"""


async def home(
    audiences: Sequence[uuid.UUID], person: uuid.UUID, *, limit: int, after: str, order: str, params: Sequence[object]
) -> list[asyncpg.Record]:
    """Published posts of `audiences` and of the lists that `person` is on.

    `after` (a condition on `p` whose parameters, numbered from $4, are `params`) and `order` come from a keyset.
    """
    return await db.rows(HOME.format(after=after, order=order), audiences, person, limit, *params)
