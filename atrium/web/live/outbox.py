"""What waits to be sent over one connection, in order, and how much of it each stream may have waiting."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Protocol

from models.log import Position
from resolvers.live.followers import Payload

EVENTS_MAX = 256  # of one stream, waiting
CHARACTERS_MAX = 1_000_000  # of one stream, waiting
ROOM = 64  # events of one stream below which there is room for some dozens more
BACKLOG = 1_000_000  # characters of a connection, above which nothing more is read from it

Send = Callable[[str], Coroutine[Any, Any, None]]


class Framing(Protocol):
    """How a connection writes what it sends."""

    def next(self, id: str, payload: Payload, position: Position) -> str:
        """An event of the stream `id`."""
        ...

    def complete(self, id: str) -> str:
        """That the stream `id` has ended."""
        ...


class Outbox:
    """A queue of frames and the one task that sends them."""

    def __init__(self, send: Send) -> None:
        self.waiting = 0  # characters
        self.busy_since: float | None = None  # the loop's time at which the frame under way was begun
        self._send = send
        self._frames: deque[tuple[str, Line | None]] = deque()
        self._idle: asyncio.Future[None] | None = None  # what the sender waits for where there is nothing to send
        self._rest: Awaitable[None] | None = None  # of the first frame, which was begun before the sender was woken
        self._low = asyncio.Event()
        self._low.set()

    def add(self, frame: str, line: Line | None = None) -> None:
        """Have a frame sent behind all others; at once where nothing waits and the connection takes it."""
        if self._idle is not None and not self._idle.done():
            rest = self._begin(frame)
            if rest is None:
                if line:
                    line.sent(frame)
                return
            self._rest, self.busy_since = rest, asyncio.get_running_loop().time()
            self._idle.set_result(None)
        self._frames.append((frame, line))
        self.waiting += len(frame)
        if self.waiting > BACKLOG:
            self._low.clear()

    def _begin(self, frame: str) -> Awaitable[None] | None:
        """Send without a task of its own, as far as that goes without waiting; what is left of it."""
        sending = self._send(frame)
        try:
            waits_for = sending.send(None)
        except StopIteration:
            return None
        except Exception as error:
            return _failed(error)
        return _Rest(sending, waits_for)

    async def low(self) -> None:
        """Until no more than `BACKLOG` characters wait."""
        await self._low.wait()

    async def drained(self) -> None:
        """Until everything is sent."""
        while self._frames or self.busy_since is not None:  # noqa: ASYNC110  # at the end of a connection only
            await asyncio.sleep(0.01)

    async def run(self) -> None:
        """Send, until cancelled. Raises what sending raises: the connection is gone."""
        loop = asyncio.get_running_loop()
        while True:
            while self._frames:
                frame, line = self._frames.popleft()
                self.busy_since = loop.time()
                sending, self._rest = self._rest or self._send(frame), None
                await sending
                self.waiting -= len(frame)
                if line:
                    line.sent(frame)
            self.busy_since = None
            self._low.set()
            self._idle = loop.create_future()
            await self._idle


class _Rest:
    """What is left of a coroutine that has been begun, and waits for something now: to be awaited by a task."""

    def __init__(self, begun: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._begun, self._waits_for = begun, waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._waits_for
        while True:
            try:
                try:
                    said = yield waits_for
                except BaseException as error:
                    waits_for = self._begun.throw(error)
                else:
                    waits_for = self._begun.send(said)
            except StopIteration:
                return


async def _failed(error: Exception) -> None:
    raise error


class Line:
    """One stream over a connection; a `Sink` of the fan-out."""

    __slots__ = ("_characters", "_events", "_framing", "_outbox", "_over", "_room", "id")

    def __init__(self, outbox: Outbox, framing: Framing, id: str, over: Callable[[str], None]) -> None:
        """`over` is called with the id once the stream has ended of itself."""
        self.id = id
        self._outbox, self._framing, self._over = outbox, framing, over
        self._events = self._characters = 0
        self._room: asyncio.Future[None] | None = None

    async def room(self) -> None:
        while self._events > ROOM or self._characters > CHARACTERS_MAX // 2:
            if self._room is None:
                self._room = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._room)

    def put(self, payload: Payload, position: Position) -> bool:
        frame = self._framing.next(self.id, payload, position)
        # One that is larger than all that may wait still has to go, where nothing waits before it.
        if self._events >= EVENTS_MAX or (self._events and self._characters + len(frame) > CHARACTERS_MAX):
            return False
        self._events += 1
        self._characters += len(frame)
        self._outbox.add(frame, self)
        return True

    def end(self, payload: Payload | None, position: Position) -> None:
        if payload:
            self._outbox.add(self._framing.next(self.id, payload, position))
        self._outbox.add(self._framing.complete(self.id))
        self._over(self.id)

    def sent(self, frame: str) -> None:
        """A frame of this stream has left."""
        self._events -= 1
        self._characters -= len(frame)
        if self._room and self._events <= ROOM and self._characters <= CHARACTERS_MAX // 2:
            room, self._room = self._room, None
            if not room.done():
                room.set_result(None)
