"""How a stream ends other than by its client: with one last event that says why, never with silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.log import Position


class EndReason(StrEnum):
    """Why a stream stops."""

    LAGGED = "LAGGED"
    REVOKED = "REVOKED"
    TOO_OLD = "TOO_OLD"


@dataclass(frozen=True)
class StreamEnded:
    """The last event of a stream that did not simply go on; `position` is of the last event before it."""

    reason: EndReason
    position: Position
    occurred_at: datetime
    actor: None = None
