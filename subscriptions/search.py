"""What the readers that keep search indexes tell themselves; nobody else hears of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from subscriptions.events import Event


@dataclass(frozen=True, slots=True)
class DocumentsOutdated(Event):
    """A change concerns more documents than are made anew at once: those behind `after` are left.

    `index` is the name of the reader that goes on with them, `walk` the way to find them from `start`.
    """

    index: str
    walk: str
    start: uuid.UUID
    after: uuid.UUID

    @property
    def stream(self) -> str:
        return self.index

    @property
    def subject(self) -> uuid.UUID:
        return self.start
