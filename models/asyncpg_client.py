"""Tortoise's PostgreSQL client with a connection that asks nothing needless of the server.

The word asyncpg in this module's name matters: Tortoise chooses the migration dialect by it.
"""

import asyncio
from collections import deque
from typing import Any, cast

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient


class Connection(asyncpg.Connection):
    """Saves the round trip that asyncpg's pool makes at each release.

    Hence no session state on pooled connections: no SET, LISTEN or session lock outside a transaction.
    """

    def get_reset_query(self) -> str:
        return ""

    async def _get_statement(self, *args: Any, **more: Any) -> Any:
        """As asyncpg does it, but gives the connection up where its caller is cancelled.

        A statement that was prepared and is not run after all leaves the server waiting for us, with its locks; and
        nothing runs there that asyncpg could cancel. Whoever has the connection next may be long in coming.
        """
        try:
            return await cast(Any, super())._get_statement(*args, **more)
        except asyncio.CancelledError:
            self.terminate()
            raise


OFTEN = 1_000  # times that connections are lent until one of them is given back the whole way
IDLE = 60.0  # seconds that a connection which is not needed stays as it is

DEFAULTS: dict[str, Any] = cast(Any, asyncpg).create_pool.__kwdefaults__
"""What asyncpg gives its pools where nothing else is asked for; its class has no defaults of its own."""


class Pool(asyncpg.Pool):
    """Lends connections without asyncpg's ceremony as long as nothing has happened to them.

    Taking one and giving it back the whole way takes a task, a shield and timeouts, five times what a small statement
    costs. What comes back sound goes to whoever has waited the longest, or is lent again, the last one first; what has
    been lent often, and what a cancelled statement has left, goes the whole way.
    """

    wait: float | None = None
    """How many seconds a free connection, or a cancelled statement, is waited for at most; None is for ever."""
    is_watched = False
    """Whether somebody is told of each statement, which asyncpg does in the loop's next turn."""

    def __init__(self, *args: Any, **more: Any) -> None:
        self._theirs.__init__(*args, **more)
        self._ready: deque[tuple[Any, float]] = deque()  # with the loop's time at which they came back
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._taken = 0  # of asyncpg's pool: lent, or ready
        self._lent = 0

    @property
    def _theirs(self) -> Any:
        return super()  # asyncpg's own types are partial

    async def acquire(self, *, timeout: float | None = None) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]  # everybody here awaits it
        while self._ready:
            con, _ = self._ready.pop()
            if _is_sound(con):
                return con
            await self._put_back(con)
        timeout = timeout or self.wait
        if self._taken < self.get_max_size():
            self._taken += 1
        elif (con := await self._passed_on(timeout)) is not None:
            return con
        try:
            return await self._theirs.acquire(timeout=timeout)
        except BaseException:
            self._free_a_place()
            raise

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:
        try:
            if self.is_watched:
                await asyncio.sleep(0)
        finally:
            await self._take_back(connection, timeout)

    async def _take_back(self, connection: Any, timeout: float | None) -> None:
        self._lent += 1
        if self._lent % OFTEN == 0 or not _is_sound(connection):
            await self._put_back(connection, timeout)
            return
        self._pass_on(connection)
        if self._ready and self._ready[0][1] < asyncio.get_running_loop().time() - IDLE:
            await self._put_back(self._ready.popleft()[0])

    async def close(self) -> None:
        while self._ready:
            await self._put_back(self._ready.pop()[0])
        await self._theirs.close()

    async def _passed_on(self, timeout: float | None) -> Any:
        """The next connection that comes back; None for the place of one that has gone, which is the caller's then.

        Raises `TimeoutError`.
        """
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Any] = loop.create_future()
        self._waiting.append(waiting)
        timer = None if timeout is None else loop.call_later(timeout, _too_late, waiting)
        try:
            return await waiting
        except asyncio.CancelledError:
            if not waiting.cancelled() and not waiting.exception():  # it came at the moment at which nobody wanted it
                con = waiting.result()
                self._free_a_place() if con is None else self._pass_on(con)
            raise
        finally:
            if timer:
                timer.cancel()

    def _pass_on(self, connection: Any) -> None:
        if not self._hand(connection):
            self._ready.append((connection, asyncio.get_running_loop().time()))

    def _hand(self, connection: Any) -> bool:
        """Give a connection, or None for a free place, to whoever has waited the longest; whether anybody waits."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(connection)
                return True
        return False

    async def _put_back(self, connection: Any, timeout: float | None = None) -> None:
        try:
            await self._theirs.release(connection, timeout=timeout)
        finally:
            self._free_a_place()

    def _free_a_place(self) -> None:
        if not self._hand(None):
            self._taken -= 1


def _too_late(waiting: asyncio.Future[Any]) -> None:
    if not waiting.done():
        waiting.set_exception(TimeoutError())


def _is_sound(connection: Any) -> bool:
    """Whether the next one can have it as it is: open, with no transaction and no cancellation under way."""
    con = connection._con
    return con is not None and not (con.is_closed() or con.is_in_transaction() or con._protocol._is_cancelling())


class Client(AsyncpgDBClient):
    """Takes everything about the server from one `dsn`, as every other tool of PostgreSQL does."""

    connection_class = Connection

    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:
        named = {"host", "port", "user", "password", "database", "dsn", "acquire_wait", "watched"}
        given = {name: value for name, value in kwargs.items() if name not in named}
        pool = Pool(kwargs["dsn"], **{**DEFAULTS, **given})
        pool.wait, pool.is_watched = kwargs.get("acquire_wait"), kwargs.get("watched", False)
        return await cast(Any, pool)


client_class = Client
