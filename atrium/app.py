"""The ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta

import orjson
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from atrium import worker
from atrium.settings import Settings
from atrium.web import metrics
from atrium.web.asked import new_request_id
from atrium.web.front import PATH, Front
from atrium.web.graphql import GraphQLEndpoint
from atrium.web.live.sockets import SocketEndpoint
from atrium.web.live.switchboard import Switchboard
from atrium.web.pages import Pages
from execution.compiled import Plans
from models import db
from models.migrate import is_current
from resolvers.context import Services
from schema.answer import fault, refused
from schema.build import Schema, build
from subscriptions.readers import lag
from subscriptions.redis_bus import RedisBus


@dataclass
class State:
    """What the running application knows of itself."""

    services: Services
    schema: Schema
    switchboard: Switchboard
    told: dict[str, str] = field(default_factory=dict[str, str])
    stopping: bool = False


def create_app(
    settings: Settings, services: Services, *, told: dict[str, str] | None = None, with_worker: bool = False
) -> Starlette:
    """The application over services whose database is connected; `with_worker` also does the worker's work."""
    schema = build(plans=Plans() if settings.executor == "compiled" else None)
    state = State(services, schema, Switchboard(services, settings), told or {})
    pages = Pages(settings, state.told)
    page = pages.graphiql if settings.is_development else None
    http = GraphQLEndpoint(state.schema, services, settings, state.switchboard, page)
    kept = worker.Kept(timedelta(days=settings.log_days), settings.log_rows)
    sockets = SocketEndpoint(state.schema, services, settings, state.switchboard)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(state.switchboard.running())
            if with_worker:
                await stack.enter_async_context(worker.running(services, kept))
            # What has been loaded so far stays for good: the collector need not look at it again and again.
            gc.collect()
            gc.freeze()
            # An operation leaves next to nothing that only the collector could free; what is under way is in its way.
            gc.set_threshold(50_000, 20, 50)
            try:
                yield
            finally:
                state.stopping = True

    async def healthz(_: Request) -> Response:
        return _json({"status": "ok"})

    async def readyz(_: Request) -> Response:
        status = await readiness(state)
        return _json(status, 200 if status["ready"] else 503)

    async def scrape(_: Request) -> Response:
        with contextlib.suppress(Exception):  # what the database would tell is left out while it is away
            async with asyncio.timeout(3):
                await _measure(state)
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    routes: list[BaseRoute] = [
        WebSocketRoute(PATH, sockets),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", scrape),
        *pages.routes(),
    ]
    cors = Middleware(
        CORSMiddleware,
        allow_origins=sorted(settings.origins),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "x-requested-by", "idempotency-key", "last-event-id"],
        expose_headers=["x-request-id", "retry-after"],
        allow_credentials=True,
        max_age=600,
    )
    app = Front(http, cors, routes, lifespan, {404: _missing, 405: _method, Exception: _broken})
    app.router.redirect_slashes = False  # it would send people to whatever name the Host header claims
    app.state.atrium = state
    return app


async def readiness(state: State) -> dict[str, object]:
    """Whether this process should get requests, and what is amiss."""
    status: dict[str, object] = {"ready": False, "stopping": state.stopping, "database": "unreachable"}
    with contextlib.suppress(Exception):
        async with asyncio.timeout(3):
            await db.value("SELECT 1")
            status["database"] = "ok" if await is_current() else "not migrated: run python -m atrium migrate"
    if isinstance(bus := state.services.bus, RedisBus):
        status["redis"] = "ok" if bus.is_connected else "away: processes poll the log until it is back"
    status["ready"] = status["database"] == "ok" and not state.stopping
    return status


async def _measure(state: State) -> None:
    metrics.documents.set(len(state.schema.documents))
    if plans := state.schema.plans:
        metrics.planned(plans.kept, plans.counts)
    for reader in await lag():
        metrics.lag.labels(reader["name"]).set(float(str(reader["events"])))
        metrics.parked.labels(reader["name"]).set(float(str(reader["parked"])))


async def _missing(request: Request, _: Exception) -> Response:
    return _refusal(404, "NOT_FOUND", f"There is nothing at {request.url.path[:200]}. The API is at /graphql.")


async def _method(request: Request, _: Exception) -> Response:
    return _refusal(405, "METHOD_NOT_ALLOWED", "Send operations by POST to /graphql.", {"allow": "GET, POST"})


async def _broken(_: Request, error: Exception) -> Response:
    number = new_request_id()
    return _json({"errors": [fault(error, number)]}, 500, {"x-request-id": number})


def _refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    number = new_request_id()
    error = refused(code, message)
    error["extensions"]["requestId"] = number
    return _json({"errors": [error]}, status, {**(headers or {}), "x-request-id": number})


def _json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, media_type="application/json")
