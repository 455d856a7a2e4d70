"""Engines to search with: PostgreSQL's always, Meilisearch's where there is a server; and companies to search in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from search.engine import Engine
from search.meili import MeiliEngine
from search.meili_client import Client
from search.postgres import PostgresEngine
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.search.kitchen import Kitchen, a_kitchen
from tests.search.meilisearch import emptied, meili_engine, shared_server
from tests.search.removals import Removals


@pytest_asyncio.fixture(params=["postgres", "meilisearch"])
async def engine(request: pytest.FixtureRequest, database: None, clock: TurnedClock) -> AsyncIterator[Engine]:
    """An empty index of each engine in turn."""
    if request.param == "postgres":
        yield PostgresEngine(clock)
        return
    async with meili_engine() as found:
        yield found


@pytest_asyncio.fixture
async def meili() -> AsyncIterator[MeiliEngine]:
    """An empty index of Meilisearch."""
    async with meili_engine() as ready:
        yield ready


@pytest_asyncio.fixture
async def meili_client() -> AsyncIterator[Client]:
    """A Meilisearch without any index."""
    server = await asyncio.to_thread(shared_server)
    ready = Client(server.url, server.key)
    await emptied(ready)
    yield ready
    ready.close()


@pytest_asyncio.fixture
async def kitchen(ask: Ask) -> Kitchen:
    """A company that talks of marmalade, indexed."""
    return await a_kitchen(ask)


@pytest.fixture(scope="session")
def tally() -> Iterator[dict[str, int]]:
    """How many removals there were, by test; told at the end."""
    counted: dict[str, int] = {}
    yield counted
    print(f"\n{sum(counted.values())} removals of {len(counted)} sorts left nothing to be found")


@pytest_asyncio.fixture
async def gone(ask: Ask, tally: dict[str, int], request: pytest.FixtureRequest) -> AsyncIterator[Removals]:
    """Removals of this test, counted."""
    removals = Removals(ask)
    yield removals
    tally[request.node.name] = removals.counted
