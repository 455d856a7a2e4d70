"""Whoever goes away in the middle of a statement leaves a connection that the next one can use at once."""

from __future__ import annotations

import asyncio
import time

from models import db

BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


async def test_a_statement_cancelled_while_it_is_prepared_frees_its_connection(database: None) -> None:
    async with asyncio.timeout(3):
        for steps in range(12):
            asking = asyncio.create_task(db.rows(f"SELECT id AS after_{steps} FROM person"))
            for _ in range(steps):
                await asyncio.sleep(0)
                time.sleep(0.005)  # whatever the server is asked is answered by the next step
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

        while await db.value(BUSY):
            await asyncio.sleep(0.01)
        assert await asyncio.gather(*(db.value("SELECT 1") for _ in range(16))) == [1] * 16
