"""What happens to profiles besides `PersonChanged`: for the house, its index and its audit trail."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from subscriptions.events import Event, person_stream

FIELDS = "profile_fields"
"""The stream of what happens to the definitions; its lock comes before any change of them."""

Said = dict[str, object]
"""Values by the names of their fields, as JSON holds them."""


@dataclass(frozen=True, slots=True)
class ProfileFieldChanged(Event):
    """A definition was made (`old` null), changed, deleted, restored or purged (`new` null). For the audit trail."""

    field: uuid.UUID
    old: Said | None
    new: Said | None

    @property
    def stream(self) -> str:
        return FIELDS

    @property
    def subject(self) -> uuid.UUID:
        return self.field


@dataclass(frozen=True, slots=True)
class ProfileCorrected(Event):
    """HR has changed what somebody's profile says. For the audit trail."""

    person: uuid.UUID
    old: Said
    new: Said

    @property
    def stream(self) -> str:
        return person_stream(self.person)

    @property
    def subject(self) -> uuid.UUID:
        return self.person


@dataclass(frozen=True, slots=True)
class ProfileUncovered(Event):
    """Others than before see a field of this person, which says something: their document must be made anew."""

    person: uuid.UUID

    @property
    def stream(self) -> str:
        return FIELDS

    @property
    def subject(self) -> uuid.UUID:
        return self.person
