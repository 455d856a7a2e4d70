"""What almost every request reads and seldom changes, remembered by the process for a moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from auth.identities import TRUST
from subscriptions.events import Event

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Small(Generic[T]):
    """A small thing that is the same for everybody, such as a table of rules.

    `read` reads it; after an event of these kinds it is another one.
    """

    read: Callable[[], Awaitable[T]]
    changed_by: tuple[type[Event], ...]


class Memory:
    """Small things as they were read last: as viewers are, each for at most a second, while the log is being heard.

    Whoever changes one must `forget` by the event of it: after the commit, and before anybody is told that it is done.
    """

    def __init__(self, may_trust: Callable[[], bool] = lambda: True, trust: timedelta = TRUST) -> None:
        """`may_trust` says whether changes by other processes are being heard of."""
        self._may_trust, self._trust = may_trust, trust
        self._read: dict[Small[Any], tuple[Any, datetime]] = {}
        self._kinds: set[type[Event]] = set()
        self._changes = 0

    def known(self, what: Small[T], now: datetime) -> T | None:
        """It as it is remembered; None where it has to be read."""
        found = self._read.get(what)
        if found is None or not self._may_trust() or not timedelta() <= now - found[1] < self._trust:
            return None
        return found[0]

    async def read(self, what: Small[T], now: datetime) -> T:
        """It as it is stored, to be remembered. Not inside a transaction, which may have changed it and fail."""
        self._kinds.update(what.changed_by)
        before = self._changes
        value = await what.read()
        if before == self._changes:  # else what was read may be older than the change
            self._read[what] = (value, now)
        return value

    def concerns(self, event: Event) -> bool:
        """Whether something that has been read is another one after this."""
        return type(event) in self._kinds

    def forget(self, events: Iterable[Event]) -> None:
        """Read anew what these have changed."""
        kinds = self._kinds.intersection(map(type, events))
        if kinds:
            self._changes += 1
            self._read = {what: one for what, one in self._read.items() if kinds.isdisjoint(what.changed_by)}

    def forget_all(self) -> None:
        """Read everything anew."""
        self._changes += 1
        self._read.clear()
