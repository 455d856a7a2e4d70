"""Tasks that work for as long as a process does, or a part of it."""

from __future__ import annotations

import asyncio
from typing import Any

AGAIN = 5.0  # seconds: whoever gives back what they hold is let do so


async def end(*tasks: asyncio.Task[Any], again: float = AGAIN) -> None:
    """Cancel these and wait until they have ended, whatever they end with.

    A task that goes on after every error goes on after its cancellation, too, if what it was doing has made another
    error of that: a transaction cannot be rolled back over a connection that is gone. So it is cancelled `again`.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=again)
    await asyncio.gather(*tasks, return_exceptions=True)  # what they have failed with is known, and no matter
