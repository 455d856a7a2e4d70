"""What happens in the feed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from subscriptions.events import Event, audience_stream


@dataclass(frozen=True, slots=True)
class FeedEvent(Event):
    """Something that those who may see the post hear of, in the order of its audience."""

    post: uuid.UUID
    within: uuid.UUID

    @property
    def stream(self) -> str:
        return audience_stream(self.within)

    @property
    def audience(self) -> uuid.UUID | None:
        return self.within

    @property
    def subject(self) -> uuid.UUID:
        return self.post


@dataclass(frozen=True, slots=True)
class PostPublished(FeedEvent):
    """A post can be seen for the first time."""


@dataclass(frozen=True, slots=True)
class PostEdited(FeedEvent):
    """A post's title or text was replaced; `major` is 1 where whoever has read it should read it again, else 0."""

    major: int = 0


@dataclass(frozen=True, slots=True)
class PostRemoved(FeedEvent):
    """A post is no longer to be seen."""


@dataclass(frozen=True, slots=True)
class CommentAdded(FeedEvent):
    """A comment was written under a post."""

    comment: uuid.UUID


@dataclass(frozen=True, slots=True)
class CommentEdited(FeedEvent):
    """A comment's text was replaced."""

    comment: uuid.UUID


@dataclass(frozen=True, slots=True)
class CommentRemoved(FeedEvent):
    """A comment is no longer to be seen."""

    comment: uuid.UUID


@dataclass(frozen=True, slots=True)
class UnpublishedEvent(FeedEvent):
    """Something about a post that its audience knows nothing of: heard inside the house alone."""

    @property
    def audience(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class PostSubmitted(UnpublishedEvent):
    """A post waits for somebody who moderates there to look at it."""


@dataclass(frozen=True, slots=True)
class PostReturned(UnpublishedEvent):
    """A post was not published, and is a draft of its author's again."""


@dataclass(frozen=True, slots=True)
class UnitModerationSet(Event):
    """Posts to a unit wait to be looked at from now on (`moderated` is 1), or no longer (0)."""

    unit: uuid.UUID
    moderated: int

    @property
    def stream(self) -> str:
        return audience_stream(self.unit)

    @property
    def subject(self) -> uuid.UUID:
        return self.unit
