"""Backpressure: so much may wait for a client that reads slowly, then its stream ends with where to go on."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest

from atrium.web.live.frames import SocketFraming
from atrium.web.live.outbox import CHARACTERS_MAX, EVENTS_MAX, ROOM, Frame, Line, Outbox
from models.feed import Post
from models.people import Person
from resolvers.live.followers import Payload
from subscriptions import log
from subscriptions.feed import PostPublished
from tests.conftest import OPERATIONS, Ask
from tests.factories.feed import a_post
from tests.factories.people import a_person
from tests.live.following import Live, Told, until

FEED_UPDATED = (OPERATIONS / "feed" / "feed_updated.graphql").read_text()
NOWHERE = (0, 0, 0)


class Client:
    """A client whose connection takes nothing until it is told to."""

    def __init__(self) -> None:
        self.reads = asyncio.Event()
        self.frames: list[dict[str, Any]] = []
        self.takes = False  # what is written at once
        self.outbox = Outbox(self._take, self._write)
        self.over: list[str] = []

    def line(self, id: str = "1") -> Line:
        return Line(self.outbox, SocketFraming(), id, self.over.append)

    async def _take(self, frame: str) -> None:
        await self.reads.wait()
        self.frames.append(json.loads(frame))

    def _write(self, frame: Frame) -> bool:
        if self.takes:
            self.frames.append(json.loads(frame.text))
        return self.takes

    def events(self) -> list[dict[str, Any]]:
        return [frame["payload"]["data"]["feedUpdated"] for frame in self.frames if frame["type"] == "next"]


@pytest.fixture
async def client() -> AsyncGenerator[Client]:
    client = Client()
    sending = asyncio.create_task(client.outbox.run())
    yield client
    sending.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sending


async def announce(post: Post, ann: Person, times: int) -> None:
    await log.append([PostPublished(post.id, post.audience_id)] * times, actor=ann.id, now=datetime.now(UTC))


async def test_so_many_events_may_wait(client: Client) -> None:
    line = client.line()

    taken = [line.put(Payload(b"{}"), NOWHERE) for _ in range(EVENTS_MAX + 5)]

    assert taken == [True] * EVENTS_MAX + [False] * 5


async def test_so_many_characters_may_wait_and_one_event_of_any_size(client: Client) -> None:
    line, large = client.line(), Payload(b'"' + b"x" * (CHARACTERS_MAX // 4) + b'"')

    assert [line.put(large, NOWHERE) for _ in range(4)] == [True, True, True, False]
    assert client.outbox.waiting <= CHARACTERS_MAX
    assert client.line("2").put(Payload(b'"' + b"x" * 2 * CHARACTERS_MAX + b'"'), NOWHERE)


async def test_nothing_overtakes_what_could_not_be_sent_at_once(client: Client) -> None:
    line = client.line()
    await asyncio.sleep(0)  # the sender has nothing to do
    line.put(Payload(b"1"), NOWHERE)
    client.takes = True
    line.put(Payload(b"2"), NOWHERE)
    early = list(client.frames)
    client.reads.set()
    await until(lambda: len(client.frames) == 2)
    client.reads.clear()  # what is still said goes at once, or never
    line.put(Payload(b"3"), NOWHERE)

    assert early == []
    assert [frame["payload"] for frame in client.frames] == [1, 2, 3]
    assert client.outbox.waiting == 0


async def test_who_catches_up_waits_for_room(client: Client) -> None:
    line = client.line()
    for _ in range(EVENTS_MAX):
        line.put(Payload(b"{}"), NOWHERE)
    waiting = asyncio.create_task(line.room())
    await asyncio.sleep(0.02)
    was_done = waiting.done()

    client.reads.set()
    await asyncio.wait_for(waiting, 1)

    assert not was_done
    assert len(client.frames) >= EVENTS_MAX - ROOM
    assert line.put(Payload(b"{}"), NOWHERE)


async def test_who_does_not_read_is_told_where_to_go_on(ask: Ask, fan: Live, client: Client) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)
    line: Any = client.line()
    following = await fan(bob, "feed/feed_updated", line)
    quick = await fan(bob, "feed/feed_updated")
    await until(lambda: fan.fanout.followers == 2)

    await announce(post, ann, EVENTS_MAX + 44)
    await fan.all_told(quick)
    await until(lambda: following.follower.is_over)
    client.reads.set()
    await until(lambda: client.frames and client.frames[-1]["type"] == "complete")

    *told, end = client.events()
    assert len(told) == EVENTS_MAX
    assert (end["__typename"], end["reason"]) == ("StreamEnded", "LAGGED")
    assert (end["cursor"], end["id"]) == (told[-1]["cursor"], f"{told[-1]['id']}-end")
    assert [frame["type"] for frame in client.frames] == ["next"] * (EVENTS_MAX + 1) + ["complete"]
    assert client.over == ["1"]
    assert fan.fanout.followers == 1
    rest = await fan(bob, "feed/feed_updated", after=end["cursor"])
    await fan.all_told(rest)
    assert told + rest.told.events == quick.told.events
    assert len(quick.told.events) == EVENTS_MAX + 44


async def test_who_comes_back_is_given_no_more_at_a_time_than_may_wait(ask: Ask, fan: Live, client: Client) -> None:
    """Catching up waits for the client, however long it takes; only what is live does not."""
    ann, bob = await a_person("Ann"), await a_person("Bob")
    start, post = await fan.cursor(bob), await a_post(author=ann)
    await announce(post, ann, 3 * EVENTS_MAX)
    await fan.all_told()

    line: Any = client.line()
    following = await fan(bob, "feed/feed_updated", line, after=start)
    await until(lambda: client.outbox.waiting)
    await asyncio.sleep(0.2)
    waiting = following.follower.position
    client.reads.set()
    await fan.all_told(following)
    await until(lambda: len(client.frames) == 3 * EVENTS_MAX)

    assert waiting < following.follower.position
    assert not following.follower.is_over
    assert len({event["id"] for event in client.events()}) == 3 * EVENTS_MAX


async def test_one_who_lags_behind_leaves_the_others_alone(ask: Ask, fan: Live) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post(author=ann)
    slow = await fan(bob, "feed/feed_updated", Told(most=3))
    quick = await fan(ann, "feed/feed_updated")
    await until(lambda: fan.fanout.followers == 2)

    await announce(post, ann, 10)
    await fan.all_told(slow, quick)

    assert slow.told.types == ["PostPublished"] * 3 + ["StreamEnded"]
    assert quick.told.types == ["PostPublished"] * 10
