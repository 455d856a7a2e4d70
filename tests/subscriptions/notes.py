"""Events of these tests' own, which count within their stream; and readers that leave a trace."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from models import db
from models.log import Position, lock_stream
from subscriptions import log
from subscriptions.events import Event, Logged

AUDIENCES = tuple(f"audience:{uuid.UUID(int=n)}" for n in range(1, 7))
PEOPLE = tuple(f"person:{uuid.UUID(int=n)}" for n in range(1, 7))
STREAMS = (*AUDIENCES, *PEOPLE)

TABLES = """
DROP TABLE IF EXISTS note_count, note_effect;
CREATE TABLE note_count (stream text PRIMARY KEY, number int NOT NULL);
CREATE TABLE note_effect (event_id bigint, reader text);
"""
SOON = 5.0  # seconds
COUNT = """
INSERT INTO note_count AS c (stream, number) VALUES ($1, 1)
ON CONFLICT (stream) DO UPDATE SET number = c.number + 1 RETURNING number
"""


@dataclass(frozen=True, slots=True)
class Noted(Event):
    """The `number`th event of its stream; a rolled back one leaves its number to the next."""

    line: str
    number: int

    @property
    def stream(self) -> str:
        return self.line

    @property
    def subject(self) -> uuid.UUID:
        return uuid.UUID(self.line.partition(":")[2])


async def note(*streams: str) -> list[Noted]:
    """Write the next event of each stream; wants a transaction that has their locks."""
    noted = [Noted(stream, await db.value(COUNT, stream)) for stream in streams]
    await log.append(noted, actor=None, now=datetime.now(UTC))
    return noted


async def commit(*streams: str) -> list[Noted]:
    """The next event of each stream, committed."""
    async with db.transaction():
        for stream in sorted(streams):
            await lock_stream(stream)
        return await note(*streams)


@dataclass
class Seen:
    """What a reader has been given, held against what a log promises."""

    positions: list[Position]
    numbers: dict[str, list[int]]

    @classmethod
    def nothing(cls) -> Seen:
        return cls([], defaultdict(list))

    def add(self, events: Sequence[Logged]) -> None:
        """Take in events in the order in which they came."""
        for event in events:
            if isinstance(event.event, Noted):
                self.positions.append(event.position)
                self.numbers[event.stream].append(event.event.number)

    @property
    def faults(self) -> dict[str, int]:
        """Gaps, repeats or inversions within the streams, and steps back in the order of all: 0 each if all is well."""
        pairs = [pair for found in self.numbers.values() for pair in zip([found[0] - 1, *found], found, strict=False)]
        return {
            "gaps": sum(next > last + 1 for last, next in pairs),
            "inversions": sum(next <= last for last, next in pairs),
            "steps back": sum(b <= a for a, b in zip(self.positions, self.positions[1:], strict=False)),
        }


class Tally:
    """A reader whose effect is a row for each event."""

    outside = False

    def __init__(self, name: str) -> None:
        self.name = name

    async def read(self, events: Sequence[Logged]) -> None:
        await db.execute_many(
            "INSERT INTO note_effect (event_id, reader) VALUES ($1, $2)", [(e.position[2], self.name) for e in events]
        )


async def singly(portions: AsyncGenerator[list[Any]]) -> AsyncGenerator[Any]:
    """What comes in portions, one after the other."""
    async with contextlib.aclosing(portions):
        async for portion in portions:
            for event in portion:
                yield event


async def take(events: AsyncIterator[Any], count: int) -> list[Any]:
    """The next `count` of a stream, which come soon."""
    async with asyncio.timeout(SOON):
        return [await anext(events) for _ in range(count)]


async def rest_of(events: AsyncIterator[Any]) -> list[Any]:
    """What is left of a stream that ends soon."""
    async with asyncio.timeout(SOON):
        return [event async for event in events]
