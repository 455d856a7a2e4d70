"""Conversations: direct ones, groups of people, and channels that one joins. Each is an audience."""

from __future__ import annotations

import uuid
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

TITLE_MAX = 100  # characters
PURPOSE_MAX = 500  # characters
MEMBERS_MAX = 5_000  # people in one conversation
RECEIPTS_UP_TO = 50  # people: a larger conversation begins without receipts
RETENTION_DAYS_MAX = 3_650


class ConversationKind(StrEnum):
    """Who comes in, and how. There is one direct conversation between two people, and one of each with themselves."""

    DIRECT = "DIRECT"
    GROUP = "GROUP"
    CHANNEL = "CHANNEL"


class ReceiptPolicy(StrEnum):
    """What members learn of how far others have read."""

    OFF = "OFF"
    COUNTS = "COUNTS"
    NAMES = "NAMES"


class ConversationRole(StrEnum):
    """What a member may do in a conversation."""

    OWNER = "OWNER"
    MEMBER = "MEMBER"


class Conversation(Model):
    """People who write to each other. Its audience has its key; `sequence` is that of its newest message.

    `pair` is the two keys of a direct one, the lower first. A channel is found by those who belong to `home_id`.
    """

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = fields.CharEnumField(ConversationKind, max_length=16)
    title = fields.CharField(max_length=TITLE_MAX, null=True)
    purpose = fields.CharField(max_length=PURPOSE_MAX, default="")
    pair = fields.CharField(max_length=73, null=True, unique=True)
    home_id = fields.UUIDField(null=True)
    sequence: fields.Field[int] = fields.BigIntField(default=0)
    receipts = fields.CharEnumField(ReceiptPolicy, max_length=16, default=ReceiptPolicy.NAMES)
    retention_days = fields.IntField(null=True)
    client_id = fields.CharField(max_length=100, null=True)
    version = fields.IntField(default=1)
    created_by = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    moved_at = fields.DatetimeField()  # of the newest message, or of the beginning: what lists are ordered by
    archived_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "conversation"
        unique_together = (("created_by", "client_id"),)


class ConversationMember(Model):
    """One person in one conversation, with what is theirs alone in it.

    They see what has a higher sequence than `since`, and have read what has none higher than `read_up_to`. Where they
    have gone back from what others knew them to have read, `seen_up_to` is how far that was.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    conversation_id = fields.UUIDField()
    person_id = fields.UUIDField()
    role = fields.CharEnumField(ConversationRole, max_length=16, default=ConversationRole.MEMBER)
    since: fields.Field[int] = fields.BigIntField(default=0)
    read_up_to: fields.Field[int] = fields.BigIntField(default=0)
    seen_up_to: fields.Field[int] = fields.BigIntField(default=0)
    muted_until = fields.DatetimeField(null=True)
    added_by = fields.UUIDField(null=True)
    joined_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "conversation_member"
        unique_together = (("conversation_id", "person_id"),)
