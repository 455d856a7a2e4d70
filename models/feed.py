"""Posts and comments."""

from __future__ import annotations

import uuid
from enum import StrEnum

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7

BODY_MAX = 20_000  # characters
TITLE_MAX = 300  # characters
COMMENT_MAX = 10_000  # characters
RETURNED_MAX = 2_000  # characters of why a post was sent back
PRAISE_VALUE_MAX = 60  # characters
PRAISED_MAX = 20  # people of one praise
PINNED_MAX = 5  # posts of one audience


class PostKind(StrEnum):
    """What a post is meant as."""

    DISCUSSION = "DISCUSSION"
    QUESTION = "QUESTION"
    ANNOUNCEMENT = "ANNOUNCEMENT"
    ARTICLE = "ARTICLE"
    PRAISE = "PRAISE"
    IDEA = "IDEA"
    POLL = "POLL"


class PostStatus(StrEnum):
    """Where a post is in its life. Until it is `PUBLISHED`, only its author and who lets it pass see it."""

    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"
    IN_REVIEW = "IN_REVIEW"
    PUBLISHED = "PUBLISHED"
    REMOVED = "REMOVED"


class Post(Model):
    """One entry of the feed. Removed, it keeps its place but not its text.

    `author_id` is whose post it is; `written_by` who wrote it on their behalf. `published_at` is null before that.
    """

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
    published_at = fields.DatetimeField(null=True)
    edited_at = fields.DatetimeField(null=True)
    written_by = fields.UUIDField(null=True)
    scheduled_at = fields.DatetimeField(null=True)
    returned = fields.CharField(max_length=RETURNED_MAX, null=True)  # why it was not published, told to its author
    shared_id = fields.UUIDField(null=True, db_index=True)  # the post that this one passes on
    accepted_id = fields.UUIDField(null=True)  # the comment that answers this question
    praise_value = fields.CharField(max_length=PRAISE_VALUE_MAX, null=True)
    comments_closed = fields.BooleanField(default=False, db_default=False)
    pinned_at = fields.DatetimeField(null=True)
    survey_id = fields.UUIDField(null=True)  # the survey that it announces

    class Meta(Model.Meta):
        table = "post"
        unique_together = (("author_id", "client_id"),)


class PraisedPerson(Model):
    """One of the people whom a post praises."""

    id = fields.BigIntField(primary_key=True, generated=True)
    post_id = fields.UUIDField()
    person_id = fields.UUIDField(db_index=True)

    class Meta(Model.Meta):
        table = "praised_person"
        unique_together = (("post_id", "person_id"),)


class Comment(Model):
    """A comment under a post, or a reply to one (one level). It belongs to its post's audience.

    Removed, it goes; with replies below it an empty one stays in its place (`kept`) for as long as they do.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    post_id = fields.UUIDField()
    reply_to_id = fields.UUIDField(null=True, db_index=True)
    author_id = fields.UUIDField(null=True)
    audience_id = fields.UUIDField()
    body = fields.TextField()
    removed = fields.BooleanField(default=False)
    kept = fields.BooleanField(default=False, db_default=False)
    client_id = fields.CharField(max_length=100, null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    edited_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "comment"
        unique_together = (("author_id", "client_id"),)
        indexes = (("post_id", "id"),)


AUDIENCE_STATE = """
SELECT a.read_only, coalesce(g.moderated, u.moderated, false) AS moderated
FROM audience a LEFT JOIN groups g ON g.id = a.id LEFT JOIN org_unit u ON u.id = a.id
WHERE a.id = $1 AND (a.kind <> 'RULE' OR EXISTS (SELECT 1 FROM audience_rule r WHERE r.id = a.id))
"""


async def audience_state(audience: uuid.UUID) -> asyncpg.Record | None:
    """Whether an audience is `read_only` now, and whether posts to it are looked at first; None where it has gone."""
    return await db.row(AUDIENCE_STATE, audience)
