"""Followers of a stream, over a WebSocket or by server-sent events, who come back wherever they were cut off."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tests.chaos.clients import PASSING, Caller
from tests.chaos.replay import Known
from tests.chaos.stack import Stack

PROTOCOL = [Subprotocol("graphql-transport-ws")]
AGAIN = 0.2  # seconds until one who was cut off comes back
SILENCE = 25.0  # seconds; the server says something every 15

Event = dict[str, Any]


class CutOff(Exception):
    """The stream has stopped for a reason that passes."""


@dataclass(eq=False)
class Follower:
    """Somebody who follows one stream, and what has come of it."""

    stack: Stack
    who: Caller
    known: Known
    cursor: str
    chance: random.Random
    leaves_every: float = 0.0  # seconds on average, after which they go without a word; 0: never
    events: list[str] = field(default_factory=list[str])  # ids, in the order in which they came
    faults: list[str] = field(default_factory=list[str])
    ends: Counter[str] = field(default_factory=Counter[str])  # why streams have stopped
    origin: str = field(init=False)  # the cursor from which they have begun
    by_socket = True

    def __post_init__(self) -> None:
        self.origin = self.cursor

    async def forever(self) -> None:
        """Follow until cancelled."""
        while True:
            address = self.chance.choice(self.stack.addresses)
            try:
                async with asyncio.timeout(self._stay()), contextlib.aclosing(self._events(address)) as events:
                    async for event in events:
                        self._take(event)
                self.ends["completed"] += 1
            except TimeoutError:
                self.ends["went away"] += 1
            except (CutOff, OSError, WebSocketException, httpx.HTTPError) as error:
                self.ends[type(error).__name__] += 1
            except Exception as error:
                self.faults.append(repr(error))
            await asyncio.sleep(AGAIN)

    def _stay(self) -> float | None:
        return self.chance.expovariate(1 / self.leaves_every) if self.leaves_every else None

    def _events(self, address: str) -> AsyncGenerator[Event]:
        asked = {"query": self.known.document, "variables": self.known.variables}
        if self.by_socket:
            return over_socket(address, self.who, asked, self.cursor)
        return by_sse(address, self.who, asked, self.cursor)

    def _take(self, told: Event) -> None:
        assert "errors" not in told, told
        event = told["data"][self.known.field_name]
        self.cursor = event["cursor"]
        if event["__typename"] == "StreamEnded":
            self.ends[event["reason"]] += 1
            return
        self.events.append(event["id"])
        self.known.take(event)


class EventSourceFollower(Follower):
    """The same by server-sent events, resumed by `Last-Event-ID`."""

    by_socket = False


async def over_socket(
    address: str, who: Caller, asked: dict[str, Any], after: str | None, ready: Callable[[], None] | None = None
) -> AsyncGenerator[Event]:
    """The events of a subscription of a socket of its own. `ready` is called once it is followed there."""
    payload = {**asked, "variables": {**asked["variables"], "after": after}}
    async with connect(
        f"ws://{address}/graphql",
        subprotocols=PROTOCOL,
        additional_headers=who.header,
        compression=None,
        open_timeout=5,
        close_timeout=0.2,
        ping_interval=None,
        max_queue=None,
    ) as line:
        await line.send('{"type": "connection_init"}')
        await line.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        if ready:
            probe = {"type": "subscribe", "id": "2", "payload": {"query": "{ __typename }"}}
            await line.send(json.dumps(probe))
        async for text in line:
            message = json.loads(text)
            match message["type"]:
                case "next" if message["id"] == "1":
                    yield message["payload"]
                case "complete" if message["id"] == "1":
                    return
                case "complete" if ready:
                    ready()
                case "error":
                    _stopped(message["payload"])
                case "ping":
                    await line.send('{"type": "pong"}')
                case _:
                    pass
        raise CutOff("the socket was closed")


async def by_sse(address: str, who: Caller, asked: dict[str, Any], after: str) -> AsyncGenerator[Event]:
    """The events of a subscription by a request of its own."""
    headers = {**who.header, "accept": "text/event-stream", "last-event-id": after}
    async with (
        httpx.AsyncClient(timeout=httpx.Timeout(SILENCE, connect=5)) as http,
        http.stream("POST", f"http://{address}/graphql", json=asked, headers=headers) as response,
    ):
        if response.status_code != 200:
            _stopped(json.loads(await response.aread())["errors"])
        async for event in _parsed(response.aiter_lines()):
            if event["event"] == "complete":
                return
            yield json.loads(event["data"])
    raise CutOff("the response has ended")


async def _parsed(lines: AsyncIterator[str]) -> AsyncIterator[dict[str, str]]:
    """Server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html"""
    fields: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        else:
            if "event" in fields:
                yield fields
            fields = {}


def _stopped(errors: list[dict[str, Any]]) -> None:
    codes = {error["extensions"]["code"] for error in errors}
    raise (CutOff if codes <= PASSING else AssertionError)(str(errors))
