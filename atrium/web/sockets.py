"""`/graphql` over WebSocket: the graphql-transport-ws protocol, strictly, on our own terms.

Every frame is checked before anything looks into it; what is malformed is answered by a close code, never a traceback.
https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import orjson
import structlog
from graphql import GraphQLError
from graphql.language import OperationType
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.types import ExecutionResult

from atrium.settings import Settings
from atrium.web import metrics
from atrium.web.body import BODY_MAX, Operation, Refused, operation
from atrium.web.deadline import in_time
from atrium.web.graphql import new_request_id
from atrium.web.identity import bearer, check_origin, client_ip, presented
from auth import sessions
from auth.viewer import Viewer
from models.log import Position
from resolvers.context import Context, Services
from resolvers.context import Request as Origin
from schema.answer import answer, execute, gate, operation_kind, refused, shown
from schema.build import Schema
from subscriptions.events import Logged
from subscriptions.live import Lagged
from subscriptions.people import PersonDeactivated
from subscriptions.session import AccessRevoked, RightsChanged

PROTOCOL = "graphql-transport-ws"
INIT_WAIT = 5.0  # seconds
PING_EVERY = 25.0  # seconds
SEND_WAIT = 10.0  # seconds
OPERATIONS_MAX = 20  # at once on a socket
SOCKETS_MAX = 10  # of one person in this process
RETRY = 1.0  # seconds, while the database is away
RECHECK = timedelta(seconds=60)  # how long a socket trusts its viewer without a word from the log
ID_MAX = 200  # characters

INVALID, UNAUTHENTICATED, NO_PROTOCOL, TOO_LATE, TAKEN, TOO_MANY = 4400, 4401, 4406, 4408, 4409, 4429

out = structlog.get_logger()


class Close(Exception):
    """Ends the socket with a code and a reason (at most 123 bytes)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason.encode()[:120].decode(errors="ignore")


@dataclass
class SocketEndpoint:
    """Serves sockets; everything it needs is handed in."""

    schema: Schema
    services: Services
    settings: Settings
    init_wait: float = INIT_WAIT
    send_wait: float = SEND_WAIT
    ping_every: float = PING_EVERY
    people: Counter[UUID] = field(default_factory=Counter[UUID])

    async def serve(self, socket: WebSocket) -> None:
        """One socket, from its handshake to its end."""
        try:
            check_origin(socket, self.settings)
        except Refused:
            await socket.close(1008)  # before it is accepted: an HTTP 403
            return
        if PROTOCOL not in socket.scope.get("subprotocols", []):
            await socket.accept()
            await socket.close(NO_PROTOCOL, "Subprotocol not acceptable")
            return
        await socket.accept(subprotocol=PROTOCOL)
        with metrics.sockets.track_inprogress():
            await Session(self, socket).run()


