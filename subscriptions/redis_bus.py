"""The bus between processes over Redis: a word that the log has grown, never what it holds.

Redis may be away, frozen or emptied at any time: then processes find each other's events by polling. Nothing is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncGenerator
from typing import Any, cast

import structlog
from redis import asyncio as redis
from redis.exceptions import RedisError

from subscriptions.bus import LocalBus

CHANNEL = "atrium:log"
CONNECT_WAIT = 2.0  # seconds
AGAIN = 2.0  # seconds until the next try
PING_EVERY = 5.0  # seconds while joined: a frozen server closes nothing

out = structlog.get_logger()


class RedisBus(LocalBus):
    """Wakes the readers of this process, and of all others on the same Redis."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.is_connected: bool | None = None  # None: not tried yet
        self._me = uuid.uuid4().bytes
        self._grown = asyncio.Event()
        self._client: Any = cast(Any, redis.Redis).from_url(url, socket_connect_timeout=CONNECT_WAIT, protocol=2)

    def poke(self) -> None:
        super().poke()
        self._grown.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[RedisBus]:
        """Joined to the other processes for as long as the block runs, as far as Redis allows."""
        tasks = [asyncio.create_task(self._tell()), asyncio.create_task(self._hear())]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(RedisError, OSError):
                await self._client.aclose()

    async def _tell(self) -> None:
        """Pass our pokes on; those that come while one is under way become one."""
        while True:
            await self._grown.wait()
            self._grown.clear()
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(CONNECT_WAIT):
                    await self._client.publish(CHANNEL, self._me)

    async def _hear(self) -> None:
        """Wake our readers at the pokes of others."""
        while True:
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._listen())
                    tasks.create_task(self._ping())
            except* (RedisError, OSError) as errors:
                self._connected(False, repr(errors.exceptions[0]))
            await asyncio.sleep(AGAIN)

    async def _listen(self) -> None:
        async with self._client.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(CHANNEL)
            self._connected(True)
            super().poke()  # for what was said while we could not hear
            async for message in channel.listen():
                if message["data"] != self._me:
                    super().poke()

    async def _ping(self) -> None:
        """Raise `TimeoutError` once the server does not answer, though its connections stand."""
        while True:
            await asyncio.sleep(PING_EVERY)
            async with asyncio.timeout(CONNECT_WAIT):
                await self._client.ping()

    def _connected(self, now: bool, error: str = "") -> None:
        if now and not self.is_connected:
            out.info("redis_joined")
        elif not now and self.is_connected is not False:
            out.warning("redis_away", error=error, hint="processes poll the log until Redis is back")
        self.is_connected = now
