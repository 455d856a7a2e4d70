"""The bus tells processes that the log has grown, and may bring its pages. It never is the record: they can do without.

It also carries whispers: what is worth hearing now or never, like who is typing. They are not in the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import asyncpg
import orjson
import structlog

from models.log import Position
from subscriptions.events import Logged

POLL = (0.05, 1.0)  # seconds: the first wait without a word from the bus, and the longest
WHISPER_MAX = 8_000  # bytes of JSON

Hears = Callable[[str, Mapping[str, Any]], None]
out = structlog.get_logger()


@dataclass(frozen=True)
class Handed:
    """A page of the log that another process has read: all events behind `since`, up to `behind`."""

    since: Position
    behind: Position
    events: Sequence[Logged]


class Bus(Protocol):
    """Wakes whoever reads the log. `pokes` counts how often: read it before looking at the log, and wait from there."""

    pokes: int

    @property
    def is_prompt(self) -> bool:
        """Whether what other processes commit is heard of within moments, and not only when the log is looked at."""
        ...

    def poke(self) -> None:
        """Say that something has been committed."""
        ...

    async def wait(self, timeout: float, since: int) -> bool:
        """Until there have been more than `since` pokes, or `timeout` seconds; whether there have."""
        ...

    def handed(self, position: Position) -> Handed | None:
        """The page that continues `position`, its events behind that only; None where there is none: read the log.

        For the one tail of the process, whose position never goes back: pages that it has passed are forgotten.
        """
        ...

    def hand_on(self, since: Position, behind: Position, records: Sequence[asyncpg.Record]) -> None:
        """Share what was read from the log: all behind `since`, up to `behind`. Never blocks, and may do nothing."""
        ...

    def whisper(self, topic: str, said: Mapping[str, Any]) -> None:
        """Tell all processes, this one too, what is soon over; it may be lost. Never blocks.

        What they hear is JSON: an id arrives as text. Raises `ValueError` beyond `WHISPER_MAX`.
        """
        ...

    def overhear(self, hears: Hears) -> Callable[[], None]:
        """Have every whisper's topic and content told to `hears`, which must be quick; gives back what ends it."""
        ...


class LocalBus:
    """The bus of a single process; several processes that have no other one find each other's events by polling."""

    def __init__(self, *, alone: bool = True) -> None:
        """`alone` says that no other process serves people."""
        self.pokes = 0
        self._alone = alone
        self._waiting: set[asyncio.Future[None]] = set()
        self._hearing: dict[object, Hears] = {}

    @property
    def is_prompt(self) -> bool:
        return self._alone

    def poke(self) -> None:
        self._wake()

    async def wait(self, timeout: float, since: int) -> bool:
        if self.pokes != since:
            return True
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            async with asyncio.timeout(timeout):
                await waiting
            return True
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiting)

    def handed(self, position: Position) -> Handed | None:
        return None

    def hand_on(self, since: Position, behind: Position, records: Sequence[asyncpg.Record]) -> None:
        return None

    def whisper(self, topic: str, said: Mapping[str, Any]) -> None:
        self._tell_ourselves(written(topic, said))

    def overhear(self, hears: Hears) -> Callable[[], None]:
        ours = object()
        self._hearing[ours] = hears

        def end() -> None:
            self._hearing.pop(ours, None)

        return end

    def _wake(self) -> None:
        self.pokes += 1
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    def _tell_ourselves(self, whisper: bytes) -> None:
        # Soon, not now: who whispers while hearing must not find itself called again.
        asyncio.get_running_loop().call_soon(self._hear, *read(whisper))

    def _hear(self, topic: str, said: Mapping[str, Any]) -> None:
        for hears in [*self._hearing.values()]:
            try:
                hears(topic, said)
            except Exception as error:
                out.error("whisper_not_heard", topic=topic, error=repr(error))


def written(topic: str, said: Mapping[str, Any]) -> bytes:
    """A whisper as it travels. Raises `ValueError` beyond `WHISPER_MAX`."""
    whisper = orjson.dumps([topic, said], default=str)
    if len(whisper) > WHISPER_MAX:
        raise ValueError(f"a whisper of {len(whisper)} bytes is too long: at most {WHISPER_MAX}")
    return whisper


def read(whisper: bytes) -> tuple[str, Mapping[str, Any]]:
    """The topic and the content of a whisper. Raises `ValueError` or `TypeError` for what is none."""
    topic, said = cast(tuple[object, object], orjson.loads(whisper))
    if not isinstance(topic, str) or not isinstance(said, dict):
        raise ValueError("not a whisper")
    return topic, cast(Mapping[str, Any], said)
