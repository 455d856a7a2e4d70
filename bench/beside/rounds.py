"""Rounds: every server is asked the same in turns, and what that took on the CPUs is told apart."""

from __future__ import annotations

import os
import statistics
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.beside import load, spent
from bench.beside.asked import READS, Cast, Operation
from bench.beside.equality import compare
from bench.beside.figures import Taken
from bench.beside.servers import BESIDE, OURS, REFERENCE, Server
from bench.commands import POSTMASTER
from bench.kept import Place

CONNECTIONS = 16
WARM = 48  # requests of each operation, before it counts
SLOW = 5  # times fewer requests for the reference executor, which would take most of the time


@dataclass(frozen=True)
class Bench:
    """The servers, whom they are asked by, and the database that works for them."""

    servers: Sequence[Server]
    cast: Cast
    place: Place
    postmaster: int

    @classmethod
    def over(cls, servers: Sequence[Server], cast: Cast, place: Place) -> Bench:
        return cls(servers, cast, place, int(place.postgres.execute(POSTMASTER)))

    def of(self, operation: Operation) -> list[Server]:
        """Those that know an operation."""
        return [server for server in self.servers if server.answers(operation)]

    async def agree(self, operation: Operation) -> int:
        """See that all of ours say the same to the same request; how long that is, in bytes. Raises `Different`."""
        sizes: list[int] = []
        for wish in self.cast.wishes(operation.name, len(self.cast.viewers)):
            answers: dict[str, bytes] = {}
            for server in self.of(operation):
                taken = await load.ask(server.address, [server.request(operation, wish)], 1, keep=True)
                if server.name != BESIDE:
                    answers[server.name] = taken.bodies[0]
            compare(operation.name, answers, operation.drawn)
            sizes.append(len(answers[OURS]))
        return round(statistics.median(sizes))

    async def round(self, operation: Operation, number: int, requests: int) -> dict[str, Taken]:
        """A turn of each server, which begins with another one each time."""
        servers = self.of(operation)
        first = number % len(servers)
        same = self.cast.wishes(operation.name, requests) if operation.name in READS else None
        found: dict[str, Taken] = {}
        for server in [*servers[first:], *servers[:first]]:
            count = max(CONNECTIONS, requests // SLOW) if server.name == REFERENCE else requests
            wishes = same[:count] if same else self.cast.wishes(operation.name, count)
            found[server.name] = await self._turn(server, [server.request(operation, wish) for wish in wishes])
        return found

    async def _turn(self, server: Server, requests: Sequence[bytes]) -> Taken:
        own, working = [server.pid] if server.pid else [], spent.family(self.postmaster)
        before = spent.of(own), spent.of(working)
        taken = await load.ask(server.address, requests, CONNECTIONS)
        after = spent.of(own), spent.of(spent.family(self.postmaster))
        each = 1e3 / len(requests)
        return Taken(
            server=spent.between(before[0], after[0]) * each if server.pid else None,
            database=spent.between(before[1], after[1]) * each,
            per_second=len(requests) / taken.seconds,
            waits=taken.waits,
        )


@contextmanager
def apart(servers: Sequence[Server], postmasters: Sequence[int]) -> Generator[None]:
    """The servers on one core, this process and the databases on another one, where there are two."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        yield
        return
    databases = [pid for postmaster in postmasters for pid in spent.family(postmaster)]
    spent.pin([server.pid for server in servers if server.pid and server.name != BESIDE], {cores[0]})
    spent.pin([os.getpid(), *databases], {cores[1]})
    try:
        yield
    finally:
        spent.pin([os.getpid(), *databases], set(cores))
