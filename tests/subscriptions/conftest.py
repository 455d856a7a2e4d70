"""The tables in which these tests count and leave traces, and a Valkey of their own."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from redis import asyncio as redis

from atrium.embedded.valkey import Valkey
from models import db
from tests.subscriptions.notes import TABLES


@pytest_asyncio.fixture
async def notes(database: None) -> AsyncGenerator[None]:
    """An empty log, and the tables of `tests.subscriptions.notes`."""
    await db.execute(TABLES)
    yield
    await db.execute("DROP TABLE note_count, note_effect")


@pytest_asyncio.fixture
async def valkey(tmp_path: Path) -> AsyncIterator[Valkey]:
    """A server of this test alone."""
    server = Valkey(tmp_path)
    if await asyncio.to_thread(server.start) is None:
        pytest.skip(f"no Valkey here: {server.unavailable}")
    yield server
    await asyncio.to_thread(server.stop)


@pytest_asyncio.fixture
async def client(valkey: Valkey) -> AsyncIterator[Any]:
    """A connection of the test's own to the server."""
    async with cast(Any, redis.Redis).from_url(valkey.url, protocol=2) as line:
        yield line
