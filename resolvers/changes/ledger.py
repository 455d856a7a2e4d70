"""The ledger of a change: all that it writes of the facts goes through it, so that it knows whom it touches and how."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import asyncpg

from models import changes as table
from models import spans, timeline
from models.errors import Invalid, Path
from models.positions import FOREVER
from models.timeline import HOLDINGS, MEMBERS, OTHER_LINES, POSITIONS, SOLID_LINES, UNITS, Fact

UNDISCLOSED = "undisclosed"
"""Stands for a holder whose name is not given."""


class Subject(StrEnum):
    """What a difference is about."""

    PERSON = "PERSON"
    POSITION = "POSITION"
    ORG_UNIT = "ORG_UNIT"


class Trait(StrEnum):
    """What of it is different. People, units and positions have a name, or a title, while they are there at all."""

    NAME = "NAME"
    TITLE = "TITLE"
    GRADE = "GRADE"
    UNIT = "UNIT"
    PARENT = "PARENT"
    HEAD = "HEAD"
    DEPUTY = "DEPUTY"
    HOLDER = "HOLDER"
    SOLID = "SOLID"
    DOTTED = "DOTTED"
    PROJECT = "PROJECT"


SETS = (Trait.HOLDER, Trait.DOTTED, Trait.PROJECT)
"""Traits of which a thing has any number at a time."""

TRAITS: dict[str, dict[str, Trait]] = {
    "person_term": {"name": Trait.NAME},
    "unit_term": {"name": Trait.NAME, "parent_id": Trait.PARENT, "head_id": Trait.HEAD, "deputy_id": Trait.DEPUTY},
    "position_term": {"title": Trait.TITLE, "grade": Trait.GRADE, "unit_id": Trait.UNIT},
}
"""What the columns of the facts about one thing say."""

Value = str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One trait of one thing before and after, on the day of the change; ids are text, what is not there is None."""

    subject: Subject
    id: uuid.UUID
    trait: Trait
    old: Value
    new: Value


@dataclass
class Ledger:
    """Of one day's changes. Wants a transaction that holds the lock of the stream `ORG`.

    `most` is how many positions one change may move, None: any number.
    """

    day: date
    now: datetime
    most: int | None = None
    differences: list[Difference] = field(default_factory=list[Difference])
    people: set[uuid.UUID] = field(default_factory=set[uuid.UUID])
    positions: set[uuid.UUID] = field(default_factory=set[uuid.UUID])
    units: set[uuid.UUID] = field(default_factory=set[uuid.UUID])
    placed: set[uuid.UUID] = field(default_factory=set[uuid.UUID])  # positions whose unit or manager was told
    days: set[date] = field(default_factory=set[date])

    async def write(self, fact: Fact, changes: Sequence[Mapping[str, Any]]) -> None:
        """Have facts hold from the ledger's day on, or from the `day` of each; one change a thing at most."""
        self._note(fact, await timeline.change(fact, [{"day": self.day, **change} for change in changes]))

    async def write_until(self, fact: Fact, change: Mapping[str, Any], last: date) -> None:
        """Have a fact hold from the day on up to `last`, which is not beyond the end of what it replaces."""
        if last == FOREVER:
            await self.write(fact, [change])
            return
        written = await spans.change_between(fact, {"day": self.day, **change, "until": last})
        self._note(fact, written)
        if written:
            self.days.add(last)

    async def amend(self, fact: Fact, id: uuid.UUID, path: Path, **values: Any) -> None:
        """Change some of what is said of a thing, each for as long as what it replaces would have held.

        Raises `Invalid` where nothing holds on the day.
        """
        [key] = fact.key
        terms = await self._run(fact, id, path)
        replaced = {name: terms[0][name] for name in values}
        for term in terms:
            # What is known to become different later stays different, whatever else changes on the way.
            replaced = {name: old for name, old in replaced.items() if term[name] == old}
            if not replaced:
                break
            kept = {name: term[name] for name in fact.value} | {name: values[name] for name in replaced}
            await self.write(fact, [{key: id, **kept, "day": max(self.day, term["valid_from"])}])

    async def lasting(self, fact: Fact, id: uuid.UUID, name: str, path: Path) -> date:
        """Until when `amend` would change this one column. Raises `Invalid` as it does."""
        terms = await self._run(fact, id, path)
        same = [term for i, term in enumerate(terms) if all(t[name] == terms[0][name] for t in terms[: i + 1])]
        return same[-1]["valid_to"]

    async def ending(self, fact: Fact, id: uuid.UUID, path: Path) -> date:
        """Until when a thing is there that is there on the day. Raises `Invalid` where it is not."""
        return (await self._run(fact, id, path))[-1]["valid_to"]

    async def cease(self, fact: Fact, column: str, ids: Iterable[uuid.UUID]) -> list[asyncpg.Record]:
        """From the day on nothing holds for good of the facts whose `column` is one of `ids`; what would have held."""
        keys = list(ids)
        ended = await table.ceasing(fact, column, keys, self.day)
        if ended:
            await timeline.cease(fact, column, keys, self.day)
            self.days.add(self.day)
        for row in ended:
            self._touch(fact, row)
            if row["valid_from"] <= self.day:
                self.differences += _differences(fact, row, ended=True)
        return ended

    def fork(self) -> Ledger:
        """An empty one of the same day, for what may yet be undone."""
        return Ledger(self.day, self.now, self.most)

    def join(self, other: Ledger) -> None:
        """Take over what another one of the same day has written."""
        self.differences += other.differences
        for mine, theirs in zip(self._sets(), other._sets(), strict=True):
            mine.update(theirs)

    def net(self) -> list[Difference]:
        """What is different in the end: what was changed twice once, what was changed back not at all."""
        found: dict[tuple[object, ...], Difference] = {}
        for one in self.differences:
            member = (one.old if one.new is None else one.new) if one.trait in SETS else None
            key = (one.subject, one.id, one.trait, member)
            before = found.pop(key, None)
            old = one.old if before is None else before.old
            if old != one.new:
                found[key] = Difference(one.subject, one.id, one.trait, old, one.new)
        return list(found.values())

    async def _run(self, fact: Fact, id: uuid.UUID, path: Path) -> list[asyncpg.Record]:
        """What holds on the day and, without a gap, after it."""
        [key] = fact.key
        terms = await table.from_day(fact, {key: id}, self.day)
        if not terms or terms[0]["valid_from"] > self.day:
            raise gone(fact, self.day, path)
        gapless = [terms[0]]
        for term in terms[1:]:
            if term["valid_from"] != gapless[-1]["valid_to"]:
                break
            gapless.append(term)
        return gapless

    def _note(self, fact: Fact, written: Iterable[asyncpg.Record]) -> None:
        for record in written:
            self.days.add(record["day"])
            self._touch(fact, record)
            if record["day"] == self.day:
                self.differences += _differences(fact, record)

    def _touch(self, fact: Fact, row: Mapping[str, Any] | asyncpg.Record) -> None:
        if "valid_to" in row.keys() and row["valid_to"] != FOREVER:  # noqa: SIM118 - a record's `in` looks at values
            self.days.add(row["valid_to"])
        match fact.table:
            case "person_term":
                self.people.add(row["person_id"])
            case "unit_term":
                self.units.add(row["unit_id"])
            case "holding":
                self.positions.add(row["position_id"])
                if row["person_id"]:
                    self.people.add(row["person_id"])
            case _:
                self.positions.add(row["position_id"])
                self.placed.add(row["position_id"])

    def _sets(self) -> tuple[set[Any], ...]:
        return self.people, self.positions, self.units, self.placed, self.days


