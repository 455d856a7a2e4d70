"""A channel: all of this process who follow one topic, and the one task that serves them."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from auth.viewer import Viewer
from models.db import is_unreachable
from models.log import Position, beginning
from models.tasks import end
from resolvers.context import Services
from resolvers.live.ends import EndReason, StreamEnded
from resolvers.live.followers import Follower, Operation, Payload
from resolvers.live.hearing import alike
from resolvers.live.topics import Topic, among
from resolvers.live.viewers import Viewers
from subscriptions.events import Logged

RETRY = 1.0  # seconds, while the database is away
TRIES = 3  # of a portion that fails for another reason
AT_ONCE = 4  # groups that are executed side by side: others need the database too
PORTION = 32  # events that one follower who catches up is given at a time

out = structlog.get_logger()


@dataclass
class Group:
    """One viewer's operation, the events that are executed for them, and what has come of each."""

    viewer: Viewer
    operation: Operation
    events: list[int] = field(default_factory=list[int])
    told: dict[int, Payload] = field(default_factory=dict[int, Payload])


Told = list[tuple[Group, list[Follower]]]
"""Of one event: who is told of it, by the group in which it is executed for them."""


class Channel:
    """Those who follow `topic`. `position` is of the last event that was taken to be given to all of them."""

    def __init__(self, topic: Topic, services: Services, viewers: Viewers, emptied: Callable[[Channel], None]) -> None:
        """`emptied` is called when the last follower has been ended."""
        self.topic, self.hub, self.viewers, self._emptied = topic, services.hub, viewers, emptied
        self._name = name_of(topic)
        self._presence = services.presence
        self.followers: set[Follower] = set()
        self.moving = 0  # who are being brought up to the present, or told of their end
        self.position: Position = self._presence.position if topic.is_passing else self.hub.position
        self._task = asyncio.create_task(self._run(), name=f"channel {self._name}")
        self._ending: asyncio.Task[None] | None = None

    def close(self) -> None:
        """Serve nobody any more."""
        self._ending = asyncio.create_task(end(self._task), name=f"end of channel {self._name}")

    async def catch_up(self, follower: Follower) -> None:
        """Give somebody what has happened since their position, and have them served with the others from there on."""
        while follower.position < self.position and not self.topic.is_passing:
            await self._replay(follower)
            if follower.is_over:
                return
        # Nothing is awaited between the test above and this line: the next portion is theirs too, the last one was not.
        self.followers.add(follower)
        # What took their right while they were on their way has ended the streams of the others only.
        await self._patiently(lambda: self._end_unless_remaining(follower))

    async def look_again(self) -> None:
        """End the streams of those who may not follow the topic any more."""
        followers = list(self.followers)
        gone = await self.viewers.renew(followers)
        remaining = await self.topic.remain({follower.person for follower in followers})
        for follower in followers:
            if follower in gone or follower.person not in remaining:
                await self.end(follower, EndReason.REVOKED)

    async def end(self, follower: Follower, reason: EndReason) -> None:
        """Have somebody's stream end with the reason, and with where to go on from."""
        self.followers.discard(follower)
        if follower.is_over:
            return
        follower.is_over = True
        self.moving += 1  # our own task may be doing this: nobody is to close us meanwhile for being empty
        try:
            payload = await self._last_words(follower, reason)
        finally:
            self.moving -= 1
        if not follower.has_left:
            follower.sink.end(payload, follower.position)
        self._emptied(self)

    async def _last_words(self, follower: Follower, reason: EndReason) -> Payload | None:
        ended = StreamEnded(reason, follower.position, self.viewers.clock.now())
        try:
            return Payload((await follower.operation.answers(follower.viewer, [ended]))[0])
        except Exception as error:  # it ends all the same
            out.error("end_not_told", topic=self._name, error=repr(error))
            return None

    async def _run(self) -> None:
        while True:
            try:
                await self._follow()
            except Exception as error:  # the log could not be read
                out.warning("events_not_read", topic=self._name, error=repr(error))
                await asyncio.sleep(RETRY)

    async def _follow(self) -> None:
        async with contextlib.aclosing(self._portions()) as portions:
            async for portion in portions:
                self.position = portion[-1].position
                followers = list(self.followers)
                if followers:
                    await self._deliver(portion, followers)
                    if any(self.topic.ends(event) for event in portion):
                        await self._patiently(self.look_again)

    def _portions(self) -> AsyncGenerator[list[Logged]]:
        if self.topic.is_passing:
            return self._presence.overhear(self.topic.wants)
        return self.hub.follow(self.topic.wants, self.position, among=among(self.topic))

    async def _replay(self, follower: Follower) -> None:
        portions = self.hub.replay(self.topic.wants, follower.position, among=among(self.topic), until=self.position)
        async with contextlib.aclosing(portions):
            async for events, position in portions:
                if follower.position < await beginning():  # what they lack is not kept any longer
                    await self.end(follower, EndReason.TOO_OLD)
                    return
                for start in range(0, len(events), PORTION):
                    await follower.sink.room()
                    await self._deliver(events[start : start + PORTION], [follower])
                    if follower.is_over:
                        return
                follower.position = max(follower.position, position)

    async def _deliver(self, events: Sequence[Logged], followers: Collection[Follower]) -> None:
        """Give these events to those of the followers who may hear of them, however often the database is away."""
        due = [follower for follower in followers if follower.position < events[-1].position]
        tries = 0
        while due:
            try:
                await self._give(events, due)
                return
            except Exception as error:
                tries += not is_unreachable(error)
                out.warning("events_not_given", topic=self._name, error=repr(error), tries=tries)
                if tries >= TRIES:
                    for follower in due:
                        await self.end(follower, EndReason.LAGGED)
                    return
                await asyncio.sleep(RETRY)

    async def _give(self, events: Sequence[Logged], due: Sequence[Follower]) -> None:
        for follower in await self.viewers.renew(due):
            await self.end(follower, EndReason.REVOKED)
        present = [follower for follower in due if not follower.is_over]
        heard = await self.topic.hear({follower.person for follower in present}, events)
        groups, told = grouped(events, present, heard, await alike(events))
        await execute(events, groups)
        lagging = put(events, told)
        for follower in present:
            if follower in lagging:
                await self.end(follower, EndReason.LAGGED)
            elif not follower.is_over:
                follower.position = max(follower.position, events[-1].position)

    async def _end_unless_remaining(self, follower: Follower) -> None:
        if not await self.topic.remain({follower.person}):
            await self.end(follower, EndReason.REVOKED)

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await work()
            except Exception as error:
                out.warning("rights_unknown", topic=self._name, error=repr(error))
                await asyncio.sleep(RETRY)


