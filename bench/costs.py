"""What a question costs the database: the time that the server's process of our one connection spends on a CPU.

Where the machine does not tell (it does on Linux), it is the time of day.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from atrium.services import database
from models import db

WARM = 6  # answers before it counts: from the sixth on PostgreSQL may keep to one plan
TIMES = 20  # answers that count, in a round
ENOUGH = 0.3  # seconds of answers that count, in a round

# A statement's parallel helpers are processes of their own, whose time would be missed.
LIMITS = {**db.SERVED, "max_parallel_workers_per_gather": "0"}

Question = Callable[[], Awaitable[Any]]
Medians = dict[str, dict[int, float]]
"""Milliseconds, by question and by how many people the company has."""


async def medians(urls: Mapping[int, str], rounds: int, ask: Callable[[], Awaitable[Mapping[str, float]]]) -> Medians:
    """What `ask` finds of the connected company, of each by its people: the median of the rounds, taken in turns."""
    costs: dict[str, dict[int, list[float]]] = {}
    for _ in range(rounds):
        for people, url in urls.items():
            async with database(url, pool=1, limits=LIMITS):
                for name, found in (await ask()).items():
                    costs.setdefault(name, {}).setdefault(people, []).append(found)
    return {name: {people: statistics.median(found) for people, found in of.items()} for name, of in costs.items()}


def ratio(of: Mapping[int, float]) -> float:
    """The cost at the largest size against that at the smallest."""
    return of[max(of)] / of[min(of)]


def table(found: Medians) -> dict[str, dict[str, float]]:
    """By question, as figures are kept: the cost at each size, and the ratio of the largest to the smallest."""
    return {
        name: {f"{people:,}": round(cost, 3) for people, cost in of.items()} | {"ratio": round(ratio(of), 2)}
        for name, of in found.items()
    }


def show(costs: Mapping[str, Mapping[str, float]]) -> None:
    """The same for people."""
    wide = max(len(name) for name in ("database ms, by people", *costs)) + 2
    heads = next(iter(costs.values()))
    print(f"\n{'database ms, by people':{wide}}" + "".join(f"{head:>10}" for head in heads))
    for name, of in costs.items():
        print(f"{name:{wide}}" + "".join(f"{cost:>10.2f}" for cost in of.values()))


async def cost(question: Question, backend: int) -> float:
    """Milliseconds of one answer, once it is asked for often; `backend` is the process of the server."""
    for _ in range(WARM):
        await question()
    times, before, latest = 0, _spent(backend), time.monotonic() + ENOUGH
    while times < TIMES and (times == 0 or time.monotonic() < latest):
        await question()
        times += 1
    return (_spent(backend) - before) / times * 1_000


def _spent(backend: int) -> float:
    """Seconds that a process has spent on a CPU."""
    told = Path(f"/proc/{backend}/schedstat")
    return int(told.read_text().split()[0]) / 1e9 if told.exists() else time.perf_counter()
