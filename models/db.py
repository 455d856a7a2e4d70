"""The database: one pool, statements that return records, transactions that nest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, cast

import asyncpg
from tortoise import Tortoise, connections
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.models import Model

from models.transactions import begun

MODULES = [
    "models.people",
    "models.profiles",
    "models.skills",
    "models.follows",
    "models.org",
    "models.positions",
    "models.drafts",
    "models.audiences",
    "models.session",
    "models.groups",
    "models.rules",
    "models.tags",
    "models.conversations",
    "models.feed",
    "models.messages",
    "models.revisions",
    "models.polls",
    "models.surveys",
    "models.reactions",
    "models.mentions",
    "models.seen",
    "models.readings",
    "models.delegates",
    "models.log",
    "models.timers",
    "models.search",
    "models.imports",
]
APP = {"models": MODULES, "default_connection": "default", "migrations": "models.migrations"}

# A writing transaction holds back every reader of the log while it is open, so none may be long.
SERVED = {
    "statement_timeout": "5s",
    "transaction_timeout": "10s",
    "idle_in_transaction_session_timeout": "5s",
    "client_connection_check_interval": "1s",  # whoever has gone is not worked for, nor keeps others waiting
}
# Our statements come again and again with other values, and are written for one plan. Planning anew each time, as the
# server does wherever it believes that the values tell it more, costs more than most of them do.
PLANNED = {"jit": "off", "plan_cache_mode": "force_generic_plan"}
COMMAND_WAIT = 15.0  # seconds for an answer of the server to a request's statement, should it be frozen
ACQUIRE_WAIT = 10.0  # seconds for a free connection
CONNECT_WAIT = 10.0  # seconds
UNHURRIED = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "60s"}

UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)

Watch = Callable[[str], None]


async def connect(
    dsn: str, *, pool: int = 10, limits: dict[str, str] | None = None, watch: Watch | None = None
) -> None:
    """Open the pool of at most `pool` connections to `dsn` (an URL of PostgreSQL; `?host=` may name a socket folder).

    `limits` are server settings of each connection. `watch` is told each statement's text, for counting.
    """
    credentials: dict[str, Any] = {
        "dsn": dsn,
        "minsize": 1,
        "maxsize": pool,
        "server_settings": {**PLANNED, "timezone": "UTC", "application_name": "atrium", **(limits or SERVED)},
        "max_inactive_connection_lifetime": 300.0,
        "timeout": CONNECT_WAIT,
    }
    if limits is not UNHURRIED:
        credentials |= {"command_timeout": COMMAND_WAIT, "acquire_wait": ACQUIRE_WAIT}
    credentials |= {"init": _first_steps(watch), "watched": watch is not None}
    await Tortoise.init(
        config={
            "connections": {"default": {"engine": "models.asyncpg_client", "credentials": credentials}},
            "apps": {"models": APP},
            "use_tz": True,
            "timezone": "UTC",
        },
        _enable_global_fallback=True,
    )


async def disconnect() -> None:
    """Close the pool."""
    await Tortoise.close_connections()


def client() -> BaseDBAsyncClient:
    """Tortoise's client: the transaction's inside one, else the pool's."""
    return connections.get("default")


def connection() -> AbstractAsyncContextManager[Any]:
    """An asyncpg connection for a while: the transaction's own inside one, else one of the pool."""
    # Any: asyncpg's own types are partial, so this module is the edge at which they end.
    return cast(Any, client()).acquire_connection()


async def rows(sql: str, *args: object) -> list[asyncpg.Record]:
    """The records of a statement."""
    async with connection() as con:
        return await con.fetch(sql, *args)


async def row(sql: str, *args: object) -> asyncpg.Record | None:
    """The first record of a statement, or None."""
    async with connection() as con:
        return await con.fetchrow(sql, *args)


async def value(sql: str, *args: object) -> Any:
    """The first column of a statement's first record."""
    async with connection() as con:
        return await con.fetchval(sql, *args)


async def execute(sql: str, *args: object) -> int:
    """Run a statement; how many rows it touched."""
    async with connection() as con:
        tag = await con.execute(sql, *args)
    last = tag.rsplit(" ", 1)[-1]
    return int(last) if last.isdigit() else 0


async def execute_many(sql: str, args: Sequence[Sequence[object]]) -> None:
    """Run a statement once for each tuple of `args`."""
    async with connection() as con:
        await con.executemany(sql, args)


def is_unreachable(error: BaseException | None) -> bool:
    """Whether something went wrong because the database cannot be reached, is full, or is being shut down."""
    while error is not None:
        if isinstance(error, UNREACHABLE) and not isinstance(error, asyncpg.QueryCanceledError):
            return True
        if is_lost(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_too_slow(error: BaseException | None) -> bool:
    """Whether the database gave a statement up that took longer than it may, or waited so long for another one."""
    while error is not None:
        if isinstance(error, asyncpg.QueryCanceledError):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_lost(error: BaseException) -> bool:
    """Whether asyncpg has come upon a connection that had ended, which it tells by errors that are for misuse, too."""
    if type(error) is asyncpg.InternalClientError:  # the server had said goodbye while nobody asked it anything
        return str(error).startswith("cannot switch to state")
    return isinstance(error, asyncpg.InterfaceError) and str(error).endswith("connection is closed")


def transaction(first: str = "") -> AbstractAsyncContextManager[Any]:
    """All or nothing; a savepoint inside another one. `first` is SQL that is run as it begins, outside of others only.

    What is to hold from its first moment on, such as a lock, costs no way to the server of its own so.
    """
    return cast(Any, begun(client(), first))


def is_in_transaction() -> bool:
    """Whether what is asked now belongs to a transaction."""
    return isinstance(client(), TransactionalDBClient)


def table(model: type[Model]) -> str:
    """The name of a model's table."""
    return model._meta.db_table  # pyright: ignore[reportPrivateUsage]  # Tortoise offers it nowhere else


# asyncpg asks the catalogue about array types, once each on every connection: better before the first request.
ARRAYS = """
SELECT NULL::uuid[], NULL::text[], NULL::smallint[], NULL::int[], NULL::bigint[], NULL::numeric[], NULL::jsonb[],
    NULL::date[], NULL::timestamptz[]
"""


def _first_steps(watch: Watch | None) -> Callable[[Any], Any]:
    async def init(con: Any) -> None:
        def told(logged: Any) -> None:
            if watch:
                watch(logged.query)

        await con.fetch(ARRAYS)
        if watch:
            con.add_query_logger(told)

    return init


TORTOISE_ORM: dict[str, Any] = {
    "connections": {"default": {"engine": "models.asyncpg_client", "credentials": {"dsn": "postgres://"}}},
    "apps": {"models": APP},
    "use_tz": True,
    "timezone": "UTC",
}
"""For `tortoise -c models.db.TORTOISE_ORM makemigrations` only: it compares, it does not connect."""
