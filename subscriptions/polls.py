"""What happens to polls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from subscriptions.feed import FeedEvent


@dataclass(frozen=True, slots=True)
class PollVoted(FeedEvent):
    """Somebody has voted, voted otherwise, or withdrawn their vote.

    Nobody is told who: beside the numbers of that moment it would tell what they voted.
    """

    told_as: ClassVar[str] = "PostChanged"
    nameless: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class PollChanged(FeedEvent):
    """A poll has other options, another end, or tells its results otherwise."""

    told_as: ClassVar[str] = "PostChanged"


@dataclass(frozen=True, slots=True)
class PollClosed(FeedEvent):
    """Somebody has closed a poll before its time."""

    told_as: ClassVar[str] = "PostChanged"
