"""The short way of posted operations: the same to those who ask as the long one, whatever comes in pieces or late."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import orjson
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Message

from atrium.app import create_app
from atrium.web.asked import Asked, new_request_id
from atrium.web.body import Begun
from atrium.web.deadline import TooLate, before_late
from atrium.web.graphql import GraphQLEndpoint
from atrium.web.tallies import Times
from models import db
from models.people import Person
from schema.build import Schema
from tests.conftest import OPERATIONS
from tests.web.server import GRAPHQL, JSON, PUBLIC, Served, codes, listening, refusal

CREATE_POST = (OPERATIONS / "posts" / "create_post.graphql").read_text()
WAITS = {"input": {"kind": "DISCUSSION", "body": "waits"}}
TYPENAME = b'{"query": "{ __typename }"}'
ANSWER = b'{"data":{"__typename":"Query"}}'
ROOT = Path(__file__).parents[2]
BETWEEN = (f"{ROOT}/atrium/", f"{ROOT}/auth/", "/starlette/", "/prometheus_client/")
EVERY = {"content-length", "content-type", "x-request-id", "cache-control", "vary"}
SHARED = EVERY | {"access-control-allow-credentials", "access-control-expose-headers"}

# --- origins


async def from_origin(served: Served, origin: str | None) -> httpx.Response:
    headers = {"content-type": JSON, **({} if origin is None else {"origin": origin})}
    return await served.http.post("/graphql", content=TYPENAME, headers=headers)


async def test_an_answer_has_the_same_headers_by_both_ways(served: Served, token: str) -> None:
    bearer = {"authorization": f"Bearer {token}"}
    short = await served.post("{ __typename }", token=token)
    long = await served.http.get("/graphql", params={"query": "{ __typename }"}, headers={"accept": JSON, **bearer})

    assert set(short.headers) == set(long.headers) == EVERY
    different = {"x-request-id"}
    assert [(n, v) for n, v in short.headers.items() if n not in different] == [
        (n, v) for n, v in long.headers.items() if n not in different
    ]


async def test_a_refusal_has_the_same_headers_by_both_ways(served: Served) -> None:
    bearer = {"authorization": "Bearer nonsense", "accept": JSON}
    short = await served.http.post("/graphql", json={"query": "{ __typename }"}, headers=bearer)
    long = await served.http.get("/graphql", params={"query": "{ __typename }"}, headers=bearer)

    refusal(short, 401, "UNAUTHENTICATED")
    assert set(short.headers) == set(long.headers) == EVERY | {"www-authenticate"}


async def test_a_page_of_ours_is_answered_as_it_was(production: Served) -> None:
    response = await from_origin(production, f"http://{production.address}")

    assert response.content == ANSWER
    assert set(response.headers) == SHARED
    assert response.headers["vary"] == "Origin"


async def test_a_listed_origin_may_read(production: Served) -> None:
    response = await from_origin(production, PUBLIC)

    assert response.content == ANSWER
    assert set(response.headers) == SHARED | {"access-control-allow-origin"}
    assert response.headers["access-control-allow-origin"] == PUBLIC
    assert response.headers["vary"] == "Origin"


async def test_a_foreign_origin_is_refused_and_may_not_even_read_that(production: Served) -> None:
    response = await from_origin(production, "https://evil.example")

    refusal(response, 403, "FORBIDDEN")
    assert set(response.headers) == SHARED


async def test_without_an_origin_nothing_is_told_of_sharing(production: Served) -> None:
    response = await from_origin(production, None)

    assert set(response.headers) == EVERY
    assert response.headers["vary"] == "Origin"


CALLS = 50
"""Of Python, between server and operation: counted, not timed, so that it is the same on any machine."""


async def test_between_server_and_operation_little_is_called(served: Served, schema: Schema, ann: Person) -> None:
    bearer = f"Bearer {await served.token(ann)}".encode()
    app = create_app(served.settings, served.services)
    calls = 0

    def called(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        if event == "call" and any(place in frame.f_code.co_filename for place in BETWEEN):
            calls += 1

    async def receive() -> Message:
        return {"type": "http.request", "body": TYPENAME, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            assert message["body"] == ANSWER

    for counts in (False, False, False, True):  # only then all is known
        asked = scope((b"content-type", b"application/json"), (b"authorization", bearer), path="/graphql")
        sys.setprofile(called if counts else None)
        try:
            await app(asked, receive, send)
        finally:
            sys.setprofile(None)

    assert 10 < calls <= CALLS


# --- pieces


@contextlib.asynccontextmanager
async def line(served: Served) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    host, _, port = served.address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        async with asyncio.timeout(5):
            yield reader, writer
    finally:
        writer.close()


def head(*more: str) -> bytes:
    return "\r\n".join(["POST /graphql HTTP/1.1", "Host: a", f"Content-Type: {JSON}", *more, "", ""]).encode()


async def answer(reader: asyncio.StreamReader) -> bytes:
    """The body of the next answer."""
    lines = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = lines.split(b"content-length: ")[1].split(b"\r\n")[0]
    return await reader.readexactly(int(length))


@pytest.mark.parametrize("size", [1, 10, 26])
async def test_a_body_may_come_in_pieces(served: Served, size: int) -> None:
    async with line(served) as (reader, writer):
        writer.write(head(f"Content-Length: {len(TYPENAME)}"))
        for start in range(0, len(TYPENAME), size):
            await asyncio.sleep(0.005)
            writer.write(TYPENAME[start : start + size])

        assert await answer(reader) == ANSWER


async def test_a_body_may_come_in_chunks_without_a_length(served: Served) -> None:
    async with line(served) as (reader, writer):
        writer.write(head("Transfer-Encoding: chunked") + b"5\r\n" + TYPENAME[:5] + b"\r\n")
        await asyncio.sleep(0.02)
        writer.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(TYPENAME[5:]), TYPENAME[5:]))

        assert await answer(reader) == ANSWER


async def test_a_head_may_come_in_pieces(served: Served) -> None:
    whole = head(f"Content-Length: {len(TYPENAME)}") + TYPENAME
    async with line(served) as (reader, writer):
        for start in range(0, len(whole), 11):
            writer.write(whole[start : start + 11])
            await asyncio.sleep(0.002)

        assert await answer(reader) == ANSWER


async def test_requests_may_be_sent_before_the_answers(served: Served) -> None:
    bodies = [b'{"query": "{ a%d: __typename }"}' % n for n in range(20)]
    async with line(served) as (reader, writer):
        writer.write(b"".join(head(f"Content-Length: {len(body)}") + body for body in bodies))

        assert [orjson.loads(await answer(reader)) for _ in bodies] == [{"data": {f"a{n}": "Query"}} for n in range(20)]


async def test_a_client_that_wants_to_be_told_to_go_on_is(served: Served) -> None:
    async with line(served) as (reader, writer):
        writer.write(head(f"Content-Length: {len(TYPENAME)}", "Expect: 100-continue"))
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
        writer.write(TYPENAME)

        assert await answer(reader) == ANSWER


async def test_what_is_done_when_begun_is_not_waited_for() -> None:
    arrived = asyncio.Event()

    async def later(waits: bool) -> str:
        if waits:
            await arrived.wait()
            await asyncio.sleep(0.01)
        return "here"

    at_once, coming = Begun(later(waits=False)), Begun(later(waits=True))
    asyncio.get_running_loop().call_later(0.01, arrived.set)

    assert (at_once.is_done, at_once.value) == (True, "here")
    assert not coming.is_done
    assert await coming == "here"


# --- who asks


def scope(*headers: tuple[bytes, bytes], **more: Any) -> dict[str, Any]:
    return {"type": "http", "method": "POST", "client": ("127.0.0.1", 1), "headers": list(headers), **more}


def test_of_headers_that_are_repeated_the_first_counts_and_of_cookies_the_last() -> None:
    asked = Asked(scope((b"accept", b"a"), (b"cookie", b"x=1; y=2"), (b"accept", b"b"), (b"cookie", b"x=3")))

    assert asked.text(b"accept") == "a"
    assert (asked.cookie("x"), asked.cookie("y"), asked.cookie("z")) == ("3", "2", "")
    assert asked.text(b"missing") == ""


def test_whoever_comes_by_no_address_has_none() -> None:
    assert Asked(scope(client=None)).peer == ""


def test_numbers_of_requests_do_not_repeat() -> None:
    numbers = [new_request_id() for _ in range(5_000)]

    assert len(set(numbers)) == len(numbers)
    assert {len(number) for number in numbers} == {12}
    assert set("".join(numbers)) <= set("0123456789abcdef")


def test_times_are_told_as_prometheus_tells_them() -> None:
    registry = CollectorRegistry()
    times = Times("told_seconds", "Told.", "over", registry)
    for took in (0.001, 0.005, 0.006, 100.0):
        times.observe("http", took)

    told = generate_latest(registry).decode()

    for bound, below in (("0.005", 2), ("0.01", 3), ("10.0", 3), ("+Inf", 4)):
        assert f'told_seconds_bucket{{le="{bound}",over="http"}} {below}.0' in told
    assert 'told_seconds_count{over="http"} 4.0' in told
    assert 'told_seconds_sum{over="http"} 100.012' in told


# --- what takes too long


async def test_who_waits_too_long_is_told_before_the_work_has_come_to_its_end() -> None:
    said: list[str] = []

    async def stubborn() -> None:
        try:
            await asyncio.sleep(5)
        finally:
            await asyncio.sleep(0.2)
            said.append("rolled back")

    async def tell() -> None:
        said.append("told")

    started = time.monotonic()
    with pytest.raises(TooLate):
        await before_late(stubborn(), tell, 0.1)

    assert said == ["told", "rolled back"]
    assert 0.25 < time.monotonic() - started < 1
    await asyncio.sleep(0)  # the task goes on: nobody has cancelled it for good


async def test_what_is_in_time_is_as_if_nobody_had_looked_at_the_clock() -> None:
    async def tell() -> None:
        raise AssertionError("nobody is late")

    async def work() -> int:
        await asyncio.sleep(0.01)
        return 7

    async def fail() -> int:
        raise LookupError

    assert await before_late(work(), tell, 0.5) == 7
    with pytest.raises(LookupError):
        await before_late(fail(), tell, 0.5)
    task = asyncio.create_task(before_late(asyncio.sleep(5), tell, 0.5))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@contextlib.asynccontextmanager
async def hurried(served: Served, schema: Schema) -> AsyncGenerator[Served]:
    """The endpoint with a deadline of its own."""
    endpoint = GraphQLEndpoint(schema, served.services, served.settings, served.switchboard, deadline=0.3)
    app = Starlette(routes=[Route("/graphql", endpoint, methods=["POST"])])
    async with (
        listening(app, served.settings) as (address, _),
        httpx.AsyncClient(base_url=f"http://{address}", timeout=5) as http,
    ):
        yield replace(served, address=address, http=http)


async def test_an_operation_that_is_late_is_given_up_and_leaves_nothing(
    served: Served, schema: Schema, ann: Person
) -> None:
    token = await served.token(ann)
    async with hurried(served, schema) as hasty:
        async with db.transaction():
            await db.execute("LOCK TABLE post IN SHARE MODE")
            strict = await hasty.post(CREATE_POST, token=token, accept=GRAPHQL, variables=WAITS)
            lax = await hasty.post(CREATE_POST, token=token, accept=JSON, variables=WAITS)
        after = await hasty.post("{ __typename }", token=token)

    refusal(strict, 504, "TIMEOUT")
    assert (lax.status_code, codes(lax)) == (200, ["TIMEOUT"])
    assert after.json() == {"data": {"__typename": "Query"}}
    assert await db.value("SELECT count(*) FROM post") == 0


async def test_whoever_hangs_up_while_it_is_worked_for_them_harms_nobody(served: Served, ann: Person) -> None:
    token = await served.token(ann)
    body = orjson.dumps({"query": CREATE_POST, "variables": WAITS})
    async with db.transaction():
        await db.execute("LOCK TABLE post IN SHARE MODE")
        for _ in range(12):  # more than the pool has connections for
            async with line(served) as (_, writer):
                writer.write(head(f"Content-Length: {len(body)}", f"Authorization: Bearer {token}") + body)
                await asyncio.sleep(0.02)

    async with asyncio.timeout(5):
        while codes(response := await served.post("{ feed { totalCount } }", token=token)) == ["RATE_LIMITED"]:
            await asyncio.sleep(0.05)  # what was begun is done to its end

    assert codes(response) == []
