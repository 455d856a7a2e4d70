"""People react to messages as they do to posts."""

from __future__ import annotations

from typing import Any

from models.reactions import Reaction
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message, a_partner
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.messages.acting import codes, heard, said

ADD, REMOVE = "reactions/add_reaction", "reactions/remove_reaction"


async def react(ask: Ask, who: Any, operation: str, message: Any, emoji: str = "👍") -> dict[str, Any]:
    [payload] = (await ask(who, operation, subject_id=global_id(message), emoji=emoji)).values()
    return payload


async def test_a_reaction_counts_once_and_is_told_once(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    message = await said(ask, ann, conversation)

    first, again = await react(ask, bob, ADD, message), await react(ask, bob, ADD, message)
    await react(ask, ann, ADD, message, "🎉")

    assert first == again
    assert first["subject"]["reactions"] == [{"emoji": "👍", "count": 1, "viewerHasReacted": True}]
    told = [("MessagePosted", 1), ("MessageReacted", 1), ("MessageReacted", 1)]
    assert await heard(conversation) == told
    assert await Reaction.filter(subject_id=message.id).count() == 2


async def test_a_reaction_is_taken_back(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    message = await said(ask, ann, conversation)
    await react(ask, ann, ADD, message)

    first, again = await react(ask, ann, REMOVE, message), await react(ask, ann, REMOVE, message)

    assert first == again
    assert first["subject"]["reactions"] == []
    assert [kind for kind, _ in await heard(conversation)] == ["MessagePosted", "MessageReacted", "MessageReacted"]


async def test_who_has_reacted_is_shown_to_members(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    message = await said(ask, ann, await a_conversation(ann, bob))
    await react(ask, bob, ADD, message)
    about = {"id": global_id(message), "emoji": "👍", "first": 10}

    shown = (await ask(ann, "reactions/reactors", **about))["node"]

    assert [one["name"] for one in shown["reactors"]["nodes"]] == ["Bob"]
    assert (await ask(cem, "reactions/reactors", **about))["node"] is None


async def test_one_reacts_to_what_one_reads_while_it_stands(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    conversation, archived = await a_conversation(ann), await a_conversation(ann, archived=True)
    old = await a_message(conversation, author=ann)
    await a_partner(conversation, bob, since=1)
    removed = await a_message(conversation, "", author=ann, removed=True)
    closed = await a_message(archived, author=ann)

    assert codes(await react(ask, bob, ADD, old)) == codes(await react(ask, cem, ADD, removed)) == ["NOT_FOUND"]
    assert codes(await react(ask, bob, ADD, removed)) == codes(await react(ask, ann, ADD, closed)) == ["FORBIDDEN"]
    assert await Reaction.all().count() == 0
