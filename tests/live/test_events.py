"""Streams as server-sent events: the same as over a socket, for whoever has no more than HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from atrium.web.live.doors import SOCKETS_MAX
from atrium.web.live.events import ALIVE_EVERY, EventStream
from auth import sessions
from auth.passwords import Hasher
from models.people import Person
from tests.conftest import OPERATIONS, Ask
from tests.factories.changes import an_hr
from tests.factories.chat import a_conversation
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.live.following import until
from tests.web.dialling import FEED_UPDATED, connected, publish
from tests.web.events import EVENTS, streamed
from tests.web.server import Served, refusal, serving

CREATE = (OPERATIONS / "posts" / "create_post.graphql").read_text()
CONVERSATION_UPDATED = (OPERATIONS / "streams" / "conversation_updated.graphql").read_text()
WITHIN = 1.0  # seconds

pytestmark = pytest.mark.usefixtures("database")


@pytest_asyncio.fixture(scope="module")
async def served(pool: list[str], hasher: Hasher) -> AsyncGenerator[Served]:
    async with serving(hasher) as running:
        yield running


@pytest_asyncio.fixture
async def ann(database: None) -> Person:
    return await a_person("Ann")


@pytest_asyncio.fixture
async def token(served: Served, ann: Person) -> str:
    return await served.token(ann)


async def followers(served: Served, count: int) -> None:
    await until(lambda: served.switchboard.fanout.followers == count)


# --- what is answered


async def test_a_subscription_is_followed(served: Served, token: str) -> None:
    async with streamed(served, FEED_UPDATED, token) as found:
        await followers(served, 1)
        post = await publish(served, token, "hello")
        event = await found.told()

    assert found.response.headers["content-type"].startswith(EVENTS)
    assert (found.response.headers["cache-control"], found.response.status_code) == ("no-store", 200)
    assert (event["__typename"], event["post"]["id"], event["actor"]["name"]) == ("PostPublished", post, "Ann")
    assert found.comments == 1  # the first bytes come at once, so that clients know that they are heard


async def test_a_query_and_a_mutation_are_answered_and_completed(served: Served, token: str) -> None:
    given = {"kind": "DISCUSSION", "body": "by events"}
    async with streamed(served, CREATE, token, input=given) as found:
        made, end = await found.rest()
    async with streamed(served, "{ feed { nodes { body } } }", token) as found:
        read, _ = await found.rest()

    assert (made.type, made.data["data"]["createPost"]["errors"]) == ("next", [])
    assert (end.type, end.data) == ("complete", None)
    assert read.data == {"data": {"feed": {"nodes": [{"body": "by events"}]}}}


async def test_what_fails_while_it_runs_is_told_as_an_event(served: Served, ann: Person) -> None:
    ends = served.clock.now() + timedelta(days=1)
    narrow, _ = await sessions.open_token(ann.id, "robot", ["people:read"], ends, now=served.clock.now())
    async with streamed(served, "{ viewer { person { name } } }", narrow) as found:
        fine, _ = await found.rest()
    async with streamed(served, "{ __typename feed { nodes { id } } }", narrow) as found:
        refused, end = await found.rest()

    assert fine.data["data"]["viewer"] == {"person": {"name": "Ann"}}
    assert refused.data["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert end.type == "complete"


@pytest.mark.parametrize("last", ["", "of before"])
async def test_the_id_of_the_last_event_resumes(served: Served, token: str, last: str) -> None:
    after = (await served.post("{ eventCursor }", token=token)).json()["data"]["eventCursor"]
    await publish(served, token, "one")
    async with streamed(served, FEED_UPDATED, token, last=after) as found:
        first = await found.event()
    await publish(served, token, "two")
    # What a client has heard itself counts before what its document says.
    given = {"after": after} if last else {}
    async with streamed(served, FEED_UPDATED, token, last=first.id, **given) as found:
        second = await found.told()

    assert second["post"]["body"] == "two"


async def test_silence_is_broken_now_and_then(served: Served, token: str) -> None:
    async with streamed(served, FEED_UPDATED, token) as found:
        await followers(served, 1)
        [door] = [door for door in served.switchboard.doors._open if isinstance(door, EventStream)]  # pyright: ignore[reportPrivateUsage]
        door.look(asyncio.get_running_loop().time() + ALIVE_EVERY)
        await publish(served, token, "hello")
        await found.told()

    assert found.comments == 2


# --- what is refused


@pytest.mark.parametrize(
    ("query", "variables", "status", "code"),
    [
        ("{", {}, 400, "GRAPHQL_PARSE_FAILED"),
        ("subscription { nonsense }", {}, 400, "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { nonsense } }", {}, 400, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { a: feedUpdated { id } b: feedUpdated { id } }", {}, 400, "GRAPHQL_VALIDATION_FAILED"),
        (FEED_UPDATED, {"after": "nonsense"}, 400, "INVALID_CURSOR"),
        (FEED_UPDATED, {"after": 7.5}, 400, "BAD_USER_INPUT"),
        (CONVERSATION_UPDATED, {"conversationId": "nonsense"}, 400, "NOT_FOUND"),
        ("subscription { " + "a" * 110_000 + " }", {}, 400, "QUERY_TOO_COMPLEX"),
    ],
)
async def test_a_refusal_is_an_ordinary_answer(
    served: Served, token: str, query: str, variables: dict[str, Any], status: int, code: str
) -> None:
    async with streamed(served, query, token, **variables) as found:
        await found.response.aread()
        refusal(found.response, status, code)
    assert len(served.switchboard.doors) == 0


async def test_nobody_in_particular_follows_nothing(served: Served) -> None:
    async with streamed(served, FEED_UPDATED) as found:
        await found.response.aread()
        refusal(found.response, 401, "UNAUTHENTICATED")
    async with streamed(served, FEED_UPDATED, "nonsense") as found:
        await found.response.aread()
        refusal(found.response, 401, "UNAUTHENTICATED")


async def test_a_page_of_another_site_follows_nothing_by_our_cookie(served: Served, token: str) -> None:
    headers = {"accept": EVENTS, "cookie": f"atrium_session={token}", "origin": "https://evil.example"}
    refusal(await served.http.post("/graphql", json={"query": FEED_UPDATED}, headers=headers), 403, "FORBIDDEN")


async def test_by_get_only_bearers_of_a_token_follow(served: Served, token: str) -> None:
    """A browser's own `EventSource` cannot send a header, and its cookie alone is not enough."""
    asked = {"query": FEED_UPDATED}
    by_cookie = {"accept": EVENTS, "cookie": f"atrium_session={token}"}
    refusal(await served.http.get("/graphql", headers=by_cookie, params=asked), 405, "METHOD_NOT_ALLOWED")

    bearing = {"accept": EVENTS, "authorization": f"Bearer {token}"}
    async with served.http.stream("GET", "/graphql", headers=bearing, params=asked) as response:
        assert response.status_code == 200


