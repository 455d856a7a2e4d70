"""A client of the sockets, which says and hears one message at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from atrium.web.live.sockets import SocketEndpoint
from atrium.web.live.switchboard import Switchboard
from resolvers.context import Services
from schema.build import Schema
from tests.conftest import OPERATIONS
from tests.web.server import Served, listening

PROTOCOL = Subprotocol("graphql-transport-ws")
SOON = 3.0  # seconds
FEED_UPDATED = (OPERATIONS / "feed" / "feed_updated.graphql").read_text()


@dataclass
class Socket:
    """A client's end."""

    line: ClientConnection

    async def say(self, type: str, id: str | None = None, payload: Any = None) -> None:
        message = {"type": type, "id": id, "payload": payload}
        await self.line.send(json.dumps({name: value for name, value in message.items() if value is not None}))

    async def hear(self) -> dict[str, Any]:
        """The next message of the protocol, pings apart."""
        async with asyncio.timeout(SOON):
            while (message := json.loads(await self.line.recv()))["type"] == "ping":
                pass
            return message

    async def greet(self, token: str = "") -> None:
        await self.say("connection_init", payload={"authorization": f"Bearer {token}"} if token else None)
        assert await self.hear() == {"type": "connection_ack"}

    async def subscribe(self, id: str, query: str, **variables: Any) -> None:
        await self.say("subscribe", id, {"query": query, "variables": variables})

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The payload of a query's or mutation's only `next`."""
        await self.subscribe("asked", query, **variables)
        answered, completed = await self.hear(), await self.hear()
        assert (answered["type"], answered["id"]) == ("next", "asked")
        assert completed == {"id": "asked", "type": "complete"}
        return answered["payload"]

    async def event(self) -> dict[str, Any]:
        """The next event of `feedUpdated`."""
        message = await self.hear()
        assert message["type"] == "next", message
        return message["payload"]["data"]["feedUpdated"]

    async def closed(self, within: float = SOON) -> tuple[int, str]:
        """With what code and reason the server closes, after whatever it still says."""
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(within):
                while True:
                    await self.line.recv()
        assert self.line.close_code is not None
        return self.line.close_code, self.line.close_reason or ""


@contextlib.asynccontextmanager
async def dialled(address: str, **more: Any) -> AsyncGenerator[Socket]:
    """A socket that has shaken hands, and no more."""
    values: dict[str, Any] = {"subprotocols": [PROTOCOL], "compression": None, "ping_interval": None, **more}
    async with connect(f"ws://{address}/graphql", **values) as line:
        yield Socket(line)


@contextlib.asynccontextmanager
async def connected(served: Served, token: str = "", **more: Any) -> AsyncGenerator[Socket]:
    """A socket that is greeted."""
    async with dialled(served.address, **more) as found:
        await found.greet(token)
        yield found


@contextlib.asynccontextmanager
async def own_server(
    schema: Schema, services: Services, served: Served, switchboard: Switchboard | None = None, **waits: Any
) -> AsyncGenerator[str]:
    """The address of an endpoint with waits of its own, in seconds."""
    switchboard = switchboard or Switchboard(services, served.settings, look_every=0.05)
    endpoint = SocketEndpoint(schema, services, served.settings, switchboard, **waits)
    app = Starlette(routes=[WebSocketRoute("/graphql", endpoint)])
    async with switchboard.running(), listening(app, served.settings) as (address, _):
        yield address


async def publish(served: Served, token: str, body: str) -> str:
    data = await served.operate("posts/create_post", token, input={"kind": "DISCUSSION", "body": body})
    assert data["createPost"]["errors"] == []
    return data["createPost"]["post"]["id"]


async def until(true: Any, within: float = SOON) -> float:
    """Wait until a condition holds; how many seconds it took."""
    started = time.monotonic()
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.01)
    return time.monotonic() - started
