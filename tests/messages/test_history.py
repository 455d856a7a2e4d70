"""What was said is read page by page in both ways, in the order of its sequence, as far back as one may."""

from __future__ import annotations

from typing import Any

import pytest

from models.conversations import Conversation, ConversationKind, ConversationMember
from models.messages import Message
from models.people import Person
from models.reactions import Reaction
from tests.conftest import Ask
from tests.factories.chat import a_conversation, a_message, a_partner
from tests.factories.ids import global_id
from tests.factories.mentions import at
from tests.factories.people import NOW, a_guest, a_person
from tests.factories.session import as_viewer
from tests.messages.acting import DELETE, act, said, seen

CHANNEL = ConversationKind.CHANNEL
STATEMENTS_MAX = 16


async def page(ask: Ask, who: Any, conversation: Conversation, operation: str, **more: Any) -> dict[str, Any]:
    return (await ask(who, f"messages/{operation}", id=global_id(conversation), **more))["conversation"]["messages"]


async def back(ask: Ask, who: Any, conversation: Conversation, last: int = 10) -> list[list[int]]:
    """The sequences of all pages from the newest back, page by page."""
    pages: list[list[int]] = []
    before = None
    while True:
        found = await page(ask, who, conversation, "chat_history", last=last, before=before)
        pages.append([node["sequence"] for node in found["nodes"]])
        before = found["pageInfo"]["startCursor"]
        if not found["pageInfo"]["hasPreviousPage"]:
            return pages


async def test_the_newest_page_comes_first_and_inside_it_the_oldest(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    for i in range(25):
        await a_message(conversation, f"{i}", author=(ann, bob)[i % 2])

    assert await back(ask, bob, conversation) == [[*range(16, 26)], [*range(6, 16)], [*range(1, 6)]]


async def test_one_reads_on_from_where_one_was(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    for i in range(5):
        await a_message(conversation, f"{i}", author=ann)
    first = await page(ask, ann, conversation, "newer_messages", first=3)
    for i in range(5, 8):
        await a_message(conversation, f"{i}", author=ann)

    rest = await page(ask, ann, conversation, "newer_messages", first=10, after=first["pageInfo"]["endCursor"])

    assert [node["sequence"] for node in first["nodes"] + rest["nodes"]] == [*range(1, 9)]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"], rest["totalCount"]) == (True, False, 8)


async def test_replies_stand_among_the_messages_so_that_a_gap_shows(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    start = await said(ask, ann, conversation, "start")
    await said(ask, ann, conversation, "reply", reply_to_id=global_id(start))
    gone = await said(ask, ann, conversation, "gone", reply_to_id=global_id(start))
    await said(ask, ann, conversation, "other")
    await act(ask, ann, DELETE, gone)

    found = (await page(ask, ann, conversation, "chat_history", last=10))["nodes"]

    assert [(one["sequence"], one["body"], one["replyCount"]) for one in found] == [
        (1, "start", 1),
        (2, "reply", 0),
        (3, "", 0),
        (4, "other", 0),
    ]


async def test_who_came_later_reads_what_they_were_let_read(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    conversation = await a_conversation(ann)
    start = await a_message(conversation, "start", author=ann)
    await a_message(conversation, "second", author=ann)
    await a_partner(conversation, bob, since=2)
    await a_partner(conversation, cem, since=0)
    reply = await a_message(conversation, "third", author=ann, reply_to_id=start.id)

    assert await back(ask, bob, conversation) == [[3]]
    assert await back(ask, cem, conversation) == [[1, 2, 3]]
    shown = await seen(ask, bob, reply)
    assert shown is not None and shown["replyTo"] is None, "the thread began before they came"
    assert await seen(ask, bob, start) is None


async def test_who_is_not_in_it_reads_nothing(ask: Ask) -> None:
    ann, bob, gil = await a_person("Ann"), await a_person("Bob"), await a_guest("Gil")
    group, channel = await a_conversation(ann), await a_conversation(ann, kind=CHANNEL)
    messages = [await a_message(one, author=ann) for one in (group, channel)]

    for who in (bob, gil):
        for message in messages:
            assert await seen(ask, who, message) is None
        assert (await ask(who, "messages/chat_history", id=global_id(group), last=10))["conversation"] is None
    found = await page(ask, bob, channel, "newer_messages", first=10)
    assert (found["nodes"], found["totalCount"]) == ([], 0), "a channel is found before it is read"


async def test_who_has_left_reads_nothing_any_more(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    message = await a_message(conversation, author=bob)

    await ConversationMember.filter(conversation_id=conversation.id, person_id=bob.id).delete()

    assert await seen(ask, bob, message) is None


async def test_a_cursor_is_of_one_conversation(ask: Ask) -> None:
    ann = await a_person("Ann")
    conversation = await a_conversation(ann)
    start = await a_message(conversation, author=ann)
    for _ in range(3):
        await a_message(conversation, author=ann, reply_to_id=start.id)
    cursor = (await page(ask, ann, conversation, "newer_messages", first=2))["pageInfo"]["endCursor"]

    answer = await ask.answer(ann, "messages/message_thread", id=global_id(start), first=2, after=cursor)

    assert [error["extensions"]["code"] for error in answer.errors] == ["INVALID_CURSOR"]


async def test_the_author_of_what_was_said_is_shown_after_they_have_left(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    conversation = await a_conversation(ann, bob)
    message = await a_message(conversation, author=bob)
    await Person.filter(id=bob.id).update(active=False)

    shown = await seen(ask, ann, message)

    assert shown is not None
    assert shown["author"]["name"] == "Bob"


@pytest.mark.parametrize("messages", [1, 50])
async def test_a_page_of_all_there_is_takes_few_statements(ask: Ask, statements: list[str], messages: int) -> None:
    people = [await a_person(f"P{i}") for i in range(5)]
    conversation = await a_conversation(*people)
    start = await a_message(conversation, author=people[0])
    for i in range(messages):
        author, other = people[i % 5], people[(i + 1) % 5]
        message = await a_message(conversation, f"Hello {at(other)} **{i}**", author=author, reply_to_id=start.id)
        await Reaction.create(subject_id=message.id, person_id=other.id, emoji="👍", created_at=NOW)
    viewer = await as_viewer(people[0], ask.services.clock.now())

    statements.clear()
    found = await page(ask, viewer, conversation, "newer_messages", first=100)

    assert len(found["nodes"]) == messages + 1 == await Message.all().count()
    assert len(statements) <= STATEMENTS_MAX + 1, "\n".join(statements)
