"""What happens to the answers of questions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from subscriptions.feed import FeedEvent


@dataclass(frozen=True, slots=True)
class AnswerAccepted(FeedEvent):
    """A comment is said to answer the question that its post asks."""

    told_as: ClassVar[str] = "PostChanged"

    comment: uuid.UUID


@dataclass(frozen=True, slots=True)
class AnswerWithdrawn(FeedEvent):
    """A question has no accepted answer any more: somebody thought again, or the comment was removed."""

    told_as: ClassVar[str] = "PostChanged"
