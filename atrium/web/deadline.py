"""How long an operation may take, and how many a person may have at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Coroutine, Generator
from typing import Any, TypeVar
from uuid import UUID

from atrium.web.body import Refused

T = TypeVar("T")

DEADLINE = 10.0  # seconds
TOO_LONG = (
    "This took longer than 10 seconds and was given up. What a mutation changes may or may not have been done:"
    " repeat it with the same clientId, which does nothing twice."
)

_left: set[asyncio.Task[Any]] = set()  # the loop itself keeps no task alive


async def in_time(work: Coroutine[Any, Any, T], seconds: float = DEADLINE) -> T:
    """What the work gives. Raises `Refused` after the deadline.

    The work is cancelled then, but not waited for: its rollback may find the same silence as its statement.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            _leave(task)
    if not task.done():
        raise Refused(504, "TIMEOUT", TOO_LONG)
    return task.result()


def _leave(task: asyncio.Task[Any]) -> None:
    _left.add(task)
    task.add_done_callback(_forget)
    task.cancel()


def _forget(task: asyncio.Task[Any]) -> None:
    _left.discard(task)
    if not task.cancelled():
        task.exception()  # looked at, so that the loop does not report it: its client has had an answer


class Places:
    """Counts the operations that people have under way in this process."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._taken: Counter[UUID] = Counter()

    @contextlib.contextmanager
    def place(self, person: UUID | None) -> Generator[None]:
        """One of the person's places while the block runs; nobody's needs none. Raises `Refused`."""
        if person is None:
            yield
            return
        if self._taken[person] >= self.most:
            raise Refused(
                429,
                "RATE_LIMITED",
                f"You have {self.most} operations under way already. Send the next when one of them is answered.",
                {"retry-after": "1"},
            )
        self._taken[person] += 1
        try:
            yield
        finally:
            self._taken[person] -= 1
            if not self._taken[person]:
                del self._taken[person]
