"""Who is mentioned, for those who tell them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from subscriptions.events import Event, audience_stream


@dataclass(frozen=True, slots=True)
class PersonMentioned(Event):
    """A person is named in a post or a comment, for the first time there, and can see it."""

    told_as: ClassVar[str] = "Mentioned"

    person: uuid.UUID
    post: uuid.UUID
    mentioned_in: uuid.UUID
    within: uuid.UUID

    @property
    def stream(self) -> str:
        return audience_stream(self.within)

    @property
    def recipient(self) -> uuid.UUID:
        return self.person

    @property
    def subject(self) -> uuid.UUID:
        return self.person
