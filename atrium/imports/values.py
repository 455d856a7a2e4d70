"""The fields of records, judged: what cannot be stored is noted, and the field then says nothing."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from atrium.imports.cells import normal, one_line
from atrium.imports.records import ID_MAX, Record, Type
from atrium.imports.report import Code, Report
from models.errors import Invalid
from models.org import UNIT_NAME_MAX
from models.people import BIO_MAX, NAME_MAX, TITLE_MAX
from models.positions import GRADE_MAX, LineKind
from models.skills import SKILL_MAX, skill_key
from models.text import clean_email, storable, too_long

SHOWN = 80  # characters of a value in a message
LIST_MAX = 100  # entries of a list
ENTRY_MAX = 200  # characters of one
LINK_MAX = 2_000  # characters

Said = dict[str, object]
Judge = Callable[[object], object]
"""Makes what is stored of a value that is not None; raises `Unfit`."""


class Unfit(Exception):
    """A value cannot be stored. `mild`: leaving it out loses nothing that anybody counts on."""

    def __init__(self, code: Code, message: str, *, mild: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.mild = code, message, mild


class Useless(Exception):
    """A record is beyond use: it was noted."""


@dataclass
class Judges:
    """Judges records; fields that nobody knows are told of once."""

    report: Report

    def __post_init__(self) -> None:
        self._strange: set[tuple[str, str]] = set()

    def said(self, record: Record, fields: Mapping[str, object]) -> Said:
        """What `fields` of a record say, fit to store. Raises `Useless`."""
        judges, said = JUDGES[Type(record.type)], Said()
        for field, value in fields.items():
            judge = judges.get(field)
            if judge is None:
                self._tell_strange(record, field)
                continue
            try:
                said[field] = None if value is None else judge(value)
            except Unfit as unfit:
                self._tell(record, field, unfit)
        return said

    def need(self, record: Record, field: str, said: Said) -> None:
        """Refuse a record in which a field is there and empty, as a name must not be. Raises `Useless`."""
        if field in said and not said[field]:
            message = f"This record has no {field}. Give it one."
            self.report.reject(record.line, record.id, Code.MISSING_FIELD, field, message, type=record.type)
            raise Useless

    def _tell(self, record: Record, field: str, unfit: Unfit) -> None:
        told = (record.line, record.id, unfit.code, field, unfit.message)
        if unfit.code is Code.BAD_TEXT or field in NEEDED:
            self.report.reject(*told, type=record.type)
            raise Useless
        if unfit.mild:
            self.report.warn(*told, type=record.type)
        else:
            self.report.error(*told, type=record.type)

    def _tell_strange(self, record: Record, field: str) -> None:
        if (record.type, field) not in self._strange:
            self._strange.add((record.type, field))
            message = f"A {record.type} has no field {field} here: it was left aside, here and further down."
            self.report.warn(record.line, record.id, Code.UNKNOWN_FIELD, field, message, type=record.type)


def shown(value: object) -> str:
    """A value in a message."""
    return f"“{str(value)[:SHOWN]}”"


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Unfit(Code.BAD_VALUE, f"{shown(value)} is no text: it was left out. Write it in quotes.")
    text = str(value)
    try:
        storable(text, path=[])
    except Invalid as error:
        raise Unfit(Code.BAD_TEXT, str(error)) from None
    return text


def _fitting(text: str, most: int) -> str:
    if len(text) > most:
        raise Unfit(Code.TOO_LONG, too_long("This value", len(text), most))
    return text


def _line(most: int, value: object) -> str:
    return _fitting(one_line(_text(value)), most)


def _line_or_none(most: int, value: object) -> str | None:
    return _line(most, value) or None


def _body(most: int, value: object) -> str:
    return _fitting(normal(_text(value)), most)


def _email(value: object) -> str | None:
    written = _text(value)
    try:
        return clean_email(written, path=[]) if written.strip() else None
    except Invalid:
        message = f"{shown(value)} is not an e-mail address: it was left out. Write one like ann@company.example."
        raise Unfit(Code.BAD_EMAIL, message, mild=True) from None


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        message = f"{shown(value)} is not known here: what is stored stays. Write true or false."
        raise Unfit(Code.BAD_VALUE, message, mild=True)
    return value


def _day(value: object) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(_text(value)[:10])).isoformat()
    except ValueError:
        raise Unfit(Code.BAD_DATE, f"{shown(value)} is not a date like 2026-12-31: it was left out.") from None


def _moment(value: object) -> str:
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = f"{shown(value)} is not a time like 2026-12-31T09:30:00Z: it was left out."
        raise Unfit(Code.BAD_DATE, message, mild=True)
    return moment.isoformat()


def _entries(judge: Judge, value: object) -> list[object]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise Unfit(Code.BAD_VALUE, f"{shown(value)} is not a list: it was left out.")
    entries = [judge(entry) for entry in cast(Sequence[object], value)]
    if len(entries) > LIST_MAX:
        raise Unfit(Code.TOO_LONG, f"This list has {len(entries):,} entries; at most {LIST_MAX} are allowed.")
    return list(dict.fromkeys(entry for entry in entries if entry))


def _link(value: object) -> str:
    link = _line(LINK_MAX, value)
    if link and not link.startswith(("https://", "http://")):
        message = f"{shown(value)} is not an address: it was left out. Write one like https://company.example."
        raise Unfit(Code.BAD_VALUE, message, mild=True)
    return link


def _photo(value: object) -> str | None:
    written = _line(LINK_MAX, value)
    return (written if written.startswith("/") and not written.startswith("//") else _link(written)) or None


@functools.cache
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _zone(value: object) -> str | None:
    name = _line(64, value)
    if name and not _is_zone(name):
        message = f"{shown(value)} is not a time zone: it was left out. Write one like Europe/Berlin."
        raise Unfit(Code.BAD_VALUE, message, mild=True)
    return name or None


def _kind(value: object) -> str:
    kind = _line(16, value).upper()
    if kind not in LineKind.__members__:
        raise Unfit(Code.BAD_VALUE, f"{shown(value)} is no kind of line. Write solid, dotted or project.")
    return kind


def _skills(value: object) -> list[object]:
    names = _entries(functools.partial(_line, SKILL_MAX), value)
    return [{"name": name, "key": skill_key(str(name))} for name in names]


def _id(value: object) -> str | None:
    """An id is taken as it is, line ends and all."""
    return _fitting(_text(value).strip(), ID_MAX) or None


def _one(most: int) -> Judge:
    return functools.partial(_line_or_none, most)


LIST = functools.partial(_entries, functools.partial(_line, ENTRY_MAX))
PLACE: Mapping[str, Judge] = {
    "title": functools.partial(_line, TITLE_MAX),
    "grade": _one(GRADE_MAX),
    "org_unit": _id,
}
JUDGES: Mapping[Type, Mapping[str, Judge]] = {
    Type.ORG_UNIT: {
        "name": functools.partial(_line, UNIT_NAME_MAX),
        "parent": _id,
        "head": _id,
        "deputy": _id,
        "created_at": _moment,
    },
    Type.PERSON: {
        **PLACE,
        "name": functools.partial(_line, NAME_MAX),
        "email": _email,
        "employee_id": _one(100),
        "manager": _id,
        "manager_name": _one(320),
        "location": _one(200),
        "skills": _skills,
        "pronouns": _one(50),
        "bio": functools.partial(_body, BIO_MAX),
        "links": functools.partial(_entries, _link),
        "languages": LIST,
        "interests": LIST,
        "phone": _one(50),
        "photo": _photo,
        "time_zone": _zone,
        "active": _truth,
        "start_date": _day,
        "end_date": _day,
    },
    Type.POSITION: {**PLACE, "reports_to": _id, "created_at": _moment},
    Type.HOLDING: {"position": _id, "person": _id, "valid_from": _day, "valid_to": _day},
    Type.LINE: {"position": _id, "manager": _id, "kind": _kind, "valid_from": _day, "valid_to": _day},
}
"""What makes each field fit to store."""

NEEDED = frozenset({"name", "position", "kind", "valid_from", "valid_to"})
"""Fields without which a record is of no use: one that does not fit costs the record."""
