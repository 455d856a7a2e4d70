"""Who may write in whose name."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from subscriptions.events import Event, person_stream


@dataclass(frozen=True, slots=True)
class DelegateEvent(Event):
    """Something about who writes in somebody's name: for the trail alone."""

    person: uuid.UUID
    delegate: uuid.UUID

    @property
    def stream(self) -> str:
        return person_stream(self.person)

    @property
    def subject(self) -> uuid.UUID:
        return self.person


@dataclass(frozen=True, slots=True)
class DelegateAllowed(DelegateEvent):
    """The delegate may write in the person's name."""


@dataclass(frozen=True, slots=True)
class DelegateWithdrawn(DelegateEvent):
    """The delegate may not write in the person's name any more."""
