"""Presence and typing: heard by the members of a conversation at once, and by nobody else."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from models.conversations import Conversation
from models.people import Person
from subscriptions.bus import LocalBus
from subscriptions.presence import Presence, PresenceChanged, PresenceState
from tests.conftest import OPERATIONS
from tests.factories.chat import a_conversation
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.web.dialling import Socket, connected
from tests.web.server import Served

ACTIVITY = (OPERATIONS / "streams" / "conversation_activity.graphql").read_text()
SILENCE = 0.3  # seconds in which one would have heard


async def follow(socket: Socket, conversation: Conversation) -> None:
    """Follow what goes on there, and know that it has begun."""
    await socket.subscribe("activity", ACTIVITY, conversationId=global_id(conversation))
    assert (await socket.ask("{ __typename }"))["data"]


async def goes_on(socket: Socket) -> dict[str, Any]:
    message = await socket.hear()
    assert message["type"] == "next", message
    return message["payload"]["data"]["conversationActivity"]


async def hears_nothing(socket: Socket) -> bool:
    try:
        async with asyncio.timeout(SILENCE):
            await socket.line.recv()
    except TimeoutError:
        return True
    return False


async def types(served: Served, token: str, conversation: Conversation) -> list[dict[str, Any]]:
    data = await served.operate("presence/start_typing", token, input={"conversationId": global_id(conversation)})
    return data["startTyping"]["errors"]


def typing(person: Person) -> dict[str, Any]:
    return {"__typename": "PersonTyping", "person": {"id": global_id(person), "name": person.name}}


async def test_those_in_a_conversation_see_who_writes_but_not_themselves(served: Served) -> None:
    ann, bob, eve = [await a_person(name) for name in ("Ann", "Bob", "Eve")]
    talk = await a_conversation(ann, bob)
    tokens = {person.name: await served.token(person) for person in (ann, bob, eve)}
    async with connected(served, tokens["Ann"]) as anns, connected(served, tokens["Bob"]) as bobs:
        await follow(anns, talk)
        await follow(bobs, talk)

        assert await types(served, tokens["Ann"], talk) == []

        assert await goes_on(bobs) == typing(ann)
        assert await hears_nothing(anns)


async def test_who_is_not_in_it_neither_hears_nor_says_so(served: Served) -> None:
    ann, bob, eve = [await a_person(name) for name in ("Ann", "Bob", "Eve")]
    talk = await a_conversation(ann, bob)
    stranger = await served.token(eve)
    async with connected(served, stranger) as eves:
        await eves.subscribe("activity", ACTIVITY, conversationId=global_id(talk))
        refused = await eves.hear()
        await eves.subscribe("none", ACTIVITY, conversationId=global_id(ann).replace("Person", "Conversation"))
        absent = await eves.hear()

    (error,) = await types(served, stranger, talk)
    assert error["code"] == refused["payload"][0]["extensions"]["code"] == "NOT_FOUND"
    assert refused["payload"][0]["message"] == absent["payload"][0]["message"]


async def test_who_keeps_typing_is_heard_now_and_then(served: Served) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    talk = await a_conversation(ann, bob)
    writer = await served.token(ann)
    async with connected(served, await served.token(bob)) as bobs:
        await follow(bobs, talk)
        for _ in range(10):
            await types(served, writer, talk)

        assert await goes_on(bobs) == typing(ann)
        assert await hears_nothing(bobs)


async def test_coming_and_going_is_seen_by_those_one_talks_to(served: Served) -> None:
    ann, bob, eve = [await a_person(name) for name in ("Ann", "Bob", "Eve")]
    talk = await a_conversation(ann, bob)
    async with connected(served, await served.token(bob)) as bobs:
        await follow(bobs, talk)
        async with connected(served, await served.token(ann)), connected(served, await served.token(eve)):
            came = await goes_on(bobs)
            here = await served.operate("presence/who_is_here", await served.token(ann), id=global_id(talk))
        gone = await goes_on(bobs)
        assert await hears_nothing(bobs)  # of Eve, to whom he does not talk

    assert [one["id"] for one in here["conversation"]["presentMembers"]] == [global_id(ann), global_id(bob)]
    person = {"id": global_id(ann)}
    assert came == {"__typename": "PresenceChanged", "person": person, "presence": "ONLINE"}
    assert gone == {"__typename": "PresenceChanged", "person": person, "presence": "OFFLINE"}


async def test_who_does_not_show_it_is_neither_here_nor_writing(served: Served) -> None:
    ann, bob = await a_person("Ann", shows_presence=False), await a_person("Bob")
    talk = await a_conversation(ann, bob)
    writer, reader = await served.token(ann), await served.token(bob)
    async with connected(served, reader) as bobs:
        await follow(bobs, talk)
        async with connected(served, writer):
            assert await types(served, writer, talk) == []
            here = await served.operate("presence/who_is_here", reader, id=global_id(talk))
            assert await hears_nothing(bobs)

    assert [one["id"] for one in here["conversation"]["presentMembers"]] == [global_id(bob)]


async def test_a_short_absence_goes_unnoticed_and_a_process_that_falls_silent_does_not() -> None:
    bus, someone = LocalBus(), uuid.uuid4()
    here, there = Presence(bus, grace=0.2), Presence(bus, grace=0.2)
    heard: list[PresenceState] = []

    async def listen() -> None:
        async for portion in there.overhear(lambda said: isinstance(said.event, PresenceChanged)):
            heard.extend(said.presence for said in portion)

    async with there.running():
        listening = asyncio.create_task(listen())
        async with here.running():
            here.arrive(someone)
            await asyncio.sleep(0.05)
            here.leave(someone)
            here.arrive(someone)
            await asyncio.sleep(0.4)
            assert someone in there.people
        await asyncio.sleep(0.05)
        listening.cancel()

    assert heard == [PresenceState.ONLINE, PresenceState.OFFLINE]
    assert someone not in there.people


async def test_who_is_at_two_processes_is_gone_when_they_have_left_both() -> None:
    bus, someone = LocalBus(), uuid.uuid4()
    one, two, other = (Presence(bus, grace=0.0) for _ in range(3))
    async with one.running(), two.running(), other.running():
        one.arrive(someone)
        two.arrive(someone)
        await asyncio.sleep(0.05)
        one.leave(someone)
        await asyncio.sleep(0.05)
        assert someone in other.people
        two.leave(someone)
        await asyncio.sleep(0.05)
        assert someone not in other.people
