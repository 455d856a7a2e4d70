"""The cells of one row by field, judged: what is wrong is noted, and the cell then says nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from atrium.imports.columns import Columns
from atrium.imports.csvfile import Record
from atrium.imports.dates import EXAMPLES, DateOrder, parse_day
from atrium.imports.report import Code, Report
from models.errors import Invalid
from models.text import clean_email, too_long

SHOWN = 80  # characters of a cell in a message
RETURNS = re.compile("\r\n?")
BREAKS = re.compile("[\n\t\v\f\u0085\u2028\u2029]+")
BLANKS = " \t\n"  # what may surround a text; no-break spaces belong to it

TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "active", "current", "employed", "on leave", "leave"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "inactive", "terminated", "left", "leaver", "former"), False),
    **dict.fromkeys(("retired", "resigned", "deactivated", "disabled", "eliminated"), False),
}


@dataclass(frozen=True)
class Cells:
    """A row whose id is known. None stands for no such column, and for nothing in it that we could use."""

    record: Record
    columns: Columns
    report: Report
    id: str

    def raw(self, field: str) -> str:
        """The cell as written; empty where there is no such column."""
        return self.columns.cell(self.record.cells, field)

    def text(self, field: str, most: int) -> str | None:
        """Text of at most `most` characters; may be empty."""
        return self._fitting(field, normal(self.raw(field)), most)

    def line(self, field: str, most: int) -> str | None:
        """As `text`, in one line."""
        return self._fitting(field, one_line(self.raw(field)), most)

    def email(self, field: str) -> str | None:
        """An e-mail address in lower case."""
        written = self.raw(field).strip()
        if not written:
            return None
        try:
            return clean_email(written, path=[field])
        except Invalid:
            message = (
                f"“{written[:SHOWN]}” is not an e-mail address: it was left out. Write one like ann@company.example."
            )
            return self._warn(Code.BAD_EMAIL, field, message)

    def truth(self, field: str) -> bool | None:
        """Yes or no, in the words of HR systems."""
        written = self.raw(field).strip()
        truth = TRUTHS.get(written.casefold())
        if truth is not None or not written:
            return truth
        message = f"“{written[:SHOWN]}” is not known here: what is stored stays. Write true or false."
        return self._warn(Code.BAD_VALUE, field, message)

    def day(self, field: str, order: DateOrder) -> date | None:
        """A date."""
        written = self.raw(field).strip()
        if not written:
            return None
        try:
            return parse_day(written, order)
        except ValueError:
            message = f"“{written[:SHOWN]}” is not a date like {EXAMPLES[order]}: it was left out."
            return self._warn(Code.BAD_DATE, field, message)

    def entries(self, field: str) -> list[str]:
        """What stands between semicolons."""
        return [entry for part in self.raw(field).split(";") if (entry := one_line(part))]

    def _fitting(self, field: str, text: str, most: int) -> str | None:
        if field not in self.columns:
            return None
        if len(text) <= most:
            return text
        message = too_long("This cell", len(text), most)
        self.report.error(self.record.line, self.id, Code.TOO_LONG, self.columns.title(field), message)
        return None

    def _warn(self, code: Code, field: str, message: str) -> None:
        self.report.warn(self.record.line, self.id, code, self.columns.title(field), message)


def normal(text: str) -> str:
    """A text in normal form with LF as line end, without blanks around it."""
    if text.isascii() and "\r" not in text:
        return text.strip(BLANKS)
    return unicodedata.normalize("NFC", RETURNS.sub("\n", text)).strip(BLANKS)


def one_line(text: str) -> str:
    """A text in normal form, its line ends and tabs as spaces; no-break spaces, quotes and double spaces stay."""
    if text.isascii() and text.isprintable():
        return text.strip(BLANKS)
    return BREAKS.sub(" ", normal(text)).strip(BLANKS)
