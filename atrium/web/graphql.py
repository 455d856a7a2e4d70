"""`/graphql` over HTTP: POST for everything, GET for queries with a token, GraphiQL for a browser in development.

Whoever accepts `text/event-stream` is answered by server-sent events, subscriptions included.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, cast

import orjson
from graphql.language import OperationType
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from atrium.settings import Settings
from atrium.web import metrics
from atrium.web.asked import Asked, Line
from atrium.web.body import Operation, Refused, operation_of_query_string, read_operation
from atrium.web.deadline import DEADLINE, TooLate, before_late, in_time, too_late
from atrium.web.identity import Presented, check_origin, client_ip, keep_session, presented
from atrium.web.live.doors import SOCKETS_MAX
from atrium.web.live.events import MEDIA as EVENTS
from atrium.web.live.events import EventStream, answered
from atrium.web.live.switchboard import Switchboard
from atrium.web.reply import AS_EVENTS, AS_GRAPHQL, AS_JSON, BEARER, GRAPHQL, NO_STORE, Reply
from resolvers.context import Context, Services
from resolvers.context import Request as Origin
from resolvers.streams import seal
from schema.answer import Answer, NotRun, execute, fault, gate, operation_kind, refused
from schema.build import Schema
from schema.live import open_stream

TAKES_GRAPHQL, TAKES_EVENTS = GRAPHQL.encode(), EVENTS.encode()
STATUS = {"UNAUTHENTICATED": 401, "METHOD_NOT_ALLOWED": 405, "UNAVAILABLE": 503}
"""HTTP statuses of requests that were not run; 400 for all others."""
STRICT = frozenset({429, 504})
"""Statuses for clients that ask for GraphQL's media type or events; of application/json they read a 200's body."""

UNNOTED = "submitSurveyResponse"
"""A document that names it is no use of a session that is written down: its moment would tell who has just answered."""


@dataclass
class GraphQLEndpoint:
    """An ASGI application that answers one request after another; everything it needs is handed in."""

    schema: Schema
    services: Services
    settings: Settings
    switchboard: Switchboard
    page: Callable[[Request], Awaitable[Response]] | None = None
    deadline: float = DEADLINE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer any request at all."""
        asked = Asked(scope)
        if asked.method == "GET" and self.page and wants_html(asked):
            await (await self.page(Request(scope, receive)))(scope, receive, send)
        else:
            await self.answer(asked, receive, send)

    async def answer(self, asked: Asked, receive: Receive, send: Send) -> None:
        """Answer whoever is no browser that wants a page."""
        try:
            response = await self._response(asked, receive, send)
        except TooLate:
            return
        except asyncio.CancelledError:
            if not _is_left(asked):
                raise
            return
        except Refused as error:
            response = self._refused(asked, error)
        except Exception as error:  # before or after the operation itself, whose own faults are in its answer
            body = fault(error, asked.id)
            response = self._refusal(asked, STATUS.get(body["extensions"]["code"], 500), body)
        await self._send(asked, response, receive, send)

    async def _send(self, asked: Asked, response: Response, receive: Receive, send: Send) -> None:
        response.raw_headers += [(b"x-request-id", asked.id.encode()), NO_STORE]
        if response.status_code == 401:
            response.raw_headers.append(BEARER)
        response.raw_headers += asked.also
        await response(asked.scope, receive, send)

    async def _response(self, asked: Asked, receive: Receive, send: Send) -> Response:
        who = presented(asked, self.settings)
        if asked.method == "POST" or who.by_cookie:
            check_origin(asked, self.settings)
        operation = await self._operation(asked, receive, who)
        if _wants_events(asked) and operation_kind(operation.query, operation.name) is OperationType.SUBSCRIPTION:
            return await self._stream(asked, who, operation)

        async def tell() -> None:
            await self._send(asked, self._refused(asked, too_late()), receive, send)

        answer, ctx = await before_late(self._run(asked, who, operation), tell, self.deadline)
        metrics.count(answer.code)
        return self._reply(asked, answer, ctx, who)

    async def _run(self, asked: Asked, who: Presented, operation: Operation) -> tuple[Answer, Context]:
        ctx = await self._context(asked, who, noted=UNNOTED not in operation.query)
        person, places = ctx.viewer.person_id if ctx.viewer else None, self.switchboard.places
        places.take(person)
        started = perf_counter()
        try:
            with _while_read(asked, operation):
                answer = await execute(
                    self.schema,
                    ctx,
                    operation.query,
                    operation.variables,
                    operation.name,
                    only_queries=asked.method != "POST",
                    introspection=ctx.viewer is not None or self.settings.is_development,
                )
        finally:
            places.give_back(person)
            metrics.seconds.observe("http", perf_counter() - started)
        return answer, ctx

    async def _stream(self, asked: Asked, who: Presented, operation: Operation) -> Response:
        """The response to a subscription: its events, for as long as both sides like."""
        heard = self.switchboard.doors.heard  # before the viewer is read, so that no change falls between
        ctx = await self._context(asked, who)
        introspection = self.settings.is_development or ctx.viewer is not None
        query, name = operation.query, operation.name
        if refusal := gate(ctx, query, name, only_queries=False, introspection=introspection):
            return self._refusal(asked, STATUS.get(refusal["extensions"]["code"], 400), refusal)
        try:
            opened = await in_time(open_stream(self.schema, ctx, query, operation.variables, name))
        except NotRun as error:
            return self._refusal(asked, STATUS.get(error.errors[0]["extensions"]["code"], 400), *error.errors)
        # Counted at last, when nothing is awaited any more until this one is counted, too.
        if self.switchboard.doors.count(ctx.me.person_id) >= SOCKETS_MAX:
            message = f"You have {SOCKETS_MAX} connections already. Close one of them, or share one WebSocket."
            raise Refused(429, "RATE_LIMITED", message, {"retry-after": "10"})
        return EventStream(opened, ctx.me, self.switchboard, heard, lambda position: seal(ctx, position))

    async def _operation(self, asked: Asked, receive: Receive, who: Presented) -> Operation:
        if asked.method != "POST":
            if who.by_cookie or who.secret is None:
                raise Refused(
                    405, "METHOD_NOT_ALLOWED", "Send operations by POST; GET is for bearer tokens.", {"allow": "POST"}
                )
            return operation_of_query_string(asked)
        return await read_operation(asked, receive)

    async def _context(self, asked: Asked, who: Presented, *, noted: bool = True) -> Context:
        viewer = None
        if who.secret is not None:
            viewer = await self.services.identities.identify(who.secret, self.services.clock.now(), noted=noted)
            if viewer is None and not who.by_cookie:
                raise Refused(
                    401, "UNAUTHENTICATED", "This token is not valid: it has expired, was revoked, or is mistyped."
                )
        agent, resumed = asked.text(b"user-agent")[:300], asked.text(b"last-event-id") or None
        return Context(self.services, viewer, Origin(client_ip(asked, self.settings), agent, asked.id, resumed))

    def _reply(self, asked: Asked, answer: Answer, ctx: Context, who: Presented) -> Response:
        status = STATUS.get(answer.code or "", 400) if not answer.ran else 200
        if status == 400 and not _reads_statuses(asked):
            status = 200  # clients of application/json read errors from the body of a 200
        body = orjson.dumps(answer.body(), default=str)
        if _wants_events(asked) and answer.ran:
            response = Reply(200, answered(body), AS_EVENTS)
        else:
            response = Reply(status, body, _media(asked))
        if status == 405:
            response.raw_headers.append((b"allow", b"POST"))
        if ctx.session_secret is not None or (who.by_cookie and ctx.viewer is None):
            # Signing in or out, or a session that has ended, changes the browser's cookie.
            keep_session(response, self.settings, ctx.session_secret or "")
        return response

    def _refused(self, asked: Asked, error: Refused) -> Response:
        body = refused(error.code, error.message)
        body["extensions"]["requestId"] = asked.id
        status = 200 if error.status in STRICT and not _reads_statuses(asked) else error.status
        return self._refusal(asked, status, body, headers=error.headers)

    def _refusal(
        self, asked: Asked, status: int, *errors: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Response:
        metrics.count(errors[0]["extensions"]["code"])
        lines = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        return Reply(status, orjson.dumps({"errors": errors}), _media(asked), *lines)


def _media(asked: Asked) -> Line:
    return AS_GRAPHQL if TAKES_GRAPHQL in asked.accept else AS_JSON


def _reads_statuses(asked: Asked) -> bool:
    """Whether the client tells a refusal by its HTTP status, and not by what is in the body alone."""
    return TAKES_GRAPHQL in asked.accept or TAKES_EVENTS in asked.accept


def _while_read(asked: Asked, operation: Operation) -> contextlib.AbstractContextManager[None]:
    """A query is worked at only while somebody waits for it; a mutation goes on, its client may have meant to leave."""
    if asked.reading is None or "mutation" in operation.query:
        return contextlib.nullcontext()
    return asked.reading.by(cast("asyncio.Task[None]", asyncio.current_task()))


def _is_left(asked: Asked) -> bool:
    """Whether the running task was cancelled because the connection is lost, and for nothing else."""
    task = asyncio.current_task()
    return bool(asked.reading and asked.reading.is_over and task and not task.uncancel())


def _wants_events(asked: Asked) -> bool:
    return TAKES_EVENTS in asked.accept


def wants_html(asked: Asked) -> bool:
    """Whether a browser asks for a page."""
    return b"text/html" in asked.accept and not QueryParams(asked.scope["query_string"]).get("query")
