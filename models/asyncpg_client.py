"""Tortoise's PostgreSQL client with a connection that asks nothing needless of the server.

The word asyncpg in this module's name matters: Tortoise chooses the migration dialect by it.
"""

import asyncio
from typing import Any, cast

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient

SYNC = b"S\x00\x00\x00\x04"
"""The message of PostgreSQL's protocol that ends what was begun."""


class Connection(asyncpg.Connection):
    """Saves the round trip that asyncpg's pool makes at each release.

    Hence no session state on pooled connections: no SET, LISTEN or session lock outside a transaction.
    """

    def get_reset_query(self) -> str:
        return ""

    async def _get_statement(self, *args: Any, **more: Any) -> Any:
        """As asyncpg does it, and cancelled at once where its caller is cancelled.

        While a statement is prepared nothing runs on the server, so asyncpg's request to cancel has no effect: the
        server waits for us with its locks, and we for it, until the pool gives the connection up. A Sync ends it.
        """
        try:
            return await cast(Any, super())._get_statement(*args, **more)
        except asyncio.CancelledError:
            cast(Any, self)._transport.write(SYNC)
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
