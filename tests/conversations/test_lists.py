"""Conversations in lists: in the order of what was said last, and channels by title."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.conversations import ConversationKind
from tests.conftest import Ask
from tests.conversations.acting import listed
from tests.factories.chat import a_conversation, a_message, a_partner
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit


async def test_the_conversation_with_the_newest_message_comes_first(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    a, b, c = [await a_conversation(ann, bob, title=title) for title in "ABC"]
    await a_conversation(bob, title="Not Ann's")
    await a_conversation(bob, kind=ConversationKind.CHANNEL, title="Not joined")
    for one in (b, a):
        await a_message(one, author=bob)

    assert await listed(ask, ann) == ["A", "B", "C"]
    await ask(bob, "messages/send_message", conversation_id=global_id(c), body="Now")
    assert await listed(ask, ann) == ["C", "A", "B"]


async def test_pages_of_conversations_follow_each_other_both_ways(ask: Ask) -> None:
    ann = await a_person("Ann")
    for i in range(7):
        await a_conversation(ann, title=f"{i}")

    assert await walked(ask, ann, "first", "after", "hasNextPage", "endCursor") == list("6543210")
    assert await walked(ask, ann, "last", "before", "hasPreviousPage", "startCursor") == [
        "1",
        "0",
        "3",
        "2",
        "5",
        "4",
        "6",
    ]


async def walked(ask: Ask, who: Any, size: str, cursor: str, more: str, end: str) -> list[str]:
    """The titles of somebody's conversations, page by page."""
    found: list[str] = []
    page: dict[str, Any] = {}
    while True:
        data = await ask(who, "conversations/conversation_list", **{size: 2}, **page)
        listing = data["viewer"]["conversations"]
        assert listing["totalCount"] == 7
        found += [one["title"] for one in listing["nodes"]]
        if not listing["pageInfo"][more]:
            return found
        page = {cursor: listing["pageInfo"][end]}


async def test_what_is_archived_or_read_is_listed_apart(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    waiting, mine, gone = [await a_conversation(ann, bob, title=title) for title in ("Waiting", "Mine", "Gone")]
    await a_conversation(ann, bob, title="Quiet")
    await a_conversation(ann, bob, title="Old", archived=True)
    await a_message(waiting, author=bob)
    await a_message(mine, author=ann)
    await a_message(gone, "", author=bob, removed=True)

    assert await listed(ask, ann, "UNREAD") == ["Waiting"]
    assert await listed(ask, ann, "ARCHIVED") == ["Old"]
    assert await listed(ask, ann, "ALL") == ["Gone", "Mine", "Waiting", "Quiet"]


async def test_the_last_message_is_the_newest_that_stands_and_that_one_reads(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group, fresh = await a_conversation(ann), await a_conversation(ann)
    await a_message(group, "first", author=ann)
    await a_message(group, "second", author=ann)
    await a_message(group, "", author=ann, removed=True)
    await a_partner(group, bob, since=2)
    await a_partner(fresh, bob)

    async def last(who: Any) -> list[Any]:
        nodes = (await ask(who, "conversations/conversations", first=10))["viewer"]["conversations"]["nodes"]
        return [one["lastMessage"] and one["lastMessage"]["body"] for one in nodes]

    assert await last(ann) == ["second", None]
    assert await last(bob) == [None, None]


async def test_channels_are_found_by_their_title(ask: Ask) -> None:
    unit = await a_unit("Sales")
    ann, bob = await a_person("Ann", unit=unit), await a_person("Bob")
    for title in ("beta", "Alpha", "Gamma 100%"):
        await a_conversation(ann, kind=ConversationKind.CHANNEL, title=title)
    await a_conversation(ann, kind=ConversationKind.CHANNEL, title="Delta", home_id=unit.id)
    await a_conversation(ann, bob, kind=ConversationKind.CHANNEL, title="Omega", archived=True)
    await a_conversation(ann, bob, title="Alpha, a group")

    async def found(who: Any, **filter: Any) -> list[str]:
        data = await ask(who, "conversations/channels", first=10, filter_by=filter)
        assert data["channels"]["totalCount"] == len(data["channels"]["nodes"])
        return [one["title"] for one in data["channels"]["nodes"]]

    assert await found(ann) == ["Alpha", "beta", "Delta", "Gamma 100%", "Omega"]
    assert await found(bob) == ["Alpha", "beta", "Gamma 100%", "Omega"]
    assert await found(bob, text=" ALPHA ") == ["Alpha"]
    assert await found(bob, text="%") == ["Gamma 100%"]
    assert await found(bob, isMine=True) == ["Omega"]
    assert await found(bob, isMine=False, isArchived=False) == ["Alpha", "beta", "Gamma 100%"]
    answer = await ask.answer(bob, "conversations/channels", first=10, filter_by={"text": "x" * 101})
    assert [error["extensions"]["code"] for error in answer.errors] == ["BAD_USER_INPUT"]


async def test_a_token_that_does_not_read_chat_reads_none(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_conversation(ann, bob)
    await a_message(group, author=bob)
    blunt = replace((await ask.context(ann)).me, scopes=frozenset({"chat:write", "people:read"}))

    for operation, more in (
        ("conversations/conversations", {"first": 1}),
        ("conversations/channels", {"first": 1}),
        ("conversations/conversation_page", {"id": global_id(group)}),
    ):
        answer = await ask.answer(blunt, operation, **more)
        assert [error["extensions"]["code"] for error in answer.errors] == ["FORBIDDEN"]
    data = await ask(blunt, "conversation_reading/conversation_badge")
    assert data == {"viewer": {"unreadConversationCount": None}}
    node = await ask.text(blunt, "query ($id: ID!) { node(id: $id) { id } }", {"id": global_id(group)})
    assert node.data == {"node": None}
