"""What rounds come to: medians, and ratios between servers of the same round with their spread."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.beside.servers import FLAT, OURS, REFERENCE, WHOLE
from bench.goals import Goal


@dataclass(frozen=True)
class Taken:
    """One server's turn: milliseconds of a CPU for each request (None where nobody tells), requests a second, waits."""

    server: float | None
    database: float
    per_second: float
    waits: Sequence[float]  # seconds


Rounds = Mapping[str, Sequence[Taken]]
"""By server, in the order of the rounds."""


@dataclass(frozen=True)
class Ratio:
    """The median over the rounds, and between what the middle half of them lies."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Ratio:
        if len(values) < 2:
            return cls(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)

    def told(self) -> list[float]:
        return [round(self.median, 2), round(self.low, 2), round(self.high, 2)]


def row(turns: Sequence[Taken]) -> dict[str, Any]:
    """The medians of one server."""
    waits = sorted(wait for turn in turns for wait in turn.waits)
    own = [turn.server for turn in turns if turn.server is not None]
    return {
        "server ms": round(statistics.median(own), 3) if own else None,
        "database ms": round(statistics.median(turn.database for turn in turns), 3),
        "requests/s": round(statistics.median(turn.per_second for turn in turns)),
        "p50 ms": round(waits[len(waits) // 2] * 1e3, 1),
        "p99 ms": round(waits[len(waits) * 99 // 100] * 1e3, 1),
    }


def server_ratio(rounds: Rounds, one: str, other: str) -> Ratio:
    """Server CPU of one, in that of another."""
    pairs = zip(rounds[one], rounds[other], strict=True)
    return Ratio.of([a.server / b.server for a, b in pairs if a.server and b.server])


def sum_ratio(rounds: Rounds) -> Ratio:
    """Server and database CPU of ours, in the smallest sum of those limits that there are."""
    limits = [rounds[name] for name in (FLAT, WHOLE) if name in rounds]
    turns = zip(rounds[OURS], *limits, strict=True)
    return Ratio.of([_sum(ours) / min(map(_sum, others)) for ours, *others in turns])


def ratios(rounds: Rounds) -> dict[str, list[float]]:
    """All ratios that there are, told: median, and the middle half."""
    others = [other for other, turns in rounds.items() if other != OURS and turns[0].server is not None]
    found = {f"× {other}": server_ratio(rounds, OURS, other).told() for other in others}
    if FLAT in rounds:
        found["sum × least limit"] = sum_ratio(rounds).told()
    return found


FLAT_MAX, WHOLE_MAX, REFERENCE_MAX, SUM_MAX = 1.6, 5.0, 0.2, 1.4
AGAINST_FLAT, AGAINST_WHOLE = ("HomeFeed", "OrgChart", "ChatHistory"), ("Profile", "AddReaction", "AddComment")
SUMMED = ("HomeFeed", "Profile", "OrgChart", "ChatHistory")


def goals(taken: Mapping[str, Rounds]) -> list[Goal]:
    """The goals of all operations that were measured."""

    def goal(what: str, found: Ratio, most: float) -> Goal:
        return Goal(what, round(found.median, 2), most)

    return [
        *(
            goal(f"{name}: server CPU, × flat", server_ratio(taken[name], OURS, FLAT), FLAT_MAX)
            for name in AGAINST_FLAT
        ),
        *(
            goal(f"{name}: server CPU, × whole", server_ratio(taken[name], OURS, WHOLE), WHOLE_MAX)
            for name in AGAINST_WHOLE
        ),
        goal("HomeFeed: server CPU, × reference", server_ratio(taken["HomeFeed"], OURS, REFERENCE), REFERENCE_MAX),
        *(
            goal(f"{name}: server + database CPU, × the lesser limit", sum_ratio(taken[name]), SUM_MAX)
            for name in SUMMED
        ),
    ]


def _sum(turn: Taken) -> float:
    return (turn.server or 0.0) + turn.database
