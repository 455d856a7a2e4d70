"""A database of its own for these tests, empty at the start of each."""

import os
from collections.abc import AsyncIterator

import pytest_asyncio

from models import db
from models.migrate import migrate

DSN = os.environ.get("ATRIUM_DATABASE_URL", "")


@pytest_asyncio.fixture(autouse=True)
async def database() -> AsyncIterator[None]:
    await db.connect(DSN, limits=db.UNHURRIED)
    await migrate(DSN)
    await db.execute("TRUNCATE person, event, login_throttle CASCADE")
    yield
    await db.disconnect()
