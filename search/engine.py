"""What a search engine must do for us; PostgreSQL's full text is the one that is always there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from auth.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Document:
    """A thing as the index holds it. Whoever belongs to `audience` may find it; the read checks again."""

    kind: str
    subject: uuid.UUID
    audience: uuid.UUID
    version: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found; it is read again within the viewer's scope before anybody sees it."""

    kind: str
    subject: uuid.UUID
    score: float


class Engine(Protocol):
    """An index and its search."""

    name: str

    async def put(self, documents: Sequence[Document]) -> None:
        """Insert or replace; an older version never replaces a newer one."""
        ...

    async def drop(self, subjects: Sequence[uuid.UUID]) -> None:
        """Forget these."""
        ...

    async def find(self, text: str, kinds: Sequence[str], viewer: Viewer, *, limit: int, offset: int) -> list[Hit]:
        """The best hits of what the viewer may find, best first."""
        ...
