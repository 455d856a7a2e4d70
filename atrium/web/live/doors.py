"""The doors: every open connection of this process, and one place that looks after all of them.

It ends those whose session or token has ended, hands the others their viewer anew when their rights change, notices
clients that say nothing or read nothing any more, and says who comes and goes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Collection, Iterable
from typing import Protocol
from uuid import UUID

import structlog

from auth import sessions
from auth.viewer import Viewer
from models.tasks import end
from resolvers.context import Services
from subscriptions.events import Logged
from subscriptions.session import whose_rights

SOCKETS_MAX = 10  # connections of one person in this process
LOOK_EVERY = 1.0  # seconds
RECHECK = 60.0  # seconds that a connection trusts its viewer without a word from the log
PORTION = 500  # connections whose viewers are asked for at a time
RETRY = 1.0  # seconds, while the database is away

out = structlog.get_logger()


class Door(Protocol):
    """A connection, as the doors know it."""

    viewer: Viewer | None

    def ended(self) -> None:
        """Its session or token has ended."""
        ...

    def look(self, now: float) -> None:
        """Now and then, with the loop's time."""
        ...

    def hang_up(self) -> None:
        """The server is about to stop."""
        ...


class Doors:
    """Whoever is connected to this process."""

    def __init__(self, services: Services, look_every: float = LOOK_EVERY) -> None:
        self.services, self._look_every = services, look_every
        self._open: dict[Door, float] = {}  # the loop's time at which its viewer was read
        self._people: dict[UUID, set[Door]] = {}
        self._heard = 0  # events that may have changed somebody

    def __len__(self) -> int:
        return len(self._open)

    def count(self, person: UUID) -> int:
        """How many connections somebody has."""
        return len(self._people.get(person, ()))

    @property
    def heard(self) -> int:
        """Take this before a viewer is read, and give it to `admit`: what has changed in between is then looked at."""
        return self._heard

    def open(self, door: Door) -> None:
        """A connection that may not have said yet whose it is."""
        self._open[door] = asyncio.get_running_loop().time()

    def admit(self, door: Door, viewer: Viewer, heard: int) -> None:
        """It is this viewer's."""
        door.viewer = viewer
        self._open[door] = asyncio.get_running_loop().time() if heard == self._heard else 0.0
        if viewer.person_id not in self._people:
            self.services.presence.arrive(viewer.person_id)
        self._people.setdefault(viewer.person_id, set()).add(door)

    def close(self, door: Door) -> None:
        """It is no more."""
        self._open.pop(door, None)
        if door.viewer and (doors := self._people.get(door.viewer.person_id)):
            doors.discard(door)
            if not doors:
                del self._people[door.viewer.person_id]
                self.services.presence.leave(door.viewer.person_id)

    def close_all(self) -> None:
        """Have all connections ended: the server is about to stop."""
        for door in list(self._open):
            door.hang_up()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[Doors]:
        """Looking after everybody for as long as the block runs."""
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look())]
        try:
            yield self
        finally:
            await end(*tasks)

    async def _listen(self) -> None:
        """Look again at those whose rights, and at what of the rules may have changed, as soon as the log tells."""
        while True:
            try:
                async with contextlib.aclosing(self.services.hub.follow(self._concerns)) as portions:
                    async for events in portions:
                        self._heard += 1
                        people = {person for event in events if (person := whose_rights(event.event))}
                        self.services.identities.forget(people)
                        self.services.memory.forget(event.event for event in events)
                        await self._recheck([door for person in people for door in self._people.get(person, ())])
            except Exception as error:
                out.warning("rights_unheard", error=repr(error))
                self.services.identities.forget_all()
                self.services.memory.forget_all()
                for door in self._open:  # whatever has been missed is asked for
                    self._open[door] = 0.0
                await asyncio.sleep(RETRY)

    def _concerns(self, event: Logged) -> bool:
        return whose_rights(event.event) is not None or self.services.memory.concerns(event.event)

    async def _look(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(self._look_every)
            for door in list(self._open):
                door.look(now())
            stale = [door for door, read in self._open.items() if door.viewer and self._is_stale(door, read, now())]
            try:
                await self._recheck(stale)
            except Exception as error:
                out.warning("rights_unknown", error=repr(error))

    def _is_stale(self, door: Door, read: float, now: float) -> bool:
        ends = door.viewer.expires_at if door.viewer else None
        return now - read > RECHECK or (ends is not None and ends <= self.services.clock.now())

    async def _recheck(self, doors: Collection[Door]) -> None:
        for portion in _portions(list(doors), PORTION):
            accesses = {door.viewer.access_id for door in portion if door.viewer and door.viewer.access_id}
            again = await sessions.again_all(list(accesses), self.services.clock.now())
            now = asyncio.get_running_loop().time()
            for door in portion:
                viewer = door.viewer and door.viewer.access_id and again.get(door.viewer.access_id)
                if not viewer:
                    door.ended()
                elif door in self._open:
                    door.viewer, self._open[door] = viewer, now


def _portions(doors: list[Door], size: int) -> Iterable[list[Door]]:
    return (doors[start : start + size] for start in range(0, len(doors), size))
