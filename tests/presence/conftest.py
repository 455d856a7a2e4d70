"""The application served, in which nobody is waited for who has gone."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from auth.passwords import Hasher
from tests.web.server import Served, serving


@pytest_asyncio.fixture(scope="module")
async def served(pool: list[str], hasher: Hasher) -> AsyncGenerator[Served]:
    async with serving(hasher, grace=0.2) as running:
        yield running