async def test_a_person_has_so_many_connections_of_both_kinds(served: Served, token: str) -> None:
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(connected(served, token))
        for _ in range(SOCKETS_MAX - 1):
            found = await stack.enter_async_context(streamed(served, FEED_UPDATED, token))
            assert found.response.status_code == 200
        async with streamed(served, FEED_UPDATED, token) as found:
            await found.response.aread()
            refusal(found.response, 429, "RATE_LIMITED")
            assert found.response.headers["retry-after"] == "10"
        bob = await served.token(await a_person("Bob"))
        others = await stack.enter_async_context(streamed(served, FEED_UPDATED, bob))
        assert others.response.status_code == 200

    await until(lambda: len(served.switchboard.doors) == 0)


async def test_not_even_all_at_once(served: Served, token: str) -> None:
    async def one() -> int:
        async with streamed(served, FEED_UPDATED, token) as found:
            if found.response.status_code == 200:
                await let_go.wait()
            return found.response.status_code

    let_go = asyncio.Event()
    tasks = [asyncio.create_task(one()) for _ in range(2 * SOCKETS_MAX)]
    await until(lambda: sum(task.done() for task in tasks) == SOCKETS_MAX)
    let_go.set()

    assert sorted([await task for task in tasks]) == [200] * SOCKETS_MAX + [429] * SOCKETS_MAX


# --- how it ends


async def test_a_client_that_goes_frees_all_that_it_held(served: Served, token: str) -> None:
    before = served.services.hub.listeners
    async with streamed(served, FEED_UPDATED, token):
        await followers(served, 1)
        assert len(served.switchboard.doors) == 1

    await until(lambda: len(served.switchboard.doors) == 0 and served.services.hub.listeners == before)
    assert served.switchboard.fanout.followers == 0


