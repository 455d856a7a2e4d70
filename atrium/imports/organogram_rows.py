"""Rows of an organogram's senior file: one a post and holder, read and told apart by who is named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from atrium.imports.cells import one_line
from atrium.imports.columns import plain
from atrium.imports.csvfile import Record as Row
from atrium.imports.csvfile import Table
from atrium.imports.records import ID_MAX, Type
from atrium.imports.report import Code, NotDone, Reason, Report

Meaning = Mapping[str, Sequence[str]]

SENIOR: Meaning = {
    "ref": ("post unique reference",),
    "name": ("name",),
    "grade": ("grade (or equivalent)", "grade"),
    "title": ("job title",),
    "department": ("parent department",),
    "organisation": ("organisation", "organization"),
    "unit": ("unit",),
    "reports_to": ("reports to senior post",),
}
JUNIOR: Meaning = {
    "reports_to": ("reporting senior post",),
    "grade": ("grade", "grade (or equivalent)"),
    "title": ("generic job title",),
    "department": ("parent department",),
    "organisation": ("organisation", "organization"),
    "unit": ("unit",),
    "group": ("professional/occupational group",),
    "fte": ("number of posts in FTE",),
}
"""What we take from the published columns, and the headers that name each; others are left aside."""

SENIOR_NEEDED = ("ref", "name", "reports_to")
JUNIOR_NEEDED = ("reports_to", "fte")

KNOWN = {plain(title) for meaning in (SENIOR, JUNIOR) for titles in meaning.values() for title in titles}

QUOTES = "'\"‘’“”` \u00a0"
VACANT = {"", "vacant", "eliminated"}
UNDISCLOSED = {"n/d"}
ROOT = "XX"  # written for the post that a root reports to
NO_POST = "0"  # the reference of whoever is paid, but has no post


class Occupancy(IntEnum):
    """Whether a row names the holder of its post. Of several rows with one reference the higher ones say more."""

    VACANT = 0
    UNDISCLOSED = 1
    NAMED = 2


@dataclass(frozen=True, slots=True)
class PostRow:
    """One row of the senior file. `unit` are names from the department down; no `reports_to`: a root."""

    line: int
    ref: str
    name: str
    occupancy: Occupancy
    title: str
    grade: str
    department: str
    organisation: str
    unit: tuple[str, ...]
    reports_to: str

    @property
    def facts(self) -> tuple[object, ...]:
        """What the row says of its post, whoever holds it."""
        return self.title, self.grade, self.unit, self.reports_to


@dataclass(frozen=True)
class Sheet:
    """A table whose columns are found by field."""

    table: Table
    places: Mapping[str, int]
    report: Report

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each usable row: its line, and its cells by field in one line of text each; empty where there is none."""
        reach = max(self.places.values())
        for row in self.table.rows:
            if problem := _unusable(row, reach, len(self.table.header)):
                self.report.reject(row.line, None, *problem, type=Type.POSITION)
                continue
            cells = {name: one_line(row.cells[place]) for name, place in self.places.items()}
            if any("\ufffd" in cell for cell in cells.values()):
                message = "This row has characters that could not be decoded, here or before. Correct them, as UTF-8."
                self.report.warn(row.line, cells.get("ref"), Code.BAD_TEXT, None, message, type=Type.POSITION)
            yield row.line, cells


def known(header: str) -> bool:
    """Whether we take a column of either file."""
    return plain(header) in KNOWN


def sheet(table: Table, meaning: Meaning, needed: Sequence[str], name: str, report: Report) -> Sheet:
    """The columns of a table. Raises `NotDone` where one that is needed is not there."""
    plains = [plain(title) for title in table.header]
    places: dict[str, int] = {}
    for column, titles in meaning.items():
        place = next((plains.index(p) for p in map(plain, titles) if p in plains), None)
        if place is not None:
            places[column] = place
    lacking = [meaning[column][0] for column in needed if column not in places]
    if lacking:
        raise NotDone(
            Reason.MISSING_COLUMN,
            f"The file has no column “{lacking[0]}”, so it is not the {name} file of an organogram. Name the senior"
            " file first, then the junior one.",
        )
    if table.is_guess:
        message = "The file is not UTF-8, so it was read as Windows-1252. Look at its accents."
        report.warn(1, None, Code.ENCODING, None, message, type=Type.POSITION)
    return Sheet(table, places, report)


def post_row(line: int, cells: Mapping[str, str]) -> PostRow:
    """A row of the senior file, judged."""
    unit = levels(cells)
    reports_to = cells["reports_to"]
    return PostRow(
        line=line,
        ref=cells["ref"],
        name=cells["name"],
        occupancy=_occupancy(cells["name"], unit),
        title=cells.get("title", ""),
        grade=cells.get("grade", ""),
        department=cells.get("department", ""),
        organisation=cells.get("organisation", ""),
        unit=unit,
        reports_to="" if reports_to.upper() == ROOT else reports_to,
    )


def levels(cells: Mapping[str, str]) -> tuple[str, ...]:
    """The units of a row from the department down, no level twice."""
    path: list[str] = []
    for name in (cells.get("department", ""), cells.get("organisation", ""), cells.get("unit", "")):
        if name and name.casefold() not in (level.casefold() for level in path):
            path.append(name)
    return tuple(path)


def unit_id(path: Sequence[str]) -> str:
    """A unit's id: the names down to it, whatever their case; the end of a long one is its digest."""
    id = "/".join(own(name.casefold()).replace("\\", "\\\\").replace("/", "\\/") for name in path)
    return id if len(id) <= ID_MAX else id[: ID_MAX - 65] + "/" + hashlib.sha256(id.encode()).hexdigest()


def own(id: str) -> str:
    """An id that a colon does not make one of another source."""
    return id.replace("%", "%25").replace(":", "%3a")


def _occupancy(name: str, unit: Sequence[str]) -> Occupancy:
    said = name.strip(QUOTES).casefold()
    if said in VACANT:
        return Occupancy.VACANT
    if said in UNDISCLOSED or said in (level.casefold() for level in unit):
        return Occupancy.UNDISCLOSED
    return Occupancy.NAMED


def _unusable(row: Row, reach: int, width: int) -> tuple[Code, str | None, str] | None:
    """Why a row cannot be read: code, column and message; None: it can."""
    if not row.is_whole:
        return Code.CUT_OFF, None, "The file ends inside quotes that open in this row. Export it again."
    if len(row.cells) <= reach or any(row.cells[width:]):
        message = (
            f"This row has {len(row.cells)} cells, the header {width}. Look for a stray or missing quote or comma."
        )
        return Code.BAD_ROW, None, message
    return None
