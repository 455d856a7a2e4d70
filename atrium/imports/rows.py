"""Rows of a people file as records: a person each, and the units they name, the first time that they do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from atrium.imports import csvfile
from atrium.imports.cells import Cells, one_line
from atrium.imports.columns import NAMES, Columns
from atrium.imports.csvfile import Table
from atrium.imports.dates import DateOrder
from atrium.imports.records import ID_MAX, Record, Type
from atrium.imports.report import Code, Progress, Report
from models.org import UNIT_NAME_MAX
from models.people import BIO_MAX, NAME_MAX, TITLE_MAX
from models.positions import GRADE_MAX
from models.text import too_long

LOCATION_MAX = 200  # characters
PRONOUNS_MAX = 50  # characters
PHONE_MAX = 50  # characters
CELL_MAX = 1_000_000  # characters of any cell, used or not
EVERY = 1_000  # rows from one word of progress to the next
ROOT = "XX"  # written for the manager of whoever has none

UNITS = ("org_unit", "department")  # from the root down
MANAGERS = ("manager", "manager_email", "manager_name")

Path = tuple[str, ...]
"""The names of units from a root down."""


class Unfit(Exception):
    """A row is beyond use."""

    def __init__(self, code: Code, field: str | None, message: str) -> None:
        super().__init__(message)
        self.code, self.field, self.message = code, field, message


@dataclass
class Rows:
    """Reads the rows of a table."""

    table: Table
    columns: Columns
    report: Report
    order: DateOrder
    progress: Progress
    _units: set[str] = field(default_factory=set[str])

    def __iter__(self) -> Iterator[Record]:
        for number, row in enumerate(self.table.rows):
            if number % EVERY == 0:
                self.progress(self.table.done(), self.table.size, "reading")
            id = None
            try:
                id = _id(row, self.columns)
                cells = Cells(row, self.columns, self.report, id)
                _ensure_storable(cells)
                unit = _unit(cells)
                person = Record(Type.PERSON, row.line, id, self._person(cells, unit))
            except Unfit as unfit:
                self.report.reject(row.line, id, unfit.code, unfit.field, unfit.message)
                continue
            yield from self._new_units(row.line, unit or ())
            yield person
        self.progress(self.table.size, self.table.size, "reading")

    def _new_units(self, line: int, path: Path) -> Iterator[Record]:
        parent = None
        for depth in range(1, len(path) + 1):
            key = unit_key(path[:depth])
            if key not in self._units:
                self._units.add(key)
                yield Record(Type.ORG_UNIT, line, key, {"name": path[depth - 1], "parent": parent})
            parent = key

    def _person(self, cells: Cells, unit: Path | None) -> dict[str, object]:
        """What a row says of a person; what it does not say, or not in a way that we understand, is not in it."""
        said: dict[str, object] = {"name": _name(cells)}
        if unit is not None:
            said["org_unit"] = unit_key(unit) if unit else None
        for name, most in (("title", TITLE_MAX), ("grade", GRADE_MAX), ("location", LOCATION_MAX)):
            if (text := cells.line(name, most)) is not None:
                said[name] = text if name == "title" else text or None
        said |= _manager(cells)
        said |= self._standing(cells)
        # An address is how they sign in, and the rest is their own: no cell takes those away by being empty.
        own = {
            "email": cells.email("email"),
            "pronouns": cells.line("pronouns", PRONOUNS_MAX),
            "phone": cells.line("phone", PHONE_MAX),
            "bio": cells.text("bio", BIO_MAX),
            "skills": cells.entries("skills"),
            "links": cells.entries("links"),
        }
        return said | {name: value for name, value in own.items() if value}

    def _standing(self, cells: Cells) -> dict[str, object]:
        """Whether and when somebody belongs to the company."""
        said: dict[str, object] = {}
        if (active := cells.truth("active")) is not None:
            said["active"] = active
        if started := cells.day("started_on", self.order):
            said["start_date"] = started
        left = cells.day("left_on", self.order)
        if left or ("left_on" in self.columns and not cells.raw("left_on").strip()):
            said["end_date"] = left
        return said


def unit_key(path: Path) -> str:
    """A unit's external id: the names from its root down, which are one line each; a digest where that is too long."""
    key = "\n".join(path)
    return key if len(key) <= ID_MAX else "sha256:" + hashlib.sha256(key.encode()).hexdigest()


def _id(row: csvfile.Record, columns: Columns) -> str:
    """The external id of a row that has the form of one."""
    wanted, found = len(columns.header), len(row.cells)
    if not row.is_whole:
        raise Unfit(Code.CUT_OFF, None, "The file ends inside quotes that open in this row. Export it again.")
    if found < wanted or any(row.cells[wanted:]):
        message = f"This row has {found} cells, the header {wanted}. Look for a stray or missing delimiter or quote."
        raise Unfit(Code.BAD_ROW, None, message)
    id, title = columns.cell(row.cells, "external_id").strip(), columns.title("external_id")
    if not id:
        raise Unfit(Code.MISSING_FIELD, title, "This row has no id. Give it one.")
    if len(id) > ID_MAX:
        raise Unfit(Code.TOO_LONG, title, too_long("The id", len(id), ID_MAX))
    if "\x00" in id:
        raise Unfit(Code.BAD_TEXT, title, "The id contains a NUL character. Remove it.")
    return id


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


def _unit(cells: Cells) -> Path | None:
    """The unit that a row names; None where it does not say."""
    names = [cells.line(name, UNIT_NAME_MAX) for name in UNITS if name in cells.columns]
    if not names or None in names:
        return None
    return tuple(name for name in names if name)


def _manager(cells: Cells) -> dict[str, object]:
    if not any(name in cells.columns for name in MANAGERS):
        return {}
    written = next((written for name in MANAGERS if (written := cells.raw(name).strip())), None)
    if written is None or written.upper() == ROOT:
        return {"manager": None}
    return {"manager" if cells.raw("manager").strip() else "manager_name": written}
