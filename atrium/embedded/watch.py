"""Watching over engines while they are in use: one that is lost is started again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence

import structlog

from atrium.embedded.engine import Engine
from atrium.embedded.errors import EngineError

EVERY = 2.0  # seconds between two looks

out = structlog.get_logger()


@contextlib.asynccontextmanager
async def watched(engines: Sequence[Engine]) -> AsyncGenerator[None]:
    """Keep these engines running for as long as the block does."""
    ended = asyncio.Event()
    tasks = [asyncio.create_task(_watch(engine, ended)) for engine in engines]
    try:
        yield
    finally:
        # Not cancelled: a start that is under way in its thread would go on, and leave a server behind.
        ended.set()
        await asyncio.gather(*tasks)


async def _watch(engine: Engine, ended: asyncio.Event) -> None:
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), EVERY)
            return
        try:
            await asyncio.to_thread(_mend, engine)
        except (EngineError, OSError) as error:
            out.error("engine_lost", engine=engine.title, error=str(error))


def _mend(engine: Engine) -> None:
    if not engine.is_lost():
        return
    out.warning("engine_lost", engine=engine.title, hint="it is started again")
    engine.ensure()
    out.info("engine_back", engine=engine.title)
