"""The API over WebSocket: graphql-transport-ws to the letter."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from atrium.web.live.doors import SOCKETS_MAX
from atrium.web.live.sockets import OPERATIONS_MAX
from resolvers.context import Services
from schema.build import Schema
from tests.conftest import OPERATIONS
from tests.factories.people import a_person
from tests.web.dialling import FEED_UPDATED, connected, dialled, own_server, until
from tests.web.server import PUBLIC, Served

ME = "{ viewer { person { name } } }"

pytestmark = pytest.mark.usefixtures("database")

# --- the handshake


@pytest.mark.parametrize("protocols", [None, ["graphql-ws"], ["mqtt", "soap"]])
async def test_only_the_one_protocol_is_spoken(served: Served, protocols: list[Subprotocol] | None) -> None:
    async with dialled(served.address, subprotocols=protocols) as found:
        assert (await found.closed())[0] == 4406


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", f"{PUBLIC}.evil.example", "http://127.0.0.1", "https://xsocial.company.example"],
)
async def test_another_sites_page_opens_no_socket(served: Served, origin: str) -> None:
    with pytest.raises(InvalidStatus) as caught:
        async with dialled(served.address, origin=origin):
            pass

    assert caught.value.response.status_code == 403


async def test_our_own_page_does_by_its_cookie(served: Served, token: str) -> None:
    cookie = {"cookie": f"atrium_session={token}"}
    async with connected(served, origin=f"http://{served.address}", additional_headers=cookie) as found:
        assert (await found.ask(ME))["data"]["viewer"]["person"]["name"] == "Ann"


async def test_a_header_does_as_well(served: Served, token: str) -> None:
    async with connected(served, additional_headers={"authorization": f"Bearer {token}"}) as found:
        assert (await found.ask(ME))["data"]["viewer"]["person"]["name"] == "Ann"


async def test_whoever_does_not_greet_is_let_go(schema: Schema, services: Services, served: Served) -> None:
    async with own_server(schema, services, served, init_wait=0.2) as address, dialled(address) as found:
        assert await found.closed() == (4408, "Connection initialisation timeout")


async def test_whoever_has_greeted_may_be_silent(schema: Schema, services: Services, served: Served) -> None:
    async with own_server(schema, services, served, init_wait=0.2) as address, dialled(address) as found:
        await found.greet()
        await asyncio.sleep(0.4)
        assert (await found.ask("{ __typename }"))["data"] == {"__typename": "Query"}


async def test_one_greets_once(served: Served, token: str) -> None:
    async with connected(served, token) as found:
        await found.say("connection_init")
        assert await found.closed() == (4429, "Too many initialisation requests")


@pytest.mark.parametrize("given", ["nonsense", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer \x00", "Bearer é"])
async def test_a_bad_token_is_refused(served: Served, given: str) -> None:
    async with dialled(served.address) as found:
        await found.say("connection_init", payload={"authorization": given})
        assert (await found.closed())[0] == 4401


async def test_one_greets_before_one_asks(served: Served) -> None:
    async with dialled(served.address) as found:
        await found.subscribe("1", "{ __typename }")
        assert (await found.closed())[0] == 4401


async def test_nobody_in_particular_may_do_next_to_nothing(served: Served) -> None:
    async with connected(served) as found:
        assert (await found.ask("{ viewer { person { id } } }")) == {"data": {"viewer": None}}
        await found.subscribe("1", FEED_UPDATED)
        refused = await found.hear()

        assert (refused["type"], refused["id"]) == ("error", "1")
        assert refused["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


# --- frames

FRAMES: dict[str, str | bytes] = {
    "no JSON": "{",
    "nothing": "",
    "a list": "[]",
    "null": "null",
    "a number": "7",
    "a string": '"ping"',
    "no type": "{}",
    "a type that is a number": '{"type": 1}',
    "an unknown type": '{"type": "start", "id": "1"}',
    "binary": b'{"type": "ping"}',
    "nested deep": '{"type": "ping", "payload": ' + '{"a":' * 20_000,
    "a list nested deep": "[" * 20_000,
    "a long number": '{"type": "ping", "payload": ' + "9" * 5_000 + "}",
    "half a character": '{"type": "subscribe", "id": "\\ud800", "payload": {"query": "{ __typename }"}}',
    "subscribe without an id": '{"type": "subscribe", "payload": {"query": "{ __typename }"}}',
    "an id that is an object": '{"type": "subscribe", "id": {}, "payload": {"query": "{ __typename }"}}',
    "an id that is empty": '{"type": "subscribe", "id": "", "payload": {"query": "{ __typename }"}}',
    "an id that is long": '{"type": "subscribe", "id": "' + "x" * 5_000 + '", "payload": {"query": "{ __typename }"}}',
    "subscribe without a payload": '{"type": "subscribe", "id": "1"}',
    "a payload that is null": '{"type": "subscribe", "id": "1", "payload": null}',
    "a payload that is a list": '{"type": "subscribe", "id": "1", "payload": []}',
    "complete without an id": '{"type": "complete"}',
}


@pytest.mark.parametrize("name", FRAMES)
async def test_a_malformed_frame_closes_the_socket_politely(served: Served, name: str) -> None:
    async with connected(served) as found:
        await found.line.send(FRAMES[name])
        assert (await found.closed())[0] == 4400


@pytest.mark.parametrize("payload", [[], "x", 7, True])
async def test_a_malformed_greeting_does_too(served: Served, payload: object) -> None:
    async with dialled(served.address) as found:
        await found.say("connection_init", payload=payload)
        assert (await found.closed())[0] == 4400


async def test_a_frame_may_not_be_too_large(served: Served) -> None:
    async with connected(served) as found:
        with contextlib.suppress(ConnectionClosed):
            await found.line.send('{"type": "ping", "payload": "' + "x" * 1_100_000 + '"}')
        assert (await found.closed())[0] == 1009


@pytest.mark.parametrize("sent", [b"\xff\xfe", [b'{"type": "pi', b'ng\xe2"}']])
async def test_text_that_is_no_text_closes_the_socket_and_is_no_matter_of_the_log(
    served: Served, sent: bytes | list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(served) as found:
        await found.line.send(sent, text=True)
        assert (await found.closed())[0] == 1007
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": 7}, "BAD_USER_INPUT"),
        ({"query": "{ __typename }", "variables": []}, "BAD_USER_INPUT"),
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": ""}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nonsense }"}, "UNAUTHENTICATED"),
        ({"query": "{ viewer { nonsense } }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { __typename } query B { __typename }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { __typename }", "operationName": "B"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{" * 5_000}, "QUERY_TOO_COMPLEX"),
        ({"query": "{ " + "__typename " * 5_000 + "}"}, "QUERY_TOO_COMPLEX"),
    ],
)
async def test_a_faulty_operation_ends_itself_and_not_the_socket(
    served: Served, payload: dict[str, Any], code: str
) -> None:
    async with connected(served) as found:
        await found.say("subscribe", "1", payload)
        refused = await found.hear()

        assert (refused["type"], refused["id"]) == ("error", "1")
        assert refused["payload"][0]["extensions"]["code"] == code
        assert (await found.ask("{ __typename }"))["data"] == {"__typename": "Query"}


async def test_a_subscription_of_two_fields_or_none_is_refused(served: Served, token: str) -> None:
    async with connected(served, token) as found:
        for query in ("subscription { a: feedUpdated { id } b: feedUpdated { id } }", "subscription { nonsense }"):
            await found.subscribe("1", query)
            refused = await found.hear()
            assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == (
                "error",
                "GRAPHQL_VALIDATION_FAILED",
            )


async def test_a_cursor_that_is_none_is_refused(served: Served, token: str) -> None:
    async with connected(served, token) as found:
        await found.subscribe("1", FEED_UPDATED, after="nonsense")
        refused = await found.hear()

        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "INVALID_CURSOR")


# --- operations


async def test_each_side_may_ping(schema: Schema, services: Services, served: Served) -> None:
    async with own_server(schema, services, served, ping_every=0.3) as address, dialled(address) as found:
        await found.greet()
        await found.say("ping", payload={"any": "thing"})
        heard = [json.loads(await found.line.recv())["type"] for _ in range(3)]
        await found.say("pong")

        assert sorted(heard) == ["ping", "ping", "pong"]
        assert (await found.ask("{ __typename }"))["data"] == {"__typename": "Query"}


async def test_queries_and_mutations_are_answered(served: Served, token: str) -> None:
    create = (OPERATIONS / "posts" / "create_post.graphql").read_text()
    async with connected(served, token) as found:
        made = await found.ask(create, input={"kind": "DISCUSSION", "body": "over a socket"})
        read = await found.ask("{ feed { nodes { body } } }")

    assert made["data"]["createPost"]["errors"] == []
    assert read == {"data": {"feed": {"nodes": [{"body": "over a socket"}]}}}


async def test_an_id_is_taken_until_its_operation_ends(served: Served, token: str) -> None:
    async with connected(served, token) as found:
        await found.subscribe("1", FEED_UPDATED)
        await found.say("complete", "1")
        await found.subscribe("1", FEED_UPDATED)
        assert (await found.ask("{ __typename }"))["data"]
        await found.subscribe("1", FEED_UPDATED)
        assert await found.closed() == (4409, "Subscriber for 1 already exists")


async def test_a_socket_carries_so_many_operations(served: Served, token: str) -> None:
    async with connected(served, token) as found:
        for n in range(OPERATIONS_MAX - 1):
            await found.subscribe(str(n), FEED_UPDATED)
        assert (await found.ask("{ __typename }"))["data"]
        for n in range(2):
            await found.subscribe(f"more {n}", FEED_UPDATED)
        assert (await found.closed())[0] == 4429


async def test_a_person_has_so_many_sockets(served: Served, token: str) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(SOCKETS_MAX):
            await stack.enter_async_context(connected(served, token))
        async with dialled(served.address) as found:
            await found.say("connection_init", payload={"authorization": f"Bearer {token}"})
            assert (await found.closed())[0] == 4429
        bob = await served.token(await a_person("Bob"))
        await stack.enter_async_context(connected(served, bob))

    await asyncio.sleep(0.05)
    async with connected(served, token) as found:
        assert (await found.ask(ME))["data"]["viewer"]


async def test_ending_a_stream_frees_all_that_it_held(served: Served, token: str) -> None:
    hub, fanout = served.services.hub, served.switchboard.fanout
    before = hub.listeners
    async with connected(served, token) as found:
        await found.subscribe("1", FEED_UPDATED)
        await found.subscribe("2", FEED_UPDATED)
        await until(lambda: (fanout.followers, hub.listeners) == (2, before + 1))  # they are served together
        await found.say("complete", "1")
        await until(lambda: fanout.followers == 1)

    await until(lambda: (fanout.followers, hub.listeners) == (0, before))
    assert len(served.switchboard.doors) == 0
