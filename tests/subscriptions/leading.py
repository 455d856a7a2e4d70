"""A process that leads until it is killed: `python -m tests.subscriptions.leading URL`; it says so."""

from __future__ import annotations

import asyncio
import sys

from models.log import START
from subscriptions.redis_bus import RedisBus

SECRETS = [b"of an installation under test"]


async def main(url: str) -> None:
    async with RedisBus(url, SECRETS).running() as bus:
        said = False
        while True:
            bus.handed(START)
            if bus.leads and not said:
                print("leads", flush=True)
                said = True
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
