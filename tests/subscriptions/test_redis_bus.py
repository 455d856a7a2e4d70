"""The bus over a real Valkey: it wakes other processes, and its absence harms nobody."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from atrium.embedded import processes
from atrium.embedded.valkey import Valkey
from subscriptions.redis_bus import RedisBus


@pytest_asyncio.fixture
async def valkey(tmp_path: Path) -> AsyncIterator[Valkey]:
    """A server of this test alone."""
    server = Valkey(tmp_path)
    if await asyncio.to_thread(server.start) is None:
        pytest.skip(f"no Valkey here: {server.unavailable}")
    yield server
    await asyncio.to_thread(server.stop)


async def until(true: Callable[[], object], seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_poke_wakes_the_others(valkey: Valkey) -> None:
    assert valkey.url
    async with RedisBus(valkey.url).running() as here, RedisBus(valkey.url).running() as there:
        await until(lambda: here.is_connected and there.is_connected)
        waiting = asyncio.create_task(there.wait(5, there.pokes))
        await asyncio.sleep(0.05)

        here.poke()

        assert await waiting


async def test_it_joins_again_when_the_server_is_back(valkey: Valkey) -> None:
    assert valkey.url
    async with RedisBus(valkey.url).running() as here, RedisBus(valkey.url).running() as there:
        await until(lambda: here.is_connected and there.is_connected)
        await asyncio.to_thread(valkey.stop)
        await until(lambda: not here.is_connected and not there.is_connected)

        here.poke()  # harms nobody
        assert not await there.wait(0.2, there.pokes)
        await asyncio.to_thread(valkey.start)
        await until(lambda: here.is_connected and there.is_connected)
        waiting = asyncio.create_task(there.wait(5, there.pokes))
        await asyncio.sleep(0.05)
        here.poke()

        assert await waiting


async def test_a_frozen_server_is_noticed(valkey: Valkey, tmp_path: Path) -> None:
    async with RedisBus(valkey.url).running() as bus:
        await until(lambda: bus.is_connected)
        [pid] = processes.working_in(tmp_path / "valkey", "")
        os.kill(pid, signal.SIGSTOP)
        try:
            await until(lambda: not bus.is_connected)
        finally:
            os.kill(pid, signal.SIGCONT)

        await until(lambda: bus.is_connected)


async def test_without_a_server_it_is_a_bus_of_one_process() -> None:
    async with RedisBus("redis://127.0.0.1:1/0").running() as bus:
        waiting = asyncio.create_task(bus.wait(5, bus.pokes))
        await asyncio.sleep(0.05)

        bus.poke()

        assert await waiting
        with contextlib.suppress(TimeoutError):
            await until(lambda: bus.is_connected, 0.2)
        assert not bus.is_connected
