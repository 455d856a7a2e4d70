"""Processes and engines are killed and frozen while people write and follow: nothing is lost, nothing is twice."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from tests.chaos import truth
from tests.chaos.clients import Caller, Clients, clients, conversation, people
from tests.chaos.figures import SECONDS, percentile, show
from tests.chaos.following import EventSourceFollower, Follower
from tests.chaos.monkey import Monkey
from tests.chaos.replay import Conversation, Feed, Known
from tests.chaos.stack import Fetch, Stack, installed, until
from tests.chaos.writing import Acknowledged, Writer

WRITERS = 10
CONVERSATIONS = 3
SETTLED = 60.0  # seconds that followers have for the rest, once all is well again
LEAVES_EVERY = 15.0  # seconds
QUIET = 5.0  # seconds until trouble begins


async def test_nothing_acknowledged_is_lost_and_every_stream_is_whole(tmp_path: Path) -> None:
    async with installed(tmp_path) as stack, people_at_work(stack) as scene:
        await asyncio.sleep(QUIET)
        quiet = len(scene.told.times) / QUIET
        monkey = Monkey(stack, random.Random(20))
        havoc = asyncio.create_task(monkey.forever())
        started = time.monotonic()
        await asyncio.sleep(SECONDS / 2)
        await scene.follow()  # in the middle of it
        await asyncio.sleep(max(0.0, started + SECONDS - time.monotonic()))
        await ended(havoc)
        await stack.ready()
        took = time.monotonic() - started

        await scene.stop_writing()
        async with stack.stored() as fetch:
            await scene.settle(fetch)
            replayed = await scene.replay_all()
            lost = await truth.lost(fetch, scene.told)
            disorder = await truth.disorder(fetch, scene.places)
            untold = sum([Counter(await truth.untold(fetch, one)) for one in scene.followers], Counter[str]())
        different = [one for one in scene.followers if await scene.is_different(one)]

    told, faults = scene.told, [fault for one in scene.followers for fault in one.faults]
    show(
        "chaos",
        seconds=took,
        acknowledged=len(told.times),
        per_second=len(told.times) / (QUIET + took),
        per_second_before=quiet,
        p50=percentile(told.waits, 0.5),
        p99=percentile(told.waits, 0.99),
        longest_gap=max((b - a for a, b in pairwise(told.times)), default=0.0),
        troubles=dict(monkey.done),
        starts={one.name: one.starts for one in (*stack.apis, stack.worker)},
        asked_again=dict(scene.asking.repeats),
        events=sum(len(one.events) for one in scene.followers),
        stopped=dict(sum((one.ends for one in scene.followers), Counter[str]())),
        replayed_per_second=replayed,
        lost=dict(lost),
        untold=dict(untold),
        different=len(different),
    )
    assert not told.faults, told.faults[:3]
    assert not faults, faults[:3]
    assert not +Counter(lost), lost
    assert not +untold, untold
    assert disorder == 0
    assert not different


@dataclass
class Scene:
    """People who write to each other and to the feed, and people who follow it."""

    asking: Clients
    everybody: list[Caller]
    places: list[str]
    told: Acknowledged = field(default_factory=Acknowledged)
    followers: list[Follower] = field(default_factory=list[Follower])
    _enough: asyncio.Event = field(default_factory=asyncio.Event)
    _writing: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])
    _following: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    def write(self) -> None:
        """Have everybody write, until told to stop."""
        for n, one in enumerate(self.everybody):
            writer = Writer(self.asking, one, self.places, self.told, random.Random(n))
            self._writing.append(asyncio.create_task(writer.until(self._enough)))

    async def follow(self) -> None:
        """Have two people follow each conversation and two the feed, from a snapshot on.

        One of two now and then goes without a word; one of each kind is told by server-sent events.
        """
        knowns: list[Known] = [*(Conversation(place) for place in self.places for _ in range(2)), Feed(), Feed()]
        for n, known in enumerate(knowns):
            who = self.everybody[n % len(self.everybody)]
            cursor, rows = await known.snapshot(self.asking, who)
            known.rows |= rows
            kind = EventSourceFollower if n in (1, len(knowns) - 1) else Follower
            leaves = LEAVES_EVERY if n % 2 else 0.0
            self._begin(kind(self.asking.stack, who, known, cursor, random.Random(n), leaves))

    async def stop_writing(self) -> None:
        """Once what they are at is acknowledged, too."""
        self._enough.set()
        await asyncio.gather(*self._writing)

    async def settle(self, fetch: Fetch) -> None:
        """Until everybody has been told of the last event, or should have been."""
        last = {one: (await truth.due(fetch, one))[-1:] for one in self.followers}
        with contextlib.suppress(TimeoutError):  # who is not there then has lost events
            await until(lambda: all(one.events[-1:] == last[one] for one in self.followers), SETTLED)

    async def replay_all(self) -> float:
        """Have somebody come who was away all the time; how many events per second they are told."""
        first = self.followers[0]
        assert isinstance(first.known, Conversation)
        again = Follower(self.asking.stack, first.who, Conversation(first.known.id), first.origin, random.Random(1))
        started = time.monotonic()
        self._begin(again)
        with contextlib.suppress(TimeoutError):
            await until(lambda: again.events[-1:] == first.events[-1:], SETTLED)
        return len(again.events) / (time.monotonic() - started)

    async def is_different(self, one: Follower) -> bool:
        """Whether what a follower has made of a snapshot and its events is not what a fresh one says."""
        _, rows = await one.known.snapshot(self.asking, one.who)
        return rows != one.known.rows

    async def end(self) -> None:
        await ended(*self._writing, *self._following)

    def _begin(self, follower: Follower) -> None:
        self.followers.append(follower)
        self._following.append(asyncio.create_task(follower.forever()))


@contextlib.asynccontextmanager
async def people_at_work(stack: Stack) -> AsyncGenerator[Scene]:
    """Writers, and followers who were there before anything was written."""
    asking = clients(stack)
    everybody = await people(stack, WRITERS)
    places = [await conversation(asking, everybody, f"Room {n}") for n in range(CONVERSATIONS)]
    scene = Scene(asking, everybody, places)
    try:
        await scene.follow()
        scene.write()
        yield scene
    finally:
        await scene.end()
        await asking.http.aclose()


async def ended(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks, and wait for that."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
