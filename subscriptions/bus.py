"""The bus tells processes that the log has grown. It never is the record: without it they poll."""

from __future__ import annotations

import asyncio
from typing import Protocol

POLL = (0.05, 1.0)  # seconds: the first wait without a word from the bus, and the longest


class Bus(Protocol):
    """Wakes whoever reads the log. `pokes` counts how often: read it before looking at the log, and wait from there."""

    pokes: int

    def poke(self) -> None:
        """Say that something has been committed."""
        ...

    async def wait(self, timeout: float, since: int) -> bool:
        """Until there have been more than `since` pokes, or `timeout` seconds; whether there have."""
        ...


class LocalBus:
    """The bus of a single process; several processes that have no other one find each other's events by polling."""

    def __init__(self) -> None:
        self.pokes = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def poke(self) -> None:
        self.pokes += 1
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def wait(self, timeout: float, since: int) -> bool:
        if self.pokes != since:
            return True
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            async with asyncio.timeout(timeout):
                await waiting
            return True
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiting)
