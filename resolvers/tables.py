"""Tables to take away: comma-separated values that no spreadsheet takes for formulas, or an object of JSON a line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias

import orjson

from models.errors import Invalid

ROWS_MAX = 100_000
SIZE_MAX = 10_000_000  # characters

Value: TypeAlias = "str | int | float | Sequence[str | int] | None"
Row: TypeAlias = Mapping[str, Value]
"""Values by their columns; what is missing is empty."""

# OWASP, CSV Injection; also behind what is not seen, and in the wide forms of Chinese and Japanese.
FORMULA = re.compile(
    r"[\t\r\n]|[\s\x00-\x1f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*[=+\-@＝＋－＠]"
)
BETWEEN = "; "  # several values in one cell
# JSON may hold these as they are, but some readers of lines end one there.
LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


class TableFormat(StrEnum):
    """How a table is written."""

    CSV = "CSV"
    JSONL = "JSONL"


CONTENT_TYPES = {
    TableFormat.CSV: "text/csv; charset=utf-8; header=present",
    TableFormat.JSONL: "application/jsonl; charset=utf-8",
}


class Table:
    """Rows as a text in a format, which grows as they are added."""

    def __init__(self, format: TableFormat, columns: Sequence[str]) -> None:
        self.format, self.columns = format, columns
        self.row_count = 0
        self._out = io.StringIO(newline="")
        self._csv = csv.writer(self._out)  # RFC 4180: lines end with CRLF, cells are quoted where they need to be
        if format is TableFormat.CSV:
            self._csv.writerow(columns)

    @property
    def content(self) -> str:
        return self._out.getvalue()

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows behind the others. Raises `Invalid` where the table becomes too long."""
        for row in rows:
            self.row_count += 1
            if self.row_count > ROWS_MAX:
                raise _too_long(f"{ROWS_MAX:,} rows")
            self._write(row)
            if self._out.tell() > SIZE_MAX:
                raise _too_long(f"{SIZE_MAX:,} characters")

    def _write(self, row: Row) -> None:
        if self.format is TableFormat.CSV:
            self._csv.writerow([cell(row.get(column)) for column in self.columns])
            return
        told = {column: row[column] for column in self.columns if row.get(column) is not None}
        self._out.write(orjson.dumps(told).decode().translate(LINE_ENDS) + "\n")


def cell(value: Value) -> str | int | float | None:
    """A value as a cell of comma-separated values; texts are such that spreadsheets take them for nothing else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) or value is None:
        return value
    text = value if isinstance(value, str) else BETWEEN.join(map(str, value))
    return f"'{text}" if FORMULA.match(text) else text


def _too_long(most: str) -> Invalid:
    return Invalid(f"It would have more than {most}. Ask for fewer people by `filterBy`, or page through the results.")
