"""Groups: people who have joined, by a policy, and what they are to the group. A group's audience has its key."""

from __future__ import annotations

import uuid
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

GROUP_NAME_MAX = 100  # characters
DESCRIPTION_MAX = 5_000  # characters


class Visibility(StrEnum):
    """Who may know of a group, and read it."""

    OPEN = "OPEN"
    PRIVATE = "PRIVATE"
    SECRET = "SECRET"


class JoinPolicy(StrEnum):
    """How people come in by themselves."""

    OPEN = "OPEN"
    REQUEST = "REQUEST"
    INVITE = "INVITE"


class GroupRole(StrEnum):
    """What a member may do in a group."""

    OWNER = "OWNER"
    MODERATOR = "MODERATOR"
    MEMBER = "MEMBER"
    GUEST = "GUEST"


class MembershipStatus(StrEnum):
    """Where a person stands towards a group. `MEMBER` alone is in its audience.

    `REMOVED` stays out of a group whose rule they meet: what was decided by hand comes before the rule.
    """

    MEMBER = "MEMBER"
    REQUESTED = "REQUESTED"
    INVITED = "INVITED"
    BANNED = "BANNED"
    REMOVED = "REMOVED"


class MembershipSource(StrEnum):
    """How a member came in. Who came by the rule goes when they meet it no more."""

    JOINED = "JOINED"
    ADDED = "ADDED"
    RULE = "RULE"
    DEFAULT = "DEFAULT"


class Group(Model):
    """A group. Archived, it is read as before, and nothing in it changes. `purge_at`: deleted then, content and all.

    Keys are random: they shall not tell when a secret group was made.
    """

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    name = fields.CharField(max_length=GROUP_NAME_MAX)
    description = fields.TextField(default="")
    visibility = fields.CharEnumField(Visibility, max_length=16)
    join_policy = fields.CharEnumField(JoinPolicy, max_length=16)
    is_default = fields.BooleanField(default=False)  # newcomers of the company join it
    moderated = fields.BooleanField(default=False)  # posts of members wait until a moderator lets them pass
    archived_at = fields.DatetimeField(null=True)
    purge_at = fields.DatetimeField(null=True)
    created_by = fields.UUIDField(null=True)
    client_id = fields.CharField(max_length=100, null=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "groups"  # GROUP is a word of SQL
        unique_together = (("created_by", "client_id"),)


class Membership(Model):
    """Where one person stands towards one group. `expires_at`: of an invitation, or of a guest's stay."""

    id = fields.BigIntField(primary_key=True, generated=True)
    group_id = fields.UUIDField()
    person_id = fields.UUIDField()
    role = fields.CharEnumField(GroupRole, max_length=16, default=GroupRole.MEMBER)
    status = fields.CharEnumField(MembershipStatus, max_length=16)
    source = fields.CharEnumField(MembershipSource, max_length=16, default=MembershipSource.JOINED)
    by_id = fields.UUIDField(null=True)  # who invited, added, removed or banned them
    joined_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "membership"
        unique_together = (("person_id", "group_id"),)
