"""Whatever befalls Meilisearch: searches are answered, what is to be indexed waits, and all of it is made up for."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import secrets
import signal
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Generator, Iterator, Sequence

import pytest
import pytest_asyncio

from atrium.doctor import search as doctor
from atrium.doctor.findings import Level
from atrium.embedded import processes
from atrium.embedded.meilisearch import Meilisearch, meilisearch_server
from atrium.settings import Settings
from models import db
from models import installation as own
from models.log import ParkedEvent
from search.choice import PATIENCE, REST, Answer, Search
from search.engine import Document, Sight
from search.indexer import Indexer
from search.meili import INDEX, MeiliEngine
from search.meili_client import Client
from search.postgres import PostgresEngine
from search.query import Query, typed
from search.reindex import reindex, untold
from subscriptions.bus import LocalBus
from subscriptions.readers import Later, Run
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.engine import settled
from tests.factories.people import a_person
from tests.search import meilisearch as of_tests

MEMBER = Sight(frozenset(), is_member=True)
PATIENT = PATIENCE + 0.5  # seconds
POSITION = "SELECT generation, xid, event_id FROM reader_position WHERE name = 'search:meilisearch'"


@pytest.fixture(scope="module")
def server() -> Iterator[Meilisearch]:
    """A server that is ill-treated, and nobody else's."""
    with of_tests.meilisearch_server() as started:
        yield started


class World:
    """A company whose index is kept by a reader of the log, over a server that may fail."""

    def __init__(self, server: Meilisearch, installation: str, ask: Ask, clock: TurnedClock) -> None:
        self.server, self.installation, self.ask, self.clock = server, installation, ask, clock
        self.seconds = 0.0  # on the clock of the search
        self.fallback = PostgresEngine(clock)
        self.use(server.key)

    def use(self, key: str) -> None:
        """Go on with another key."""
        self.client = Client(self.server.url, key)
        self.engine = MeiliEngine(self.client, self.installation)
        self.search = Search(self.fallback, self.engine, clock=lambda: self.seconds)
        self.runs = [Run(Indexer(one), holder="test", clock=self.clock, bus=LocalBus()) for one in self.search.engines]

    async def publish(self, body: str) -> None:
        """Ann publishes a post, and PostgreSQL's reader reads of it."""
        await self.ask(self.ann, "posts/create_post", kind="DISCUSSION", body=body)
        await settled()
        while await self.runs[0].once():
            pass

    async def begin(self) -> None:
        self.ann = await a_person("Ann")
        await of_tests.emptied(self.client)
        await self.publish("honey")
        for engine in self.search.engines:
            await reindex(engine, untold)
        await self.read()

    async def read(self) -> None:
        """Meilisearch's reader reads all there is. Raises `Later`."""
        while await self.runs[1].once():
            pass

    async def find(self, text: str) -> tuple[Answer, float]:
        """The answer, and the seconds that it took."""
        began = time.monotonic()
        query = Query(("POST",), typed(text).wanted)
        row = await db.row("SELECT audience_id FROM post LIMIT 1")
        sight = Sight(frozenset([row["audience_id"]] if row else []), is_member=True)
        return await self.search.find(query, sight), time.monotonic() - began

    async def told(self, key: str = "") -> str:
        """What the doctor finds that is not well, with how to mend it."""
        values = {"meilisearch_url": self.server.url, "meilisearch_key": key or self.server.key}
        found = Settings.model_validate({**values, "data_dir": str(self.server.log.parent)})
        findings = await doctor.server(found) or await doctor.index(found)
        bad = [one for one in findings if one.level != Level.OK]
        assert all(one.mend for one in bad)
        return " ".join(f"{one.says} {one.mend}" for one in bad)

    async def position(self) -> Sequence[int]:
        """How far Meilisearch's reader has come."""
        row = await db.row(POSITION)
        assert row is not None
        return tuple(row)

    async def withstands(self, text: str, says: str) -> None:
        """While it is not well: searches are answered, and what happens waits."""
        await self.publish(f"{text} jam")
        before = await self.position()
        for _ in range(12):  # more tries than an event has before it is parked
            with pytest.raises(Later, match=says):
                await self.runs[1].once()
        answer, seconds = await self.find(text)
        again, next_seconds = await self.find("honey")

        assert answer.is_degraded and again.is_degraded
        assert len(answer.found.hits) == len(again.found.hits) == 1
        assert seconds < PATIENT and next_seconds < PATIENT / 3
        assert await self.position() == before
        assert await ParkedEvent.all().count() == 0

    async def recovers(self, text: str) -> None:
        """What has waited is made up for, and it answers again."""
        await self.read()
        self.seconds += REST
        answer, _ = await self.find(text)

        assert not answer.is_degraded and len(answer.found.hits) == 1
        assert await self.told() == ""