class Session:
    """One socket from its first frame to its last."""

    def __init__(self, endpoint: SocketEndpoint, socket: WebSocket) -> None:
        self.endpoint, self.socket, self.services = endpoint, socket, endpoint.services
        self.viewer: Viewer | None = None
        self.greeted = False
        self.running: dict[str, asyncio.Task[None]] = {}
        self.background: set[asyncio.Task[None]] = set()
        self.ended: asyncio.Future[Close] = asyncio.get_running_loop().create_future()
        self.sending = asyncio.Lock()
        self.changed = asyncio.Event()

    async def run(self) -> None:
        """Until either side closes."""
        self._spawn(self._greeting_due())
        reading = asyncio.create_task(self._read())
        try:
            await asyncio.wait({reading, self.ended}, return_when=asyncio.FIRST_COMPLETED)
            close = self.ended.result() if self.ended.done() else _reason(reading)
            if close:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(self.socket.close(close.code, close.reason), self.endpoint.send_wait)
        finally:
            await self._stop(reading, *self.running.values(), *self.background)
            if self.viewer:
                self.endpoint.people[self.viewer.person_id] -= 1

    async def _read(self) -> None:
        while True:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1005))
            await self._take(frame(message.get("text")))

    async def _take(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "connection_init":
                await self._greet(message.get("payload"))
            case "ping":
                await self.send({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                self._subscribe(identifier(message), message.get("payload"))
            case "complete":
                if task := self.running.pop(identifier(message), None):
                    task.cancel()
            case _:
                raise Close(INVALID, "Unknown message type")

    async def _greet(self, payload: object) -> None:
        if self.greeted:
            raise Close(TOO_MANY, "Too many initialisation requests")
        if payload is not None and not isinstance(payload, dict):
            raise Close(INVALID, "The payload of connection_init must be an object")
        self.greeted = True
        secret = self._secret(cast("dict[str, Any]", payload or {}))
        since = self.services.hub.position  # before the viewer is read, so that no change falls between
        if secret is not None:
            self.viewer = await sessions.identify(secret, self.services.clock.now())
            if self.viewer is None:
                raise Close(UNAUTHENTICATED, "This session or token is not valid")
            self.endpoint.people[self.viewer.person_id] += 1
            if self.endpoint.people[self.viewer.person_id] > SOCKETS_MAX:
                raise Close(TOO_MANY, f"More than {SOCKETS_MAX} sockets of one person")
            self._spawn(self._watch_rights(self.viewer, since))
        await self.send({"type": "connection_ack"})
        self._spawn(self._keep_alive())

    def _secret(self, payload: dict[str, Any]) -> str | None:
        given = payload.get("authorization", payload.get("Authorization"))
        try:
            if isinstance(given, str):
                return bearer(given)
            return presented(self.socket, self.endpoint.settings).secret
        except Refused as error:
            raise Close(UNAUTHENTICATED, error.message) from None

    def _subscribe(self, id: str, payload: object) -> None:
        if not self.greeted:
            raise Close(UNAUTHENTICATED, "Unauthorized: send connection_init first")
        if not isinstance(payload, dict):
            raise Close(INVALID, "The payload of subscribe must be an object")
        if id in self.running:
            raise Close(TAKEN, f"Subscriber for {id} already exists")
        if len(self.running) >= OPERATIONS_MAX:
            raise Close(TOO_MANY, f"More than {OPERATIONS_MAX} operations on one socket")
        task = asyncio.create_task(self._operate(id, cast("dict[str, Any]", payload)))
        self.running[id] = task

    async def _operate(self, id: str, payload: dict[str, Any]) -> None:
        """One operation from its subscribe to its complete."""
        request = Origin(
            client_ip(self.socket, self.endpoint.settings),
            self.socket.headers.get("user-agent", "")[:300],
            new_request_id(),
        )
        ctx = Context(self.services, self.viewer, request)
        try:
            with metrics.streams.track_inprogress():
                async for answered in self._answers(ctx, operation(payload)):
                    await self.send({"id": id, "type": "next", "payload": answered})
            await self.send({"id": id, "type": "complete"})
        except Refused as error:
            await self.send({"id": id, "type": "error", "payload": [refused(error.code, error.message)]})
        except Failed as error:
            await self.send({"id": id, "type": "error", "payload": error.errors})
        except asyncio.CancelledError:
            raise
        except Exception as error:
            wrapped = GraphQLError(str(error), original_error=error)
            await self.send({"id": id, "type": "error", "payload": [shown(ctx, wrapped)]})
        finally:
            if self.running.get(id) is asyncio.current_task():
                del self.running[id]

    async def _answers(self, ctx: Context, asked: Operation) -> AsyncIterator[dict[str, Any]]:
        """The payloads of an operation's `next` messages. Raises `Failed` where nothing was run."""
        schema = self.endpoint.schema
        introspection = self.endpoint.settings.is_development or ctx.viewer is not None
        if refusal := gate(ctx, asked.query, asked.name, only_queries=False, introspection=introspection):
            raise Failed([refusal])
        if operation_kind(asked.query, asked.name) is not OperationType.SUBSCRIPTION:
            answered = await in_time(execute(schema, ctx, asked.query, asked.variables, asked.name))
            if not answered.ran:
                raise Failed(answered.errors)
            yield answered.body()
            return
        stream = await schema.subscribe(
            asked.query, variable_values=asked.variables, context_value=ctx, operation_name=asked.name
        )
        if isinstance(stream, ExecutionResult):
            raise Failed(answer(ctx, stream).errors)
        async with contextlib.aclosing(cast(Any, stream)) as results:
            async for result in results:
                answered = answer(ctx, result)
                if not answered.ran:
                    raise Failed(answered.errors)
                metrics.events.inc()
                yield answered.body()

    async def send(self, message: dict[str, Any]) -> None:
        """Send a frame; a client that does not take it in time is let go."""
        text = orjson.dumps(message, default=str).decode()
        try:
            async with asyncio.timeout(self.endpoint.send_wait), self.sending:
                await self.socket.send_text(text)
        except TimeoutError:
            self._end(Close(1008, "The client does not read"))
        except (RuntimeError, WebSocketDisconnect):
            self._end(Close(1006, "gone"))

    async def _greeting_due(self) -> None:
        await asyncio.sleep(self.endpoint.init_wait)
        if not self.greeted:
            self._end(Close(TOO_LATE, "Connection initialisation timeout"))

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self.endpoint.ping_every)
            await self.send({"type": "ping"})

    async def _watch_rights(self, me: Viewer, since: Position) -> None:
        """Close the socket once its session or token has ended; take over what else has changed."""
        assert me.access_id is not None
        self._spawn(self._listen(me, since))
        while True:
            ends = me.expires_at or self.services.clock.now() + RECHECK
            left = min(ends - self.services.clock.now(), RECHECK).total_seconds()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.changed.wait(), max(left, 0.0))
            self.changed.clear()
            try:
                again = await sessions.again(me.access_id, self.services.clock.now())
            except Exception as error:  # the database is away: no reason to forget the question
                out.warning("rights_unknown", error=repr(error))
                await asyncio.sleep(RETRY)
                self.changed.set()
                continue
            if again is None:
                self._end(Close(UNAUTHENTICATED, "This session or token has ended"))
                return
            self.viewer = again

    async def _listen(self, me: Viewer, position: Position) -> None:
        """Have the viewer looked at again after each event that may change them."""
        while True:
            try:
                async for event in self.services.hub.listen(lambda event: _changes(event, me), position):
                    position = event.position
                    self.changed.set()
            except Lagged as error:
                position = error.position
            except Exception as error:
                out.warning("rights_unheard", error=repr(error))
                await asyncio.sleep(RETRY)

    def _end(self, close: Close) -> None:
        if not self.ended.done():
            self.ended.set_result(close)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.background.add(task)
        task.add_done_callback(self.background.discard)

    async def _stop(self, *tasks: asyncio.Task[None]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Failed(Exception):
    """An operation of which nothing was run."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("not run")
        self.errors = errors


def frame(text: str | None) -> dict[str, Any]:
    """A message of the protocol. Raises `Close`."""
    if text is None:
        raise Close(INVALID, "Only text frames are taken")
    if len(text) > BODY_MAX:
        raise Close(1009, "The message is too large")
    try:
        message = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeError):
        raise Close(INVALID, "Invalid message: not JSON") from None
    if not isinstance(message, dict) or not isinstance(cast("dict[str, Any]", message).get("type"), str):
        raise Close(INVALID, "Invalid message: an object with a type is expected")
    return cast("dict[str, Any]", message)


def identifier(message: dict[str, Any]) -> str:
    """The id of a message. Raises `Close`."""
    id = message.get("id")
    if not isinstance(id, str) or not 0 < len(id) <= ID_MAX:
        raise Close(INVALID, "Invalid message: an id is expected")
    return id


def _changes(event: Logged, viewer: Viewer) -> bool:
    """Whether an event may change what the viewer is allowed to, or end their session or token."""
    match event.event:
        case AccessRevoked(access=access):
            return access == viewer.access_id
        case RightsChanged(person=person) | PersonDeactivated(person=person):
            return person == viewer.person_id
        case _:
            return False


def _reason(reading: asyncio.Task[None]) -> Close | None:
    """Why reading stopped; None where the client itself has gone."""
    error = reading.exception()
    if isinstance(error, Close):
        return error
    if not isinstance(error, WebSocketDisconnect):
        out.error("socket_failed", exc_info=error)
        return Close(1011, "Something went wrong on our side")
    return None
