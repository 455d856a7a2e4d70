"""Importing people and their units from a CSV file of an HR system."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, tzinfo
from pathlib import Path

from atrium.imports.columns import Columns, known, recognised
from atrium.imports.csvfile import Table, opened
from atrium.imports.dates import DateOrder
from atrium.imports.engine import ABSENT_SHARE, Order, fingerprint, run_import
from atrium.imports.records import Mode, Record
from atrium.imports.report import Code, Progress, Report, unwatched
from atrium.imports.rows import Rows
from models.clock import Clock

SOURCE = "people"  # the source of a file that names none


async def import_people(
    path: Path,
    *,
    clock: Clock,
    zone: tzinfo = UTC,
    source: str | None = None,
    mode: Mode | str = Mode.PARTIAL,
    effective: date | None = None,
    date_order: DateOrder | str = DateOrder.YMD,
    dry_run: bool = False,
    absent_share: float = ABSENT_SHARE,
    errors_max: int | None = None,
    progress: Progress = unwatched,
) -> Report:
    """Make the people of a source as its file has them, from a day on; with `dry_run` only tell what would become.

    A full import has people of the source leave who are absent from the file. Raises `NotDone` where nothing could be
    done, and its `TooManyAbsent` where more than `absent_share` (0 to 1) of them are absent.
    """
    order = Order(
        source=SOURCE if source is None else source.strip(),
        fingerprint=fingerprint(path, reading=f"people {DateOrder(date_order)}"),
        mode=Mode(mode),
        effective=effective,
        dry_run=dry_run,
        absent_share=absent_share,
        errors_max=errors_max,
    )

    def read(report: Report) -> Iterator[Record]:
        return read_people(path, report, DateOrder(date_order), progress)

    return await run_import(read, order, clock=clock, zone=zone, progress=progress)


def read_people(path: Path, report: Report, order: DateOrder, progress: Progress = unwatched) -> Iterator[Record]:
    """The records of a people file. Raises `NotDone`."""
    with opened(path, known) as table:
        yield from Rows(table, _columns(table, report), report, order, progress)


def _columns(table: Table, report: Report) -> Columns:
    if table.is_guess:
        message = "The file is not UTF-8, so it was read as Windows-1252. Look at its accents, and export it as UTF-8."
        report.warn(1, None, Code.ENCODING, None, message)
    return recognised(table.header, report)
