"""The application's front: posted operations go straight to their endpoint, all else through middleware and routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, ExceptionHandler, Lifespan, Receive, Scope, Send

from atrium.web.asked import Asked, Line
from atrium.web.graphql import GraphQLEndpoint

PATH = "/graphql"
VARIES: tuple[Line, ...] = ((b"vary", b"Origin"),)
"""What `sharing` adds to the answer of a request that names no origin."""


class Front(Starlette):
    """Starlette, and a short way for what is asked most.

    `sharing` is the middleware that tells browsers which other sites may read an answer; it is before everything that
    names its origin.
    """

    def __init__(
        self,
        endpoint: GraphQLEndpoint,
        sharing: Middleware,
        routes: Sequence[BaseRoute],
        lifespan: Lifespan[Any],
        exception_handlers: Mapping[Any, ExceptionHandler],
    ) -> None:
        super().__init__(
            routes=[Route(PATH, endpoint, methods=["GET", "POST"]), *routes],
            middleware=[sharing],
            lifespan=lifespan,
            exception_handlers=exception_handlers,
        )
        self._endpoint = endpoint
        self._shared: ASGIApp = sharing.cls(endpoint, *sharing.args, **sharing.kwargs)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] != PATH:
            await super().__call__(scope, receive, send)
            return
        asked = Asked(scope, VARIES)
        if b"origin" in asked.headers:
            await self._shared(scope, receive, send)
        else:
            await self._endpoint.answer(asked, receive, send)
