"""What happens to people."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from models.audiences import COMPANY
from subscriptions.events import Event, person_stream


@dataclass(frozen=True, slots=True)
class PersonEvent(Event):
    """Something about one person that the company hears of, in the order of that person's row."""

    person: uuid.UUID

    @property
    def stream(self) -> str:
        return person_stream(self.person)

    @property
    def audience(self) -> uuid.UUID:
        return COMPANY

    @property
    def subject(self) -> uuid.UUID:
        return self.person


@dataclass(frozen=True, slots=True)
class PersonJoined(PersonEvent):
    """A person was added to the company."""


@dataclass(frozen=True, slots=True)
class PersonChanged(PersonEvent):
    """A person's profile, unit or manager changed."""


@dataclass(frozen=True, slots=True)
class PersonDeactivated(PersonEvent):
    """A person's account was closed; their content stays."""
