"""`/graphql` over HTTP: POST for everything, GET for queries with a token, GraphiQL for a browser in development.

Whoever accepts `text/event-stream` is answered by server-sent events, subscriptions included.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from graphql.language import OperationType
from starlette.requests import Request
from starlette.responses import Response

from atrium.settings import Settings
from atrium.web import metrics
from atrium.web.body import Operation, Refused, operation_of_query_string, read_operation
from atrium.web.deadline import in_time
from atrium.web.identity import Presented, check_origin, client_ip, keep_session, presented
from atrium.web.live.doors import SOCKETS_MAX
from atrium.web.live.events import MEDIA as EVENTS
from atrium.web.live.events import EventStream, answered
from atrium.web.live.switchboard import Switchboard
from resolvers.context import Context, Services
from resolvers.context import Request as Origin
from resolvers.streams import seal
from schema.answer import Answer, NotRun, execute, fault, gate, operation_kind, refused
from schema.build import Schema
from schema.live import open_stream

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"

STATUS = {"UNAUTHENTICATED": 401, "METHOD_NOT_ALLOWED": 405, "UNAVAILABLE": 503}
"""HTTP statuses of requests that were not run; 400 for all others."""
STRICT = frozenset({429, 504})
"""Statuses for clients that ask for GraphQL's media type or events; of application/json they read a 200's body."""

UNNOTED = "submitSurveyResponse"
"""A document that names it is no use of a session that is written down: its moment would tell who has just answered."""


@dataclass
class GraphQLEndpoint:
    """Answers one request after another; everything it needs is handed in."""

    schema: Schema
    services: Services
    settings: Settings
    switchboard: Switchboard
    page: Callable[[Request], Awaitable[Response]] | None = None

    async def respond(self, request: Request) -> Response:
        """The answer to any request at all."""
        if request.method == "GET" and self.page and wants_html(request):
            return await self.page(request)
        request_id = new_request_id()
        try:
            response = await self._answer(request, request_id)
        except Refused as error:
            body = refused(error.code, error.message)
            body["extensions"]["requestId"] = request_id
            status = 200 if error.status in STRICT and not _reads_statuses(request) else error.status
            response = self._refusal(request, status, body, headers=error.headers)
        except Exception as error:  # before or after the operation itself, whose own faults are in its answer
            body = fault(error, request_id)
            response = self._refusal(request, STATUS.get(body["extensions"]["code"], 500), body)
        response.headers["x-request-id"] = request_id
        response.headers["cache-control"] = "no-store"
        if response.status_code == 401:
            response.headers["www-authenticate"] = "Bearer"
        return response

    async def _answer(self, request: Request, request_id: str) -> Response:
        who = presented(request, self.settings)
        if request.method == "POST" or who.by_cookie:
            check_origin(request, self.settings)
        operation = await self._operation(request, who)
        if _wants_events(request) and operation_kind(operation.query, operation.name) is OperationType.SUBSCRIPTION:
            return await self._stream(request, who, operation, request_id)
        answer, ctx = await in_time(self._run(request, who, operation, request_id))
        metrics.count(answer.code)
        return self._response(request, answer, ctx, who)

    async def _run(
        self, request: Request, who: Presented, operation: Operation, request_id: str
    ) -> tuple[Answer, Context]:
        ctx = await self._context(request, who, request_id, noted=UNNOTED not in operation.query)
        with self.switchboard.places.place(ctx.viewer.person_id if ctx.viewer else None), metrics.timed("http"):
            answer = await execute(
                self.schema,
                ctx,
                operation.query,
                operation.variables,
                operation.name,
                only_queries=request.method != "POST",
                introspection=self.settings.is_development or ctx.viewer is not None,
            )
        return answer, ctx

    async def _stream(self, request: Request, who: Presented, asked: Operation, request_id: str) -> Response:
        """The response to a subscription: its events, for as long as both sides like."""
        heard = self.switchboard.doors.heard  # before the viewer is read, so that no change falls between
        ctx = await self._context(request, who, request_id)
        introspection = self.settings.is_development or ctx.viewer is not None
        if refusal := gate(ctx, asked.query, asked.name, only_queries=False, introspection=introspection):
            return self._refusal(request, STATUS.get(refusal["extensions"]["code"], 400), refusal)
        try:
            opened = await in_time(open_stream(self.schema, ctx, asked.query, asked.variables, asked.name))
        except NotRun as error:
            return self._refusal(request, STATUS.get(error.errors[0]["extensions"]["code"], 400), *error.errors)
        # Counted at last, when nothing is awaited any more until this one is counted, too.
        if self.switchboard.doors.count(ctx.me.person_id) >= SOCKETS_MAX:
            message = f"You have {SOCKETS_MAX} connections already. Close one of them, or share one WebSocket."
            raise Refused(429, "RATE_LIMITED", message, {"retry-after": "10"})
        return EventStream(opened, ctx.me, self.switchboard, heard, lambda position: seal(ctx, position))

    async def _operation(self, request: Request, who: Presented) -> Operation:
        if request.method != "POST":
            if who.by_cookie or who.secret is None:
                raise Refused(
                    405, "METHOD_NOT_ALLOWED", "Send operations by POST; GET is for bearer tokens.", {"allow": "POST"}
                )
            return operation_of_query_string(request)
        return await read_operation(request)

    async def _context(self, request: Request, who: Presented, request_id: str, *, noted: bool = True) -> Context:
        viewer = None
        if who.secret is not None:
            viewer = await self.services.identities.identify(who.secret, self.services.clock.now(), noted=noted)
            if viewer is None and not who.by_cookie:
                raise Refused(
                    401, "UNAUTHENTICATED", "This token is not valid: it has expired, was revoked, or is mistyped."
                )
        resumed = request.headers.get("last-event-id") or None
        agent = request.headers.get("user-agent", "")[:300]
        origin = Origin(client_ip(request, self.settings), agent, request_id, resumed)
        return Context(self.services, viewer, origin)

    def _response(self, request: Request, answer: Answer, ctx: Context, who: Presented) -> Response:
        status = STATUS.get(answer.code or "", 400) if not answer.ran else 200
        if status == 400 and not _reads_statuses(request):
            status = 200  # clients of application/json read errors from the body of a 200
        body = orjson.dumps(answer.body(), default=str)
        if _wants_events(request) and answer.ran:
            response = Response(answered(body), media_type=EVENTS)
        else:
            response = Response(body, status, media_type=GRAPHQL if _is_strict(request) else JSON)
        if status == 405:
            response.headers["allow"] = "POST"
        self._set_cookie(response, ctx, gone=who.by_cookie and ctx.viewer is None)
        return response

    def _set_cookie(self, response: Response, ctx: Context, *, gone: bool) -> None:
        """What signing in or out, or a session that has ended, does to the browser's cookie."""
        if ctx.session_secret is not None or gone:
            keep_session(response, self.settings, ctx.session_secret or "")

    def _refusal(
        self, request: Request, status: int, *errors: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Response:
        metrics.count(errors[0]["extensions"]["code"])
        strict = _is_strict(request)
        return Response(orjson.dumps({"errors": errors}), status, headers, media_type=GRAPHQL if strict else JSON)


def _is_strict(request: Request) -> bool:
    return GRAPHQL in request.headers.get("accept", "")


def _reads_statuses(request: Request) -> bool:
    """Whether the client tells a refusal by its HTTP status, and not by what is in the body alone."""
    return _is_strict(request) or _wants_events(request)


def _wants_events(request: Request) -> bool:
    return EVENTS in request.headers.get("accept", "")


def wants_html(request: Request) -> bool:
    """Whether a browser asks for a page."""
    accept = request.headers.get("accept", "")
    return "text/html" in accept and not request.query_params.get("query")


def new_request_id() -> str:
    """A number that people can read out."""
    return uuid.uuid4().hex[:12]
