"""A fan-out over a running tail of the log."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from tests.conftest import Ask
from tests.live.following import Live, running


@pytest_asyncio.fixture
async def fan(ask: Ask) -> AsyncGenerator[Live]:
    async with running(ask) as fan:
        yield fan
