"""Engines to search with: PostgreSQL's always, Meilisearch's where there is a server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from search.engine import Engine
from search.postgres import PostgresEngine
from tests.clocks import TurnedClock
from tests.search.meilisearch import meili_engine


@pytest_asyncio.fixture(params=["postgres", "meilisearch"])
async def engine(request: pytest.FixtureRequest, database: None, clock: TurnedClock) -> AsyncIterator[Engine]:
    """An empty index of each engine in turn."""
    if request.param == "postgres":
        yield PostgresEngine(clock)
        return
    async with meili_engine() as found:
        yield found
