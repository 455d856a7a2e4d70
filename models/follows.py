"""Who follows whom, and who wants nothing to do with whom."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.keys import uuid7


class Follow(Model):
    """`follower_id` wants to hear of what `person_id` publishes."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    follower_id = fields.UUIDField()
    person_id = fields.UUIDField(db_index=True)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "follow"
        unique_together = (("follower_id", "person_id"),)


class Block(Model):
    """`blocker_id` has blocked `person_id`, who is not told."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    blocker_id = fields.UUIDField()
    person_id = fields.UUIDField(db_index=True)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "block"
        unique_together = (("blocker_id", "person_id"),)
