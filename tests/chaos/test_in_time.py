"""How soon: whoever is taken out hears no more of it, and what is committed reaches those who follow it."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio

from tests.chaos.clients import Caller, Clients, clients, conversation, people, text_of
from tests.chaos.figures import LONG, percentile, show
from tests.chaos.following import Event, over_socket
from tests.chaos.stack import Stack, installed, until

REMOVALS = 500 if LONG else 25  # from a group, and from a conversation
LANES = 8  # removals under way at once
STILL = 1.0  # seconds after the acknowledgement in which something may still be published and heard
ENDED = {"redis": 1.0, "no redis": 5.0}  # seconds until the stream has ended
SUBSCRIBERS = 100
MESSAGES = 100 if LONG else 30
PAUSE = 0.1  # seconds between two of them
INBOX = "subscription { inboxUpdated { __typename occurredAt ... on MessagePosted { message { id } } } }"
REACHED = {"redis": 1.0, "no redis": 2.5}  # seconds


@pytest_asyncio.fixture(scope="module", params=["redis", "no redis"])
async def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[tuple[str, Clients]]:
    """An installation with Redis, and one where it is dead: its name and its clients."""
    async with installed(tmp_path_factory.mktemp("stack"), redis=request.param == "redis", worker=False) as made:
        found = clients(made)
        yield request.param, found
        await found.http.aclose()


@dataclass
class Heard:
    """What one subscription has told, with the moment at which it came (by `time.time`)."""

    events: list[tuple[float, Event]] = field(default_factory=list[tuple[float, Event]])
    ended: float = 0.0
    fault: str = ""  # why it has stopped before its end

    def published_after(self, moment: float) -> int:
        return sum(published(event) > moment for _, event in self.events if event["__typename"] != "StreamEnded")


def published(event: Event) -> float:
    return datetime.fromisoformat(event["occurredAt"]).timestamp()


@asynccontextmanager
async def hearing(stack: Stack, who: Caller, at: int, document: str, **variables: Any) -> AsyncGenerator[Heard]:
    """What somebody is told from now on."""
    heard, ready = Heard(), asyncio.Event()
    asked = {"query": document, "variables": variables}

    async def listen() -> None:
        try:
            async for payload in over_socket(stack.addresses[at], who, asked, None, ready.set):
                assert "errors" not in payload, payload
                [event] = payload["data"].values()
                heard.events.append((time.time(), event))
        except Exception as error:
            heard.fault = repr(error)
        heard.ended = time.time()

    task = asyncio.create_task(listen())
    waiting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED, timeout=20)
        assert ready.is_set(), task
        yield heard
    finally:
        waiting.cancel()
        task.cancel()
        await asyncio.gather(task, waiting, return_exceptions=True)


@dataclass(frozen=True)
class Circle:
    """Something that people are taken out of and put back into, and where they hear of it."""

    own: str
    others: str
    """Subscriptions: to what happens in it, which ends; and to all that is one's own, which does not."""
    place: dict[str, str]
    out: tuple[str, dict[str, str]]
    back: tuple[str, dict[str, str]]
    write: tuple[str, dict[str, Any]]


async def a_circle(kind: str, asking: Clients, owner: Caller, members: Sequence[Caller]) -> Circle:
    if kind == "conversation":
        at = {"conversationId": await conversation(asking, [owner, *members], "Room")}
        return Circle(
            text_of("streams/conversation_updated"),
            INBOX,
            at,
            ("conversation_people/remove_conversation_member", at),
            ("conversation_people/add_conversation_members", {**at, "history": "NONE"}),
            ("messages/send_message", {**at, "body": "Under load"}),
        )
    values = {"name": "Launch", "visibility": "SECRET", "joinPolicy": "INVITE"}
    group = (await asking.change(owner, "groups/create_group", values))["group"]["id"]
    at = {"groupId": group}
    added = {**at, "personIds": [one.id for one in members]}
    await asking.change(owner, "memberships/add_group_members", added)
    return Circle(
        text_of("streams/group_updated"),
        text_of("feed/feed_updated"),
        at,
        ("memberships/remove_group_member", at),
        ("memberships/add_group_members", at),
        ("posts/create_post", {"kind": "DISCUSSION", "body": "Under load", "audience": at}),
    )


