"""What those who keep order do to posts: pin them, close their comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from subscriptions.feed import FeedEvent


@dataclass(frozen=True, slots=True)
class PostPinned(FeedEvent):
    """A post stands on top of its audience's page."""

    told_as: ClassVar[str] = "PostChanged"


@dataclass(frozen=True, slots=True)
class PostUnpinned(FeedEvent):
    """A post no longer stands there."""

    told_as: ClassVar[str] = "PostChanged"


@dataclass(frozen=True, slots=True)
class CommentsClosed(FeedEvent):
    """Nobody comments on a post any more."""

    told_as: ClassVar[str] = "PostChanged"


@dataclass(frozen=True, slots=True)
class CommentsOpened(FeedEvent):
    """People may comment on a post again."""

    told_as: ClassVar[str] = "PostChanged"
