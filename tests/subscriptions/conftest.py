"""The tables in which these tests count and leave traces."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from models import db
from tests.subscriptions.notes import TABLES


@pytest_asyncio.fixture
async def notes(database: None) -> AsyncGenerator[None]:
    """An empty log, and the tables of `tests.subscriptions.notes`."""
    await db.execute(TABLES)
    yield
    await db.execute("DROP TABLE note_count, note_effect")
