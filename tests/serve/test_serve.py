"""`python -m atrium serve`: starting, stopping, several processes, and what happens when something is killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from auth import sessions
from models import db
from models.people import Person
from tests import engine
from tests.conftest import OPERATIONS
from tests.factories.people import a_person
from tests.serve.process import BROUGHT_ALONG, NO_REDIS, PATIENCE, Process, connections, ended, resident, running

SERVING = "Atrium is at http"
IDLE_MAX = 200  # MB of an API process that has answered a few requests
CREATE_POST = (OPERATIONS / "posts" / "create_post.graphql").read_text()
SEARCH = (OPERATIONS / "search" / "search.graphql").read_text()
NEW_POSTS = "subscription { feedUpdated { ... on PostPublished { post { body } } } }"

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def own_dsn() -> Iterator[str]:
    """A database that this test may take away."""
    postgres = engine.started()
    name = engine.own_name("serve")
    try:
        yield engine.copy(postgres, name)
        postgres.drop_database(name)
    finally:
        postgres.stop()


async def a_token(person: Person) -> dict[str, str]:
    """The header by which a person asks, by the machine's own clock."""
    secret, _ = await sessions.open_session(person.id, now=datetime.now(UTC))
    return {"authorization": f"Bearer {secret}"}


async def publish(http: httpx.AsyncClient, header: dict[str, str], body: str) -> httpx.Response:
    values = {"input": {"kind": "DISCUSSION", "body": body}}
    return await http.post("/graphql", json={"query": CREATE_POST, "variables": values}, headers=header)


async def until_ready(http: httpx.AsyncClient, status: int = 200) -> httpx.Response:
    async with asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (response := await http.get("/readyz")).status_code == status:
                    return response
            await asyncio.sleep(0.05)


async def test_it_serves_and_ends_when_told_with_what_was_asked_before(dsn: str, tmp_path: Path) -> None:
    ann = await a_token(await a_person("Ann"))
    async with running(tmp_path, dsn, "serve", "--port", "0", until=SERVING) as serving, serving.http() as http:
        await until_ready(http)
        for n in range(20):
            assert (await publish(http, ann, str(n))).json()["data"]["createPost"]["errors"] == []
        memory = resident(serving.pid)

        async with db.transaction():
            await db.execute("LOCK TABLE post IN SHARE MODE")
            asked = asyncio.create_task(publish(http, ann, "the last one"))
            await asyncio.sleep(0.3)
            serving.process.send_signal(signal.SIGTERM)
            told = time.monotonic()
            await asyncio.sleep(0.3)
            assert not asked.done()
        answer = await asked
        code = await serving.end()

    assert answer.json()["data"]["createPost"]["post"]["body"] == "the last one"
    assert code == 0
    assert time.monotonic() - told < 5
    assert memory <= IDLE_MAX, f"{memory} MB"


async def test_in_production_it_tells_the_proxy_before_it_ends(dsn: str, tmp_path: Path) -> None:
    production = {"mode": "production", "secret_key": "k" * 32, "public_url": "https://social.company.example"}
    async with running(tmp_path, dsn, "serve", "--port", "0", until=SERVING, **production) as serving:
        async with serving.http() as http:
            await until_ready(http)
            serving.process.send_signal(signal.SIGTERM)

            async with asyncio.timeout(PATIENCE):
                while not (status := (await http.get("/readyz")).json())["stopping"]:
                    await asyncio.sleep(0.05)
            still = await http.get("/healthz")

        assert not status["ready"]
        assert still.status_code == 200
        assert await serving.end() == 0  # told again, it does not wait


