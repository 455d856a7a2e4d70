"""Which engine answers a search: the better one while it is well, PostgreSQL whenever it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import structlog

from search.engine import Engine, Found, Sight, Unavailable
from search.query import Query

PATIENCE = 1.0  # seconds that the better engine has for an answer
REST = 5.0  # seconds that it is left alone after it gave none

Observe = Callable[[str, bool, float], object]
"""Told of each answer: the engine's name, whether it is degraded, seconds it took."""

out = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; `is_degraded` where the engine that should have answered could not."""

    found: Found
    is_degraded: bool


class Search:
    """Finds by `better` where there is one and it is well, else by `fallback`, whose troubles are the caller's.

    `observe` is told of each answer; `clock` gives seconds that only ever rise.
    """

    def __init__(
        self,
        fallback: Engine,
        better: Engine | None = None,
        *,
        observe: Observe | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.fallback, self.better = fallback, better
        self.circuit = Circuit(clock)
        self._observe = observe
        self._clock = clock

    @property
    def engines(self) -> tuple[Engine, ...]:
        """All that are to be kept up to date, the one that is always there first."""
        return (self.fallback, self.better) if self.better else (self.fallback,)

    async def find(self, query: Query, sight: Sight) -> Answer:
        """The best hits of what a viewer may find. Raises what `fallback` raises."""
        started = self._clock()
        found = await self._better(query, sight)
        is_degraded = found is None and self.better is not None
        name = self.better.name if self.better and not is_degraded else self.fallback.name
        if found is None:
            found = await self.fallback.find(query, sight)
        if self._observe:
            self._observe(name, is_degraded, self._clock() - started)
        return Answer(found, is_degraded)

    async def _better(self, query: Query, sight: Sight) -> Found | None:
        """What the better engine finds; None where there is none, or it is not to be asked, or cannot answer."""
        if self.better is None or not self.circuit.enter():
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self.better.find(query, sight)
        except (Unavailable, TimeoutError) as error:
            said = str(error) or f"It took more than {PATIENCE:.0f} s."
            if self.circuit.fail():
                out.warning("search_degraded", engine=self.better.name, error=said)
            return None
        except BaseException:
            self.circuit.leave()
            raise
        if self.circuit.work():
            out.info("search_restored", engine=self.better.name)
        return found


class Circuit:
    """Whether an engine is to be asked: always while it answers; after a failure one asks every `REST` seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._rests_until: float | None = None  # None: it is well
        self._is_probed = False

    @property
    def is_well(self) -> bool:
        """Whether its last answer was one."""
        return self._rests_until is None

    def enter(self) -> bool:
        """Whether to ask now; then `work`, `fail` or `leave` must follow."""
        if self._rests_until is None:
            return True
        if self._is_probed or self._clock() < self._rests_until:
            return False
        self._is_probed = True
        return True

    def work(self) -> bool:
        """It has answered; whether that is news."""
        was_well, self._rests_until, self._is_probed = self.is_well, None, False
        return not was_well

    def fail(self) -> bool:
        """It has not answered; whether that is news."""
        was_well, self._rests_until, self._is_probed = self.is_well, self._clock() + REST, False
        return was_well

    def leave(self) -> None:
        """Nobody waits for its answer any more: that says nothing about it."""
        self._is_probed = False
