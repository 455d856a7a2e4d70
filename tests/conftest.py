"""What every test may ask for: a real database, services over it, and a client of the schema."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from atrium.settings import Settings
from auth.passwords import Hasher
from auth.vault import Vault
from auth.viewer import Viewer
from execution.compiled import Plans
from execution.cursors import Sealer
from models import db
from models.people import Person
from resolvers.context import Context, Request, Services
from resolvers.loaders import DECLARED
from resolvers.memory import Memory
from schema.answer import Answer, execute
from schema.build import Schema, build
from search.choice import Search
from search.postgres import PostgresEngine
from subscriptions.bus import LocalBus
from subscriptions.live import Hub
from subscriptions.presence import Presence
from tests import engine
from tests.clocks import TurnedClock
from tests.factories.session import as_viewer

OPERATIONS = Path(__file__).parents[1] / "graphql" / "operations"


@pytest.fixture(scope="session")
def dsn() -> Iterator[str]:
    """The database of this test process."""
    postgres = engine.started()
    name = engine.own_name()
    try:
        yield engine.copy(postgres, name)
        postgres.drop_database(name)
    finally:
        postgres.stop()


@pytest_asyncio.fixture(scope="session")
async def pool(dsn: str) -> AsyncIterator[list[str]]:
    """The connected pool, and the statements that have gone through it."""
    seen: list[str] = []
    await db.connect(dsn, pool=8, limits={**db.SERVED, "synchronous_commit": "off"}, watch=seen.append)
    yield seen
    await db.disconnect()


@pytest_asyncio.fixture
async def database(pool: list[str]) -> AsyncIterator[None]:
    """Empty tables."""
    await engine.empty()
    yield


@pytest.fixture
def statements(database: None, pool: list[str]) -> list[str]:
    """The statements run from here on; clear it to begin anew."""
    pool.clear()
    return pool


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture(scope="session")
def hasher() -> Iterator[Hasher]:
    """Real argon2id at the least cost."""
    cheap = Hasher(memory_kib=64, time=1)
    yield cheap
    cheap.close()


@pytest.fixture(scope="session", autouse=True)
def seldom_collected() -> None:
    """What was loaded for the tests stays, and the collector looks as seldom as where the application serves."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


@pytest.fixture(scope="session")
def schema() -> Schema:
    return build(plans=None if os.environ.get("ATRIUM_EXECUTOR") == "reference" else Plans(from_run=1))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    values: dict[str, Any] = {"data_dir": tmp_path, "secret_key": "for tests only and long enough to be one"}
    return Settings(**values)


@pytest.fixture
def services(database: None, clock: TurnedClock, hasher: Hasher) -> Services:
    bus = LocalBus()
    return Services(
        clock=clock,
        sealer=Sealer([b"for tests only, and long enough"]),
        vault=Vault([b"for tests only, and long enough"]),
        bus=bus,
        hub=Hub(bus),
        presence=Presence(bus),
        search=Search(PostgresEngine(clock)),
        hasher=hasher,
        declared=DECLARED,
        public_url="",
        memory=Memory(lambda: False),  # factories write past every action, and the clock stands still
    )


class Ask:
    """Runs committed operations: `await ask(ann, "posts/edit_post", post_id=…)` gives `data`, and refuses errors.

    Arguments become camelCase variables, or the one variable `input` where the operation has that.
    """

    def __init__(self, schema: Schema, services: Services) -> None:
        self.schema, self.services = schema, services

    async def __call__(self, who: Person | Viewer | None, operation: str, **variables: Any) -> dict[str, Any]:
        answer = await self.answer(who, operation, **variables)
        assert not answer.errors, answer.errors
        assert answer.data is not None
        return answer.data

    async def answer(self, who: Person | Viewer | None, operation: str, **variables: Any) -> Answer:
        """As calling it, with the errors."""
        text = (OPERATIONS / f"{operation}.graphql").read_text()
        values = {camel(name): value for name, value in variables.items()}
        return await self.text(who, text, {"input": values} if "$input" in text else values)

    async def text(self, who: Person | Viewer | None, text: str, variables: dict[str, Any] | None = None) -> Answer:
        """Run a document of one's own."""
        return await execute(self.schema, await self.context(who), text, variables)

    async def context(self, who: Person | Viewer | None) -> Context:
        viewer = await as_viewer(who, self.services.clock.now()) if isinstance(who, Person) else who
        return Context(self.services, viewer, Request(ip="127.0.0.1", id="test"))


def camel(name: str) -> str:
    """A Python name as the API writes it."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


@pytest.fixture
def ask(schema: Schema, services: Services) -> Ask:
    return Ask(schema, services)
