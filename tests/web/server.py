"""A real server on 127.0.0.1, in the tests' own loop: real sockets, and a clock that tests can turn."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from atrium.app import create_app
from atrium.commands.serve import Server, listen, uvicorn_config
from atrium.services import put_together
from atrium.settings import Settings
from atrium.web.live.switchboard import Switchboard
from auth import sessions
from auth.passwords import Hasher
from models.people import Person
from resolvers.context import Services
from subscriptions.bus import LocalBus
from subscriptions.presence import GRACE
from tests.clocks import TurnedClock
from tests.conftest import OPERATIONS

SECRET = "for tests alone and long enough to be a key"
PUBLIC = "https://social.company.example"
GRAPHQL = "application/graphql-response+json"
JSON = "application/json"


class UnsignalledServer(Server):
    """Leaves signals to the test run."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@contextlib.asynccontextmanager
async def listening(app: ASGIApp, settings: Settings) -> AsyncGenerator[tuple[str, Server]]:
    """The address (`127.0.0.1:12345`) where the application is served, and its server."""
    server = UnsignalledServer(uvicorn_config(settings))
    line = listen("127.0.0.1", 0)
    task = asyncio.create_task(server.serve_app(app, line))
    while not server.started:
        assert not task.done(), task.exception()
        await asyncio.sleep(0.01)
    try:
        yield f"127.0.0.1:{line.getsockname()[1]}", server
    finally:
        server.should_exit = True
        await task


@dataclass
class Served:
    """The whole application, served."""

    address: str
    settings: Settings
    services: Services
    clock: TurnedClock
    http: httpx.AsyncClient
    switchboard: Switchboard

    async def post(self, query: str, *, token: str = "", accept: str = JSON, **more: Any) -> httpx.Response:
        """An operation by POST, with a bearer token where one is given."""
        headers = {"accept": accept} | ({"authorization": f"Bearer {token}"} if token else {})
        return await self.http.post("/graphql", json={"query": query, **more}, headers=headers)

    async def operate(self, operation: str, token: str = "", **variables: Any) -> dict[str, Any]:
        """The data of a committed operation; its variables are named as in the operation."""
        text = (OPERATIONS / f"{operation}.graphql").read_text()
        body = (await self.post(text, token=token, variables=variables)).json()
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def token(self, person: Person) -> str:
        """A session's secret, which also does as a bearer token."""
        secret, _ = await sessions.open_session(person.id, now=self.clock.now())
        return secret


@contextlib.asynccontextmanager
async def serving(
    hasher: Hasher, *, with_worker: bool = False, grace: float = GRACE, **settings: Any
) -> AsyncGenerator[Served]:
    """The application over the connected pool, with these settings besides those that tests need."""
    with tempfile.TemporaryDirectory() as folder:
        values: dict[str, Any] = {"data_dir": Path(folder), "secret_key": SECRET, **settings}
        found, clock = Settings(**values), TurnedClock()
        services = put_together(found, LocalBus(), clock, hasher, grace=grace)
        app = create_app(found, services, with_worker=with_worker)
        async with (
            listening(app, found) as (address, _),
            httpx.AsyncClient(base_url=f"http://{address}", timeout=10) as http,
        ):
            yield Served(address, found, services, clock, http, app.state.atrium.switchboard)


def refusal(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The one error of a refusal, which has the form of all refusals."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] in (JSON, GRAPHQL)
    body = response.json()
    assert list(body) == ["errors"]
    (error,) = body["errors"]
    assert error["extensions"]["code"] == code
    assert len(error["message"]) >= 20
    assert len(response.headers["x-request-id"]) >= 8
    return error


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json().get("errors", [])]
