"""Runs of imports: one of a source at a time, remembered, so that one that was stopped goes on where it stood."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from atrium.imports.records import Mode
from atrium.imports.report import Report
from models import db
from models.imports import ImportPhase
from models.keys import uuid7

TRY_EVERY = 0.2  # seconds

TRY = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"
RELEASE = "SELECT pg_advisory_unlock(hashtextextended($1, 0))"
UNFINISHED = """
SELECT id, fingerprint, mode, effective_on, is_dry, phase, step, reached, report FROM import_run
WHERE source = $1 AND phase IN ('STAGING', 'WRITING') ORDER BY id
"""
BEGIN = """
INSERT INTO import_run (id, source, fingerprint, mode, effective_on, is_dry, phase, step, reached, resumed, started_at)
VALUES ($1, $2, $3, $4, $5, $6, 'STAGING', 0, 0, 0, $7)
"""
WRITE = "UPDATE import_run SET phase = 'WRITING', report = $2::jsonb WHERE id = $1"
RESUME = "UPDATE import_run SET resumed = resumed + 1 WHERE id = $1"
REACH = "UPDATE import_run SET step = $2, reached = $3 WHERE id = $1"
END = "UPDATE import_run SET phase = $2, finished_at = $3, report = $4::jsonb WHERE id = $1"
STAGED = ("import_touch", "import_fact", "import_record")


@dataclass
class Run:
    """An import under way: how far its writing has come."""

    id: uuid.UUID
    source: str
    mode: Mode
    day: date
    step: int = 0
    reached: int = 0


@asynccontextmanager
async def alone(source: str) -> AsyncGenerator[None]:
    """Nobody else imports from this source for as long as the block runs, not even another process."""
    key = f"import:{source}"
    async with db.connection() as con:
        while not await con.fetchval(TRY, key):  # noqa: ASYNC110 - it may be another process that lets go of it
            await asyncio.sleep(TRY_EVERY)
        try:
            yield
        finally:
            if not con.is_closed():
                await con.fetchval(RELEASE, key)


async def unfinished(source: str) -> list[asyncpg.Record]:
    """Runs of a source that were stopped. Wants to be alone with it."""
    return await db.rows(UNFINISHED, source)


async def begin(source: str, fingerprint: bytes, mode: Mode, day: date, now: datetime, *, is_dry: bool) -> Run:
    """A new run."""
    run = Run(uuid7(), source, mode, day)
    await db.execute(BEGIN, run.id, source, fingerprint, mode, day, is_dry, now)
    return run


async def resume(found: asyncpg.Record, source: str) -> tuple[Run, Report]:
    """A run that had begun to write, and its report."""
    await db.execute(RESUME, found["id"])
    report = Report.load(found["report"])
    report.resumed = True
    run = Run(found["id"], source, Mode(found["mode"]), found["effective_on"], found["step"], found["reached"])
    return run, report


async def begin_writing(run: Run, report: Report) -> None:
    """Remember what is to be told in the end. From here on the run is finished rather than begun anew."""
    await db.execute(WRITE, run.id, report.dump())


async def reach(run: Run, step: int, row: int) -> None:
    """Remember how far the writing has come. Wants the transaction of what was written."""
    run.step, run.reached = step, row
    await db.execute(REACH, run.id, step, row)


async def end(run: uuid.UUID, phase: ImportPhase, now: datetime, report: Report | None = None) -> None:
    """Remember that a run is over, and how it went; its staged rows go."""
    await db.execute(END, run, phase, now, report.brief() if report else "{}")
    for table in STAGED:
        await db.execute(f"DELETE FROM {table} WHERE run_id = $1", run)
