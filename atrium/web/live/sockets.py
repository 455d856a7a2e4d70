"""`/graphql` over WebSocket: the graphql-transport-ws protocol, strictly, on our own terms.

What is malformed is answered by a close code, never a traceback. A socket has two tasks: one reads, one sends.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any, cast

import orjson
import structlog
from graphql import GraphQLError
from graphql.language import OperationType
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from atrium.settings import Settings
from atrium.web import metrics
from atrium.web.asked import Asked, new_request_id
from atrium.web.body import Operation, Refused, operation
from atrium.web.deadline import in_time
from atrium.web.identity import bearer, check_origin, client_ip, presented
from atrium.web.live.doors import SOCKETS_MAX
from atrium.web.live.frames import (
    INVALID,
    NO_PROTOCOL,
    NOT_READING,
    PROTOCOL,
    STOPPING,
    TAKEN,
    TOO_LATE,
    TOO_MANY,
    TRY_LATER,
    UNAUTHENTICATED,
    Close,
    SocketFraming,
    frame,
    identifier,
)
from atrium.web.live.outbox import Frame, Line, Outbox
from atrium.web.live.switchboard import Switchboard
from atrium.web.live.wire import written
from auth import sessions
from auth.viewer import Viewer
from models.db import is_unreachable
from models.tasks import end
from resolvers.context import Context, Services
from resolvers.context import Request as Origin
from resolvers.live.followers import Follower
from schema.answer import NotRun, execute, gate, operation_kind, refused, shown
from schema.build import Schema
from schema.live import open_stream

INIT_WAIT = 5.0  # seconds
PING_EVERY = 25.0  # seconds
SILENT = 2  # pings to which nothing comes back, and who is there no more
SEND_WAIT = 10.0  # seconds
OPERATIONS_MAX = 20  # at once on a socket
PING = Frame('{"type":"ping"}')
PONG = Frame('{"type":"pong"}')
ACKNOWLEDGED = Frame('{"type":"connection_ack"}')

out = structlog.get_logger()


@dataclass
class SocketEndpoint:
    """Serves sockets; everything it needs is handed in."""

    schema: Schema
    services: Services
    settings: Settings
    switchboard: Switchboard
    init_wait: float = INIT_WAIT
    send_wait: float = SEND_WAIT
    ping_every: float = PING_EVERY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket, from its handshake to its end."""
        socket, asked = WebSocket(scope, receive, send), Asked(scope)
        try:
            check_origin(asked, self.settings)
        except Refused:
            await socket.close(1008)  # before it is accepted: an HTTP 403
            return
        if PROTOCOL not in socket.scope.get("subprotocols", []):
            await socket.accept()
            await socket.close(NO_PROTOCOL, "Subprotocol not acceptable")
            return
        await socket.accept(subprotocol=PROTOCOL)
        with metrics.sockets.track_inprogress():
            await Session(self, socket, send, asked).run()


