"""What happens to polls."""

from __future__ import annotations

from dataclasses import dataclass

from subscriptions.feed import FeedEvent


@dataclass(frozen=True, slots=True)
class PollVoted(FeedEvent):
    """Somebody has voted, voted otherwise, or withdrawn their vote.

    Heard inside the house alone: beside the numbers of that moment, the actor would tell who voted what.
    """

    @property
    def audience(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class PollChanged(FeedEvent):
    """A poll has other options, another end, or tells its results otherwise."""


@dataclass(frozen=True, slots=True)
class PollClosed(FeedEvent):
    """Somebody has closed a poll before its time."""
