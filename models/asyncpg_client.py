"""Tortoise's PostgreSQL client with a connection that asks nothing needless of the server.

The word asyncpg in this module's name matters: Tortoise chooses the migration dialect by it.
"""

from typing import Any, cast

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient


class Connection(asyncpg.Connection):
    """Saves the round trip that asyncpg's pool makes at each release.

    Hence no session state on pooled connections: no SET, LISTEN or session lock outside a transaction.
    """

    def get_reset_query(self) -> str:
        return ""


class Client(AsyncpgDBClient):
    """Takes everything about the server from one `dsn`, as every other tool of PostgreSQL does."""

    connection_class = Connection

    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:
        named = {"host", "port", "user", "password", "database", "dsn"}
        return await cast(Any, asyncpg).create_pool(
            kwargs["dsn"], **{k: v for k, v in kwargs.items() if k not in named}
        )


client_class = Client