def gone(fact: Fact, day: date, path: Path) -> Invalid:
    """The refusal where something is not there on the day of its change."""
    what = {MEMBERS.table: "This person does not belong to the company", UNITS.table: "There is no such unit"}
    return Invalid(f"{what.get(fact.table, 'There is no such position')} on {day}. Choose a day on which it is.", path)


def _differences(fact: Fact, row: asyncpg.Record, *, ended: bool = False) -> list[Difference]:
    """What a record of `timeline.change` says, or with `ended` a row that holds no longer."""
    is_gone = ended or row["gone"]
    if fact.table in TRAITS:
        [key] = fact.key
        subject = {MEMBERS.table: Subject.PERSON, UNITS.table: Subject.ORG_UNIT}.get(fact.table, Subject.POSITION)
        traits = TRAITS[fact.table].items()
        pairs = [(trait, *_pair(row, column, ended=ended, is_gone=is_gone)) for column, trait in traits]
        return [Difference(subject, row[key], trait, old, new) for trait, old, new in pairs if old != new]
    if fact.table == HOLDINGS.table:
        trait, member = Trait.HOLDER, _text(row["person_id"]) or UNDISCLOSED
    elif fact is SOLID_LINES and not ended:
        old, new = _pair(row, "manager_id", ended=ended, is_gone=is_gone)
        return [Difference(Subject.POSITION, row["position_id"], Trait.SOLID, old, new)]
    else:
        trait, member = Trait(row["kind"]), _text(row["manager_id"])
    pair = (member, None) if is_gone else (None, member)
    return [Difference(Subject.POSITION, row["position_id"], trait, *pair)]


def _pair(row: asyncpg.Record, column: str, *, ended: bool, is_gone: bool) -> tuple[Value, Value]:
    if ended:
        return _text(row[column]), None
    old = _text(row[f"old_{column}"]) if row["held"] else None
    return old, None if is_gone else _text(row[f"new_{column}"])


def _text(value: object) -> Value:
    return None if value is None else str(value)


__all__ = [
    "HOLDINGS",
    "MEMBERS",
    "OTHER_LINES",
    "POSITIONS",
    "SOLID_LINES",
    "UNITS",
    "Difference",
    "Ledger",
    "Subject",
    "Trait",
    "gone",
]
