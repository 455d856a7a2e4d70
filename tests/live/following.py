"""Followers of the fan-out as tests want them: what each was told, word for word, and no socket in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from auth.viewer import Viewer
from models.log import START, Position
from models.people import Person
from resolvers.live.fanout import Fanout
from resolvers.live.followers import Follower, Payload
from resolvers.streams import seal
from schema.live import open_stream
from subscriptions import live, log
from tests.conftest import OPERATIONS, Ask, camel
from tests.engine import settled

SOON = 5.0  # seconds


@dataclass
class Told:
    """A sink that writes everything down. It takes as much as comes, unless it is given a `most`."""

    most: int | None = None
    said: list[bytes] = field(default_factory=list[bytes])
    positions: list[Position] = field(default_factory=list[Position])
    is_over: bool = False

    async def room(self) -> None:
        return None

    def put(self, payload: Payload, position: Position) -> bool:
        assert not self.is_over, "told something after the end"
        if self.most is not None and len(self.said) >= self.most:
            return False
        self.said.append(payload.json)
        self.positions.append(position)
        return True

    def end(self, payload: Payload | None, position: Position) -> None:
        assert not self.is_over, "ended twice"
        self.is_over = True
        if payload:
            self.said.append(payload.json)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events, without their envelope."""
        return [event_of(said) for said in self.said]

    @property
    def types(self) -> list[str]:
        return [event["__typename"] for event in self.events]


@dataclass
class Following:
    """One who follows, and what they are told."""

    follower: Follower
    told: Told


class Live:
    """The fan-out of a process: `await fan(ann, "feed/feed_updated")` has Ann follow."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.fanout = Fanout(ask.services)

    async def __call__(
        self, who: Person | Viewer, operation: str, told: Told | None = None, **variables: Any
    ) -> Following:
        return await self.text(who, (OPERATIONS / f"{operation}.graphql").read_text(), told, **variables)

    async def text(self, who: Person | Viewer, text: str, told: Told | None = None, **variables: Any) -> Following:
        """Follow by a document of one's own. Raises `NotRun`."""
        ctx = await self.ask.context(who)
        values = {camel(name): value for name, value in variables.items()}
        opened = await open_stream(self.ask.schema, ctx, text, values, None)
        told = told or Told()
        follower = Follower(opened.stream.topic, ctx.me, opened.operation, told, opened.stream.position)
        self.fanout.join(follower)
        return Following(follower, told)

    async def cursor(self, who: Person | Viewer) -> str:
        """Where the log stands now."""
        await settled()
        return seal(await self.ask.context(who), self.ask.services.hub.position)

    async def all_told(self, *followings: Following) -> None:
        """Until these have been given everything that is committed now."""
        await settled()
        self.ask.services.bus.poke()
        last = await the_last()
        await until(lambda: self.ask.services.hub.position >= last)
        for following in followings:
            topic = following.follower.topic
            wanted = [event for event in (await log.after(START, 100_000))[0] if topic.wants(event)]
            if wanted:
                await until(lambda f=following.follower, p=wanted[-1].position: f.is_over or f.position >= p)


@asynccontextmanager
async def running(ask: Ask) -> AsyncGenerator[Live]:
    """The tail of the log and a fan-out, at work for as long as the block runs."""
    fan = Live(ask)
    async with live.running(ask.services.hub), fan.fanout.running():
        yield fan


async def the_last() -> Position:
    """The position of the last event of the log."""
    return (await log.after(START, 100_000))[1]


def event_of(said: bytes) -> dict[str, Any]:
    """The event in an answer that has no errors."""
    body = json.loads(said)
    assert "errors" not in body, body
    [event] = body["data"].values()
    return event


async def until(true: Callable[[], Any], within: float = SOON) -> float:
    """Wait until a condition holds; how many seconds it took."""
    now = asyncio.get_running_loop().time
    started = now()
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.005)
    return now() - started
