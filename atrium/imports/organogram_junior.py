"""The junior file of an organogram: kinds of posts below a senior one, with how many there are, and no people."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import orjson

from atrium.imports.csvfile import opened
from atrium.imports.files import shown
from atrium.imports.organogram_rows import JUNIOR, JUNIOR_NEEDED, known, levels, sheet, unit_id
from atrium.imports.records import Record, Type
from atrium.imports.report import Code, Progress, Report

FTE_MAX = 100_000  # full-time equivalents in one row


@dataclass(frozen=True, slots=True)
class Kind:
    """Posts that are alike: below one senior post, in one unit, of one grade, title and professional group."""

    reports_to: str
    unit: tuple[str, ...]
    grade: str
    title: str
    group: str

    def id(self, number: int) -> str:
        """The same for the same kind and number in every file."""
        digest = hashlib.sha256(orjson.dumps([*self.unit, self.grade, self.title, self.group])).hexdigest()
        return f"{self.reports_to}/{digest[:16]}/{number}"


@dataclass
class JuniorPosts:
    """What a junior file counts: full-time equivalents by kind, and the line where each stands first."""

    rows: int = 0
    fte: dict[Kind, Decimal] = field(default_factory=dict[Kind, Decimal])
    lines: dict[Kind, int] = field(default_factory=dict[Kind, int])

    def records(self) -> Iterator[Record]:
        """A post for each full-time equivalent that is begun, held by somebody undisclosed."""
        for kind, fte in self.fte.items():
            facts = {
                "title": kind.title,
                "grade": kind.grade or None,
                "org_unit": unit_id(kind.unit) if kind.unit else None,
                "reports_to": kind.reports_to or None,
            }
            for number in range(1, math.ceil(fte) + 1):
                id, line = kind.id(number), self.lines[kind]
                yield Record(Type.POSITION, line, id, facts)
                yield Record(Type.HOLDING, line, "", {"position": id, "person": None})

    def tell(self, path: Path, report: Report) -> None:
        """Say that they were counted, and not imported."""
        total = sum(self.fte.values(), Decimal())
        message = (
            f"{shown(path.name)} counts {total:,.2f} full-time equivalents of junior posts in {self.rows:,} rows. They"
            " have no references, so they were left out; --junior makes unnamed posts of them."
        )
        report.of(Type.POSITION).skipped += self.rows
        report.warn(1, None, Code.JUNIOR_POSTS, None, message, type=Type.POSITION)


def read_junior(path: Path, report: Report, progress: Progress) -> JuniorPosts:
    """Count the rows of a junior file. Raises `NotDone`."""
    found = JuniorPosts()
    with opened(path, known) as table:
        for line, cells in sheet(table, JUNIOR, JUNIOR_NEEDED, "junior", report).rows():
            fte = _number(cells["fte"])
            if fte is None:
                message = f"“{cells['fte'][:80]}” is not a number of posts: this row was left out."
                report.error(line, None, Code.BAD_VALUE, "Number of Posts in FTE", message, type=Type.POSITION)
                continue
            grade, title, group = (cells.get(name, "") for name in ("grade", "title", "group"))
            kind = Kind(cells["reports_to"], levels(cells), grade, title, group)
            found.rows += 1
            found.fte[kind] = found.fte.get(kind, Decimal()) + fte
            found.lines.setdefault(kind, line)
        progress(table.size, table.size, "reading")
    return found


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number <= FTE_MAX else None
