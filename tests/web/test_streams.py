"""Streams over WebSocket: they miss nothing, end when they must, and bear bad weather."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from atrium.web.live.switchboard import Switchboard
from auth.passwords import Hasher
from models import db
from models.log import lock_stream
from models.people import Person
from resolvers.context import Services
from schema.build import Schema
from subscriptions import log
from subscriptions.events import Event, person_stream
from subscriptions.people import PersonDeactivated
from subscriptions.session import RightsChanged
from tests.conftest import OPERATIONS
from tests.factories.chat import a_conversation
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.web.dialling import FEED_UPDATED, PROTOCOL, SOON, Socket, connected, dialled, own_server, publish, until
from tests.web.events import streamed
from tests.web.server import Served, serving

ME = "{ viewer { person { name } } }"
REACTED_TO = "subscription { feedUpdated { ... on PostPublished { post { id reactions { count } } } } }"
REACTIONS = "{ feed(first: 1) { nodes { reactions { count } } } }"
CONVERSATION_UPDATED = (OPERATIONS / "streams" / "conversation_updated.graphql").read_text()

pytestmark = pytest.mark.usefixtures("database")

# --- streams


async def test_what_another_posts_arrives_with_its_cursor(served: Served, token: str) -> None:
    bob = await served.token(await a_person("Bob"))
    async with connected(served, token) as found:
        await found.subscribe("1", FEED_UPDATED)
        assert (await found.ask("{ __typename }"))["data"]
        post = await publish(served, bob, "hello")
        event = await found.event()

    assert event["__typename"] == "PostPublished"
    assert (event["post"]["id"], event["post"]["body"], event["actor"]["name"]) == (post, "hello", "Bob")
    assert len(event["cursor"]) > 10


async def delivered(served: Served) -> float:
    """How many events have been handed to subscribers, as operators see it."""
    scraped = (await served.http.get("/metrics")).text
    families = {family.name: family for family in text_string_to_metric_families(scraped)}
    return sum(sample.value for sample in families["atrium_events_delivered"].samples)


async def test_each_event_that_is_handed_to_somebody_is_counted(served: Served, token: str) -> None:
    bob = await served.token(await a_person("Bob"))
    async with connected(served, token) as found, streamed(served, FEED_UPDATED, token) as events:
        await found.subscribe("1", FEED_UPDATED)
        assert (await found.ask(ME))["data"]
        before = await delivered(served)
        await publish(served, bob, "Hello")
        await found.event()
        await events.told()

        assert await delivered(served) == before + 2


async def test_what_the_database_is_too_slow_for_is_told_once_it_is_not(served: Served, token: str) -> None:
    bob = await served.token(await a_person("Bob"))
    async with connected(served, token) as found:
        await found.subscribe("1", REACTED_TO)
        assert (await found.ask("{ __typename }"))["data"]
        async with db.transaction():
            await db.execute("LOCK TABLE reaction IN ACCESS EXCLUSIVE MODE")
            post = await publish(served, bob, "hello")
            asking = asyncio.create_task(served.post(REACTIONS, token=bob))
            while not asking.done():  # it is given up after five seconds
                await db.value("SELECT 1 FROM pg_sleep(0.2)")
        told = (await found.hear())["payload"]
        refused = await asking

    assert [error["extensions"]["code"] for error in refused.json()["errors"]] == ["TIMEOUT"]
    assert "errors" not in told
    assert told["data"]["feedUpdated"]["post"]["id"] == post


async def test_after_a_break_one_goes_on_where_one_was(served: Served, token: str) -> None:
    bob = await served.token(await a_person("Bob"))
    heard: list[dict[str, Any]] = []
    after = (await served.post("{ eventCursor }", token=token)).json()["data"]["eventCursor"]
    for part in range(3):
        await publish(served, bob, f"while away {part}")
        async with connected(served, token) as found:
            await found.subscribe("1", FEED_UPDATED, after=after)
            heard.append(await found.event())
            await publish(served, bob, f"while there {part}")
            heard.append(await found.event())
            after = heard[-1]["cursor"]

    assert [event["post"]["body"] for event in heard] == [
        text for part in range(3) for text in (f"while away {part}", f"while there {part}")
    ]
    assert len({event["id"] for event in heard}) == len(heard)


async def test_what_is_asked_behind_a_subscription_is_answered_once_that_is_followed(
    served: Served, ann: Person, token: str
) -> None:
    room = global_id(await a_conversation(ann, await a_person("Bob")))
    async with connected(served, token) as found:
        async with db.transaction():
            await db.execute("LOCK TABLE audience_member IN ACCESS EXCLUSIVE MODE")  # for the right to follow it
            await found.subscribe("1", CONVERSATION_UPDATED, conversationId=room)
            asking = asyncio.create_task(found.ask("{ __typename }"))
            done, _ = await asyncio.wait([asking], timeout=0.3)
        assert (await asking)["data"] == {"__typename": "Query"}
        await served.operate("messages/send_message", token, input={"conversationId": room, "body": "heard"})
        told = (await found.hear())["payload"]["data"]["conversationUpdated"]

    assert not done
    assert (told["__typename"], told["message"]["body"]) == ("MessagePosted", "heard")


async def test_a_hundred_sockets_hear_all_and_in_order(served: Served) -> None:
    people = [await served.token(await a_person(f"Person {n}")) for n in range(20)]
    bob = await served.token(await a_person("Bob"))
    async with contextlib.AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(connected(served, people[n % 20])) for n in range(100)]
        for found in sockets:
            await found.subscribe("1", FEED_UPDATED)
            assert (await found.ask("{ __typename }"))["data"]
        for n in range(5):
            await publish(served, bob, str(n))
        for found in sockets:
            assert [(await found.event())["post"]["body"] for _ in range(5)] == list("01234")


# --- rights


async def test_a_revoked_token_closes_the_socket_within_a_second(served: Served, token: str) -> None:
    nodes = (await served.operate("session/sessions", token, first=1))["viewer"]["sessions"]["nodes"]
    async with connected(served, token) as found:
        await found.subscribe("1", FEED_UPDATED)
        await served.operate("session/revoke_access", token, input={"id": nodes[0]["id"]})
        acknowledged = time.monotonic()
        code, _ = await found.closed()

        assert code == 4401
        assert time.monotonic() - acknowledged < 1.0


async def test_signing_out_over_a_socket_answers_and_closes_it(served: Served, token: str) -> None:
    async with connected(served, token) as found:
        assert await found.ask("mutation { signOut { errors { code } } }") == {"data": {"signOut": {"errors": []}}}
        assert (await found.closed())[0] == 4401


@pytest.mark.parametrize("kind", [PersonDeactivated, RightsChanged])
async def test_whoever_is_deactivated_is_let_go_within_a_second(
    served: Served, ann: Person, token: str, kind: type[Event]
) -> None:
    async with connected(served, token) as found:
        await found.subscribe("1", FEED_UPDATED)
        async with db.transaction():
            await lock_stream(person_stream(ann.id))
            await db.execute("UPDATE person SET active = false WHERE id = $1", ann.id)
            event = PersonDeactivated(ann.id) if kind is PersonDeactivated else RightsChanged(ann.id)
            await log.append([event], actor=None, now=datetime.now(UTC))
        served.services.bus.poke()
        acknowledged = time.monotonic()
        code, _ = await found.closed()

        assert code == 4401
        assert time.monotonic() - acknowledged < 1.0


async def test_who_is_taken_out_hears_so_and_their_other_streams_go_on(served: Served, ann: Person, token: str) -> None:
    olga = await a_person("Olga")
    talk, owner = await a_conversation(olga, ann), await served.token(olga)
    async with connected(served, token) as found:
        await found.subscribe("talk", CONVERSATION_UPDATED, conversationId=global_id(talk))
        await found.subscribe("feed", FEED_UPDATED)
        await until(lambda: served.switchboard.fanout.followers == 2)
        out = {"conversationId": global_id(talk), "personId": global_id(ann)}
        await served.operate("conversation_people/remove_conversation_member", owner, input=out)
        acknowledged = time.monotonic()
        ended, completed = await found.hear(), await found.hear()
        took = time.monotonic() - acknowledged
        await publish(served, token, "still here")

        assert (ended["id"], ended["payload"]["data"]["conversationUpdated"]["reason"]) == ("talk", "REVOKED")
        assert completed == {"id": "talk", "type": "complete"}
        assert took < 1.0
        assert (await found.event())["post"]["body"] == "still here"
        await found.subscribe("talk", FEED_UPDATED)  # its id is free again
        assert (await found.ask("{ __typename }"))["data"]


async def test_other_peoples_troubles_close_nothing(served: Served, token: str) -> None:
    bob = await served.token(await a_person("Bob"))
    async with connected(served, token) as found:
        await served.post("mutation { signOut { errors { code } } }", token=bob)
        await asyncio.sleep(0.2)
        assert (await found.ask(ME))["data"]["viewer"]["person"]["name"] == "Ann"


async def test_what_is_asked_after_a_change_of_rights_is_answered_by_the_new_ones(
    served: Served, ann: Person, token: str
) -> None:
    async with connected(served, token) as found:
        async with db.transaction():
            await lock_stream(person_stream(ann.id))
            await db.execute("INSERT INTO role_grant (id, person_id, role) VALUES (uuidv7(), $1, 'HR')", ann.id)
            await log.append([RightsChanged(ann.id)], actor=None, now=datetime.now(UTC))
        served.services.bus.poke()
        async with asyncio.timeout(SOON):
            while {"role": "HR"} not in (await found.ask("{ viewer { roles { role } } }"))["data"]["viewer"]["roles"]:
                await asyncio.sleep(0.02)


async def test_a_session_that_runs_out_closes_the_socket(served: Served) -> None:
    ann = await a_person("Ann")
    secret = await served.token(ann)
    await db.execute(
        "UPDATE access SET expires_at = $1::timestamptz + interval '0.3 seconds' WHERE person_id = $2",
        served.clock.now(),
        ann.id,
    )
    async with connected(served, secret) as found:
        served.clock.turn(seconds=1)
        assert (await found.closed())[0] == 4401


# --- bad weather


async def test_whoever_never_reads_is_let_go_and_harms_nobody(
    schema: Schema, services: Services, served: Served
) -> None:
    writer, board = await served.token(await a_person("Bob")), Switchboard(services, served.settings, look_every=0.05)
    async with (
        own_server(schema, services, served, board, send_wait=0.3) as address,
        both(served, address, board) as (quick, _),
    ):
        for n in range(120):
            await publish(served, writer, f"{n} " + "x" * 19_000)
            services.bus.poke()
            assert (await quick.event())["post"]["body"].startswith(f"{n} ")
        gone = await until(lambda: len(board.doors) == 1)

    assert gone < SOON


async def test_whoever_reads_late_hears_all_of_it_whole_and_in_order(
    schema: Schema, services: Services, served: Served
) -> None:
    """What the connection does not take at once waits, and what comes behind it waits behind it."""
    writer, board = await served.token(await a_person("Bob")), Switchboard(services, served.settings, look_every=0.05)
    async with (
        own_server(schema, services, served, board) as address,
        both(served, address, board) as (quick, line),
    ):
        for n in range(60):
            await publish(served, writer, f"{n} " + "🐢" * 19_000)
            assert (await quick.event())["post"]["body"].startswith(f"{n} ")
        hearing = asyncio.create_task(heard_until(line, b"the last"))
        for n in range(60, 70):
            await publish(served, writer, f"{n} " + "🐢" * 19_000)
        await publish(served, writer, "the last")
        heard = await hearing

    told = [json.loads(text) for text in texts(heard)]
    bodies = [one["payload"]["data"]["feedUpdated"]["post"]["body"] for one in told if one["type"] == "next"]
    assert [body.split()[0] for body in bodies] == [*map(str, range(70)), "the"]
    assert {body.split()[1] for body in bodies[:-1]} == {"🐢" * 19_000}


async def test_whoever_reads_late_is_not_taken_for_gone(schema: Schema, services: Services, served: Served) -> None:
    """A ping waits behind all else: nobody answers what has not reached them."""
    ann, bob = await a_person("Ann"), await a_person("Bob")
    reader, writer = await served.token(ann), await served.token(bob)
    board = Switchboard(services, served.settings, look_every=0.05)
    async with own_server(schema, services, served, board, ping_every=0.2) as address:
        line = await deaf(address, reader)
        for n in range(70):
            await publish(served, writer, f"{n} " + "🐢" * 19_000)
            await asyncio.get_running_loop().sock_sendall(line, masked(b'{"type": "pong"}'))
        await publish(served, writer, "the last")
        await asyncio.sleep(2)
        heard = texts(await heard_until(line, b"the last"))
        line.close()

    assert [json.loads(text)["type"] for text in heard].count("next") == 71


async def test_who_pings_without_end_and_reads_nothing_is_answered_the_last(
    schema: Schema, services: Services, served: Served
) -> None:
    reader, loop = await served.token(await a_person("Ann")), asyncio.get_running_loop()
    async with own_server(schema, services, served, Switchboard(services, served.settings)) as address:
        line = await deaf(address, reader)
        for _ in range(400):
            await loop.sock_sendall(line, b"\x89\xfd\0\0\0\0" + (b"x" * 125 + b"\x89\xfd\0\0\0\0") * 499 + b"y" * 125)
        await loop.sock_sendall(line, b"\x89\x84\0\0\0\0last")
        heard = await heard_until(line, b"\x8a\x04last")
        line.close()

    assert len(heard) < 400 * 500 * 127 / 2


@contextlib.asynccontextmanager
async def both(served: Served, address: str, board: Switchboard) -> AsyncGenerator[tuple[Socket, socket.socket]]:
    """Two of Ann's connections that follow the feed: one reads whatever comes, the other is `deaf`."""
    reader = await served.token(await a_person("Ann"))
    async with dialled(address) as quick:
        await quick.greet(reader)
        await quick.subscribe("1", FEED_UPDATED)
        assert (await quick.ask("{ __typename }"))["data"]
        with contextlib.closing(await deaf(address, reader)) as line:
            await until(lambda: len(board.doors) == 2)
            yield quick, line


