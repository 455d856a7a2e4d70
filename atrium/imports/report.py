"""What an import did, or would do: counts, figures of the chart, and what was wrong with which row."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

UNREADABLE_MAX = 100_000  # rows

Progress = Callable[[int, int, str], object]
"""Told how much is done, of how much, and in which phase: bytes while "reading", rows or steps from then on."""


def unwatched(done: int, total: int, phase: str) -> None:
    """The progress that nobody looks at."""


class Code(StrEnum):
    """What is wrong with a row or a column. Stable: scripts branch on these."""

    AMBIGUOUS_REF = "ambiguous_ref"
    BAD_DATE = "bad_date"
    BAD_DATES = "bad_dates"
    BAD_EMAIL = "bad_email"
    BAD_JSON = "bad_json"
    BAD_ROW = "bad_row"
    BAD_TEXT = "bad_text"
    BAD_VALUE = "bad_value"
    COLUMN_NOT_KEPT = "column_not_kept"
    COUNTED = "counted"
    CUT_OFF = "cut_off"
    DUPLICATE_COLUMN = "duplicate_column"
    DUPLICATE_ID = "duplicate_id"
    ENCODING = "encoding"
    FORBIDDEN_PII = "forbidden_pii"
    GUEST = "guest"
    JUNIOR_POSTS = "junior_posts"
    LAST_ADMIN = "last_admin"
    MANAGER_CYCLE = "manager_cycle"
    MISSING_FIELD = "missing_field"
    NO_POST = "no_post"
    OVERLAPPING_LINE = "overlapping_line"
    SHARED_EMAIL = "shared_email"
    SHARED_EMPLOYEE_ID = "shared_employee_id"
    TOO_DEEP = "too_deep"
    TOO_FEW = "too_few"
    TOO_LONG = "too_long"
    UNIT_CYCLE = "unit_cycle"
    UNKNOWN_COLUMN = "unknown_column"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_REF = "unknown_ref"
    UNKNOWN_TYPE = "unknown_type"


class Reason(StrEnum):
    """Why an import was not done at all. Stable: scripts branch on these."""

    ABSENT_ROWS = "absent_rows"
    BAD_DAY = "bad_day"
    BAD_HEADER = "bad_header"
    BAD_SOURCE = "bad_source"
    EMPTY_FILE = "empty_file"
    MISSING_COLUMN = "missing_column"
    NO_FILE = "no_file"
    NO_ROWS = "no_rows"
    TOO_LARGE = "too_large"
    TOO_MANY_ERRORS = "too_many_errors"
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


KEYS = {"person": "people", "org_unit": "units", "position": "positions", "holding": "holdings", "line": "lines"}
"""What the report calls the types of records; other types go by their own name."""

Movements = dict[str, list[dict[str, object]]]


def no_counts() -> dict[str, Counts]:
    """The counts of an import of nothing."""
    return {key: Counts() for key in KEYS.values()}


@dataclass
class Report:
    """What an import did; a dry run's says what the real run will do."""

    counts: dict[str, Counts] = field(default_factory=no_counts)
    chart: Chart = field(default_factory=Chart)
    movements: Movements = field(default_factory=dict[str, list[dict[str, object]]])
    problems: list[Problem] = field(default_factory=list[Problem])
    rejected: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Types and ids of rows beyond use: they are not absent from the file."""
    unreadable: int = 0
    """Rows of which not even the id is known."""
    resumed: bool = field(default=False, compare=False)
    """Whether it went on where the same import was stopped before."""

    def of(self, type: str) -> Counts:
        """The counts of a type of records."""
        return self.counts.setdefault(KEYS.get(type, type), Counts())

    @property
    def people(self) -> Counts:
        return self.of("person")

    @property
    def units(self) -> Counts:
        return self.of("org_unit")

    @property
    def positions(self) -> Counts:
        return self.of("position")

    def error(
        self, line: int, id: str | None, code: Code, field: str | None, message: str, *, type: str = "person"
    ) -> None:
        """Note what was left out of a row, and why."""
        self.of(type).errors += 1
        self.problems.append(Problem(line, type, id, code, field, message, Severity.ERROR))

    def reject(
        self, line: int, id: str | None, code: Code, field: str | None, message: str, *, type: str = "person"
    ) -> None:
        """Note that a row is beyond use, and why; without an `id` it may be anybody's.

        Raises `NotDone` beyond `UNREADABLE_MAX` of these: a small packed file may hold any number, all alike.
        """
        self.error(line, id, code, field, message, type=type)
        if id is None:
            self.unreadable += 1
            if self.unreadable > UNREADABLE_MAX:
                last = f"the last one is on line {line:,}: {message}"
                raise NotDone(
                    Reason.TOO_MANY_ERRORS,
                    f"More than {UNREADABLE_MAX:,} rows cannot be read, so nothing was changed; {last} Is it the right"
                    " file?",
                )
        else:
            self.rejected.add((type, id))

    def warn(
        self, line: int, id: str | None, code: Code, field: str | None, message: str, *, type: str = "person"
    ) -> None:
        """Note an oddity, and what was done about it."""
        self.problems.append(Problem(line, type, id, code, field, message, Severity.WARNING))

    def join(self, other: Report) -> None:
        """Take over what another one has noted of the same import."""
        self.problems += other.problems
        self.rejected |= other.rejected
        self.unreadable += other.unreadable
        for type, counts in other.counts.items():
            mine = self.counts.setdefault(type, Counts())
            for name, number in dataclasses.asdict(counts).items():
                setattr(mine, name, getattr(mine, name) + number)

    def skip(self, type: str, number: int = 1) -> None:
        """Note rows that were left aside."""
        self.of(type).skipped += number

    @property
    def errors(self) -> int:
        """How much was left out of rows."""
        return sum(counts.errors for counts in self.counts.values())

    @property
    def has_errors(self) -> bool:
        """Whether any row has lost something: exit code 1."""
        return self.errors > 0

    def settle(self) -> None:
        """Put the problems in the order of the file."""
        self.problems.sort(key=lambda p: (p.line, p.type, p.code, p.field or "", p.id or ""))

    def summary(self) -> dict[str, object]:
        """The counts of each type, the chart and who moved, as the report file has them."""
        counts = {type: dataclasses.asdict(counts) for type, counts in self.counts.items()}
        return {**counts, "chart": self.chart.as_dict(), "movements": self.movements}

    def problem_lines(self) -> bytes:
        """The problems as JSON, one a line, by line of the file."""
        return b"".join(orjson.dumps(p) + b"\n" for p in self.problems)

    def brief(self) -> str:
        """The counts and the chart as JSON."""
        counts = {type: dataclasses.asdict(counts) for type, counts in self.counts.items()}
        return orjson.dumps({**counts, "chart": self.chart.as_dict()}).decode()

    def dump(self) -> str:
        """All of it as JSON, for `load`."""
        return orjson.dumps(dataclasses.asdict(self), default=sorted).decode()

    @classmethod
    def load(cls, dumped: str) -> Report:
        """The report that `dump` wrote."""
        told = orjson.loads(dumped)
        return cls(
            counts={type: Counts(**counts) for type, counts in told["counts"].items()},
            chart=Chart(**told["chart"]),
            movements=told["movements"],
            problems=[_problem(**problem) for problem in told["problems"]],
            rejected={(type, id) for type, id in told["rejected"]},
            unreadable=told["unreadable"],
        )


def _problem(code: str, severity: str, **told: Any) -> Problem:
    return Problem(code=Code(code), severity=Severity(severity), **told)
