"""The home feed in companies of several sizes: what it costs a server of ours, one over each, which take turns."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import uvloop

from bench import kept
from bench.beside import asked
from bench.beside.asked import OPERATIONS
from bench.beside.figures import Ratio
from bench.beside.rounds import WARM, Bench, apart
from bench.beside.servers import ours
from bench.goals import Goal
from bench.kept import Place

LARGEST = 100_000  # people: of more the comments alone would take an hour
QUICK = {1_000: 600, 3_000: 1_200}  # people, where it is only to be seen that it runs
ROUNDS, REQUESTS = 5, 240
QUICK_ROUNDS, QUICK_REQUESTS = 2, 48
RATIO_MAX = 1.5  # of the largest company, against the smallest
FEED = OPERATIONS[0]


def measure(sizes: list[int]) -> tuple[dict[str, Any], list[Goal]]:
    """Figures and goals, for companies of these sizes."""
    is_quick = max(sizes) in QUICK
    people = sorted({QUICK[size] if is_quick else min(size, LARGEST) for size in sizes})
    turns = (QUICK_ROUNDS, QUICK_REQUESTS) if is_quick else (ROUNDS, REQUESTS)
    with ExitStack() as stack, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        places = [stack.enter_context(kept.company(size, keep=not is_quick, searched=False)) for size in people]
        return runner.run(_measured(places, *turns))


def show(figures: dict[str, Any]) -> None:
    """A line for people."""
    print(f"\nhome feed, server ms: {', '.join(f'{ms} with {people}' for people, ms in figures['people'].items())}")


async def _measured(places: Sequence[Place], rounds: int, requests: int) -> tuple[dict[str, Any], list[Goal]]:
    with ExitStack() as stack:
        benches: list[Bench] = []
        for place in places:
            cast = await asked.prepare(place.dsn)
            benches.append(Bench.over([stack.enter_context(ours(place, cast.tokens, "compiled"))], cast, place))
        servers = [server for bench in benches for server in bench.servers]
        with apart(servers, [bench.postmaster for bench in benches]):
            for bench in benches:
                await bench.round(FEED, 0, WARM)
            taken = [[await _milliseconds(bench, requests) for bench in benches] for _ in range(rounds)]
    ratio = Ratio.of([turns[-1] / turns[0] for turns in taken])
    few, many = places[0].people, places[-1].people
    medians = [round(statistics.median(turns), 3) for turns in zip(*taken, strict=True)]
    told = {f"{place.people:,}": median for place, median in zip(places, medians, strict=True)}
    name = f"HomeFeed: server CPU, {many:,} people against {few:,}"
    return {"people": told, "ratio": ratio.told()}, [Goal(name, round(ratio.median, 2), RATIO_MAX)]


async def _milliseconds(bench: Bench, requests: int) -> float:
    [turn] = (await bench.round(FEED, 0, requests)).values()
    return turn.server or 0.0
