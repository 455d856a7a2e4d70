"""Messages that a conversation keeps at hand: pinned by any member, fifty at most."""

from __future__ import annotations

from typing import Any

from models.messages import PINNED_MAX, Message
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message, a_partner
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.messages.acting import DELETE, PIN, UNPIN, act, codes, heard, said, sentence


async def pinned(ask: Ask, who: Any, conversation: Any) -> list[str]:
    found = (await ask(who, "message_pins/pinned_messages", id=global_id(conversation)))["conversation"]
    return [one["body"] for one in found["pinnedMessages"]]


async def test_any_member_pins_and_the_latest_pinned_comes_first(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    first, second = await said(ask, ann, conversation, "first"), await said(ask, ann, conversation, "second")
    await act(ask, bob, PIN, second)
    clock.turn(minutes=1)

    payload = await act(ask, bob, PIN, first)

    assert payload["message"]["isPinned"] and payload["message"]["pinnedBy"]["name"] == "Bob"
    assert await pinned(ask, ann, conversation) == ["first", "second"]
    assert (await heard(conversation))[-2:] == [("MessagePinned", 2), ("MessagePinned", 1)]


async def test_pinning_twice_is_pinning_once_and_so_is_unpinning(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    message = await said(ask, ann, conversation)

    pins = [await act(ask, who, PIN, message) for who in (ann, bob)]
    unpins = [await act(ask, who, UNPIN, message) for who in (bob, ann)]

    assert [one["message"]["pinnedBy"] for one in pins] == [{"id": global_id(ann), "name": "Ann"}] * 2
    assert [one["message"]["isPinned"] for one in unpins] == [False, False]
    assert [kind for kind, _ in await heard(conversation)] == ["MessagePosted", "MessagePinned", "MessagePinned"]
    assert await pinned(ask, ann, conversation) == []


async def test_fifty_messages_are_pinned_at_most(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation, other = await a_conversation(ann), await a_conversation(ann)
    moment = ask.services.clock.now()
    for i in range(PINNED_MAX):
        await a_message(conversation, f"{i}", author=ann, pinned_at=moment, pinned_by=ann.id)
    one_more, elsewhere = await a_message(conversation, author=ann), await a_message(other, author=ann)

    payload = await act(ask, ann, PIN, one_more)

    assert codes(payload) == ["BAD_USER_INPUT"]
    assert "50" in sentence(payload)
    assert codes(await act(ask, ann, PIN, elsewhere)) == []
    assert len(await pinned(ask, ann, conversation)) == PINNED_MAX


async def test_a_removed_message_is_not_pinned(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    message = await said(ask, ann, conversation)
    await act(ask, ann, PIN, message)

    await act(ask, ann, DELETE, message)

    assert await pinned(ask, ann, conversation) == []
    assert codes(await act(ask, ann, PIN, message)) == ["FORBIDDEN"]
    assert (await Message.get(id=message.id)).pinned_by is None


async def test_what_one_may_not_read_one_neither_pins_nor_finds_pinned(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    conversation = await a_conversation(ann)
    old = await said(ask, ann, conversation, "old")
    await act(ask, ann, PIN, old)
    await a_partner(conversation, bob, since=1)

    assert await pinned(ask, bob, conversation) == []
    assert codes(await act(ask, bob, UNPIN, old)) == codes(await act(ask, cem, UNPIN, old)) == ["NOT_FOUND"]
    assert await pinned(ask, ann, conversation) == ["old"]


async def test_nothing_is_pinned_in_an_archived_conversation(ask: Ask) -> None:
    ann = await a_person("Ann")
    message = await a_message(await a_conversation(ann, archived=True), author=ann)

    assert codes(await act(ask, ann, PIN, message)) == ["FORBIDDEN"]
