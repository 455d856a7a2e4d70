"""What clients must not send, and what becomes of it over a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import pytest_asyncio
from websockets.exceptions import ConnectionClosed

from atrium.web.live.switchboard import Switchboard
from auth.passwords import Hasher
from execution.cursors import Sealer
from execution.ids import encode_id
from models.groups import Visibility
from models.keys import uuid7
from models.people import Person
from resolvers.context import Services
from schema.build import Schema
from tests.conftest import OPERATIONS, Ask
from tests.factories.chat import a_conversation
from tests.factories.feed import a_post
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.live.following import until
from tests.web.dialling import FEED_UPDATED, Socket, connected, dialled, own_server, publish
from tests.web.server import Served, serving

CONVERSATION_UPDATED = (OPERATIONS / "streams" / "conversation_updated.graphql").read_text()
ACTIVITY = (OPERATIONS / "streams" / "conversation_activity.graphql").read_text()
GROUP_UPDATED = (OPERATIONS / "streams" / "group_updated.graphql").read_text()
SEND = (OPERATIONS / "messages" / "send_message.graphql").read_text()

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


async def refused(found: Socket, query: str, **variables: Any) -> dict[str, Any]:
    """The error by which a subscription is refused; the socket goes on."""
    await found.subscribe("refused", query, **variables)
    message = await found.hear()
    assert (message["type"], message["id"]) == ("error", "refused"), message
    [error] = message["payload"]
    assert (await found.ask("{ __typename }"))["data"]
    return error


# --- cursors


async def test_only_cursors_of_streams_resume_streams(served: Served, token: str, ann: Person) -> None:
    await a_post(author=ann)
    page = (await served.operate("feed/home_feed", token, first=1))["feed"]["edges"][0]["cursor"]
    good = (await served.post("{ eventCursor }", token=token)).json()["data"]["eventCursor"]
    forged = Sealer([b"another key, as long as it must be"]).seal("log", "", (1, 1, 1))
    other = served.services.sealer.seal("feed", "", (1, 1, 1))
    short = served.services.sealer.seal("log", "", (1, 1))
    bent = good[:-2] + ("AA" if good[-2:] != "AA" else "BB")

    async with connected(served, token) as found:
        for after in (page, forged, other, short, bent, good + "A", good[:-1], "", "x" * 10_000):
            error = await refused(found, FEED_UPDATED, after=after)
            assert error["extensions"]["code"] == "INVALID_CURSOR", after
            assert error["extensions"]["argument"] == "after"


async def test_a_cursor_goes_from_one_stream_to_another(served: Served, ask: Ask, token: str, ann: Person) -> None:
    """It is a place in the log, of which each stream tells what is its own: so one cursor does for all."""
    talk = await a_conversation(ann)
    start = (await served.post("{ eventCursor }", token=token)).json()["data"]["eventCursor"]
    await publish(served, token, "first")
    await ask(ann, "messages/send_message", conversation_id=global_id(talk), body="second")
    async with connected(served, token) as found:
        await found.subscribe("1", FEED_UPDATED, after=start)
        after = (await found.event())["cursor"]
        await found.subscribe("2", CONVERSATION_UPDATED, conversationId=global_id(talk), after=after)
        message = await found.hear()

    assert message["payload"]["data"]["conversationUpdated"]["message"]["body"] == "second"


# --- what one cannot see


async def test_what_one_cannot_see_is_as_what_is_not_there(served: Served, token: str) -> None:
    olga = await a_person("Olga")
    talk = await a_conversation(olga)
    secret = await a_group(owner=olga, visibility=Visibility.SECRET)
    cases = [
        (CONVERSATION_UPDATED, "conversationId", global_id(talk), encode_id("Conversation", uuid7())),
        (ACTIVITY, "conversationId", global_id(talk), encode_id("Conversation", uuid7())),
        (GROUP_UPDATED, "groupId", global_id(secret), encode_id("Group", uuid7())),
    ]
    async with connected(served, token) as found:
        for query, name, hidden, absent in cases:
            answers = [await refused(found, query, **{name: id}) for id in (hidden, absent, global_id(olga), "x", "")]
            assert answers[0]["extensions"]["code"] == "NOT_FOUND"
            assert all(answer == answers[0] for answer in answers), query


async def test_a_group_that_one_knows_of_says_why_it_cannot_be_followed(served: Served, token: str) -> None:
    group = await a_group(owner=await a_person("Olga"), visibility=Visibility.PRIVATE)
    async with connected(served, token) as found:
        error = await refused(found, GROUP_UPDATED, groupId=global_id(group))

    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_automation_says_what_it_follows(served: Served, token: str) -> None:
    async with connected(served, token) as found:
        none = await refused(found, "subscription { events(kinds: []) { id } }")
        unknown = await refused(found, "subscription { events(kinds: [NONSENSE]) { id } }")

    assert none["extensions"] == {"code": "BAD_USER_INPUT", "argument": "kinds"}
    assert unknown["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


# --- sizes


async def test_a_message_of_a_megabyte_is_not_taken(served: Served, token: str, ann: Person) -> None:
    talk = global_id(await a_conversation(ann))
    async with connected(served, token) as found:
        given = {"conversationId": talk, "body": "x" * 900_000}
        answer = await found.ask(SEND, input=given)
        [error] = answer["data"]["sendMessage"]["errors"]
        assert error["path"] == ["input", "body"]
        with pytest.raises(ConnectionClosed):
            await found.ask(SEND, input=given | {"body": "x" * 1_000_001})
        assert (await found.closed())[0] == 1009


async def test_variables_of_any_shape_end_the_operation_alone(served: Served, token: str) -> None:
    async with connected(served, token) as found:
        for after in (7.5, {"a": 1}, ["a"], True):
            assert (await refused(found, FEED_UPDATED, after=after))["extensions"]["code"] == "BAD_USER_INPUT"


# --- ids


async def test_an_id_that_is_used_again_hears_nothing_of_what_it_was_before(
    served: Served, token: str, ann: Person
) -> None:
    talk = global_id(await a_conversation(ann))
    async with connected(served, token) as found:
        for n in range(10):
            await found.subscribe("1", FEED_UPDATED)
            writing = asyncio.create_task(publish(served, token, str(n)))
            await asyncio.sleep(0.002 * n)
            await found.say("complete", "1")
            await found.subscribe("1", CONVERSATION_UPDATED, conversationId=talk)
            await writing
            sent = await served.operate("messages/send_message", token, input={"conversationId": talk, "body": str(n)})
            assert sent["sendMessage"]["errors"] == []
            # Before the second subscription was read the first one may have spoken; then it is over for good.
            while "conversationUpdated" not in (message := await found.hear())["payload"]["data"]:
                pass
            assert message["payload"]["data"]["conversationUpdated"]["message"]["body"] == str(n)
            await found.say("complete", "1")
            await until(lambda: served.switchboard.fanout.followers == 0)
            assert (await found.ask("{ __typename }"))["data"]


# --- silence


async def test_who_answers_no_pings_is_let_go(schema: Schema, services: Services, served: Served, token: str) -> None:
    board = Switchboard(services, served.settings, look_every=0.05)
    async with own_server(schema, services, served, board, ping_every=0.1) as address, dialled(address) as found:
        await found.greet(token)
        await found.subscribe("1", FEED_UPDATED)
        assert await found.closed() == (1008, "The client does not answer pings")
        await until(lambda: board.fanout.followers == 0 and len(board.doors) == 0)


async def test_who_answers_them_stays(schema: Schema, services: Services, served: Served, token: str) -> None:
    async with own_server(schema, services, served, ping_every=0.1) as address, dialled(address) as found:
        await found.greet(token)
        for _ in range(6):
            assert json.loads(await asyncio.wait_for(found.line.recv(), 1)) == {"type": "ping"}
            await found.say("pong")
        assert (await found.ask("{ __typename }"))["data"]
