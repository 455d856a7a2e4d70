"""A whole installation of one's own: PostgreSQL, Valkey, two API processes and a worker, each started again if lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx

from atrium.embedded import processes
from atrium.embedded.postgres import Postgres
from atrium.embedded.valkey import Valkey
from atrium.embedded.watch import watched
from atrium.services import DATABASE
from tests.serve.process import NO_REDIS, PATIENCE, Process, listener, postmaster, running

SERVING, WORKING = "Atrium is at http", "The worker is running"
AGAIN = 0.2  # seconds until a process that has ended is started again
Fetch = Callable[..., Awaitable[list[asyncpg.Record]]]
NO_KEEP_ALIVE = httpx.Limits(max_keepalive_connections=0)


class Servant:
    """One command of Atrium, started again whenever it has ended, as the supervisor of a machine would."""

    def __init__(self, stack: Stack, name: str, *command: str, until: str) -> None:
        self.stack, self.name, self.starts, self.address = stack, name, 0, ""
        self.is_ready = False  # it has said that it is there
        self._command, self._until = command, until
        self._process: Process | None = None
        self._rests = asyncio.Event()  # it is wanted
        self._rests.set()

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        process = self._process
        return process.pid if process and process.process.returncode is None else None

    async def forever(self) -> None:
        """Keep it running until cancelled; then it is told to end."""
        while True:
            await self._rests.wait()
            with contextlib.suppress(AssertionError):  # it has ended before it was ready: an engine was away, perhaps
                await self._once()
            await asyncio.sleep(AGAIN)

    async def stop(self) -> None:
        """Have it end, and not start again until told so."""
        self._rests.clear()
        if self._process:
            await self._process.end()

    def start(self) -> None:
        """Have it run again."""
        self._rests.set()

    def kill(self) -> None:
        """End it as a machine's failure would."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)

    async def _once(self) -> None:
        stack = self.stack
        port = self.address.rpartition(":")[2] or "0"
        command = [word.replace("PORT", port) for word in self._command]
        log = stack.data / f"{self.name}.log"
        async with running(
            stack.data, stack.dsn, *command, until=self._until, redis=stack.redis, log=log
        ) as self._process:
            self.starts += 1
            self.address = self._process.address if self._until == SERVING else ""
            self.is_ready = True
            await self._process.process.wait()
            self.is_ready = False


@dataclass
class Stack:
    """The installation in the folder `data`. Its engines are watched over by whoever runs it."""

    data: Path
    postgres: Postgres
    valkey: Valkey | None
    dsn: str
    redis: str
    apis: list[Servant] = field(default_factory=list[Servant])
    worker: Servant = field(init=False)

    def __post_init__(self) -> None:
        serve = ("serve", "--port", "PORT", "--no-worker")
        self.apis = [Servant(self, f"api{n}", *serve, until=SERVING) for n in range(2)]
        self.worker = Servant(self, "worker", "worker", until=WORKING)

    @property
    def addresses(self) -> list[str]:
        """Where the API processes serve."""
        return [api.address for api in self.apis]

    def postgres_pids(self) -> list[int]:
        """The server first, then all that it has started; none while it is away."""
        alive = processes.working_in(self.data / "postgres" / "data", "")
        with contextlib.suppress(OSError, IndexError, ValueError):
            if (server := postmaster(self.data)) in alive:  # its file outlives it, and its number may be another's
                return [server, *(pid for pid in alive if pid != server)]
        return []

    def valkey_pids(self) -> list[int]:
        """Valkey's process; none while it is away."""
        with contextlib.suppress(ValueError):
            return [listener(self.data)]
        return []

    async def ready(self) -> None:
        """Until both API processes can be asked, and the worker runs."""
        async with httpx.AsyncClient(timeout=5, limits=NO_KEEP_ALIVE) as http:
            await until(lambda: all(api.is_ready for api in self.apis))
            for address in self.addresses:
                async with asyncio.timeout(PATIENCE):
                    while not await _is_ready(http, address):
                        await asyncio.sleep(0.05)

    @contextlib.asynccontextmanager
    async def stored(self) -> AsyncGenerator[Fetch]:
        """Asks the database itself what is stored."""
        connection: Any = await cast(Any, asyncpg).connect(self.dsn)
        try:
            yield connection.fetch
        finally:
            await connection.close()


@contextlib.asynccontextmanager
async def installed(data: Path, *, redis: bool = True, worker: bool = True) -> AsyncGenerator[Stack]:
    """An installation that is ready; without `redis` its processes are joined by the database alone."""
    postgres, valkey = Postgres(data), Valkey(data) if redis else None
    held = [postgres, *([valkey] if valkey else [])]
    try:
        endpoint = await asyncio.to_thread(postgres.start)
        await asyncio.to_thread(postgres.create_database, DATABASE)
        dsn = endpoint.dsn(DATABASE)
        url = await asyncio.to_thread(valkey.start) if valkey else None
        stack = Stack(data, postgres, valkey, dsn, url or NO_REDIS)
        async with watched(held), kept_running(stack, worker=worker):
            await stack.ready()
            yield stack
    finally:
        for engine in reversed(held):
            await asyncio.to_thread(engine.stop)


@contextlib.asynccontextmanager
async def kept_running(stack: Stack, *, worker: bool) -> AsyncGenerator[None]:
    """The processes of an installation for as long as the block runs."""
    servants = [*stack.apis, *([stack.worker] if worker else [])]
    tasks = [asyncio.create_task(servant.forever()) for servant in servants]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(true: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(patience):
        while not true():
            await asyncio.sleep(0.02)


async def _is_ready(http: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await http.get(f"http://{address}/readyz")).status_code == 200
    except httpx.TransportError:
        return False
