"""Trouble: processes are killed and frozen at random, one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections import Counter
from collections.abc import Sequence

from tests.chaos.stack import Stack
from tests.serve.process import frozen

KINDS = ("kill api", "kill valkey", "kill postgres", "freeze api", "freeze valkey", "freeze postgres", "kill worker")
FREEZE = (1.0, 8.0)  # seconds
PAUSE = (2.0, 8.0)  # seconds between two troubles


class Monkey:
    """Makes trouble of all kinds in turn, in random order. `done` counts what it did."""

    def __init__(self, stack: Stack, chance: random.Random) -> None:
        self.stack, self.chance = stack, chance
        self.done: Counter[str] = Counter()

    async def forever(self) -> None:
        """Until cancelled; whatever is frozen then goes on."""
        while True:
            for kind in self.chance.sample(KINDS, len(KINDS)):
                await asyncio.sleep(self.chance.uniform(*PAUSE))
                await self._make(kind)

    async def _make(self, kind: str) -> None:
        verb, whom = kind.split()
        pids = await asyncio.to_thread(self._pids, whom)
        if not pids:
            return  # away still
        self.done[kind] += 1
        if verb == "kill":
            with contextlib.suppress(ProcessLookupError):
                os.kill(pids[0], signal.SIGKILL)
        else:
            with frozen(*pids):
                await asyncio.sleep(self.chance.uniform(*FREEZE))

    def _pids(self, whom: str) -> Sequence[int]:
        match whom:
            case "postgres":
                return self.stack.postgres_pids()
            case "valkey":
                return self.stack.valkey_pids()
            case "worker":
                return [self.stack.worker.pid] if self.stack.worker.pid else []
            case _:
                pids = [api.pid for api in self.stack.apis if api.pid and api.is_ready]
                # One is left, as an installation of several processes is meant to have.
                return [self.chance.choice(pids)] if len(pids) == len(self.stack.apis) else []
