"""The application served as in development and as in production, for the tests of one file."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from auth.passwords import Hasher
from models.people import Person
from tests.factories.people import a_person
from tests.web.server import PUBLIC, Served, serving


@pytest_asyncio.fixture(scope="module")
async def served(pool: list[str], hasher: Hasher) -> AsyncGenerator[Served]:
    async with serving(hasher) as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def production(pool: list[str], hasher: Hasher) -> AsyncGenerator[Served]:
    async with serving(hasher, mode="production", public_url=PUBLIC) as running:
        yield running


@pytest_asyncio.fixture
async def ann(database: None) -> Person:
    return await a_person("Ann")


@pytest_asyncio.fixture
async def token(served: Served, ann: Person) -> str:
    """Ann's."""
    return await served.token(ann)
