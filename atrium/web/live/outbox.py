"""What waits to be sent over one connection, in order, and how much of it each stream may have waiting."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from atrium.web import metrics
from models.log import Position
from resolvers.live.followers import Payload

EVENTS_MAX = 256  # of one stream, waiting
CHARACTERS_MAX = 1_000_000  # of one stream, waiting
ROOM = 64  # events of one stream below which there is room for some dozens more
BACKLOG = 1_000_000  # characters of a connection, above which nothing more is read from it


class Frame:
    """Text that is sent, and the bytes that a wire makes of it: once for all connections that are sent the same."""

    __slots__ = ("text", "wire")

    def __init__(self, text: str) -> None:
        self.text = text
        self.wire: bytes | None = None


Send = Callable[[str], Awaitable[None]]
Write = Callable[[Frame], bool]


class Framing(Protocol):
    """How a connection writes what it sends."""

    def next(self, id: str, payload: Payload, position: Position) -> Frame:
        """An event of the stream `id`."""
        ...

    def complete(self, id: str) -> Frame:
        """That the stream `id` has ended."""
        ...


class Outbox:
    """A queue of frames and the one task that sends them, where they cannot be written at once."""

    def __init__(self, send: Send, write: Write | None = None) -> None:
        """`write` sends a frame, or gives False where that would have to wait."""
        self.waiting = 0  # characters
        self.busy_since: float | None = None  # the loop's time at which the frame under way was begun
        self._send, self._write = send, write
        self._frames: deque[tuple[Frame, Line | None]] = deque()
        self._is_idle = False  # all is sent, and the sender waits to be woken
        self._woken = asyncio.Event()
        self._low = asyncio.Event()
        self._low.set()

    def add(self, frame: Frame, line: Line | None = None) -> None:
        """Have a frame sent behind all others."""
        if self.written(frame):
            return
        self._frames.append((frame, line))
        self.waiting += len(frame.text)
        if self.waiting > BACKLOG:
            self._low.clear()
        self._is_idle = False
        self._woken.set()

    def written(self, frame: Frame) -> bool:
        """Whether the frame was sent at once, as nothing waits and the connection takes it; else nothing is done."""
        return self._is_idle and self._write is not None and self._write(frame)

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
                await self._send(frame.text)
                self.waiting -= len(frame.text)
                if self.waiting <= BACKLOG:
                    self._low.set()
                if line:
                    line.sent(frame)
            self.busy_since = None
            self._woken.clear()
            self._is_idle = True
            await self._woken.wait()


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
        if self._outbox.written(frame):
            metrics.events.count += 1
            return True
        # One that is larger than all that may wait still has to go, where nothing waits before it.
        if self._events >= EVENTS_MAX or (self._events and self._characters + len(frame.text) > CHARACTERS_MAX):
            return False
        self._events += 1
        self._characters += len(frame.text)
        self._outbox.add(frame, self)
        metrics.events.count += 1
        return True

    def end(self, payload: Payload | None, position: Position) -> None:
        if payload:
            self._outbox.add(self._framing.next(self.id, payload, position))
        self._outbox.add(self._framing.complete(self.id))
        self._over(self.id)

    def sent(self, frame: Frame) -> None:
        """A frame of this stream that had to wait has left."""
        self._events -= 1
        self._characters -= len(frame.text)
        if self._room and self._events <= ROOM and self._characters <= CHARACTERS_MAX // 2:
            room, self._room = self._room, None
            if not room.done():
                room.set_result(None)
