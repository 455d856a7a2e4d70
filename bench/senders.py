"""Servers to stand beside ours, `python -m bench.senders bare|strawberry`: what a socket costs that is only written to,
and what Strawberry's own endpoint makes of the same event. Both send to all who are connected at each `POST /send`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

BODY = "How far are we with the new schedule? I would like to send it out before noon."
READY = (
    '{"id":"1","type":"next","payload":{"data":{"conversationUpdated":{"__typename":"MessagePosted","id":"1-2a",'
    '"cursor":"bG9nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","occurredAt":"2026-01-01T09:00:00Z",'
    '"message":{"id":"TWVzc2FnZTowMTlhYmNkZWYwMTIzNDU2Nzg5","sequence":41,"body":"'
    + BODY
    + '","author":{"id":"UGVyc29uOjAxOWFiY2RlZjAxMjM0NTY3","name":"Ada Example"}}}}}}'
)


def bare() -> ASGIApp:
    """Sockets and ready text: what any server must spend."""
    lines: set[WebSocket] = set()

    async def follow(line: WebSocket) -> None:
        await line.accept(subprotocol=GRAPHQL_TRANSPORT_WS_PROTOCOL)
        try:
            while True:
                said = await line.receive_text()
                if "connection_init" in said:
                    await line.send_text('{"type":"connection_ack"}')
                else:
                    lines.add(line)
        except WebSocketDisconnect:
            lines.discard(line)

    async def send(_: Request) -> Response:
        for line in list(lines):
            await line.send({"type": "websocket.send", "text": READY})
        return Response()

    return Starlette(routes=[WebSocketRoute("/graphql", follow), Route("/send", send, methods=["POST"])])


@strawberry.type
class Author:
    id: strawberry.ID
    name: str


@strawberry.type
class Message:
    id: strawberry.ID
    sequence: int
    body: str
    author: Author


@strawberry.type
class MessagePosted:
    id: strawberry.ID
    cursor: str
    occurred_at: str
    message: Message


@dataclass
class Everybody:
    """The queues of those who follow."""

    queues: set[asyncio.Queue[MessagePosted]]


EVERYBODY = Everybody(set())


@strawberry.type
class Query:
    ready: bool = True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def conversation_updated(self, conversation_id: strawberry.ID) -> AsyncGenerator[MessagePosted]:
        queue: asyncio.Queue[MessagePosted] = asyncio.Queue()
        EVERYBODY.queues.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            EVERYBODY.queues.discard(queue)


def strawberrys() -> ASGIApp:
    """Strawberry's own endpoint, with everything in memory."""
    schema = strawberry.Schema(Query, subscription=Subscription)
    endpoint: Any = GraphQL(schema, subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL])

    async def send(_: Request) -> Response:
        message = Message(
            id=strawberry.ID("m"), sequence=41, body=BODY, author=Author(id=strawberry.ID("p"), name="Ada")
        )
        event = MessagePosted(id=strawberry.ID("1-2a"), cursor="c" * 60, occurred_at="2026-01-01", message=message)
        for queue in EVERYBODY.queues:
            queue.put_nowait(event)
        return Response()

    return Starlette(
        routes=[
            Route("/send", send, methods=["POST"]),
            WebSocketRoute("/graphql", endpoint),
            Route("/graphql", endpoint, methods=["POST"]),
        ]
    )


SERVERS = {"bare": bare, "strawberry": strawberrys}


def main() -> None:
    """Serve one of them on a free port, and print where."""
    config = uvicorn.Config(
        SERVERS[sys.argv[1]](),
        port=0,
        log_level="warning",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        access_log=False,
    )
    listening = config.bind_socket()
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))


if __name__ == "__main__":
    main()
