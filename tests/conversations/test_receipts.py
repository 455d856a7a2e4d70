"""Who has read a message: told as the conversation's policy says, and never of who hides it or to them."""

from __future__ import annotations

import pytest

from models.conversations import Conversation, ConversationKind, ReceiptPolicy
from models.messages import Message
from models.people import Person
from tests.conftest import Ask
from tests.conversations.acting import act, read_by, told
from tests.factories.chat import a_conversation, a_message, a_partner
from tests.factories.ids import global_id
from tests.factories.people import a_person

READ, UNREAD = "conversation_reading/mark_conversation_read", "conversation_reading/mark_conversation_unread"
SETTINGS = "conversation_reading/update_chat_settings"


async def four(policy: ReceiptPolicy = ReceiptPolicy.NAMES) -> tuple[list[Person], Conversation, Message]:
    """Ann, Bob, Cem and Dan, in a group in which Ann has said something."""
    people = [await a_person(name) for name in ("Ann", "Bob", "Cem", "Dan")]
    group = await a_conversation(*people, receipts=policy)
    return people, group, await a_message(group, author=people[0])


async def test_names_are_told_where_names_are_agreed(ask: Ask) -> None:
    (ann, bob, cem, dan), group, message = await four()

    for one in (cem, bob):
        await act(ask, one, READ, group, up_to_sequence=1)

    assert [await read_by(ask, one, message, group) for one in (ann, bob, dan)] == [["Bob", "Cem"]] * 3
    assert await told(group) == ["ReadPointerMoved"] * 2


@pytest.mark.parametrize(("policy", "shown"), [(ReceiptPolicy.COUNTS, 1), (ReceiptPolicy.OFF, None)])
async def test_no_names_are_told_where_none_are_agreed(ask: Ask, policy: ReceiptPolicy, shown: int | None) -> None:
    (ann, bob, *_), group, message = await four(policy)

    await act(ask, bob, READ, group, up_to_sequence=1)

    assert await read_by(ask, ann, message, group) == shown
    assert await told(group) == ["OwnReadPointerMoved"]


async def test_who_hides_how_far_they_read_sees_it_of_nobody(ask: Ask) -> None:
    (ann, bob, cem, _), group, message = await four()
    data = await ask(bob, SETTINGS, shows_reading=False)

    for one in (bob, cem):
        await act(ask, one, READ, group, up_to_sequence=1)

    assert data["updateChatSettings"]["viewer"]["chatSettings"] == {"showsReading": False, "showsPresence": True}
    assert await read_by(ask, ann, message, group) == ["Cem"]
    assert await read_by(ask, bob, message, group) is None
    assert await told(group) == ["OwnReadPointerMoved", "ReadPointerMoved"]
    await ask(bob, SETTINGS, shows_reading=True)
    assert await read_by(ask, bob, message, group) == ["Bob", "Cem"]


async def test_settings_that_are_as_wanted_are_told_once(ask: Ask) -> None:
    ann = await a_person("Ann")

    for _ in range(2):
        await ask(ann, SETTINGS, shows_presence=False)

    person = await Person.get(id=ann.id)
    assert (person.shows_reading, person.shows_presence) == (True, False)
    data = await ask(ann, "conversation_reading/chat_settings")
    assert data["viewer"]["chatSettings"] == {"showsReading": True, "showsPresence": False}


async def test_marking_unread_takes_no_receipt_back(ask: Ask) -> None:
    (ann, bob, *_), group, message = await four()
    await act(ask, bob, READ, group, up_to_sequence=1)

    await act(ask, bob, UNREAD, group, from_sequence=1)

    assert await read_by(ask, ann, message, group) == ["Bob"]


async def test_who_does_not_read_a_message_is_not_among_its_readers(ask: Ask) -> None:
    (ann, bob, *_), group, message = await four()
    late = await a_person("Lea")
    await a_partner(group, late, since=1, read_up_to=1)
    await Person.filter(id=bob.id).update(active=False)
    await act(ask, ann, READ, group, up_to_sequence=1)

    assert await read_by(ask, ann, message, group) == []


async def test_strangers_learn_of_no_reading(ask: Ask) -> None:
    people = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    lobby = await a_conversation(*people[:2], kind=ConversationKind.CHANNEL, receipts=ReceiptPolicy.NAMES)
    message = await a_message(lobby, author=people[0])
    await act(ask, people[1], READ, lobby, up_to_sequence=1)

    document = "query ($id: ID!) { conversation(id: $id) { messages(last: 1) { nodes { readBy { count } } } } }"
    answer = await ask.text(people[2], document, {"id": global_id(lobby)})
    assert answer.data == {"conversation": {"messages": {"nodes": []}}}
    assert await read_by(ask, people[0], message, lobby) == ["Bob"]
