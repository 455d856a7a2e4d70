"""What happens to groups, and between them and people."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from subscriptions.events import Event, audience_stream


@dataclass(frozen=True, slots=True)
class OfGroup(Event):
    """Something about a group, in the order of its audience; readers inside the house alone hear of it."""

    group: uuid.UUID

    @property
    def stream(self) -> str:
        return audience_stream(self.group)

    @property
    def subject(self) -> uuid.UUID:
        return self.group


@dataclass(frozen=True, slots=True)
class GroupEvent(OfGroup):
    """Something about a group that its members hear of."""

    @property
    def audience(self) -> uuid.UUID:
        return self.group


@dataclass(frozen=True, slots=True)
class GroupCreated(GroupEvent):
    """A group was made."""

    told_as: ClassVar[str] = "GroupChanged"


@dataclass(frozen=True, slots=True)
class GroupChanged(GroupEvent):
    """A group's name, description, visibility, policies or state changed."""


@dataclass(frozen=True, slots=True)
class GroupReadersChanged(OfGroup):
    """Everybody of the company may read from now on what is in a group, or no longer."""


@dataclass(frozen=True, slots=True)
class MemberJoined(GroupEvent):
    """Somebody has come in: by themselves, added, or let in."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class MemberLeft(GroupEvent):
    """Somebody is no longer in it: by themselves, taken out, or gone from the company."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class GroupRoleChanged(GroupEvent):
    """A member has another role."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class JoinRequested(OfGroup):
    """Somebody asks to come in; for those who moderate the group."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class JoinRequestDeclined(OfGroup):
    """Somebody who had asked is not let in."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class JoinRequestWithdrawn(OfGroup):
    """Somebody asks no longer."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class InvitedToGroup(OfGroup):
    """Somebody is invited; for them."""

    person: uuid.UUID

    @property
    def recipient(self) -> uuid.UUID:
        return self.person


@dataclass(frozen=True, slots=True)
class InvitationDeclined(OfGroup):
    """Somebody who was invited does not want to."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class InvitationWithdrawn(OfGroup):
    """Somebody is invited no longer."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class InvitationExpired(OfGroup):
    """Somebody has not answered in time."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class BannedFromGroup(OfGroup):
    """Somebody cannot come back."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class GroupBanLifted(OfGroup):
    """Somebody may come back."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class GroupPurged(OfGroup):
    """A group was deleted, with all that was written in it."""
