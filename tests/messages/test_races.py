"""Conversations in which many write, edit, remove and go at the same moment."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models import audiences, db
from models.conversations import Conversation, ConversationMember
from models.log import lock_stream
from models.messages import Message
from models.people import Person
from models.reactions import Reaction
from models.revisions import Revision
from subscriptions.events import audience_stream
from tests.conftest import Ask
from tests.factories.chat import a_conversation
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.messages.acting import DELETE, EDIT, PIN, act, codes, heard, said, say, stored
from tests.races import rounds

AT_ONCE = 50

pytestmark = pytest.mark.race


async def viewers(ask: Ask, *people: Person) -> list[Any]:
    """The people, signed in once."""
    return [(await ask.context(one)).viewer for one in people]


async def test_fifty_who_write_at_once_write_without_gap_in_the_order_of_their_events(ask: Ask) -> None:
    people = [await a_person(f"P{i}") for i in range(AT_ONCE)]
    asking = await viewers(ask, *people)
    for _ in rounds():
        conversation = await a_conversation(*people)

        got = await asyncio.gather(*(say(ask, one, conversation, f"{i}") for i, one in enumerate(asking)))

        assert [codes(payload) for payload in got] == [[]] * AT_ONCE
        assert [sequence for sequence, _ in await stored(conversation)] == [*range(1, AT_ONCE + 1)]
        assert await heard(conversation) == [("MessagePosted", i) for i in range(1, AT_ONCE + 1)]
        answered = {payload["message"]["sequence"]: payload["message"]["body"] for payload in got}
        assert [*sorted(answered.items())] == await stored(conversation)
        assert (await Conversation.get(id=conversation.id)).sequence == AT_ONCE


async def test_the_same_client_id_fifty_times_at_once_is_one_message(ask: Ask) -> None:
    [ann] = await viewers(ask, person := await a_person("Ann"))
    for i in rounds():
        conversation = await a_conversation(person)

        got = await asyncio.gather(*(say(ask, ann, conversation, "once", client_id=f"c{i}") for _ in range(AT_ONCE)))

        assert len({payload["message"]["id"] for payload in got}) == 1
        assert await stored(conversation) == [(1, "once")]
        assert await heard(conversation) == [("MessagePosted", 1)]


async def test_the_same_client_id_in_two_conversations_at_once_is_one_message(ask: Ask) -> None:
    [ann] = await viewers(ask, person := await a_person("Ann"))
    for i in rounds(10):
        two = await a_conversation(person), await a_conversation(person)

        got = await asyncio.gather(*(say(ask, ann, one, client_id=f"c{i}") for one in two * 5))

        assert len({payload["message"]["id"] for payload in got if payload["message"]}) == 1
        assert {tuple(codes(payload)) for payload in got} == {(), ("CONFLICT",)}
        assert sorted([await stored(one) for one in two]) == [[], [(1, "Hello")]]
        assert sorted([(await Conversation.get(id=one.id)).sequence for one in two]) == [0, 1], "and no gap"


async def test_who_is_taken_out_while_they_write_has_written_before_it_or_not_at_all(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    [writer] = await viewers(ask, bob)
    for _ in rounds(10):
        conversation, writing = await a_conversation(ann, bob), asyncio.Event()

        writers = asyncio.gather(*(write_on(ask, writer, conversation, writing) for _ in range(5)))
        written, removed_at = await asyncio.gather(writers, taken_out(conversation, bob, writing))

        assert sorted(one for taken in written for one in taken) == [*range(1, removed_at + 1)]
        assert len(await stored(conversation)) == removed_at > 0


async def write_on(ask: Ask, who: Any, conversation: Conversation, writing: asyncio.Event) -> list[int]:
    """Write until it is refused; the sequences of what was taken."""
    taken: list[int] = []
    while not (refused := codes(payload := await say(ask, who, conversation))):
        taken.append(payload["message"]["sequence"])
        writing.set()
    assert refused == ["NOT_FOUND"]
    return taken


async def taken_out(conversation: Conversation, person: Person, writing: asyncio.Event) -> int:
    """Take somebody out as an owner does, once they are writing; the sequence at that moment."""
    await writing.wait()
    async with db.transaction():
        await lock_stream(audience_stream(conversation.id))
        await audiences.remove(conversation.id, [person.id])
        await ConversationMember.filter(conversation_id=conversation.id, person_id=person.id).delete()
        return (await Conversation.get(id=conversation.id)).sequence


async def test_an_edit_against_a_removal_leaves_no_text(ask: Ask) -> None:
    ann, bob = await viewers(ask, *(people := [await a_person("Ann"), await a_person("Bob")]))
    for _ in rounds(10):
        conversation = await a_conversation(*people)
        message = await said(ask, ann, conversation, "regretted")

        got = await asyncio.gather(
            act(ask, ann, EDIT, message, body="edited"),
            act(ask, ann, DELETE, message),
            act(ask, ann, EDIT, message, body="edited again"),
            act(ask, bob, PIN, message),
            ask(bob, "reactions/add_reaction", subject_id=global_id(message), emoji="👍"),
        )

        assert codes(got[1]) == []
        found = await Message.get(id=message.id)
        assert (found.removed, found.body, found.pinned_at) == (True, "", None)
        assert await Revision.all().count() == await Reaction.all().count() == 0
        told = [kind for kind, _ in await heard(conversation)]
        assert told[-1] == "MessageDeleted", "nothing is told of it behind its end"


async def test_of_fifty_edits_of_one_version_one_holds(ask: Ask) -> None:
    [ann] = await viewers(ask, person := await a_person("Ann"))
    for _ in rounds():
        message = await said(ask, ann, await a_conversation(person))

        edits = (act(ask, ann, EDIT, message, body=f"{i}", expected_version=1) for i in range(AT_ONCE))
        got = [codes(payload) for payload in await asyncio.gather(*edits)]

        assert (got.count([]), got.count(["CONFLICT"])) == (1, AT_ONCE - 1)
        assert await Revision.filter(subject_id=message.id).count() == 1


async def test_fifty_who_pin_at_once_pin_fifty_at_most(ask: Ask) -> None:
    people = [await a_person("Ann"), await a_person("Bob")]
    asking = await viewers(ask, *people)
    for _ in rounds(1):
        conversation = await a_conversation(*people)
        messages = [await said(ask, asking[0], conversation) for _ in range(AT_ONCE + 5)]

        got = await asyncio.gather(*(act(ask, asking[i % 2], PIN, one) for i, one in enumerate(messages)))

        assert [codes(payload) for payload in got].count([]) == AT_ONCE
        assert await Message.filter(conversation_id=conversation.id, pinned_at__isnull=False).count() == AT_ONCE
