"""The pages of the development mode: a start page, GraphiQL, the schema and the documentation."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import asdict
from typing import TYPE_CHECKING, cast

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from atrium.settings import Settings
from atrium.web import demo, docs
from atrium.web.asked import Asked
from atrium.web.assets import Assets
from atrium.web.demo import Card
from atrium.web.html import Safe, data, fill, joined, page
from atrium.web.identity import client_ip, cookie_name, is_local
from atrium.web.tabs import Known, Tab, known, tabs
from auth import sessions
from resolvers.context import Context
from resolvers.context import Request as Origin

if TYPE_CHECKING:
    from atrium.app import State

ENGINES = {"database": "Database", "redis": "Live transport", "search": "Search"}
PATIENCE = 3.0  # seconds for what a page shows of the database


class Pages:
    """What people see in a browser; in production next to nothing."""

    def __init__(self, settings: Settings, told: dict[str, str]) -> None:
        self.settings, self.told = settings, told
        self.assets = Assets()

    def routes(self) -> list[BaseRoute]:
        """The addresses besides `/graphql`."""
        if not self.settings.is_development:
            return [Route("/", name)]
        return [
            Route("/", self.start),
            Route("/auth/demo/{who}", self.sign_in, methods=["POST"]),
            Route("/schema.graphql", sdl),
            Route("/assets/{digest}/{name}", self.assets.serve),
            Route("/docs/{path:path}", self.docs),
        ]

    async def start(self, request: Request) -> Response:
        """The start page, which can sign in: for this machine's own people only."""
        if not is_local(Asked(request.scope)):
            return await name(request)
        cards: list[Card] = []
        with contextlib.suppress(Exception):  # the page itself tells that the database is not ready
            async with asyncio.timeout(PATIENCE):
                cards = await demo.cards(self.settings)
        return page(
            request,
            "start.html",
            {
                **self._own("base.css", "start.css", "client.js", "start.js", "logo.svg"),
                "engines": joined(
                    [fill("engine.html", {"name": ENGINES.get(k, k), "told": v}) for k, v in self.told.items()]
                ),
                "cards": joined([fill("card.html", asdict(card)) for card in cards])
                if cards
                else fill("no_demo.html", {}),
                "tabs": joined([_link(tab) for tab in tabs(_state(request).schema, Known(), signed_in=True)]),
            },
        )

    async def graphiql(self, request: Request) -> Response:
        """GraphiQL, or the plain page where its files are not here or `?plain` asks for it."""
        plain = "plain" in request.query_params or not self.assets.has_graphiql()
        ctx = await self._context(request)
        ids = Known()
        with contextlib.suppress(Exception):  # without ids the tabs are still there
            async with asyncio.timeout(PATIENCE):
                ids = await known(ctx)
        ready = tabs(_state(request).schema, ids, signed_in=ctx.viewer is not None)
        chosen = request.query_params.get("tab", "")
        names = ("react.js", "react-dom.js", "graphiql.js", "graphiql.css", "explorer.js", "explorer.css")
        values = {
            **self._own("base.css", "editor.css", "client.js", "logo.svg", "plain.js" if plain else "editor.js"),
            **({} if plain else self._own(*names)),
            "viewer": fill("viewer.html", {"name": ctx.viewer.name}) if ctx.viewer else fill("nobody.html", {}),
            "tabs": data({"tabs": [asdict(tab) for tab in ready], "chosen": chosen}),
        }
        # GraphiQL's editor sets styles on its elements; ours does not.
        return page(request, "plain.html" if plain else "editor.html", values, inline_styles=not plain)

    async def docs(self, request: Request) -> Response:
        """A page of the documentation, or their list."""
        found = docs.find(request.path_params["path"])
        if found is None:
            return PlainTextResponse("There is no such page. The list is at /docs/", 404)
        own = self._own("base.css", "docs.css", "logo.svg")
        return page(request, "docs.html", {**own, "title": found.title, "body": Safe(found.html)})

    async def sign_in(self, request: Request) -> Response:
        """Sign in as one of the demonstration's people."""
        return await demo.sign_in(request, Asked(request.scope), await self._context(request), self.settings)

    async def _context(self, request: Request) -> Context:
        """A context for whoever the browser's cookie names."""
        services = _state(request).services
        asked = Asked(request.scope)
        origin = Origin(client_ip(asked, self.settings), asked.text(b"user-agent")[:300], asked.id)
        viewer = None
        if secret := asked.cookie(cookie_name(self.settings)):
            with contextlib.suppress(Exception):  # a page shows itself without a database, too
                viewer = await sessions.identify(secret, services.clock.now())
        return Context(services, viewer, origin)

    def _own(self, *names: str) -> dict[str, str]:
        """The addresses of files as templates name them: `start.css` is `$start_css`."""
        return {name.replace(".", "_").replace("-", "_"): self.assets.url(name) for name in names}


async def name(_: Request) -> Response:
    """What this server is, for whoever comes without a question."""
    body = {"name": "Atrium", "api": "/graphql", "health": "/healthz"}
    return Response(orjson.dumps(body), media_type="application/json")


async def sdl(request: Request) -> Response:
    """The schema in its own language."""
    return PlainTextResponse(_state(request).schema.as_str())


def _link(tab: Tab) -> Safe:
    return fill("tab.html", {"key": tab.key, "title": tab.title, "about": tab.about})


def _state(request: Request) -> State:
    return cast("State", request.app.state.atrium)
