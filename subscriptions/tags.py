"""What happens to tags."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from models.audiences import COMPANY
from models.tags import TAGS
from subscriptions.events import Event, audience_stream, person_stream


@dataclass(frozen=True, slots=True)
class TagAdded(Event):
    """Somebody has used a word that nobody had used before; what it is, is not for everybody."""

    tag: uuid.UUID
    within: uuid.UUID

    @property
    def stream(self) -> str:
        return audience_stream(self.within)

    @property
    def subject(self) -> uuid.UUID:
        return self.tag


@dataclass(frozen=True, slots=True)
class Following(Event):
    """Somebody begins or ceases to follow a tag, in the order of what they do; nobody's screen shows it."""

    person: uuid.UUID
    tag: uuid.UUID

    @property
    def stream(self) -> str:
        return person_stream(self.person)

    @property
    def subject(self) -> uuid.UUID:
        return self.tag


@dataclass(frozen=True, slots=True)
class TagFollowed(Following):
    """Somebody wants to hear of a tag."""


@dataclass(frozen=True, slots=True)
class TagUnfollowed(Following):
    """Somebody no longer wants to."""


@dataclass(frozen=True, slots=True)
class TagKept(Event):
    """Something that was done to a tag on behalf of the company, in the order of all tags."""

    tag: uuid.UUID

    @property
    def stream(self) -> str:
        return TAGS

    @property
    def subject(self) -> uuid.UUID:
        return self.tag


@dataclass(frozen=True, slots=True)
class TagChanged(TagKept):
    """A tag has another name, description or rules, or the posts of another one."""

    @property
    def audience(self) -> uuid.UUID:
        return COMPANY


@dataclass(frozen=True, slots=True)
class TagRenamed(TagKept):
    """Audit: `old` is called `new`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TagSynonymAdded(TagKept):
    """Audit: `new` means the tag, too."""

    new: str


@dataclass(frozen=True, slots=True)
class TagSynonymRemoved(TagKept):
    """Audit: `old` no longer means the tag."""

    old: str


@dataclass(frozen=True, slots=True)
class TagRuled(TagKept):
    """Audit: a tag has these rules from now on, and perhaps another description."""

    restricted: int
    priority: int


@dataclass(frozen=True, slots=True)
class TagMerged(TagKept):
    """Audit: `merged`, which was called `old`, is part of the tag `new` from now on."""

    merged: uuid.UUID
    old: str
    new: str
