"""What those who keep order do to posts: pin them, close their comments."""

from __future__ import annotations

from dataclasses import dataclass

from subscriptions.feed import FeedEvent


@dataclass(frozen=True, slots=True)
class PostPinned(FeedEvent):
    """A post stands on top of its audience's page."""


@dataclass(frozen=True, slots=True)
class PostUnpinned(FeedEvent):
    """A post no longer stands there."""


@dataclass(frozen=True, slots=True)
class CommentsClosed(FeedEvent):
    """Nobody comments on a post any more."""


@dataclass(frozen=True, slots=True)
class CommentsOpened(FeedEvent):
    """People may comment on a post again."""
