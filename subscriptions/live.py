"""The process's tail of the log, handed on to whoever follows it.

A follower may begin at an old position: what has happened since is read from the log, then it goes live without a gap,
a repeat or an inversion, because both have one order. Whoever is slow falls back upon the log, and loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass

import structlog

from models import log as table
from models.log import Position
from models.tasks import end
from subscriptions import log
from subscriptions.bus import POLL, Bus
from subscriptions.events import Logged

QUEUE = 256  # events that a follower may be behind before it reads the log by itself
PAGE = 64  # events handed on at a time
LULL = 0.005  # seconds between two looks at the log: what many commit within a moment is read at once
PATIENCE = 0.2  # seconds that followers have to make room for another page

Wants = Callable[[Logged], bool]
out = structlog.get_logger()


@dataclass(frozen=True)
class Among:
    """What of the log somebody chooses from: events of these kinds and of these streams, each where given."""

    kinds: Sequence[str] | None = None
    streams: Sequence[str] | None = None


class Listener:
    """A bounded queue of the live events that somebody wants; once it has overflowed it takes no more."""

    def __init__(self, wants: Wants) -> None:
        self.wants = wants
        self.overflowed = False
        self._events: deque[Logged] = deque()
        self._ready = asyncio.Event()

    @property
    def has_room(self) -> bool:
        """Whether another page fits, or it no longer matters."""
        return self.overflowed or len(self._events) <= QUEUE - PAGE

    def offer(self, event: Logged) -> None:
        if self.overflowed or not self.wants(event):
            return
        if len(self._events) >= QUEUE:
            self.overflowed = True
        else:
            self._events.append(event)
        self._ready.set()

    async def take(self) -> list[Logged]:
        """What has come, at most a page; nothing once the queue has overflowed and what was in it is taken."""
        while not self._events and not self.overflowed:
            self._ready.clear()
            await self._ready.wait()
        return [self._events.popleft() for _ in range(min(PAGE, len(self._events)))]


class Hub:
    """The process's one tail of the log."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.position: Position = table.START
        self._looked_at = 0.0  # by the loop's clock
        self._listeners: set[Listener] = set()

    @property
    def listeners(self) -> int:
        """How many follow live."""
        return len(self._listeners)

    async def start(self) -> None:
        """Stand at the present; `forever` goes on from here."""
        self.position = await table.horizon()

    async def forever(self) -> None:
        """Follow the log until cancelled; a database that is away for a while delays, but loses nothing."""
        pause, is_fed = POLL[0], False
        while True:
            heard = self.bus.pokes
            if page := self.bus.handed(self.position):  # another process has read it for us
                await self._hand_on(page.events, page.behind)
                is_fed = True
                continue
            # After a page of theirs the next one comes of itself: the log is looked at where it does not.
            read = 0 if is_fed else await self._look()
            is_fed = False
            pause = POLL[0] if read else min(pause * 2, POLL[1])
            if read < PAGE and await self.bus.wait(pause, heard):  # of a full page it is known that there may be more
                pause = POLL[0]
                await self._rest()

    async def advance(self) -> int:
        """Hand on what is new in the log, a page at most; how many events that were."""
        since, self._looked_at = self.position, asyncio.get_running_loop().time()
        records = await table.after(since, limit=PAGE)
        if not records:
            return 0
        behind = log.behind(records, since)
        self.bus.hand_on(since, behind, records)
        await self._hand_on(log.read(records), behind)
        return len(records)

    async def _rest(self) -> None:
        """Let a lull pass since the log was looked at; nothing where that is longer ago."""
        left = self._looked_at + LULL - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.sleep(left)

    async def _look(self) -> int:
        try:
            return await self.advance()
        except Exception as error:
            out.warning("tail_failed", error=repr(error))
            await asyncio.sleep(POLL[1])
            return 0

    async def _hand_on(self, events: Sequence[Logged], behind: Position) -> None:
        self.position = behind
        for event in events:
            for listener in self._listeners:
                listener.offer(event)
        if len(events) >= PAGE:
            await self._make_room()

    async def _make_room(self) -> None:
        """In a burst, wait a little for those who keep up: they are not to overflow because much came at once."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not all(listener.has_room for listener in self._listeners):  # noqa: ASYNC110  # any of many
                    await asyncio.sleep(0.005)

    async def follow(
        self, wants: Wants, after: Position | None = None, *, among: Among | None = None
    ) -> AsyncGenerator[list[Logged]]:
        """What `wants` chooses, from behind `after` or from now on, in order and in portions that are never empty.

        `among` is what it chooses from: what lies behind is then read without the rest of the log.
        """
        position = self.position if after is None else after
        while True:
            async with contextlib.aclosing(self.replay(wants, position, among=among)) as portions:
                async for portion in portions:
                    events, position = portion
                    if events:
                        yield events
            # Nothing is awaited between the end of the replay and this line, so the tail cannot slip in between.
            listener = Listener(self._behind(position, wants))
            self._listeners.add(listener)
            try:
                while events := await listener.take():
                    position = events[-1].position
                    yield events
            finally:
                self._listeners.discard(listener)

    async def replay(
        self, wants: Wants, position: Position, *, among: Among | None = None, until: Position | None = None
    ) -> AsyncGenerator[tuple[list[Logged], Position]]:
        """What lies between `position` and where this process stands, or `until`, and how far each portion goes."""
        among = among or Among()
        while position < (end := self.position if until is None else until):
            records = await table.after(position, limit=log.PAGE, kinds=among.kinds, streams=among.streams)
            position = log.behind(records, position)
            if len(records) < log.PAGE:
                position = max(position, end)  # there was no more up to where the log stands, which is not before `end`
            yield [event for event in log.read(records) if wants(event)], position

    @staticmethod
    def _behind(position: Position, wants: Wants) -> Wants:
        return lambda event: event.position > position and wants(event)


@contextlib.asynccontextmanager
async def running(hub: Hub) -> AsyncGenerator[Hub]:
    """A hub that follows the log for as long as the block runs."""
    await hub.start()
    task = asyncio.create_task(hub.forever(), name="log tail")
    try:
        yield hub
    finally:
        await end(task)
