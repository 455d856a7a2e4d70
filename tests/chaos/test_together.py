"""Two API processes and a worker over one PostgreSQL and one Valkey: what is done at one is heard at the other."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from tests.chaos.clients import Caller, Clients, clients, conversation, people, text_of
from tests.chaos.following import Event, over_socket
from tests.chaos.stack import Stack, installed, until

SOON = 5.0  # seconds, on a busy machine
SAID_AGAIN = 30.0  # seconds after which a process says again who is here, should its word be lost
PRESENT = "query($id: ID!) { conversation(id: $id) { presentMembers { id } } }"


@pytest_asyncio.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stack]:
    """Two API processes and a worker, over a PostgreSQL and a Valkey of their own."""
    async with installed(tmp_path_factory.mktemp("together")) as made:
        yield made


@pytest_asyncio.fixture
async def asking(stack: Stack) -> AsyncGenerator[Clients]:
    """Clients of that installation."""
    found = clients(stack)
    yield found
    await found.http.aclose()


@asynccontextmanager
async def listening(
    stack: Stack, who: Caller, at: int, operation: str, **variables: Any
) -> AsyncGenerator[asyncio.Queue[Event]]:
    """What somebody at one of the processes is told from now on by a subscription."""
    ready, told = asyncio.Event(), asyncio.Queue[Event]()
    asked = {"query": text_of(operation), "variables": variables}

    async def listen() -> None:
        async for payload in over_socket(stack.addresses[at], who, asked, None, ready.set):
            assert "errors" not in payload, payload
            [event] = payload["data"].values()
            told.put_nowait(event)

    task = asyncio.create_task(listen())
    try:
        async with asyncio.timeout(SOON):
            await ready.wait()
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def heard(told: asyncio.Queue[Event], kind: str, within: float = SOON) -> Event:
    """The next event of a kind, which comes soon."""
    async with asyncio.timeout(within):
        while (event := await told.get())["__typename"] != kind:
            pass
        return event


async def heard_typing(told: asyncio.Queue[Event], asking: Clients, who: Caller, room: str) -> Event:
    """That somebody types at the second process. They say so until it is heard: a word in passing may be lost."""
    for _ in range(3):
        await asking.change(who, "presence/start_typing", {"conversationId": room}, at=1)
        with contextlib.suppress(TimeoutError):
            return await heard(told, "PersonTyping")
    raise AssertionError("nobody was heard to type")


async def test_messages_edits_reactions_and_removals_cross(stack: Stack, asking: Clients) -> None:
    ann, bob = await people(stack, 2)
    room = await conversation(asking, [ann, bob], "Room")
    following = "streams/conversation_updated"
    async with (
        listening(stack, ann, 0, following, conversationId=room) as at_ann,
        listening(stack, bob, 1, following, conversationId=room) as at_bob,
    ):
        for at in (0, 1):
            said = {"conversationId": room, "body": f"From {at}"}
            message = (await asking.change((ann, bob)[at], "messages/send_message", said, at=at))["message"]
            for told in (at_ann, at_bob):
                assert (await heard(told, "MessagePosted"))["message"]["body"] == f"From {at}"

            await asking.change((ann, bob)[1 - at], "reactions/add_reaction", reacted(message), at=1 - at)
            for told in (at_ann, at_bob):
                subject = (await heard(told, "ReactionsChanged"))["subject"]
                assert subject == {"id": message["id"], "reactions": [{"emoji": "🎉", "count": 1}]}

            edited = {"messageId": message["id"], "body": "Better"}
            await asking.change((ann, bob)[at], "messages/edit_message", edited, at=at)
            await asking.change((ann, bob)[at], "messages/delete_message", {"messageId": message["id"]}, at=1 - at)
            for told in (at_ann, at_bob):
                assert (await heard(told, "MessageDeleted"))["messageId"] == message["id"]


def reacted(subject: dict[str, Any]) -> dict[str, Any]:
    return {"subjectId": subject["id"], "emoji": "🎉"}


async def test_posts_and_comments_cross(stack: Stack, asking: Clients) -> None:
    ann, bob = await people(stack, 2)
    async with (
        listening(stack, ann, 0, "feed/feed_updated") as at_ann,
        listening(stack, bob, 1, "feed/feed_updated") as at_bob,
    ):
        post = (await asking.change(ann, "posts/create_post", {"kind": "DISCUSSION", "body": "All"}, at=0))["post"]
        await asking.change(bob, "comments/add_comment", {"postId": post["id"], "body": "Indeed"}, at=1)

        for told in (at_ann, at_bob):
            assert (await heard(told, "PostPublished"))["post"]["id"] == post["id"]
            assert (await heard(told, "CommentAdded"))["post"] == {"id": post["id"], "commentCount": 1}


async def test_typing_and_presence_cross(stack: Stack, asking: Clients) -> None:
    ann, bob = await people(stack, 2)
    room = await conversation(asking, [ann, bob], "Room")
    activity = "streams/conversation_activity"
    async with AsyncExitStack() as exits:
        at_ann = await exits.enter_async_context(listening(stack, ann, 0, activity, conversationId=room))
        async with listening(stack, bob, 1, activity, conversationId=room):
            came = await heard(at_ann, "PresenceChanged", SAID_AGAIN + SOON)
            typing = await heard_typing(at_ann, asking, bob, room)
            here = await asking.ask_text(ann, PRESENT, {"id": room}, at=0)

        assert came == {"__typename": "PresenceChanged", "person": {"id": bob.id}, "presence": "ONLINE"}
        assert typing["person"]["id"] == bob.id
        assert {one["id"] for one in here["conversation"]["presentMembers"]} == {ann.id, bob.id}
        async with asyncio.timeout(5 + SAID_AGAIN + SOON):
            while (gone := await at_ann.get())["__typename"] != "PresenceChanged" or gone["presence"] != "OFFLINE":
                pass
        assert gone["person"]["id"] == bob.id


async def test_the_worker_indexes_what_either_process_writes(stack: Stack, asking: Clients) -> None:
    ann, *_ = await people(stack, 1)
    for at in (0, 1):
        body = {"kind": "DISCUSSION", "body": f"marmalade{at}"}
        await asking.change(ann, "posts/create_post", body, at=at)

    async def found(word: str) -> bool:
        values = {"text": word, "kinds": ["POST"], "first": 1}
        return bool((await asking.ask(ann, "search/search", values))["search"]["edges"])

    async with asyncio.timeout(SOON * 2):
        for at in (0, 1):
            while not await found(f"marmalade{at}"):
                await asyncio.sleep(0.05)


async def test_a_process_that_was_killed_joins_the_others_again(stack: Stack, asking: Clients) -> None:
    ann, bob = await people(stack, 2)
    room = await conversation(asking, [ann, bob], "Room")
    async with listening(stack, ann, 0, "streams/conversation_updated", conversationId=room) as at_ann:
        stack.apis[1].kill()
        await until(lambda: stack.apis[1].pid is None)
        await stack.ready()
        await asking.change(bob, "messages/send_message", {"conversationId": room, "body": "Back"}, at=1)

        assert (await heard(at_ann, "MessagePosted"))["message"]["body"] == "Back"


async def test_a_cursor_from_right_before_a_crash_misses_nothing_after_it(stack: Stack, asking: Clients) -> None:
    ann, bob = await people(stack, 2)
    room = await conversation(asking, [ann, bob], "Room")
    async with stack.stored() as fetch:
        for _ in range(100):  # each takes a transaction id, which is given once more after a crash
            with contextlib.suppress(asyncpg.DivisionByZeroError):
                await fetch("SELECT pg_current_xact_id(), 1 / (random() * 0)::int")
        cursor = (await asking.ask_text(ann, "{ eventCursor }", {}, at=0))["eventCursor"]
    os.kill(stack.postgres_pids()[0], signal.SIGKILL)
    said = {"conversationId": room, "body": "After it", "clientId": "after it"}
    await asking.change(bob, "messages/send_message", said)
    asked = {"query": text_of("streams/conversation_updated"), "variables": {"conversationId": room}}

    async with (
        asyncio.timeout(SOON * 2),
        contextlib.aclosing(over_socket(stack.addresses[0], ann, asked, cursor)) as told,
    ):
        event = (await anext(told))["data"]["conversationUpdated"]

    assert event["message"]["body"] == "After it"
