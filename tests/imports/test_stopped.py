"""Imports that are killed half-way: run again, they end as if nothing had happened."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from atrium.imports.records import Mode
from models import db
from tests import engine
from tests.imports.conftest import ORGANOGRAM, Bring, world

# Kills itself when it has told of its progress for the nth time.
DOOMED = """
import asyncio, os, signal, sys
from datetime import datetime
from pathlib import Path
from atrium.imports.people import import_people
from models import db

class Then:
    def now(self):
        return datetime.fromisoformat(sys.argv[4])

told = 0
def progress(done, total, phase):
    global told
    told += 1
    if told == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    await db.connect(sys.argv[1], pool=4, limits=db.UNHURRIED)
    await import_people(Path(sys.argv[2]), clock=Then(), source="hr", mode="full", absent_share=1.0, progress=progress)

asyncio.run(main())
"""
EVENTS = "SELECT kind, quiet, count(*) FROM event GROUP BY 1, 2 ORDER BY 1, 2"
FULL: dict[str, Any] = {"source": "hr", "mode": Mode.FULL, "absent_share": 1.0}


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The organisation some time later: some have left, joined, moved, and got other titles and managers."""
    header, *rows = ORGANOGRAM.read_text().splitlines(keepends=True)
    kept = [row.replace("Director", "Head").replace("SCS1", "SCS2") for row in rows[20:]]
    new = [f"NEW{n},new{n}@x.example,New {n},Clerk,Office,HIP001,,Law,Department,SCS1,true,,,\n" for n in range(30)]
    path = tmp_path / "later.csv"
    path.write_text(header + "".join(kept[::-1] + new))
    return path


async def killed(dsn: str, path: Path, now: str, at: int) -> bool:
    """Import a file in a process that dies at its nth word of progress; False: it came to its end before."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", DOOMED, dsn, str(path), str(at), now), cwd=engine.ROOT
    )
    code = await process.wait()
    assert code in (0, -signal.SIGKILL)
    return code != 0


async def grown(bring: Bring) -> None:
    """The organisation as it was a day ago."""
    await engine.known("grown", lambda: bring.file(ORGANOGRAM, **FULL))
    bring.clock.turn(days=1)


@pytest.mark.parametrize("at", [3, 6, 9, 11, 13, 16, 19, 22, 25])
async def test_a_killed_import_goes_on(bring: Bring, dsn: str, later: Path, at: int) -> None:
    await grown(bring)
    expected = await bring.file(later, **FULL)
    undisturbed, events = await world(), await db.rows(EVENTS)
    bring.clock.turn(days=-1)
    await grown(bring)

    was_killed = await killed(dsn, later, bring.clock.now().isoformat(), at)
    report = await bring.file(later, **FULL)

    assert was_killed
    assert await world() == undisturbed
    assert await db.rows(EVENTS) == events
    assert report.summary() == expected.summary()
    assert report.problems == expected.problems
    runs = await db.rows("SELECT phase, resumed FROM import_run ORDER BY id DESC LIMIT 1")
    assert [tuple(run) for run in runs] == [("DONE", int(report.resumed))]
    assert await db.value("SELECT (SELECT count(*) FROM import_record) + (SELECT count(*) FROM import_fact)") == 0


async def test_it_says_that_it_went_on(bring: Bring, dsn: str, later: Path) -> None:
    await grown(bring)

    assert await killed(dsn, later, bring.clock.now().isoformat(), 16)
    report = await bring.file(later, **FULL)

    assert report.resumed
    assert not (await bring.file(later, **FULL)).resumed


@pytest.mark.parametrize("at", [13, 20])
async def test_another_file_takes_the_place_of_a_stopped_one(bring: Bring, dsn: str, later: Path, at: int) -> None:
    await bring.file(later, **FULL)
    other = later.with_name("other.csv")
    other.write_text(later.read_text().replace("Head", "Chief").replace("NEW29", "NEW30"))
    bring.clock.turn(days=1)
    assert await killed(dsn, ORGANOGRAM, bring.clock.now().isoformat(), at)

    report = await bring.file(other, **FULL)

    assert not report.resumed
    found = await world("people", "today", "lines", "units")
    await engine.empty()
    bring.clock.turn(days=-1)
    await bring.file(later, **FULL)
    bring.clock.turn(days=1)
    await bring.file(other, **FULL)
    undisturbed = await world("people", "today", "lines", "units")
    assert [p for p in found["people"] if p[6]] == [p for p in undisturbed["people"] if p[6]]
    assert [p for p in found["today"] if p[3]] == [p for p in undisturbed["today"] if p[3]]
    assert await db.value("SELECT count(*) FROM import_record") == 0


async def test_a_dry_run_leaves_a_stopped_import_alone(bring: Bring, dsn: str, later: Path) -> None:
    await grown(bring)
    assert await killed(dsn, later, bring.clock.now().isoformat(), 16)
    before = await world()

    await bring.file(ORGANOGRAM, dry_run=True, **FULL)

    assert await world() == before
    assert (await bring.file(later, **FULL)).resumed