class Session:
    """One socket from its first frame to its last."""

    def __init__(self, endpoint: SocketEndpoint, socket: WebSocket, send: Send, asked: Asked) -> None:
        self.endpoint, self.socket, self.asked, self.services = endpoint, socket, asked, endpoint.services
        self.viewer: Viewer | None = None
        self.greeted = False
        # Past the socket's own bookkeeping, which would take part of the time of each frame.
        self.outbox = Outbox(lambda text: send({"type": "websocket.send", "text": text}), written(socket.scope))
        self._framing = SocketFraming()
        self._running: dict[str, asyncio.Task[None] | Follower] = {}
        self._opening: set[asyncio.Task[None]] = set()  # of those running: subscriptions that are not followed yet
        self._ending: Close | None = None
        self._task = asyncio.current_task()
        self._since = self._pinged = asyncio.get_running_loop().time()
        self._unanswered = 0  # pings since anything was heard

    async def run(self) -> None:
        """Until either side closes."""
        doors = self.endpoint.switchboard.doors
        doors.open(self)
        sending = asyncio.create_task(self.outbox.run())
        sending.add_done_callback(self._stopped_sending)
        try:
            await self._read()
        except Close as close:
            self._ending = close
        except WebSocketDisconnect:
            pass
        except asyncio.CancelledError:
            if self._ending is None:
                raise
            cast("asyncio.Task[None]", self._task).uncancel()
        except Exception as error:
            if not is_unreachable(error):
                raise
            out.warning("unavailable", error=repr(error))
            self._ending = Close(TRY_LATER, "The database is not available just now. Try again in a moment")
        finally:
            await self._close_no_more()
            doors.close(self)
            self._stop_all()
            sending.remove_done_callback(self._stopped_sending)
            await self._say_goodbye(sending)

    def ended(self) -> None:
        """The session or token has ended."""
        self.close(Close(UNAUTHENTICATED, "This session or token has ended"))

    def hang_up(self) -> None:
        self.close(Close(STOPPING, "The server is stopping"))

    def close(self, close: Close) -> None:
        """Close the socket for this reason, unless it is closing already."""
        if self._ending is None and self._task:
            self._ending = close
            self._task.cancel()

    def look(self, now: float) -> None:
        """Is the client still there, and does it read?"""
        endpoint, busy = self.endpoint, self.outbox.busy_since
        if not self.greeted and now - self._since > endpoint.init_wait:
            self.close(Close(TOO_LATE, "Connection initialisation timeout"))
        elif busy is not None and now - busy > endpoint.send_wait:
            self.close(Close(NOT_READING, "The client does not read"))
        elif self.greeted and busy is None and now - self._pinged >= endpoint.ping_every:
            # Behind what still waits a ping would come late, and who takes that is there.
            self._ping(now)

    def _ping(self, now: float) -> None:
        if self._unanswered >= SILENT:
            self.close(Close(NOT_READING, "The client does not answer pings"))
            return
        self._pinged = now
        self._unanswered += 1
        self.outbox.add(PING)

    async def _read(self) -> None:
        while True:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1005))
            self._unanswered = 0
            await self._take(frame(message.get("text")))
            await self.outbox.low()  # whoever does not read what we say is not listened to

    async def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "connection_init":
                await self._greet(message.get("payload"))
            case "ping":
                self.outbox.add(PONG)
            case "pong":
                pass
            case "subscribe":
                self._subscribe(identifier(message), message.get("payload"))
            case "complete":
                self._stop(self._running.pop(identifier(message), None))
            case _:
                raise Close(INVALID, "Unknown message type")

    async def _greet(self, payload: object) -> None:
        if self.greeted:
            raise Close(TOO_MANY, "Too many initialisation requests")
        if payload is not None and not isinstance(payload, dict):
            raise Close(INVALID, "The payload of connection_init must be an object")
        self.greeted = True
        secret = self._secret(cast("dict[str, Any]", payload or {}))
        if secret is not None:
            doors = self.endpoint.switchboard.doors
            heard = doors.heard
            viewer = await sessions.identify(secret, self.services.clock.now())
            if viewer is None:
                raise Close(UNAUTHENTICATED, "This session or token is not valid")
            doors.admit(self, viewer, heard)
            if doors.count(viewer.person_id) > SOCKETS_MAX:
                raise Close(TOO_MANY, f"More than {SOCKETS_MAX} connections of one person")
        self.outbox.add(ACKNOWLEDGED)

    def _secret(self, payload: dict[str, Any]) -> str | None:
        given = payload.get("authorization", payload.get("Authorization"))
        try:
            if isinstance(given, str):
                return bearer(given)
            return presented(self.asked, self.endpoint.settings).secret
        except Refused as error:
            raise Close(UNAUTHENTICATED, error.message) from None

    def _subscribe(self, id: str, payload: object) -> None:
        if not self.greeted:
            raise Close(UNAUTHENTICATED, "Unauthorized: send connection_init first")
        if not isinstance(payload, dict):
            raise Close(INVALID, "The payload of subscribe must be an object")
        if id in self._running:
            raise Close(TAKEN, f"Subscriber for {id} already exists")
        if len(self._running) >= OPERATIONS_MAX:
            raise Close(TOO_MANY, f"More than {OPERATIONS_MAX} operations on one socket")
        self._running[id] = asyncio.create_task(self._operate(id, cast("dict[str, Any]", payload)))

    async def _operate(self, id: str, payload: dict[str, Any]) -> None:
        """One operation: answered, or a subscription that is followed from then on."""
        ctx = Context(self.services, self.viewer, self._origin())
        try:
            asked = operation(payload)
            settings = self.endpoint.settings
            introspection = settings.is_development or ctx.viewer is not None
            if refusal := gate(ctx, asked.query, asked.name, only_queries=False, introspection=introspection):
                raise NotRun([refusal])
            if operation_kind(asked.query, asked.name) is OperationType.SUBSCRIPTION:
                await self._follow(ctx, id, asked)
                return
            await self._answer(ctx, id, asked)
        except Refused as error:
            self._error(id, [refused(error.code, error.message)])
        except NotRun as error:
            self._error(id, error.errors)
        except Exception as error:
            self._error(id, [shown(ctx, GraphQLError(str(error), original_error=error))])

    async def _follow(self, ctx: Context, id: str, asked: Operation) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._opening.add(task)
        try:
            opened = await in_time(open_stream(self.endpoint.schema, ctx, asked.query, asked.variables, asked.name))
        finally:
            self._opening.discard(task)
        line = Line(self.outbox, self._framing, id, self._over)
        follower = Follower(opened.stream.topic, ctx.me, opened.operation, line, opened.stream.position)
        self._running[id] = follower
        metrics.streams.inc()
        self.endpoint.switchboard.fanout.join(follower)

    async def _answer(self, ctx: Context, id: str, asked: Operation) -> None:
        if self._opening:  # whoever subscribes and then asks has no gap between the two
            await asyncio.wait(set(self._opening))
        with (
            self.endpoint.switchboard.places.place(ctx.viewer.person_id if ctx.viewer else None),
            metrics.timed("socket"),
        ):
            schema = self.endpoint.schema
            answered = await in_time(execute(schema, ctx, asked.query, asked.variables, asked.name))
        metrics.count(answered.code)
        if not answered.ran:
            raise NotRun(answered.errors)
        self._send({"id": id, "type": "next", "payload": answered.body()})
        self._over(id)
        self.outbox.add(self._framing.complete(id))

    def _error(self, id: str, errors: list[dict[str, Any]]) -> None:
        self._over(id)
        self._send({"id": id, "type": "error", "payload": errors})

    def _send(self, message: dict[str, Any]) -> None:
        self.outbox.add(Frame(orjson.dumps(message, default=str).decode()))

    def _origin(self) -> Origin:
        agent = self.asked.text(b"user-agent")[:300]
        return Origin(client_ip(self.asked, self.endpoint.settings), agent, new_request_id())

    def _over(self, id: str) -> None:
        """What ran under this id is over, and another operation may take it."""
        if isinstance(self._running.pop(id, None), Follower):
            metrics.streams.dec()

    def _stop(self, running: asyncio.Task[None] | Follower | None) -> None:
        if isinstance(running, Follower):
            metrics.streams.dec()
            self.endpoint.switchboard.fanout.leave(running)
        elif running:
            running.cancel()

    def _stop_all(self) -> None:
        while self._running:
            self._stop(self._running.popitem()[1])

    def _stopped_sending(self, sending: asyncio.Task[None]) -> None:
        """The client is gone, or so it seems: reading would tell later, or never."""
        if not sending.cancelled() and sending.exception():
            self.close(Close(1006, "gone"))

    async def _close_no_more(self) -> None:
        """From here on nobody's `close` interrupts what is left to do; one that has come with the end is over."""
        task, self._task = self._task, None
        if self._ending and task and task.cancelling():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0)
            task.uncancel()

    async def _say_goodbye(self, sending: asyncio.Task[None]) -> None:
        if self._ending and not sending.done():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self.outbox.drained()  # what was said before the socket is closed is heard
        await end(sending)
        if self._ending:
            with contextlib.suppress(Exception):
                close = self.socket.close(self._ending.code, self._ending.reason)
                await asyncio.wait_for(close, self.endpoint.send_wait)
