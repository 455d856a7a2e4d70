"""What processes have spent on a CPU, as Linux tells it, and where they may run."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
Spent = dict[int, int]
"""Nanoseconds by process."""


def of(pids: Iterable[int]) -> Spent:
    """What each of these processes has spent so far, all its threads together; those that have ended are left out."""
    return {pid: spent for pid in pids if (spent := _of(pid)) is not None}


def between(before: Spent, after: Spent) -> float:
    """Seconds that all of them have spent from then to then, those that came in between among them."""
    return sum(spent - before.get(pid, 0) for pid, spent in after.items()) / 1e9


def family(pid: int) -> list[int]:
    """A process and its children: of a PostgreSQL server all that works for it."""
    children = PROC / str(pid) / "task" / str(pid) / "children"
    return [pid, *map(int, children.read_text().split())] if children.exists() else [pid]


def most_memory(pid: int) -> int:
    """The most memory that a process has had resident, in MB; 0 where the machine does not tell."""
    return _kilobytes(pid, "VmHWM") // 1024


def pin(pids: Iterable[int], cores: set[int]) -> None:
    """Keep processes on some cores; children that they have later stay there too."""
    for pid in pids:
        for task in _tasks(pid):
            os.sched_setaffinity(task, cores)


def _of(pid: int) -> int | None:
    try:
        return sum(int((PROC / str(pid) / "task" / str(t) / "schedstat").read_text().split()[0]) for t in _tasks(pid))
    except (FileNotFoundError, ProcessLookupError):
        return None


def _tasks(pid: int) -> list[int]:
    try:
        return [int(task.name) for task in (PROC / str(pid) / "task").iterdir()]
    except FileNotFoundError:
        return []


def _kilobytes(pid: int, name: str) -> int:
    status = PROC / str(pid) / "status"
    if not status.exists():
        return 0
    return next((int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(f"{name}:")), 0)
