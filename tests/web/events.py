"""A client of server-sent events, which hears one event at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.web.server import Served

EVENTS = "text/event-stream"
SOON = 3.0  # seconds


@dataclass
class Event:
    """One event, by its fields."""

    type: str = "message"
    id: str = ""
    data: Any = None


@dataclass
class Events:
    """A response that is read as it comes. `comments` are the lines that only keep it alive."""

    response: httpx.Response
    comments: int = 0
    _lines: AsyncIterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._lines = self.response.aiter_lines()

    async def event(self, within: float = SOON) -> Event:
        """The next event. Raises `StopAsyncIteration` at the end of the response."""
        found: dict[str, str] = {}
        async with asyncio.timeout(within):
            while True:
                line = await anext(self._lines)
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    found[name.rstrip(":")] = value
                elif found:
                    data = found.get("data", "")
                    return Event(found.get("event", "message"), found.get("id", ""), json.loads(data) if data else None)

    async def told(self) -> dict[str, Any]:
        """The next event of a subscription."""
        found = await self.event()
        assert found.type == "next", found
        [event] = found.data["data"].values()
        assert found.id == event.get("cursor", found.id)
        return event

    async def rest(self) -> list[Event]:
        """What comes until the server ends the response."""
        events: list[Event] = []
        with contextlib.suppress(StopAsyncIteration):
            while True:
                events.append(await self.event())
        return events


@contextlib.asynccontextmanager
async def streamed(
    served: Served, query: str, token: str = "", *, last: str = "", **variables: Any
) -> AsyncGenerator[Events]:
    """An operation that is answered by events."""
    headers = {"accept": EVENTS} | ({"authorization": f"Bearer {token}"} if token else {})
    headers |= {"last-event-id": last} if last else {}
    body = {"query": query, "variables": variables}
    async with served.http.stream("POST", "/graphql", json=body, headers=headers) as response:
        yield Events(response)
