"""What happens to guests, beside what happens to everybody."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from subscriptions.events import Event, person_stream


@dataclass(frozen=True, slots=True)
class GuestStayChanged(Event):
    """A guest's account closes at another time than it would have; readers inside the house alone hear of it."""

    person: uuid.UUID

    @property
    def stream(self) -> str:
        return person_stream(self.person)

    @property
    def subject(self) -> uuid.UUID:
        return self.person
