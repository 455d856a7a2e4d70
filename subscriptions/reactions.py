"""What happens to reactions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from subscriptions.feed import FeedEvent


@dataclass(frozen=True, slots=True)
class ReactionAdded(FeedEvent):
    """Somebody has reacted to a post or to one of its comments: `reacted_to`."""

    told_as: ClassVar[str] = "ReactionsChanged"

    reacted_to: uuid.UUID
    reaction: int


@dataclass(frozen=True, slots=True)
class ReactionRemoved(FeedEvent):
    """Somebody has taken a reaction back."""

    told_as: ClassVar[str] = "ReactionsChanged"

    reacted_to: uuid.UUID
