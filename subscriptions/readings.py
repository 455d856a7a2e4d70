"""What happens to must-reads."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from subscriptions.events import Event, person_stream
from subscriptions.feed import FeedEvent


@dataclass(frozen=True, slots=True)
class ReadingRequired(FeedEvent):
    """A post must be read: from now on, by another time, or once more since its text is another."""

    told_as: ClassVar[str] = "PostChanged"


@dataclass(frozen=True, slots=True)
class ReadingWaived(FeedEvent):
    """A post need not be read any more."""

    told_as: ClassVar[str] = "PostChanged"


@dataclass(frozen=True, slots=True)
class PostAcknowledged(Event):
    """Somebody says that they have read a post. Audit: who has to know asks for the evidence.

    In the order of the person, so that a whole company can do so at once.
    """

    post: uuid.UUID
    person: uuid.UUID

    @property
    def stream(self) -> str:
        return person_stream(self.person)

    @property
    def subject(self) -> uuid.UUID:
        return self.post


@dataclass(frozen=True, slots=True)
class ReadingDue(Event):
    """It is time to remind those who have not acknowledged a post: it is due in so many `days`, or now."""

    post: uuid.UUID
    days: int

    @property
    def stream(self) -> str:
        return reading_stream(self.post)

    @property
    def subject(self) -> uuid.UUID:
        return self.post


def reading_stream(post: uuid.UUID) -> str:
    """The stream of reminders of one post."""
    return f"reading:{post}"