async def heard_until(line: socket.socket, end: bytes) -> bytes:
    """All that comes over the line, the message that holds `end` included."""
    heard = b""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
    async with asyncio.timeout(SOON):
        while end not in heard or not heard.endswith((b"}", end)):
            heard += await asyncio.get_running_loop().sock_recv(line, 1_000_000)
    return heard


def texts(sent: bytes) -> list[bytes]:
    """The texts of a server's frames, which are not masked."""
    found: list[bytes] = []
    while sent:
        assert sent[0] == 0x81, sent[:20]
        start = {126: 4, 127: 10}.get(sent[1], 2)
        length = int.from_bytes(sent[2:start], "big") if start > 2 else sent[1]
        found.append(sent[start : start + length])
        sent = sent[start + length :]
    return found


async def deaf(address: str, token: str) -> socket.socket:
    """A client that subscribes and then reads nothing, with as small a buffer as the system allows."""
    host, _, port = address.partition(":")
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(line, (host, int(port)))
    hello = (
        f"GET /graphql HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        f"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13\r\n"
        f"sec-websocket-protocol: {PROTOCOL}\r\n\r\n"
    )
    await loop.sock_sendall(line, hello.encode())
    await loop.sock_recv(line, 4096)
    for message in (
        {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}},
        {"type": "subscribe", "id": "1", "payload": {"query": FEED_UPDATED}},
    ):
        await loop.sock_sendall(line, masked(json.dumps(message).encode()))
        await asyncio.sleep(0.1)
    return line


def masked(text: bytes) -> bytes:
    """A client's text frame, masked with zeros; at most 65,535 bytes."""
    length = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
    return b"\x81" + length + b"\0\0\0\0" + text


async def test_a_server_that_stops_says_so_and_does_not_dawdle(pool: list[str], hasher: Hasher) -> None:
    async with contextlib.AsyncExitStack() as stack:
        async with serving(hasher) as stopping:
            token = await stopping.token(await a_person("Ann"))
            sockets = [await stack.enter_async_context(connected(stopping, token)) for _ in range(5)]
            for found in sockets:
                await found.subscribe("1", FEED_UPDATED)
            started = time.monotonic()

        assert time.monotonic() - started < 2.0
        assert {(await found.closed())[0] for found in sockets} <= {1001, 1012}
