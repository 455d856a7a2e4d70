"""A process that runs a reader until it is killed: `python -m tests.subscriptions.reading DSN NAME`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from models import db
from models.clock import SystemClock
from subscriptions.bus import LocalBus
from subscriptions.events import Logged
from subscriptions.readers import Run
from tests.subscriptions.notes import Tally


class Slow(Tally):
    """Says on standard output what it has begun, and takes its time before it is committed."""

    async def read(self, events: Sequence[Logged]) -> None:
        await super().read(events)
        print(len(events), flush=True)
        await asyncio.sleep(0.05)


async def main(dsn: str, name: str) -> None:
    await db.connect(dsn, pool=2)
    await Run(Slow(name), holder="the one to be killed", clock=SystemClock(), bus=LocalBus()).forever()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