@pytest_asyncio.fixture
async def world(server: Meilisearch, ask: Ask, clock: TurnedClock) -> AsyncIterator[World]:
    made = World(server, await own.installation(), ask, clock)
    await made.begin()
    yield made
    made.client.close()


def ended(server: Meilisearch) -> None:
    pid = server.pid
    assert pid and processes.end(pid, lambda _: server.pid is not None, ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)))


async def test_all_is_well(world: World) -> None:
    answer, seconds = await world.find("honey")

    assert not answer.is_degraded and len(answer.found.hits) == 1 and seconds < 1
    assert await world.told() == ""


async def test_it_is_stopped_and_comes_back(world: World) -> None:
    configuration = world.server.log.with_name("config.toml").read_text()
    ended(world.server)

    await world.withstands("quince", "cannot be reached")
    assert "cannot be reached" in await world.told()

    with again(world.server, configuration):
        await world.recovers("quince")


async def test_it_is_frozen_and_thaws(world: World) -> None:
    pid = world.server.pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        answer, seconds = await world.find("honey")
        _, next_seconds = await world.find("honey")
        assert answer.is_degraded and len(answer.found.hits) == 1
        assert seconds < PATIENT and next_seconds < PATIENT / 3
        await asyncio.sleep(max(0.0, 2.0 - (time.monotonic() - began)))
    finally:
        os.kill(pid, signal.SIGCONT)

    world.seconds += REST
    answer, _ = await world.find("honey")
    assert not answer.is_degraded


async def test_its_disk_is_full_and_gets_room(world: World) -> None:
    configuration = world.server.log.with_name("config.toml").read_text()
    ended(world.server)
    with again(world.server, configuration) as process:
        limits = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
        try:
            await world.publish("quince jam")
            before = await world.position()
            with pytest.raises(Later, match="disk of Meilisearch is full"):
                await world.runs[1].once()
            answer, seconds = await world.find("quince")
            assert seconds < PATIENT and await world.position() == before and not answer.is_degraded
            await asyncio.sleep(0)
        finally:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)

        await world.recovers("quince")


async def test_our_key_is_wrong(world: World) -> None:
    world.use(secrets.token_hex(16))

    await world.withstands("quince", "refuses our key")
    assert "It refuses our key. Correct ATRIUM_MEILISEARCH_KEY" in await world.told(key="no such key")

    world.use(world.server.key)
    await world.recovers("quince")


async def test_our_key_may_not_do_all(world: World) -> None:
    rights = {"actions": ["search", "documents.*", "indexes.get"], "indexes": [INDEX], "expiresAt": None}
    key = await world.client.do(lambda one: one.create_key({**rights, "name": "narrow"}).key)

    told = await world.told(key=key)

    assert "Our key lacks" in told and "settings.update" in told and "indexes.swap" in told
    assert "documents.add" not in told


async def test_the_index_belongs_to_another_installation(world: World) -> None:
    await of_tests.emptied(world.client)
    other = MeiliEngine(world.client, "another one")
    await other.put([Document("POST", uuid.uuid4(), 1, (), title="theirs", open=True)])
    await other.take_over()

    await world.withstands("quince", "belongs to another installation")
    assert "belongs to another installation, another one" in await world.told()
    assert await other.count() == 1

    await of_tests.emptied(world.client)
    await reindex(world.engine, untold)
    await world.recovers("quince")


async def test_the_doctor_tells_what_is_amiss_with_the_index(world: World) -> None:
    await world.client.done(lambda one: one.index(INDEX).update_settings({"stopWords": ["the"]}))
    settings = await world.told()
    await MeiliEngine(world.client, world.engine.installation).prepare()
    await world.engine.drop([row["subject_id"] for row in await db.rows("SELECT subject_id FROM search_document")])
    fewer = await world.told()
    await of_tests.emptied(world.client)
    none = await world.told()
    assert await of_tests.indexes(world.client) == []  # who only looks makes nothing
    await MeiliEngine(world.client, world.engine.installation).prepare()
    empty = await world.told()

    assert "other settings than ours: stopWords" in settings
    assert "Its index has 0 documents, and PostgreSQL's" in fewer and "reindex" in fewer
    assert "It has no index yet" in none and "has not been filled yet" in empty


@contextlib.contextmanager
def again(server: Meilisearch, configuration: str) -> Generator[subprocess.Popen[bytes]]:
    """The server on its port again, for as long as the block runs; files that grow too long do not end it."""
    program = meilisearch_server(of_tests.BINARY)
    assert program
    path = server.log.with_name("config.toml")
    path.write_text(configuration)
    with server.log.open("ab") as log:
        process = subprocess.Popen(
            [str(program), "--config-file-path", str(path)], stdout=log, stderr=log, restore_signals=False
        )
    try:
        assert processes.wait_until(server.is_running, 20)
        yield process
    finally:
        process.terminate()
        process.wait(15)
        server.ensure()
