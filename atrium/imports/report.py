"""What an import did, or would do: counts, figures of the chart, and what was wrong with which row."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import orjson

Progress = Callable[[int, int, str], object]
"""Told how much is done, of how much, and in which phase: bytes while "reading", rows from "staging" on."""


def unwatched(done: int, total: int, phase: str) -> None:
    """The progress that nobody looks at."""


class Code(StrEnum):
    """What is wrong with a row or a column. Stable: scripts branch on these."""

    AMBIGUOUS_REF = "ambiguous_ref"
    BAD_DATE = "bad_date"
    BAD_EMAIL = "bad_email"
    BAD_ROW = "bad_row"
    BAD_TEXT = "bad_text"
    BAD_VALUE = "bad_value"
    COLUMN_NOT_KEPT = "column_not_kept"
    CUT_OFF = "cut_off"
    DUPLICATE_COLUMN = "duplicate_column"
    DUPLICATE_ID = "duplicate_id"
    ENCODING = "encoding"
    GUEST = "guest"
    MANAGER_CYCLE = "manager_cycle"
    MISSING_FIELD = "missing_field"
    SHARED_EMAIL = "shared_email"
    TOO_LONG = "too_long"
    UNKNOWN_COLUMN = "unknown_column"
    UNKNOWN_REF = "unknown_ref"


class Reason(StrEnum):
    """Why an import was not done at all. Stable: scripts branch on these."""

    ABSENT_ROWS = "absent_rows"
    BAD_SOURCE = "bad_source"
    EFFECTIVE = "effective"
    EMPTY_FILE = "empty_file"
    MISSING_COLUMN = "missing_column"
    NO_FILE = "no_file"
    NO_ROWS = "no_rows"
    UNREADABLE_FILE = "unreadable_file"
    UNREADABLE_ROWS = "unreadable_rows"


class NotDone(Exception):
    """The import was not done and nothing has changed; the message says why and what to do."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class TooManyAbsent(NotDone):
    """A full import would close more accounts than it may: ask, then run it again with a larger share allowed."""

    def __init__(self, absent: int, known: int, share: float) -> None:
        super().__init__(
            Reason.ABSENT_ROWS,
            f"{absent:,} of the {known:,} active people of this source are not in the file, and a full import would"
            f" close their accounts; that is more than {share:.0%}, so nothing was changed. Make sure that the file is"
            " complete and the source the right one; if so, confirm it, or import with mode partial.",
        )
        self.absent = absent
        self.known = known


class Severity(StrEnum):
    """An error left something of the row out; a warning says what was done about an oddity."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a row, or with a column (`line` 1). `id` is the external one, `field` the column."""

    line: int
    type: str
    id: str | None
    code: Code
    field: str | None
    message: str
    severity: Severity


@dataclass(slots=True)
class Counts:
    """How many things of one type met which fate. A row with a lesser error counts under its fate and as an error."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deactivated: int = 0
    skipped: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Chart:
    """The org chart of the source as it is after the import; `depth` is in edges from a root to the lowest post."""

    posts: int = 0
    roots: int = 0
    depth: int = 0
    largest_span: int = 0

    def as_dict(self) -> dict[str, int]:
        return {"posts": self.posts, "roots": self.roots, "depth": self.depth, "largestSpan": self.largest_span}


@dataclass(slots=True)
class Report:
    """What an import did; a dry run's says what the real run will do."""

    people: Counts = field(default_factory=Counts)
    units: Counts = field(default_factory=Counts)
    chart: Chart = field(default_factory=Chart)
    problems: list[Problem] = field(default_factory=list[Problem])

    def error(self, line: int, id: str | None, code: Code, field: str | None, message: str) -> None:
        """Note what was left out of a person's row, and why."""
        self.people.errors += 1
        self.problems.append(Problem(line, "person", id, code, field, message, Severity.ERROR))

    def warn(self, line: int, id: str | None, code: Code, field: str | None, message: str) -> None:
        """Note an oddity, and what was done about it."""
        self.problems.append(Problem(line, "person", id, code, field, message, Severity.WARNING))

    @property
    def has_errors(self) -> bool:
        """Whether any row has lost something: exit code 1."""
        return self.people.errors > 0

    def summary(self) -> dict[str, dict[str, int]]:
        """The counts of each type and the chart, as the report file has them."""
        return {
            "people": dataclasses.asdict(self.people),
            "units": dataclasses.asdict(self.units),
            "chart": self.chart.as_dict(),
        }

    def problem_lines(self) -> bytes:
        """The problems as JSON, one a line, by line of the file."""
        return b"".join(orjson.dumps(p) + b"\n" for p in self.problems)
