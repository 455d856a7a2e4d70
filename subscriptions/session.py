"""What happens to sessions and tokens: told to every process, so that live streams end at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from subscriptions.events import Event, person_stream
from subscriptions.people import PersonDeactivated


@dataclass(frozen=True, slots=True)
class AccessRevoked(Event):
    """A session or token is no longer valid. Nobody's screen shows it."""

    person: uuid.UUID
    access: uuid.UUID

    @property
    def stream(self) -> str:
        return person_stream(self.person)

    @property
    def subject(self) -> uuid.UUID:
        return self.access


@dataclass(frozen=True, slots=True)
class RightsChanged(Event):
    """A person's roles, unit, audiences or standing changed: whoever holds a snapshot of them loads it anew."""

    person: uuid.UUID

    @property
    def stream(self) -> str:
        return person_stream(self.person)

    @property
    def subject(self) -> uuid.UUID:
        return self.person


def whose_rights(event: Event) -> uuid.UUID | None:
    """The person of whom a snapshot is no longer right after this event; None where it changes nobody's rights."""
    return event.person if isinstance(event, AccessRevoked | RightsChanged | PersonDeactivated) else None
