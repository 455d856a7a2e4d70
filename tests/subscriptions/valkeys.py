"""A Valkey of a test's own, and the processes that it joins."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import Any

from atrium.embedded import processes
from atrium.embedded.valkey import Valkey
from models import log as table
from models.log import START, Position
from subscriptions.bus import Handed
from subscriptions.redis_bus import RedisBus
from tests.subscriptions.leading import SECRETS


async def until(true: Callable[[], object], seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


def pid_of(folder: Path) -> int:
    """The process of the server in a test's folder."""
    [pid] = processes.working_in(folder / "valkey", "")
    return pid


@contextlib.contextmanager
def frozen(folder: Path) -> Generator[None]:
    pid = pid_of(folder)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextlib.asynccontextmanager
async def joined(valkey: Valkey, count: int = 2) -> AsyncGenerator[list[RedisBus]]:
    """Buses as of so many processes that follow the log; the first one leads, the others know."""
    async with contextlib.AsyncExitStack() as stack:
        buses = [await stack.enter_async_context(RedisBus(valkey.url, SECRETS).running()) for _ in range(count)]
        await until(lambda: all(bus.is_connected for bus in buses))
        for bus in buses:
            bus.handed(START)
            await until(lambda: buses[0].leads)
        await asyncio.sleep(0.05)  # for the others to see it
        yield buses


async def read_from(position: Position) -> tuple[Position, list[Any]]:
    """What the log has behind a position, and how far it goes."""
    records = await table.after(position, limit=64)
    last = records[-1] if records else None
    return (last["generation"], last["xid"], last["id"]) if last else position, records


async def handed(bus: RedisBus, position: Position) -> Handed:
    """The page that continues a position, which comes soon."""
    found: list[Handed] = []
    await until(lambda: found or ((page := bus.handed(position)) and not found.append(page)))
    return found[0]


async def woken_after(bus: RedisBus) -> float:
    """Seconds until the bus wakes its process."""
    started = time.monotonic()
    assert await bus.wait(5, bus.pokes)
    return time.monotonic() - started
