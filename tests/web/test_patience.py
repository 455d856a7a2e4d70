"""How long the server waits for clients, how long clients wait for it, and how much one of them may ask at once."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest
import pytest_asyncio

from atrium.app import create_app
from atrium.commands.serve import listen, uvicorn_config
from atrium.web.body import Refused
from atrium.web.deadline import in_time
from atrium.web.protocol import PatientProtocol
from auth.passwords import Hasher
from models import db
from tests.conftest import OPERATIONS
from tests.factories.people import a_person
from tests.web.dialling import connected
from tests.web.server import GRAPHQL, JSON, Served, UnsignalledServer, codes, refusal, serving

CREATE_POST = (OPERATIONS / "posts" / "create_post.graphql").read_text()
HEALTHZ = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Hasty(PatientProtocol):
    """The same, in less time."""

    head_wait = 0.4
    silence = 0.8


@pytest_asyncio.fixture
async def hasty(served: Served) -> AsyncGenerator[Served]:
    """The application over the hasty protocol."""
    config = uvicorn_config(served.settings)
    config.http = Hasty
    server, line = UnsignalledServer(config), listen("127.0.0.1", 0)
    app = create_app(served.settings, served.services)
    task = asyncio.create_task(server.serve_app(app, line))
    while not server.started:
        await asyncio.sleep(0.01)
    yield replace(served, address=f"127.0.0.1:{line.getsockname()[1]}", switchboard=app.state.atrium.switchboard)
    server.should_exit = True
    await task


@contextlib.asynccontextmanager
async def opened(served: Served) -> AsyncGenerator[Line]:
    host, _, port = served.address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.close()


async def seconds_until_closed(line: Line, *pieces: bytes, pause: float = 0.0) -> float:
    """Seconds until the server closes, while these pieces are sent to it."""

    async def send() -> None:
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                line[1].write(piece)
                await line[1].drain()
                await asyncio.sleep(pause)

    started, sending = time.monotonic(), asyncio.create_task(send())
    async with asyncio.timeout(5):
        with contextlib.suppress(ConnectionError):
            await line[0].read()
    sending.cancel()
    return time.monotonic() - started


async def test_a_connection_that_says_nothing_is_closed(hasty: Served) -> None:
    async with opened(hasty) as silent, opened(hasty) as empty:
        waits = await asyncio.gather(
            seconds_until_closed(silent), seconds_until_closed(empty, *[b"\r\n"] * 20, pause=0.1)
        )

    assert all(0.7 < wait < 1.5 for wait in waits)


async def test_a_head_that_comes_slowly_is_not_waited_for(hasty: Served) -> None:
    async with opened(hasty) as line, opened(hasty) as second:
        second[1].write(HEALTHZ + b"\r\n")
        answered = await second[0].readuntil(b'"ok"}')
        waits = await asyncio.gather(
            *(seconds_until_closed(one, *[b"%c" % c for c in HEALTHZ], pause=0.1) for one in (line, second))
        )

    assert answered.startswith(b"HTTP/1.1 200 ")
    assert all(0.3 < wait < 1.0 for wait in waits)


async def test_a_body_that_goes_on_after_its_answer_is_cut_off(hasty: Served) -> None:
    head = b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"
    async with opened(hasty) as line:
        wait = await seconds_until_closed(line, head, *[b"a"] * 20, pause=0.1)

    assert wait < 1.8


async def test_sockets_are_not_held_to_the_patience_of_requests(hasty: Served) -> None:
    async with connected(hasty) as socket:
        await asyncio.sleep(1)

        assert await socket.ask("{ __typename }") == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("sent", [HEALTHZ + b"X-Long: " + b"a" * 70_000, b"GET /" + b"a" * 70_000])
@pytest.mark.parametrize("size", [7_000, 100_000])
async def test_a_head_that_is_too_large_is_refused(served: Served, sent: bytes, size: int) -> None:
    async with opened(served) as (reader, writer):
        for start in range(0, len(sent), size):
            writer.write(sent[start : start + size])
            await asyncio.sleep(0.01)
        async with asyncio.timeout(3):
            answer = await reader.readuntil(b"}]}")

    assert answer.startswith(b"HTTP/1.1 431 ") and b"Send fewer headers" in answer


async def test_a_head_of_60_kb_is_taken(served: Served) -> None:
    answer = await served.http.get("/healthz", headers={"x-long": "a" * 60_000})

    assert answer.status_code == 200


async def test_work_that_is_late_is_given_up_and_not_waited_for() -> None:
    told = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.sleep(5)
        finally:
            told.set()
            await asyncio.sleep(0.5)

    started = time.monotonic()
    with pytest.raises(Refused) as refused:
        await in_time(stubborn(), 0.1)
    took = time.monotonic() - started
    await asyncio.wait_for(told.wait(), 1)

    assert (refused.value.status, refused.value.code) == (504, "TIMEOUT")
    assert took < 0.4


async def test_a_person_has_so_many_operations_at_once_and_others_theirs(database: None, hasher: Hasher) -> None:
    values = {"input": {"kind": "DISCUSSION", "body": "waits"}}
    async with serving(hasher, concurrent_per_person=2) as served:
        ann, bob = [await served.token(await a_person(name)) for name in ("Ann", "Bob")]
        async with db.transaction():
            await db.execute("LOCK TABLE post IN SHARE MODE")
            asked = [asyncio.create_task(served.post(CREATE_POST, token=ann, variables=values)) for _ in range(2)]
            await asyncio.sleep(0.3)
            strict = await served.post("{ __typename }", token=ann, accept=GRAPHQL)
            lax = await served.post("{ __typename }", token=ann, accept=JSON)
            other = await served.post("{ __typename }", token=bob)
        answers = await asyncio.gather(*asked)
        after = await served.post("{ __typename }", token=ann)

    refusal(strict, 429, "RATE_LIMITED")
    assert strict.headers["retry-after"] == "1"
    assert (lax.status_code, codes(lax)) == (200, ["RATE_LIMITED"])
    assert [codes(answer) for answer in (other, *answers, after)] == [[], [], [], []]


async def test_a_document_of_several_operations_is_told_to_name_one(served: Served) -> None:
    two = "subscription A { feedUpdated { __typename } } subscription B { feedUpdated { __typename } }"
    async with connected(served, await served.token(await a_person("Ann"))) as socket:
        await socket.subscribe("1", two)
        message = await socket.hear()

    assert message["type"] == "error"
    assert "name the one to run in operationName, one of A, B" in message["payload"][0]["message"]
