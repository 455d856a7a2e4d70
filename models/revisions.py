"""Revisions: what a post, a comment or a message said before it was edited."""

from __future__ import annotations

import uuid

from tortoise import fields
from tortoise.models import Model

from models import db
from models.feed import TITLE_MAX
from models.keys import uuid7


class Revision(Model):
    """The text of a post, a comment or a message at one `version`, until it was replaced. Wiped with its subject."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    subject_id = fields.UUIDField()
    version = fields.IntField()
    title = fields.CharField(max_length=TITLE_MAX, null=True)
    body = fields.TextField()
    written_at = fields.DatetimeField()  # when this text came to be
    replaced_by = fields.UUIDField(null=True)  # who edited it away
    replaced_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "revision"
        unique_together = (("subject_id", "version"),)


WIPE_POST = """
DELETE FROM revision WHERE subject_id = $1 OR subject_id IN (SELECT id FROM comment WHERE post_id = $1)
"""


async def wipe_post(post: uuid.UUID) -> None:
    """Delete what a post and its comments said. Wants the transaction of the cause."""
    await db.execute(WIPE_POST, post)
