"""Tortoise's PostgreSQL client with a connection that asks nothing needless of the server.

The word asyncpg in this module's name matters: Tortoise chooses the migration dialect by it.
"""

import asyncio
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


DEFAULTS: dict[str, Any] = cast(Any, asyncpg).create_pool.__kwdefaults__
"""What asyncpg gives its pools where nothing else is asked for; its class has no defaults of its own."""


class Pool(asyncpg.Pool):
    """Waits for a free connection, and for a cancelled statement, no longer than `wait` seconds; None is for ever."""

    wait: float | None = None

    def acquire(self, *, timeout: float | None = None) -> Any:
        return cast(Any, super()).acquire(timeout=timeout or self.wait)


class Client(AsyncpgDBClient):
    """Takes everything about the server from one `dsn`, as every other tool of PostgreSQL does."""

    connection_class = Connection

    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:
        named = {"host", "port", "user", "password", "database", "dsn", "acquire_wait"}
        given = {name: value for name, value in kwargs.items() if name not in named}
        pool = Pool(kwargs["dsn"], **{**DEFAULTS, **given})
        pool.wait = kwargs.get("acquire_wait")
        return await cast(Any, pool)


client_class = Client
