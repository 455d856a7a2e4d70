"""How long an operation may take, and how many a person may have at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Generator
from typing import Any, TypeVar, cast
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
        raise too_late()
    return task.result()


def too_late() -> Refused:
    """What a client is told whose operation has been given up."""
    return Refused(504, "TIMEOUT", TOO_LONG)


class TooLate(Exception):
    """The work was given up, and its client has been told."""


async def before_late(
    work: Coroutine[Any, Any, T], tell: Callable[[], Coroutine[Any, Any, None]], seconds: float = DEADLINE
) -> T:
    """What the work gives, which the running task does itself: dearer when late, cheaper than `in_time` else.

    After the deadline the work is cancelled, and `tell` run in a task of its own meanwhile: the rollback may find the
    same silence as its statement. Raises `TooLate` when both are done.
    """
    loop, task = asyncio.get_running_loop(), cast("asyncio.Task[Any]", asyncio.current_task())
    telling: list[asyncio.Task[None]] = []

    def give_up() -> None:
        telling.append(loop.create_task(tell()))
        task.cancel()

    timer = loop.call_later(seconds, give_up)
    try:
        result = await work
    except BaseException:
        if not telling:
            raise
    else:
        if not telling:
            return result
    finally:
        timer.cancel()
    if task.uncancel():  # somebody else cancels it, too
        raise asyncio.CancelledError
    await telling[0]
    raise TooLate


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
        self._taken: dict[UUID, int] = {}

    @contextlib.contextmanager
    def place(self, person: UUID | None) -> Generator[None]:
        """One of the person's places while the block runs; nobody's needs none. Raises `Refused`."""
        self.take(person)
        try:
            yield
        finally:
            self.give_back(person)

    def take(self, person: UUID | None) -> None:
        """Take one of the person's places, to be given back in any case. Raises `Refused`."""
        if person is None:
            return
        taken = self._taken.get(person, 0)
        if taken >= self.most:
            raise Refused(
                429,
                "RATE_LIMITED",
                f"You have {self.most} operations under way already. Send the next when one of them is answered.",
                {"retry-after": "1"},
            )
        self._taken[person] = taken + 1

    def give_back(self, person: UUID | None) -> None:
        """Give back what was taken."""
        if person is None:
            return
        left = self._taken[person] - 1
        if left:
            self._taken[person] = left
        else:
            del self._taken[person]
