"""An index kept by its reader: `await index()` has it read what there is, in as many batches as it takes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from models import db
from resolvers.context import Services
from search.engine import Engine
from search.indexer import Indexer
from subscriptions import log
from subscriptions.events import Event
from subscriptions.readers import Run
from tests.engine import settled
from tests.factories.people import NOW

TERMS = "SELECT terms FROM search_document WHERE subject_id = $1"
HELD = "SELECT subject_id FROM search_document"


class Index:
    """The PostgreSQL index of some services, or another engine's, and the reader that keeps it."""

    def __init__(self, services: Services, engine: Engine | None = None, holder: str = "test") -> None:
        self.engine = engine or services.engine
        self.run = Run(Indexer(self.engine), holder=holder, clock=services.clock, bus=services.bus)

    async def __call__(self) -> int:
        """Have it read; how many batches there were."""
        batches = 0
        await settled()
        while await self.run.once():
            batches += 1
            await settled()
        return batches

    async def held(self) -> set[uuid.UUID]:
        """What has a document."""
        return {row[0] for row in await db.rows(HELD)}

    async def terms(self, subject: uuid.UUID) -> set[str]:
        """The terms of a document; raises where there is none."""
        return set(await db.value(TERMS, subject))


async def tell(*events: Event) -> None:
    """Write events as their cause does."""
    told: Sequence[Event] = events
    async with db.transaction():
        await log.append(told, actor=None, now=NOW)
