"""Faults of the surroundings, each in a sentence that says what to do."""

from __future__ import annotations

import errno

import asyncpg
from asyncpg.exceptions import ClientConfigurationError
from redis.exceptions import RedisError
from tortoise.exceptions import BaseORMException, DBConnectionError

from atrium.embedded.errors import EngineError
from atrium.settings import Unsafe
from models.db import is_lost
from models.errors import DomainError
from models.migrate import WrongDatabase

UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    ClientConfigurationError,
    DBConnectionError,
)
"""A connection refused, a wrong password, no such database, none left, an address that is none."""
MEND = (
    "Check ATRIUM_DATABASE_URL and that the server is running,"
    " or leave it empty to use the server that Atrium brings along."
)


def sentence(error: Exception) -> str | None:
    """What to tell people of a fault of the command's surroundings; None for a bug, which shows itself whole."""
    if isinstance(error, BaseORMException) and isinstance(error.__cause__, Exception):
        return sentence(error.__cause__)  # Tortoise's wrapping
    match error:
        case EngineError() | WrongDatabase() | Unsafe():
            said = str(error)
        case DomainError():
            said = error.message
        case RedisError():
            said = f"Redis cannot be reached: {_line(error)}. Check ATRIUM_REDIS_URL, or leave it empty to do without."
        case asyncpg.DiskFullError():
            said = "The disk of the database is full: free some space there, and try again."
        case asyncpg.InsufficientPrivilegeError():
            said = f"The database's user may not do this ({_line(error)}): let it own the database."
        case asyncpg.ReadOnlySQLTransactionError():
            said = "The database takes no changes: ATRIUM_DATABASE_URL names a replica. Name the primary."
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            where = f" of {error.filename}" if error.filename else ""
            said = f"The disk{where} is full: free some space, and try again."
        case OSError(filename=str() | bytes() as file):
            said = f"{file} cannot be used: {error.strerror}."
        case _ if isinstance(error, UNREACHABLE) or is_lost(error):
            said = f"The database cannot be reached: {_line(error)}. {MEND}"
        case _:
            said = None
    return said


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
