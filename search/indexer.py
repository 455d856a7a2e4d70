"""The index is a reader of the log: it loads afresh whatever an event is about, and may do so twice."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence

from search import feed, people
from search.engine import Document, Engine
from subscriptions.events import Event, Logged
from subscriptions.feed import PostEdited, PostPublished, PostRemoved
from subscriptions.people import PersonEvent
from subscriptions.profiles import ProfileUncovered
from subscriptions.skills import PersonSkillsRenamed

Load = Callable[[Sequence[uuid.UUID]], Awaitable[list[Document]]]

SOURCES: tuple[tuple[tuple[type[Event], ...], Load], ...] = (
    ((PersonEvent, ProfileUncovered, PersonSkillsRenamed), people.documents),
    ((PostPublished, PostEdited, PostRemoved), feed.documents),
)
"""Which events change whose documents."""


class Indexer:
    """Keeps one engine's documents as the rows are."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name = f"search:{engine.name}"

    async def read(self, events: Sequence[Logged]) -> None:
        for kinds, load in SOURCES:
            subjects = {e.event.subject for e in events if isinstance(e.event, kinds)}
            if subjects:
                await self.refresh(list(subjects), load)

    async def refresh(self, subjects: Sequence[uuid.UUID], load: Load) -> None:
        """Put what is there, drop what is not."""
        documents = await load(subjects)
        await self.engine.put(documents)
        gone = set(subjects) - {document.subject for document in documents}
        if gone:
            await self.engine.drop(list(gone))
