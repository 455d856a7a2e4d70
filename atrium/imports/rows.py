"""Rows of a people file: read, judged, one for each id."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass, field
from datetime import date

import orjson

from atrium.imports.cells import Cells, one_line
from atrium.imports.columns import NAMES, Columns
from atrium.imports.csvfile import Record, Table
from atrium.imports.dates import DateOrder
from atrium.imports.report import Code, Progress, Report
from models.org import UNIT_NAME_MAX
from models.people import BIO_MAX, NAME_MAX, TITLE_MAX
from models.text import too_long

ID_MAX = 200  # characters
LOCATION_MAX = 200  # characters
PRONOUNS_MAX = 50  # characters
CELL_MAX = 1_000_000  # characters of any cell, used or not
EVERY = 1_000  # rows from one word of progress to the next

NOBODY = {"", "n/d", "vacant", "eliminated"}
QUOTES = "'\"‘’“” \u00a0"
UNITS = ("org_unit", "department")  # from the root down
MANAGERS = ("manager", "manager_email", "manager_name")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as a file has them. Where it says nothing (None, or `says_…` false), what is stored stays."""

    line: int
    external_id: str
    name: str
    email: str | None
    title: str | None
    bio: str | None
    pronouns: str | None
    location: str | None
    says_location: bool
    unit: tuple[str, ...]  # names from the root down
    says_unit: bool
    manager: str | None  # as written
    says_manager: bool
    manager_is_id: bool  # and not, perhaps, an e-mail address or a name
    active: bool | None

    @property
    def names_someone_active(self) -> bool:
        return self.active is not False and self.name.strip(QUOTES).casefold() not in NOBODY

    def content_hash(self) -> bytes:
        """The same for rows that say the same, wherever they stand."""
        return hashlib.sha256(orjson.dumps(dataclasses.replace(self, line=0))).digest()


@dataclass
class Rows:
    """A file's people by external id, and what could not be taken."""

    people: dict[str, PersonRow] = field(default_factory=dict[str, PersonRow])
    rejected: set[str] = field(default_factory=set[str])  # ids of rows beyond use
    unreadable: int = 0  # rows of which not even the id is known


class Unfit(Exception):
    """A row is beyond use."""

    def __init__(self, code: Code, field: str | None, message: str) -> None:
        super().__init__(message)
        self.code, self.field, self.message = code, field, message


def read_rows(
    table: Table, columns: Columns, report: Report, *, today: date, order: DateOrder, progress: Progress
) -> Rows:
    """All rows of a table, in memory: some kilobytes each at most in practice."""
    rows = Rows()
    for number, record in enumerate(table.rows):
        if number % EVERY == 0:
            progress(table.done(), table.size, "reading")
        id = None
        try:
            id = _id(record, columns)
            row = _person(Cells(record, columns, report, id), today, order)
        except Unfit as unfit:
            report.error(record.line, id, unfit.code, unfit.field, unfit.message)
            rows.unreadable += id is None
            rows.rejected.update(() if id is None else (id,))
        else:
            _settle(row, rows, report)
    progress(table.size, table.size, "reading")
    return rows


def _settle(row: PersonRow, rows: Rows, report: Report) -> None:
    """Of several rows with one id the last is taken, but none goes before one that names an active person."""
    other = rows.people.setdefault(row.external_id, row)
    if other is row:
        return
    taken, left = (other, row) if other.names_someone_active > row.names_someone_active else (row, other)
    rows.people[row.external_id] = taken
    report.people.skipped += 1
    message = f"The id {row.external_id} is on line {taken.line} too: that row was taken, this one left aside."
    report.warn(left.line, row.external_id, Code.DUPLICATE_ID, "external_id", message)


def _id(record: Record, columns: Columns) -> str:
    """The external id of a row that has the form of one."""
    wanted, found = len(columns.header), len(record.cells)
    if not record.is_whole:
        raise Unfit(Code.CUT_OFF, None, "The file ends inside quotes that open in this row. Export it again.")
    if found < wanted or any(record.cells[wanted:]):
        message = f"This row has {found} cells, the header {wanted}. Look for a stray or missing delimiter or quote."
        raise Unfit(Code.BAD_ROW, None, message)
    id, title = columns.cell(record.cells, "external_id").strip(), columns.title("external_id")
    if not id:
        raise Unfit(Code.MISSING_FIELD, title, "This row has no id. Give it one.")
    if len(id) > ID_MAX:
        raise Unfit(Code.TOO_LONG, title, too_long("The id", len(id), ID_MAX))
    if "\x00" in id:
        raise Unfit(Code.BAD_TEXT, title, "The id contains a NUL character. Remove it.")
    return id


def _person(cells: Cells, today: date, order: DateOrder) -> PersonRow:
    _ensure_storable(cells)
    location, unit = cells.line("location", LOCATION_MAX), _unit(cells)
    return PersonRow(
        line=cells.record.line,
        external_id=cells.id,
        name=_name(cells),
        email=cells.email("email"),
        title=cells.line("title", TITLE_MAX),
        bio=cells.text("bio", BIO_MAX) or None,
        pronouns=cells.line("pronouns", PRONOUNS_MAX) or None,
        location=location or None,
        says_location=location is not None,
        unit=unit or (),
        says_unit=unit is not None,
        manager=next((written for name in MANAGERS if (written := cells.raw(name).strip())), None),
        says_manager=any(name in cells.columns for name in MANAGERS),
        manager_is_id=bool(cells.raw("manager").strip()),
        active=_active(cells, today, order),
    )


def _ensure_storable(cells: Cells) -> None:
    for title, cell in zip(cells.columns.header, cells.record.cells, strict=False):
        if len(cell) > CELL_MAX:
            raise Unfit(Code.TOO_LONG, title, too_long("This cell", len(cell), CELL_MAX))
        if "\x00" in cell:
            raise Unfit(Code.BAD_TEXT, title, "This cell contains a NUL character. Remove it.")
        if "\ufffd" in cell:
            message = "This cell has characters that could not be decoded. Export the file as UTF-8."
            cells.report.warn(cells.record.line, cells.id, Code.BAD_TEXT, title, message)


def _name(cells: Cells) -> str:
    full, preferred, first, last = (one_line(cells.raw(name)) for name in NAMES)
    given = preferred or first
    # The preferred name is the whole one in some systems, and stands for the first in others.
    name = full or (given if given.endswith(f" {last}") else f"{given} {last}".strip(" "))
    title = next(cells.columns.title(name) for name in NAMES if name in cells.columns)
    if not name.strip():
        raise Unfit(Code.MISSING_FIELD, title, "This row has no name. Give it one.")
    if len(name) > NAME_MAX:
        raise Unfit(Code.TOO_LONG, title, too_long("The name", len(name), NAME_MAX))
    return name


def _unit(cells: Cells) -> tuple[str, ...] | None:
    names = [cells.line(name, UNIT_NAME_MAX) for name in UNITS if name in cells.columns]
    if not names or None in names:
        return None
    return tuple(name for name in names if name)


def _active(cells: Cells, today: date, order: DateOrder) -> bool | None:
    """What the row says of itself, else whether its last day is still to come."""
    left_on = cells.day("left_on", order)
    if cells.raw("active").strip() or left_on is None:
        return cells.truth("active")
    return left_on >= today
