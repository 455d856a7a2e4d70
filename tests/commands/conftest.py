"""An empty company in a database of its own for each test, and the commands to run on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest

from atrium.embedded.postgres import Postgres
from tests import engine
from tests.commands.interpreter import Atrium, Interpreter

Ask = Callable[..., list[asyncpg.Record]]


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """The server of the tests."""
    postgres = engine.started()
    yield postgres
    postgres.stop()


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Another cluster."""
    with Postgres(tmp_path_factory.mktemp("elsewhere"), durable=False) as postgres:
        yield postgres


@pytest.fixture(scope="session")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interpreter]:
    with Interpreter(tmp_path_factory.mktemp("interpreter")) as made:
        yield made


@pytest.fixture
def company(server: Postgres) -> Iterator[str]:
    """The DSN of a migrated database without anybody in it."""
    name = engine.own_name("commands")
    yield engine.copy(server, name)
    server.drop_database(name)


@pytest.fixture
def bare(server: Postgres) -> Iterator[str]:
    """The DSN of a database without tables."""
    name = engine.own_name("bare")
    server.drop_database(name)
    server.create_database(name)
    yield server.endpoint.dsn(name)
    server.drop_database(name)


@pytest.fixture
def atrium(interpreter: Interpreter, company: str, tmp_path: Path) -> Atrium:
    """Runs a command on the company."""
    return Atrium(interpreter, company, tmp_path)


@pytest.fixture
def rows(company: str) -> Ask:
    """The records of a statement in the company's database."""
    return partial(records, company)


def records(dsn: str, sql: str, *args: object) -> list[asyncpg.Record]:
    """The records of a statement."""

    async def fetch() -> list[asyncpg.Record]:
        con = await cast(Any, asyncpg).connect(dsn)
        try:
            return await con.fetch(sql, *args)
        finally:
            await con.close()

    return asyncio.run(fetch())
