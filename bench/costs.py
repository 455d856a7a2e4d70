"""What a question costs the database: the time that the server's process of our one connection spends on a CPU.

Where the machine does not tell (it does on Linux), it is the time of day.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

WARM = 6  # answers before it counts: from the sixth on PostgreSQL may keep to one plan
TIMES = 20  # answers that count, in a round
ENOUGH = 0.3  # seconds of answers that count, in a round

Question = Callable[[], Awaitable[Any]]


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