def name_of(topic: Topic) -> str:
    """A topic as the log of the process tells it, without all the kinds that it is made of."""
    return " ".join(str(part) for part in topic.key if not isinstance(part, tuple))


def grouped(
    events: Sequence[Logged],
    followers: Sequence[Follower],
    heard: Sequence[Collection[uuid.UUID]],
    alike: Sequence[bool],
) -> tuple[list[Group], list[Told]]:
    """Who is told what with whom. What everybody of a sort is told the same is executed as the first of them."""
    groups: dict[Hashable, Group] = {}
    told: list[Told] = [[] for _ in events]
    for together in _sorted(followers, lambda follower: follower.together):
        operation = together[0].operation
        for i, event in enumerate(events):
            who, position = heard[i], event.position
            hearing = [f for f in together if f.person in who and f.position < position]
            # With others of the same access that ask the same they are told the same in any case.
            is_shared = alike[i] and operation.is_shared(event)
            for same in [hearing] if is_shared and hearing else _sorted(hearing, lambda follower: follower.access):
                first = same[0]
                group = groups.setdefault((first.together, first.access), Group(first.viewer, operation))
                group.events.append(i)
                told[i].append((group, same))
    return list(groups.values()), told


def _sorted(followers: Iterable[Follower], by: Callable[[Follower], Hashable]) -> list[list[Follower]]:
    found: dict[Hashable, list[Follower]] = {}
    for follower in followers:
        found.setdefault(by(follower), []).append(follower)
    return list(found.values())


def put(events: Sequence[Logged], told: Sequence[Told]) -> set[Follower]:
    """Have everybody sent what they are told, in order; those who have too much waiting already."""
    lagging: set[Follower] = set()
    for i, (event, of_event) in enumerate(zip(events, told, strict=True)):
        position = event.position
        for group, followers in of_event:
            payload = group.told[i]
            for follower in followers:
                if follower.is_over or follower in lagging:
                    continue
                if follower.sink.put(payload, position):
                    follower.position = position
                else:
                    lagging.add(follower)
    return lagging


async def execute(events: Sequence[Logged], groups: Sequence[Group]) -> None:
    """Find out what each group is told of its events. Raises what the first of them failed with."""
    places = asyncio.Semaphore(AT_ONCE)

    async def of(group: Group) -> None:
        async with places:
            answers = await group.operation.answers(group.viewer, [events[i] for i in group.events])
        group.told = {i: Payload(json) for i, json in zip(group.events, answers, strict=True)}

    for failed in await asyncio.gather(*(of(group) for group in groups), return_exceptions=True):
        if failed is not None:
            raise failed
