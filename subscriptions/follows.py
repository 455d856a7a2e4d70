"""Who begins and ceases to follow or block whom: for readers inside the house, never for a screen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from subscriptions.events import Event, person_stream


@dataclass(frozen=True, slots=True)
class Between(Event):
    """Something that `by` does about a person, in the order of what `by` does."""

    by: uuid.UUID
    person: uuid.UUID

    @property
    def stream(self) -> str:
        return person_stream(self.by)

    @property
    def subject(self) -> uuid.UUID:
        return self.person


@dataclass(frozen=True, slots=True)
class PersonFollowed(Between):
    """Somebody wants to hear of what a person publishes."""


@dataclass(frozen=True, slots=True)
class PersonUnfollowed(Between):
    """Somebody no longer wants to."""


@dataclass(frozen=True, slots=True)
class PersonBlocked(Between):
    """Somebody wants nothing to do with a person: follows and endorsements between them are gone."""


@dataclass(frozen=True, slots=True)
class PersonUnblocked(Between):
    """Somebody lets a person near again; what is gone stays gone."""
