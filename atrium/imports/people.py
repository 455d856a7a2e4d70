"""Importing people and their units from a CSV file of an HR system."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import asyncpg

from atrium.imports import staging
from atrium.imports.columns import Columns, known, recognised
from atrium.imports.csvfile import Table, opened
from atrium.imports.dates import DateOrder
from atrium.imports.lines import figures, loops
from atrium.imports.report import Code, NotDone, Progress, Reason, Report, TooManyAbsent, unwatched
from atrium.imports.rows import Rows, read_rows
from atrium.imports.writing import write
from models import db
from models.clock import Clock
from models.log import lock_stream

SOURCE = "people"  # the source of a file that names none
SOURCE_MAX = 200  # characters
ABSENT_SHARE = 0.10  # of the active people of a source, whom a full import may find absent

# Between the comparison and the writing nobody else may close a loop or take an address; readers are not held up.
LOCK = "LOCK TABLE person, org_unit IN SHARE ROW EXCLUSIVE MODE"


class Mode(StrEnum):
    """What it means that somebody is not in the file: nothing, or that they have left."""

    PARTIAL = "partial"
    FULL = "full"


async def import_people(
    path: Path,
    *,
    clock: Clock,
    source: str | None = None,
    mode: Mode | str = Mode.PARTIAL,
    effective: date | None = None,
    date_order: DateOrder | str = DateOrder.YMD,
    dry_run: bool = False,
    absent_share: float = ABSENT_SHARE,
    progress: Progress = unwatched,
) -> Report:
    """Make the people of a source as its file has them, in one transaction; with `dry_run` only tell what would become.

    A full import closes the accounts of people of the source who are absent from the file. Raises `NotDone` where
    nothing could be done, and its `TooManyAbsent` where more than `absent_share` (0 to 1) of them are absent.
    """
    source, mode, date_order = _source(source), Mode(mode), DateOrder(date_order)
    if effective is not None:
        raise NotDone(
            Reason.EFFECTIVE,
            "An import cannot take effect on another day yet: that comes with dated positions. Leave out --effective.",
        )
    report = Report()
    with opened(path, known) as table:
        columns = _columns(table, report)
        rows = read_rows(table, columns, report, today=clock.now().date(), order=date_order, progress=progress)
    _ensure_usable(path, rows, mode)
    async with db.transaction():
        await lock_stream(f"import:{source}")
        if not dry_run:
            await db.execute(LOCK)
        absent = await _Comparison(source, rows, report).run(mode, absent_share, progress)
        if not dry_run:
            await write(source, absent, clock.now(), progress)
    report.problems.sort(key=lambda problem: (problem.line, problem.code))
    return report


def _source(source: str | None) -> str:
    named = SOURCE if source is None else source.strip()
    if not named or len(named) > SOURCE_MAX or "\x00" in named:
        raise NotDone(
            Reason.BAD_SOURCE,
            f"A source has a name of 1 to {SOURCE_MAX} characters, such as the HR system's. Give it one.",
        )
    return named


def _columns(table: Table, report: Report) -> Columns:
    if table.is_guess:
        message = "The file is not UTF-8, so it was read as Windows-1252. Look at its accents, and export it as UTF-8."
        report.warn(1, None, Code.ENCODING, None, message)
    return recognised(table.header, report)


def _ensure_usable(path: Path, rows: Rows, mode: Mode) -> None:
    if not (rows.people or rows.rejected or rows.unreadable):
        raise NotDone(Reason.NO_ROWS, f"{path} has a header but no rows: there is nothing to import.")
    if mode is Mode.FULL and rows.unreadable:
        raise NotDone(
            Reason.UNREADABLE_ROWS,
            f"{rows.unreadable:,} rows of the file do not tell whom they are about, so nobody can be called absent, and"
            " nothing was changed. Mend them (a partial dry run lists them), or import with mode partial.",
        )


@dataclass
class _Comparison:
    """A file's rows against what is stored; fills the report with what becomes of them. Wants the transaction."""

    source: str
    rows: Rows
    report: Report

    async def run(self, mode: Mode, absent_share: float, progress: Progress) -> list[uuid.UUID]:
        """Stage and judge the rows; the keys of the people whom a full import finds absent."""
        await staging.stage(list(self.rows.people.values()), progress)
        progress(0, len(self.rows.people), "comparing")
        await self._match()
        await self._settle_emails()
        await self._find_managers()
        managers = await self._open_loops()
        await self._count()
        others = await staging.others(self.source)
        absent = [row for row in others if row["external_id"] not in self.rows.rejected] if mode is Mode.FULL else []
        await self._ensure_few(absent, absent_share)
        staying = {row["id"] for row in others} - {row["id"] for row in absent}
        self.report.chart = figures(await staging.staged_keys() | staying, managers)
        progress(len(self.rows.people), len(self.rows.people), "comparing")
        return [row["id"] for row in absent]

    async def _match(self) -> None:
        for row in await staging.match(self.source):
            self.rows.rejected.add(row["external_id"])
            self.report.people.skipped += 1
            message = f"{row['external_id']} is a guest here: this row was left aside. Make them a member first."
            self.report.warn(row["line"], row["external_id"], Code.GUEST, None, message)

    async def _settle_emails(self) -> None:
        for row in await staging.drop_emails():
            message = f"{row['email']} is somebody else's too: it was left out. An address belongs to one person."
            self.report.warn(row["line"], row["external_id"], Code.SHARED_EMAIL, "email", message)

    async def _find_managers(self) -> None:
        ambiguous, unknown = await staging.find_managers(self.source)
        for row in ambiguous:
            message = f"{row['bearers']} people are called {row['manager']}: the manager was left out. Name them by id."
            self.report.error(row["line"], row["external_id"], Code.AMBIGUOUS_REF, "manager", message)
        for row in unknown:
            message = f"There is no {row['manager']}, in the file or from before: the manager was left out. Correct it."
            self.report.error(row["line"], row["external_id"], Code.UNKNOWN_REF, "manager", message)

    async def _open_loops(self) -> dict[uuid.UUID, uuid.UUID]:
        """Take one line out of each loop; the lines as they will be.

        Of those that the file states it is the line of the smallest external id, whatever the order of the rows.
        """
        managers, stated = await staging.lines()
        closing: list[uuid.UUID] = []
        for loop in loops(managers):
            candidates = [stated[id] for id in loop if id in stated]
            if not candidates:
                continue  # of people whom the file does not speak of
            row = min(candidates, key=lambda row: row["external_id"])
            if len(loop) == 1:
                message = "They are their own manager: the manager was left out. Correct it."
            else:
                message = f"This manager closes a loop of {len(loop)} people: the manager was left out. Correct one."
            self.report.error(row["line"], row["external_id"], Code.MANAGER_CYCLE, "manager", message)
            closing.append(row["id"])
            del managers[row["id"]]
        await staging.drop_lines(closing)
        return managers

    async def _count(self) -> None:
        counts, units = self.report.people, self.report.units
        outcomes = await staging.judge()
        counts.created, counts.updated = outcomes.get("created", 0), outcomes.get("updated", 0)
        counts.unchanged, counts.deactivated = outcomes.get("unchanged", 0), outcomes.get("deactivated", 0)
        units.created, units.unchanged = await staging.unit_counts()

    async def _ensure_few(self, absent: Collection[asyncpg.Record], share: float) -> None:
        leaving = sum(row["active"] for row in absent)
        active = await staging.active_count(self.source)
        if leaving > share * active:
            raise TooManyAbsent(leaving, active, share)
        self.report.people.deactivated += leaving
