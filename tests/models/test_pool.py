"""The pool lends connections at once, and none that something has happened to."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from typing import Any, cast

import asyncpg
import pytest
import pytest_asyncio

from models.asyncpg_client import DEFAULTS, Connection, Pool

PID = "SELECT pg_backend_pid()"


@pytest_asyncio.fixture
async def lending(dsn: str) -> AsyncIterator[Any]:
    """A pool of two connections, whose statements are waited for."""
    made: Any = Pool(dsn, **{**DEFAULTS, "min_size": 1, "max_size": 2, "connection_class": Connection})
    pool = await made
    pool.wait = 5.0
    yield pool
    await asyncio.wait_for(pool.close(), 10)


async def asked(pool: Any, sql: str = PID) -> Any:
    con = await pool.acquire()
    try:
        return await con.fetchval(sql)
    finally:
        await pool.release(con)


async def test_what_comes_back_is_lent_again(lending: Any) -> None:
    first = await lending.acquire()
    await lending.release(first)

    assert await lending.acquire() is first
    await lending.release(first)


async def test_whoever_waits_gets_what_comes_back(lending: Any) -> None:
    held = [await lending.acquire(), await lending.acquire()]
    waiting = [asyncio.create_task(asked(lending)) for _ in range(20)]
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in waiting)

    await lending.release(held[0])

    assert len(set(await asyncio.wait_for(asyncio.gather(*waiting), 5))) == 1
    await lending.release(held[1])


async def test_many_share_few(lending: Any) -> None:
    found = await asyncio.gather(*(asked(lending) for _ in range(3_000)))

    assert len(set(found)) <= 2


async def test_a_connection_that_the_server_has_ended_is_not_lent(lending: Any, dsn: str) -> None:
    con = await lending.acquire()
    pid = await con.fetchval(PID)
    await lending.release(con)

    other = await cast(Any, asyncpg).connect(dsn)
    await other.execute("SELECT pg_terminate_backend($1)", pid)
    await other.close()
    await asyncio.sleep(0.2)

    assert await asked(lending) != pid


@pytest.mark.parametrize("prepared", [False, True])
async def test_a_cancelled_statement_is_waited_for_and_nobody_else_meets_it(lending: Any, prepared: bool) -> None:
    if prepared:
        await asked(lending, "SELECT pg_sleep(0)")
    task = asyncio.create_task(asked(lending, "SELECT pg_sleep(30)"))
    await asyncio.sleep(0.2)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await asyncio.wait_for(asyncio.gather(*(asked(lending, "SELECT 7") for _ in range(4))), 5) == [7] * 4


async def test_a_transaction_left_open_is_undone(lending: Any) -> None:
    con = await lending.acquire()
    await con.execute("BEGIN; CREATE TABLE left_open ()")
    await lending.release(con)

    found = [await asked(lending, "SELECT to_regclass('left_open')::text") for _ in range(2)]

    assert found == [None, None]


async def test_whoever_has_waited_too_long_is_told_so_and_takes_nobodys_turn(lending: Any) -> None:
    held = [await lending.acquire(), await lending.acquire()]
    with pytest.raises(TimeoutError):
        await lending.acquire(timeout=0.05)

    for con in held:
        await lending.release(con)

    assert len(await asyncio.gather(*(asked(lending) for _ in range(100)))) == 100


@pytest.mark.parametrize("watched", [False, True])
async def test_however_many_go_away_no_place_is_lost(lending: Any, watched: bool) -> None:
    lending.is_watched = watched
    chance = random.Random(7)

    async def impatient() -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(chance.random() * 0.02):
                await asked(lending, "SELECT pg_sleep(0.002)" if chance.random() < 0.5 else PID)

    await asyncio.gather(*(impatient() for _ in range(600)))

    held = [await asyncio.wait_for(lending.acquire(), 5) for _ in range(2)]
    assert len({await con.fetchval(PID) for con in held}) == 2
    for con in held:
        await lending.release(con)


async def test_those_who_wait_get_new_connections_for_ended_ones(lending: Any, dsn: str) -> None:
    held = [await lending.acquire(), await lending.acquire()]
    waiting = [asyncio.create_task(asked(lending)) for _ in range(10)]
    await asyncio.sleep(0)
    for con in held:
        con.terminate()
        await lending.release(con)

    assert len(set(await asyncio.wait_for(asyncio.gather(*waiting), 5))) <= 2