async def test_who_is_taken_out_is_told_so(served: Served, ask: Ask, ann: Person, token: str) -> None:
    olga = await a_person("Olga")
    talk = await a_conversation(olga, ann)
    async with streamed(served, CONVERSATION_UPDATED, token, conversationId=global_id(talk)) as found:
        await followers(served, 1)
        out = {"conversation_id": global_id(talk), "person_id": global_id(ann)}
        await ask(olga, "conversation_people/remove_conversation_member", **out)
        served.services.bus.poke()
        started = time.monotonic()
        told, end = await found.rest()

    assert told.data["data"]["conversationUpdated"]["reason"] == "REVOKED"
    assert told.id == told.data["data"]["conversationUpdated"]["cursor"]
    assert end.type == "complete"
    assert time.monotonic() - started < WITHIN


@pytest.mark.parametrize("how", ["signs out", "is deactivated", "expires"])
async def test_a_session_that_ends_ends_its_streams(
    served: Served, ask: Ask, ann: Person, token: str, how: str
) -> None:
    hana = await an_hr()
    async with streamed(served, FEED_UPDATED, token) as found:
        await followers(served, 1)
        if how == "signs out":
            await served.post("mutation { signOut { errors { code } } }", token=token)
        elif how == "is deactivated":
            await ask(hana, "org/deactivate_person", person_id=global_id(ann))
            served.services.bus.poke()
        else:
            served.clock.turn(days=40)
        started = time.monotonic()
        told, end = await found.rest()

    assert (told.data["data"]["feedUpdated"]["reason"], end.type) == ("REVOKED", "complete")
    assert time.monotonic() - started < WITHIN + (how == "expires")  # which is looked for once a second
    await until(lambda: len(served.switchboard.doors) == 0)


async def test_a_session_that_ends_in_several_ways_at_once_ends_its_streams_once(
    served: Served, ask: Ask, ann: Person, token: str
) -> None:
    hana = await an_hr()
    async with contextlib.AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(streamed(served, FEED_UPDATED, token)) for _ in range(5)]
        await followers(served, 5)
        await asyncio.gather(
            served.post("mutation { signOut { errors { code } } }", token=token),
            ask(hana, "org/deactivate_person", person_id=global_id(ann)),
        )
        for door in list(served.switchboard.doors._open):  # pyright: ignore[reportPrivateUsage]
            door.ended()
        served.services.bus.poke()
        ends = [[event.type for event in await found.rest()] for found in streams]

    assert ends == [["next", "complete"]] * 5


async def test_a_server_that_stops_does_not_wait_for_streams(pool: list[str], hasher: Hasher) -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with serving(hasher) as stopping:
            token = await stopping.token(await a_person("Ann"))
            http = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://{stopping.address}"))
            stopping.http = http
            found = await stack.enter_async_context(streamed(stopping, FEED_UPDATED, token))
            await followers(stopping, 1)
            started = time.monotonic()

        assert time.monotonic() - started < 2.0
        assert await found.rest() == []  # and no word of an end: the client comes back with the id that it has


async def test_a_socket_whose_stream_is_called_as_they_are_hears_its_own_frames(served: Served, token: str) -> None:
    async with connected(served, token) as socket, streamed(served, FEED_UPDATED, token) as found:
        await socket.subscribe(EVENTS, FEED_UPDATED)
        await followers(served, 2)
        await publish(served, token, "hello")

        assert (await found.told())["post"]["body"] == "hello"
        assert (await socket.event())["post"]["body"] == "hello"


async def test_any_client_of_http_can_read_it(served: Served, token: str) -> None:
    """By a process of its own that knows nothing of events, as `curl -N` does not."""
    script = (
        "import sys, http.client, json\n"
        "line = http.client.HTTPConnection(sys.argv[1])\n"
        "headers = {'accept': 'text/event-stream', 'authorization': 'Bearer ' + sys.argv[2],"
        " 'content-type': 'application/json'}\n"
        "line.request('POST', '/graphql', json.dumps({'query': sys.argv[3]}), headers)\n"
        "answer = line.getresponse()\n"
        "while not (text := answer.readline().decode()).startswith('data:'): pass\n"
        "print(text[6:])\n"
    )
    command = [sys.executable, "-c", script, served.address, token, FEED_UPDATED]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    await followers(served, 1)
    await publish(served, token, "to anybody")
    said, _ = await process.communicate()

    assert json.loads(said)["data"]["feedUpdated"]["post"]["body"] == "to anybody"
