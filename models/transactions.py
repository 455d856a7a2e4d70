"""Transactions that begin by more than a BEGIN: what must come first is asked for in the same breath."""

from __future__ import annotations

import contextlib
from typing import Any, cast

from asyncpg.transaction import TransactionState
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContext, TransactionContextPooled
from tortoise.connection import get_connections


def begun(client: Any, first: str = "") -> TransactionContext:
    """A transaction of Tortoise's `client` that runs the statements `first` as it begins; a savepoint inside another.

    `first` has no parameters, and its answers are not read. Each of its statements sees what was committed before it.
    """
    if isinstance(client, TransactionWrapper):
        if first:
            raise RuntimeError("a transaction that is under way does not begin by anything any more")
        return cast(Any, client)._in_transaction()
    return _Outermost(client, first)


class _Outermost(TransactionContextPooled):
    """As Tortoise's own, but gives its connection back where it cannot begin: whoever waits there may be cancelled."""

    client: Any

    def __init__(self, client: AsyncpgDBClient, first: str) -> None:
        super().__init__(TransactionWrapper(client), cast(Any, client)._pool_init_lock)
        self._first = first

    async def __aenter__(self) -> Any:
        await self.ensure_connection()
        pool = self.client._parent._pool
        lent: Any = await pool.acquire()
        try:
            self.client.transaction = await _start(lent, self._first)
        except BaseException:
            try:
                with contextlib.suppress(Exception):  # of a connection that is lost: what lost it is told
                    await lent.execute("ROLLBACK")
            finally:
                await pool.release(lent)
            raise
        self.client._connection = lent
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client


async def _start(lent: Any, first: str) -> Any:
    """A transaction of asyncpg's that is begun, as its own `start` does it with a BEGIN alone."""
    transaction = lent.transaction()
    con = transaction._connection
    await con.execute(f"BEGIN; {first}" if first else "BEGIN;")
    con._top_xact, transaction._state = transaction, TransactionState.STARTED
    return transaction
