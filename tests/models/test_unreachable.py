"""What counts as a database that is away, and what as a bug."""

from __future__ import annotations

import asyncpg
import pytest

from models.db import is_too_slow, is_unreachable

AWAY = (
    ConnectionRefusedError(111, "Connection refused"),
    asyncpg.CannotConnectNowError("the database system is starting up"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.InterfaceError("cannot call Transaction.rollback(): the underlying connection is closed"),
)
OURS = (
    asyncpg.InterfaceError("cannot perform operation: another operation is in progress"),
    asyncpg.InterfaceError("cannot call Connection.fetch(): connection has been released back to the pool"),
    asyncpg.QueryCanceledError("canceling statement due to statement timeout"),
    asyncpg.UniqueViolationError("duplicate key"),
    ValueError("nonsense"),
)


@pytest.mark.parametrize("error", AWAY, ids=str)
def test_a_connection_that_is_refused_or_has_ended_is_nobodys_fault(error: Exception) -> None:
    bug = ValueError("while it was handled")
    bug.__context__ = error

    assert is_unreachable(error)
    assert is_unreachable(bug)


@pytest.mark.parametrize("error", OURS, ids=str)
def test_misuse_is_a_bug(error: Exception) -> None:
    assert not is_unreachable(error)


def test_what_took_too_long_is_told_apart() -> None:
    bug = ValueError("while it was handled")
    bug.__context__ = asyncpg.QueryCanceledError("canceling statement due to statement timeout")

    assert is_too_slow(bug)
    assert not any(map(is_too_slow, AWAY))
