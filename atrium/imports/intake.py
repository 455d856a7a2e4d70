"""Records as rows of the staging table: judged, their history taken apart into stretches of days."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

import orjson

from atrium.imports.records import FIELDS, ID_MAX, OWN_POSITION, Record, Type
from atrium.imports.report import Code, Report
from atrium.imports.respondents import Respondents
from atrium.imports.values import Judges, Said, Useless
from models.positions import EVER, FOREVER
from models.text import too_long

COLUMNS = (
    *("run_id", "type", "external_id", "line", "said", "content_hash", "is_thing", "is_fact", "is_named", "is_gone"),
    *("valid_from", "valid_to", "day"),
)
THINGS = (Type.ORG_UNIT, Type.PERSON, Type.POSITION)
DATED: Mapping[Type, tuple[str, ...]] = {
    Type.ORG_UNIT: ("name", "parent", "head", "deputy"),
    Type.PERSON: ("name",),
    Type.POSITION: ("title", "grade", "org_unit"),
}
"""What the history of each type speaks of."""
NAMED = (Type.ORG_UNIT, Type.PERSON)
REFERENCES = ("parent", "head", "deputy", "manager", "org_unit", "reports_to", "position", "person")

NOBODY = {"", "n/d", "vacant", "eliminated"}
QUOTES = "'\"‘’“” \u00a0"

Row = tuple[object, ...]
Days = tuple[date, date]


@dataclass
class Intake:
    """Makes rows of records; remembers which fields people have in the file, and which other sources it names."""

    run: uuid.UUID
    day: date  # the effective one
    report: Report
    is_own: bool = False  # an export of ours, which says of people what it may
    person_fields: set[str] = field(default_factory=set[str])
    others: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self.judges = Judges(self.report)
        self.respondents = Respondents(self.report)

    def rows(self, record: Record) -> list[Row]:
        """The rows of a record; none where it is beyond use."""
        try:
            self._check_id(record)
            if record.type not in FIELDS:
                return [self._of_extra(record)]
            return list(self._of_thing(record) if record.type in THINGS else self._of_link(record))
        except Useless:
            return []

    def _check_id(self, record: Record) -> None:
        problem = None
        if not record.id and (record.type in THINGS or record.type not in FIELDS):
            problem = Code.MISSING_FIELD, "This record has no id. Give it one."
        elif len(record.id) > ID_MAX:
            problem = Code.TOO_LONG, too_long("The id", len(record.id), ID_MAX)
        elif "\x00" in record.id:
            problem = Code.BAD_TEXT, "The id contains a NUL character. Remove it."
        if problem:
            self.report.reject(record.line, None, problem[0], "id", problem[1], type=record.type)
            raise Useless

    def _of_thing(self, record: Record) -> Iterator[Row]:
        history = record.fields.get("history")
        said = self.judges.said(record, {k: v for k, v in record.fields.items() if k != "history"})
        if record.type in NAMED:
            self.judges.need(record, "name", said)
        self._remember(record, said)
        stretches = [] if history is None else self._stretches(record, history, said)
        named = record.type == Type.PERSON and not record.deleted and _names_someone(said)
        yield self._row(record, said, is_thing=True, is_fact=history is None, is_named=named)
        for days, fields in stretches:
            yield self._row(record, fields or {}, days, is_thing=False, is_fact=True, is_gone=fields is None)

    def _of_extra(self, record: Record) -> Row:
        """A record of a type beside the org chart: it is judged when it is written. Raises `Useless`."""
        record = record if self.is_own else self.respondents.kept(record)
        row = self._row(record, dict(record.fields), is_thing=True, is_fact=False)
        if "\\u0000" in str(row[4]):
            self._refuse(record, Code.BAD_TEXT, "body", "A text of this record contains a NUL character. Remove it.")
        return row

    def _of_link(self, record: Record) -> Iterator[Row]:
        said = self.judges.said(record, record.fields)
        self._remember(record, said)
        for needed in ("position",) if record.type == Type.HOLDING else ("position", "manager"):
            if not said.get(needed):
                self._refuse(record, Code.MISSING_FIELD, needed, f"This {record.type} has no {needed}. Give it one.")
        if record.type == Type.LINE:
            said.setdefault("kind", "SOLID")
        days = self._days(record, said) if {"valid_from", "valid_to"} & said.keys() else None
        said = {key: value for key, value in said.items() if key not in ("valid_from", "valid_to")}
        yield self._row(record, said, days, is_thing=False, is_fact=True)

    def _days(self, record: Record, said: Mapping[str, object]) -> Days:
        first, last = (cast(str | None, said.get(name)) for name in ("valid_from", "valid_to"))
        days = (date.fromisoformat(first) if first else self.day, date.fromisoformat(last) if last else FOREVER)
        if days[1] <= days[0]:
            message = f"It ends on {days[1]}, which is not after {days[0]}. `valid_to` is the first day without it."
            self._refuse(record, Code.BAD_DATES, "valid_to", message)
        return days

    def _stretches(self, record: Record, history: object, said: Said) -> list[tuple[Days, Said | None]]:
        """What holds from day to day, and None for the days between on which nothing does."""
        if not isinstance(history, Sequence) or isinstance(history, str):
            self._refuse(record, Code.BAD_VALUE, "history", "The history is not a list of objects. Write one.")
        told: list[tuple[Days, Said]] = []
        for entry in cast(Sequence[object], history):
            if not isinstance(entry, Mapping):
                self._refuse(record, Code.BAD_VALUE, "history", "The history is not a list of objects. Write one.")
            told.append(self._stretch(record, cast(Mapping[str, object], entry), said))
        return self._whole(record, sorted(told, key=lambda one: one[0]))

    def _stretch(self, record: Record, entry: Mapping[str, object], said: Said) -> tuple[Days, Said]:
        days = Record(Type.HOLDING, record.line, record.id, {})
        dates = self.judges.said(days, {key: entry[key] for key in ("valid_from", "valid_to") if key in entry})
        told = self.judges.said(record, {key: value for key, value in entry.items() if key not in dates})
        kept = DATED[Type(record.type)]
        empty: Said = {key: said.get(key) if key == "name" else None for key in kept}
        fields = {**empty, **{key: value for key, value in told.items() if key in kept}}
        if "name" in kept and not fields["name"]:
            self._refuse(record, Code.MISSING_FIELD, "name", "A part of its history has no name. Give it one.")
        for key in told.keys() - set(kept):
            message = (
                f"{key} is not kept of a {record.type}'s past: say it by the history of positions, holdings or lines."
            )
            self.report.warn(record.line, record.id, Code.UNKNOWN_FIELD, f"history.{key}", message, type=record.type)
        self._remember(record, told)
        return self._days(record, {"valid_from": EVER.isoformat(), **dates}), fields

    def _whole(self, record: Record, told: list[tuple[Days, Said]]) -> list[tuple[Days, Said | None]]:
        whole: list[tuple[Days, Said | None]] = []
        reached = EVER
        for (first, last), fields in told:
            if first < reached:
                self._refuse(record, Code.BAD_DATES, "history", f"Two parts of its history hold on {first}. Part them.")
            if reached < first:
                whole.append(((reached, first), None))
            whole.append(((first, last), fields))
            reached = last
        return [*whole, *([((reached, FOREVER), None)] if reached < FOREVER else [])]

    def _refuse(self, record: Record, code: Code, field: str, message: str) -> None:
        self.report.reject(record.line, record.id, code, field, message, type=record.type)
        raise Useless

    def _remember(self, record: Record, said: Mapping[str, object]) -> None:
        if record.type == Type.PERSON:
            self.person_fields.update(said)
        for name in REFERENCES:
            ref = said.get(name)
            if isinstance(ref, str) and ":" in ref and not ref.startswith(OWN_POSITION):
                self.others.add(ref.partition(":")[0])

    def _row(
        self,
        record: Record,
        said: Said,
        days: Days | None = None,
        *,
        is_thing: bool,
        is_fact: bool,
        is_named: bool = False,
        is_gone: bool = False,
    ) -> Row:
        text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
        hashed = hashlib.sha256(text).digest()
        flags = (is_thing, is_fact, is_named, record.deleted or is_gone)
        told = (text.decode(), hashed, *flags, *(days or (None, None)))
        return (self.run, str(record.type), record.id, record.line, *told, self._first_day(said))

    def _first_day(self, said: Mapping[str, object]) -> date:
        """Whoever has not started yet is there from their first day on."""
        start = said.get("start_date")
        return max(self.day, date.fromisoformat(start)) if isinstance(start, str) else self.day


def _names_someone(said: Mapping[str, object]) -> bool:
    return said.get("active") is not False and str(said.get("name") or "").strip(QUOTES).casefold() not in NOBODY
