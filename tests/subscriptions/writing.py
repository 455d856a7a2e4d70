"""A process of writers: `python -m tests.subscriptions.writing DSN SEED WRITERS TRANSACTIONS`."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys

from models import db
from models.log import lock_stream
from tests.subscriptions.notes import STREAMS, note


class Regret(Exception):
    """A transaction that is not to be."""


async def write(chance: random.Random) -> None:
    """One transaction: on one stream or two; short, slow or very slow; committed, or after all not."""
    streams = chance.sample(STREAMS, chance.choice((1, 1, 1, 2)))
    with contextlib.suppress(Regret):
        async with db.transaction():
            for stream in sorted(streams):
                await lock_stream(stream)
            for _ in range(chance.choice((1, 1, 2, 5))):
                await note(*streams)
                await asyncio.sleep(chance.choice((0,) * 20 + (0.002,) * 4 + (0.02, 0.02, 0.2)))
            if chance.random() < 0.2:
                raise Regret


async def main(dsn: str, seed: int, writers: int, transactions: int) -> None:
    async def one(number: int) -> None:
        chance = random.Random(seed * 1000 + number)
        for _ in range(transactions):
            await write(chance)

    await db.connect(dsn, pool=writers)
    await asyncio.gather(*(one(number) for number in range(writers)))
    await db.disconnect()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
