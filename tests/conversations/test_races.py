"""Conversations under many hands at once: one between two, a pointer that only rises, an owner who stays."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from models import db
from models.conversations import Conversation, ConversationKind, ConversationMember
from models.people import Person
from tests.conftest import Ask
from tests.conversations.acting import act, codes, inside, is_archived, member, owners, start, told
from tests.factories.changes import an_hr
from tests.factories.chat import a_conversation, a_message
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.races import rounds

WAYS = 50

pytestmark = pytest.mark.race

JOIN, LEAVE = "conversation_people/join_conversation", "conversation_people/leave_conversation"
ADD, REMOVE = "conversation_people/add_conversation_members", "conversation_people/remove_conversation_member"
READ = "conversation_reading/mark_conversation_read"

POINTERS = """
SELECT (refs->>'sequence')::int FROM event WHERE kind = 'ReadPointerMoved' AND refs->>'conversation' = $1
ORDER BY generation, xid, id
"""


async def viewers(ask: Ask, people: list[Person]) -> list[Any]:
    """The people, signed in once."""
    return [(await ask.context(one)).viewer for one in people]


async def at_once(*asked: Any) -> list[str]:
    """Why each was refused ("" where it was not), in order of the reasons."""
    return sorted("".join(codes(payload)) for payload in await asyncio.gather(*asked))


async def test_fifty_times_starting_with_each_other_is_one_conversation(ask: Ask) -> None:
    people = [await a_person("Ann"), await a_person("Bob")]
    ann, bob = await viewers(ask, people)
    for _ in rounds(1):
        await Conversation.all().delete()

        started = await asyncio.gather(
            *(start(ask, ann, "DIRECT", people[1]) for _ in range(WAYS // 2)),
            *(start(ask, bob, "DIRECT", people[0]) for _ in range(WAYS // 2)),
        )

        assert all(payload == started[0] for payload in started)
        row = await Conversation.all().get()
        assert sorted(await inside(row)) == ["Ann", "Bob"]
        assert await told(row) == ["ConversationStarted", "ConversationJoined", "ConversationJoined"]


async def test_one_client_id_at_once_is_one_group(ask: Ask) -> None:
    people = [await a_person("Ann"), await a_person("Bob")]
    [ann, _] = await viewers(ask, people)

    started = await asyncio.gather(*(start(ask, ann, "GROUP", people[1], client_id="c") for _ in range(20)))

    assert all(payload == started[0] and not payload["errors"] for payload in started)
    assert await Conversation.all().count() == 1


async def test_a_pointer_moved_from_fifty_devices_ends_at_the_furthest(ask: Ask) -> None:
    people = [await a_person("Ann"), await a_person("Bob")]
    [_, bob] = await viewers(ask, people)
    for _ in rounds(1):
        group = await a_conversation(*people)
        for i in range(WAYS):
            await a_message(group, f"{i}", author=people[0])
        sequences = random.sample(range(1, WAYS + 1), WAYS)

        assert await at_once(*(act(ask, bob, READ, group, up_to_sequence=one) for one in sequences)) == [""] * WAYS

        assert (await member(group, people[1])).read_up_to == WAYS
        told_of = [row[0] for row in await db.rows(POINTERS, str(group.id))]
        assert told_of == sorted(set(told_of)), "each is told once, and further than the one before"
        assert told_of[-1] == WAYS


async def test_joining_and_leaving_at_once_is_in_or_out(ask: Ask) -> None:
    people = [await a_person("Ann"), await a_person("Bob")]
    [_, bob] = await viewers(ask, people)
    lobby = await a_conversation(people[0], kind=ConversationKind.CHANNEL)
    for _ in rounds(2):
        found = await at_once(*(act(ask, bob, (JOIN, LEAVE)[i % 2], lobby) for i in range(20)))

        assert found == [""] * 20
        assert await inside(lobby) in (["Ann"], ["Ann", "Bob"])
    kinds = await told(lobby)
    assert kinds == ["ConversationJoined", "ConversationLeft"] * (len(kinds) // 2) + kinds[len(kinds) // 2 * 2 :]


async def test_the_owner_leaves_while_the_heir_is_taken_out(ask: Ask) -> None:
    people = [await a_person("Ann"), await a_person("Bob"), await a_person("Cem")]
    ann, bob, cem = await viewers(ask, people)
    for turn in rounds(5):
        group = await a_conversation(*people[: 2 + turn % 2])

        await at_once(
            act(ask, ann, REMOVE, group, person_id=people[1]),
            act(ask, ann, LEAVE, group),
            act(ask, bob, LEAVE, group),
            *([act(ask, cem, ADD, group, people=[people[1]])] if turn % 2 else []),
        )

        left = await inside(group)
        assert (len(await owners(group)) == 1) is bool(left), "somebody owns it as long as anybody is in it"
        assert await is_archived(group) is not bool(left)


async def test_an_heir_is_found_while_people_come_and_go(ask: Ask) -> None:
    hana = (await viewers(ask, [await an_hr()]))[0]
    for _ in rounds(3):
        people = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
        group = await a_conversation(*people[:2])
        ann, bob, _ = await viewers(ask, people)

        await asyncio.gather(
            ask(hana, "org/deactivate_person", person_id=global_id(people[0])),
            act(ask, bob, ADD, group, people=[people[0], people[2]]),
            ask.answer(ann, LEAVE, conversation_id=global_id(group)),  # their session may have ended by then
        )

        assert "Ann" not in await inside(group)
        assert await owners(group) == ["Bob"]


async def test_fifty_who_join_at_once_are_all_in(ask: Ask) -> None:
    ann, people = await a_person("Ann"), [await a_person(f"P{i}") for i in range(WAYS)]
    lobby = await a_conversation(ann, kind=ConversationKind.CHANNEL)

    assert await at_once(*(act(ask, one, JOIN, lobby) for one in await viewers(ask, people))) == [""] * WAYS

    assert len(await inside(lobby)) == WAYS + 1
    assert await ConversationMember.filter(conversation_id=lobby.id).count() == WAYS + 1