async def test_a_port_that_is_taken_is_told_in_a_sentence(dsn: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = await ended(tmp_path, dsn, "serve", "--port", str(port))

    assert code == 2
    assert f"Port {port} is in use" in said and "Traceback" not in said


async def test_it_is_not_ready_and_answers_politely_while_the_database_is_away(own_dsn: str, tmp_path: Path) -> None:
    postgres, name = engine.started(), engine.own_name("serve")
    query = {"query": "{ viewer { person { id } } }"}
    header = {"authorization": "Bearer " + "A" * 43}
    try:
        async with running(tmp_path, own_dsn, "serve", "--port", "0", until=SERVING) as serving, serving.http() as http:
            await until_ready(http)
            await asyncio.to_thread(postgres.drop_database, name)
            unready = await until_ready(http, 503)
            well, metrics = await http.get("/healthz"), await http.get("/metrics")
            refused = await http.post("/graphql", json=query, headers=header)
            closed = await closed_with(serving, header)
            await asyncio.to_thread(engine.copy, postgres, name)
            await until_ready(http)
            again = await http.post("/graphql", json=query, headers=header)
    finally:
        postgres.stop()

    assert unready.json()["database"] == "unreachable"
    assert (well.status_code, metrics.status_code) == (200, 200)
    assert refused.status_code == 503
    assert refused.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert closed == 1013  # which clients take for a reason to come back, as they would not for 1011
    assert again.status_code == 401


async def closed_with(serving: Process, header: dict[str, str]) -> int | None:
    """The code with which a socket is closed when it is greeted."""
    protocols = [Subprotocol("graphql-transport-ws")]
    async with connect(f"ws://{serving.address}/graphql", subprotocols=protocols, additional_headers=header) as line:
        await line.send('{"type": "connection_init"}')
        with contextlib.suppress(ConnectionClosed):
            await line.recv()
        return line.close_code


async def test_a_worker_of_its_own_does_the_work(dsn: str, tmp_path: Path) -> None:
    ann = await a_token(await a_person("Ann"))
    async with (
        running(tmp_path, dsn, "serve", "--port", "0", "--no-worker", until=SERVING) as serving,
        running(tmp_path, dsn, "worker", until="The worker is running") as worker,
        serving.http() as http,
    ):
        await until_ready(http)
        await publish(http, ann, "marmalade")
        search = {"query": SEARCH, "variables": {"text": "marmalade", "kinds": ["POST"], "first": 1}}
        async with asyncio.timeout(PATIENCE):
            while not (await http.post("/graphql", json=search, headers=ann)).json()["data"]["search"]["edges"]:
                await asyncio.sleep(0.05)

        assert await worker.end() == 0
        assert await serving.end(signal.SIGINT) == 0


# --- several processes


@contextlib.asynccontextmanager
async def subscribed(serving: Process, header: dict[str, str]) -> AsyncGenerator[ClientConnection]:
    """A socket that follows new posts; which process it is at is the system's choice."""
    protocols = [Subprotocol("graphql-transport-ws")]
    async with connect(f"ws://{serving.address}/graphql", subprotocols=protocols, additional_headers=header) as line:
        await line.send('{"type": "connection_init"}')
        assert json.loads(await line.recv()) == {"type": "connection_ack"}
        await line.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": NEW_POSTS}}))
        await line.send(json.dumps({"type": "subscribe", "id": "2", "payload": {"query": "{ __typename }"}}))
        while json.loads(await line.recv()) != {"id": "2", "type": "complete"}:
            pass
        yield line


@pytest.mark.parametrize(("redis", "most"), [(NO_REDIS, 2.5), (BROUGHT_ALONG, 1.0)])
async def test_several_processes_share_the_port_and_hear_of_each_others_events(
    dsn: str, tmp_path: Path, redis: str, most: float
) -> None:
    people = [await a_token(await a_person(f"Person {n}")) for n in range(6)]
    async with (
        contextlib.AsyncExitStack() as stack,
        running(tmp_path, dsn, "serve", "--port", "0", "--workers", "2", until=SERVING, redis=redis) as serving,
        serving.http(keep_alive=False) as http,
    ):
        await until_ready(http)
        first, second = serving.children()
        lines: list[ClientConnection] = []
        async with asyncio.timeout(PATIENCE):
            while min(connections(first), connections(second)) < 3:  # who comes alone may meet the same one each time
                at_once = (stack.enter_async_context(subscribed(serving, header)) for header in people)
                lines += await asyncio.gather(*at_once)

        started = time.monotonic()
        await publish(http, people[0], "for all")
        heard = await asyncio.gather(*(asyncio.wait_for(line.recv(), 5) for line in lines))
        delay = time.monotonic() - started

        assert {json.loads(text)["payload"]["data"]["feedUpdated"]["post"]["body"] for text in heard} == {"for all"}
        assert delay < most


async def test_a_process_that_is_killed_is_replaced_and_none_outlives_its_parent(dsn: str, tmp_path: Path) -> None:
    async with (
        running(tmp_path, dsn, "serve", "--port", "0", "--workers", "2", until=SERVING) as serving,
        serving.http(keep_alive=False) as http,
    ):
        await until_ready(http)
        before = serving.children()
        os.kill(before[0], signal.SIGKILL)
        async with asyncio.timeout(PATIENCE):
            while len(after := {*serving.children()} - {before[0]}) < 2:
                await asyncio.sleep(0.05)
        await until_ready(http)

        assert len(before) == 2 and before[1] in after

        await serving.end(signal.SIGKILL)
        async with asyncio.timeout(PATIENCE):
            while any(Path(f"/proc/{pid}").exists() for pid in after):
                await asyncio.sleep(0.05)
        with pytest.raises(httpx.ConnectError):
            await http.get("/healthz")


async def test_several_processes_end_together_when_told(dsn: str, tmp_path: Path) -> None:
    async with running(tmp_path, dsn, "serve", "--port", "0", "--workers", "2", until=SERVING) as serving:
        async with serving.http() as http:
            await until_ready(http)
        children = serving.children()
        started = time.monotonic()

        assert await serving.end() == 0
        assert time.monotonic() - started < 5
        assert not any(Path(f"/proc/{pid}").exists() for pid in children)
