"""Live streams: one tail of the log in each process, fanned out to whoever listens.

A listener may begin at an old position: what has happened since is replayed from the log, then it goes live without a
gap, a repeat or an inversion, because both follow the same order.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Callable

import structlog

from models import log as table
from models.log import Position
from subscriptions import log
from subscriptions.bus import POLL, Bus
from subscriptions.events import Logged

QUEUE = 256  # events that one listener may be behind
PAGE = 64  # events handed on at a time
PATIENCE = 0.2  # seconds that listeners have to make room for another page

Wants = Callable[[Logged], bool]
out = structlog.get_logger()


class Lagged(Exception):
    """The listener did not keep up. `position` is of the last event that it was given."""

    def __init__(self, position: Position) -> None:
        super().__init__("the listener did not keep up")
        self.position = position


class Listener:
    """A bounded queue of the events that somebody wants."""

    def __init__(self, wants: Wants) -> None:
        self.wants = wants
        self.lagged = False
        self._events: deque[Logged] = deque()
        self._ready = asyncio.Event()

    @property
    def has_room(self) -> bool:
        """Whether another page fits, or it no longer matters."""
        return self.lagged or len(self._events) <= QUEUE - PAGE

    def offer(self, event: Logged) -> None:
        if self.lagged or not self.wants(event):
            return
        if len(self._events) >= QUEUE:
            self.lagged = True
        else:
            self._events.append(event)
        self._ready.set()

    async def take(self) -> Logged | None:
        """The next event; None once the queue has overflowed and what was in it is taken."""
        while not self._events:
            if self.lagged:
                return None
            self._ready.clear()
            await self._ready.wait()
        return self._events.popleft()


class Hub:
    """The process's one tail of the log."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.position: Position = table.START
        self._listeners: set[Listener] = set()

    @property
    def listeners(self) -> int:
        """How many are listening live."""
        return len(self._listeners)

    async def start(self) -> None:
        """Stand at the present; `forever` follows from here."""
        self.position = await table.horizon()

    async def forever(self) -> None:
        """Follow the log until cancelled; a database that is away for a while delays, but loses nothing."""
        pause = POLL[0]
        while True:
            heard = self.bus.pokes
            try:
                moved = await self.advance()
            except Exception as error:
                out.warning("tail_failed", error=repr(error))
                moved, pause = False, POLL[1]
            pause = POLL[0] if moved else min(pause * 2, POLL[1])
            if not moved and await self.bus.wait(pause, heard):
                pause = POLL[0]

    async def advance(self) -> bool:
        """Hand on what is new; whether there was anything."""
        events, behind = await log.after(self.position, PAGE)
        moved, self.position = behind != self.position, behind
        for event in events:
            for listener in self._listeners:
                listener.offer(event)
        if len(events) == PAGE:
            await self._make_room()
        return moved

    async def _make_room(self) -> None:
        """In a burst, wait a little for those who keep up: they are not to overflow because much came at once."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not all(listener.has_room for listener in self._listeners):  # noqa: ASYNC110  # any of many
                    await asyncio.sleep(0.005)

    async def listen(self, wants: Wants, after: Position | None = None) -> AsyncGenerator[Logged]:
        """The events that `wants` chooses, from behind `after` or from now on. Raises `Lagged`."""
        position = self.position if after is None else after
        while position < self.position:
            events, behind = await log.after(position)
            for event in events:
                if wants(event):
                    yield event
            if behind == position:
                break
            position = behind
        # Nothing is awaited between the test above and this line, so the tail cannot slip in between.
        listener = Listener(lambda event: event.position > position and wants(event))
        self._listeners.add(listener)
        try:
            while (event := await listener.take()) is not None:
                position = event.position
                yield event
            raise Lagged(position)
        finally:
            self._listeners.discard(listener)


@contextlib.asynccontextmanager
async def running(hub: Hub) -> AsyncGenerator[Hub]:
    """A hub that follows the log for as long as the block runs."""
    await hub.start()
    task = asyncio.create_task(hub.forever(), name="log tail")
    try:
        yield hub
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
