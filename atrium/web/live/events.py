"""`/graphql` by server-sent events: a request that accepts `text/event-stream` is answered event by event.

Each operation has a connection of its own (the distinct connections mode of the GraphQL over SSE protocol). Events of a
stream carry their cursor as the event's id, so that `Last-Event-ID` resumes it.
https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from atrium.web import metrics
from atrium.web.live.outbox import Frame, Line, Outbox
from atrium.web.live.switchboard import Switchboard
from auth.viewer import Viewer
from models.log import Position
from models.tasks import end
from resolvers.live.followers import Follower, Payload
from schema.live import Opened

MEDIA = "text/event-stream"
HEADERS = {"x-accel-buffering": "no"}  # proxies are not to hold events back
ALIVE_EVERY = 15.0  # seconds
ALIVE = Frame(":\n\n")
STOP = Frame("")
KEY = ""  # of the frame that all such streams share: no id over a socket is empty
COMPLETE = Frame("event: complete\ndata:\n\n")

Seal = Callable[[Position], str]


class EventFraming:
    """How a stream is written as server-sent events."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def next(self, id: str, payload: Payload, position: Position) -> Frame:
        frame = payload.frames.get(KEY)
        if frame is None:
            told = payload.json.decode()
            frame = payload.frames[KEY] = Frame(f"event: next\nid: {self._seal(position)}\ndata: {told}\n\n")
        return frame

    def complete(self, id: str) -> Frame:
        return COMPLETE


def answered(body: bytes) -> bytes:
    """An operation that has one answer, written in the same way."""
    return b"event: next\ndata: %b\n\n%b" % (body, COMPLETE.text.encode())


class EventStream(StreamingResponse):
    """One stream over one response. Made, it is counted among the connections; it must be sent then."""

    def __init__(self, opened: Opened, viewer: Viewer, switchboard: Switchboard, heard: int, seal: Seal) -> None:
        super().__init__(self._events(), media_type=MEDIA, headers=HEADERS)
        self.viewer: Viewer | None = None
        self._fanout, self._doors = switchboard.fanout, switchboard.doors
        self._frames: asyncio.Queue[str] = asyncio.Queue(1)
        self._outbox = Outbox(self._frames.put, self._write)
        self._line = Line(self._outbox, EventFraming(seal), "", self._over)
        self._follower = Follower(opened.stream.topic, viewer, opened.operation, self._line, opened.stream.position)
        self._alive = asyncio.get_running_loop().time()
        self._doors.open(self)
        self._doors.admit(self, viewer, heard)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, until either side has had enough."""
        sending = asyncio.create_task(self._outbox.run())
        self._outbox.add(ALIVE)
        self._fanout.join(self._follower)
        try:
            with metrics.streams.track_inprogress():
                await super().__call__(scope, receive, send)
        finally:
            self._fanout.leave(self._follower)
            self._doors.close(self)
            await end(sending)

    def ended(self) -> None:
        """The session or token has ended."""
        self._fanout.dismiss(self._follower)

    def hang_up(self) -> None:
        """The server is about to stop; the client comes back to another one, with the id of its last event."""
        self._outbox.add(STOP)

    def look(self, now: float) -> None:
        """Once a second."""
        if now - self._alive >= ALIVE_EVERY:
            self._alive = now
            self._outbox.add(ALIVE)

    async def _events(self) -> AsyncIterator[str]:
        while (frame := await self._frames.get()) != STOP.text:
            yield frame

    def _write(self, frame: Frame) -> bool:
        if self._frames.full():
            return False
        self._frames.put_nowait(frame.text)
        return True

    def _over(self, id: str) -> None:
        self._outbox.add(STOP)