@pytest.mark.parametrize("kind", ["group", "conversation"])
async def test_who_was_taken_out_hears_no_more(place: tuple[str, Clients], kind: str) -> None:
    name, asking = place
    owner, writer, *members = await people(asking.stack, LANES + 2)
    circle = await a_circle(kind, asking, owner, [writer, *members])
    numbers = iter(range(REMOVALS if name == "redis" else REMOVALS // 5 + LANES))
    ends: list[float] = []
    late = written = 0

    async def write() -> None:
        nonlocal written
        while True:
            await asking.change(writer, *circle.write)
            written += 1

    async def take_out(member: Caller, at: int) -> None:
        nonlocal late
        for _ in numbers:
            async with (
                hearing(asking.stack, member, at, circle.own, **circle.place) as own,
                hearing(asking.stack, member, 1 - at, circle.others) as other,
            ):
                await until(lambda own=own, other=other: own.events and other.events)
                await asking.change(owner, circle.out[0], {**circle.out[1], "personId": member.id})
                out = time.time()
                await until(lambda own=own: own.ended)
                assert not own.fault and not other.fault, (own.fault, other.fault)
                ends.append(own.ended - out)
                assert own.events[-1][1]["reason"] == "REVOKED"
                await asyncio.sleep(max(0.0, out + STILL + 0.5 - time.time()))
                late += own.published_after(out + STILL) + other.published_after(out + STILL)
            await asking.change(owner, circle.back[0], {**circle.back[1], "personIds": [member.id]})

    started = time.monotonic()
    writing = asyncio.create_task(write())
    try:
        await asyncio.gather(*(take_out(member, n % 2) for n, member in enumerate(members)))
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    took = time.monotonic() - started
    slow = sum(end > ENDED[name] for end in ends)
    show(
        f"removals from a {kind}, {name}",
        count=len(ends),
        events_after=late,
        p50=percentile(ends, 0.5),
        p99=percentile(ends, 0.99),
        longest=max(ends),
        slow=slow,
        writes_per_second=written / took,
    )

    assert late == 0
    assert percentile(ends, 0.9) <= ENDED[name]  # a busy machine may be late, and is told of above


async def test_what_is_committed_soon_reaches_a_hundred_followers(place: tuple[str, Clients]) -> None:
    name, asking = place
    everybody = await people(asking.stack, SUBSCRIBERS)
    room = await conversation(asking, everybody, "Room")
    delays: list[float] = []
    tasks: list[asyncio.Task[None]] = []
    ready = itertools.count(1)
    arrived = 0

    def one_more() -> None:
        nonlocal arrived
        arrived = next(ready)

    async def listen(who: Caller, at: int) -> None:
        asked = {"query": text_of("streams/conversation_updated"), "variables": {"conversationId": room}}
        async for payload in over_socket(asking.stack.addresses[at], who, asked, None, one_more):
            event = payload["data"]["conversationUpdated"]
            if event["__typename"] == "MessagePosted":  # not how the conversation began, a moment ago
                delays.append(time.time() - published(event))

    try:
        tasks = [asyncio.create_task(listen(who, n % 2)) for n, who in enumerate(everybody)]
        await until(lambda: arrived == SUBSCRIBERS or any(task.done() for task in tasks))
        for n in range(MESSAGES):
            said = {"conversationId": room, "body": f"Number {n}"}
            await asking.change(everybody[0], "messages/send_message", said, at=n % 2)
            await asyncio.sleep(PAUSE)
        await until(lambda: len(delays) == SUBSCRIBERS * MESSAGES or any(task.done() for task in tasks))
    finally:
        for task in tasks:
            task.cancel()
        faults = [
            error for error in await asyncio.gather(*tasks, return_exceptions=True) if isinstance(error, Exception)
        ]
    show(f"delay, {name}", events=len(delays), p50=percentile(delays, 0.5), p99=percentile(delays, 0.99))

    assert not faults, faults[:3]
    assert len(delays) == SUBSCRIBERS * MESSAGES
    assert percentile(delays, 0.99) <= REACHED[name]
