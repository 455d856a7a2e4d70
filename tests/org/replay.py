"""Changes of a company as plain lists of days: what each does, and which are refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.positions import LineKind
from resolvers.changes import kinds
from resolvers.changes.kinds import KEEP, OrgChange
from tests.org.naive import DAYS, NEVER, Company, Days, Hold, Id, Line, Post, Unit, begun, climb, ending, put, same


class Refused(Exception):
    """A change that cannot be made; its text is the code of the refusal."""


@dataclass(frozen=True)
class StoredLine:
    """A line as it was stored when its end was asked for."""

    post: Id
    kind: LineKind
    manager: Id
    first: int
    last: int


@dataclass
class Replay:
    """Changes of one day. `fresh` are the ids of positions that are made along with others."""

    company: Company
    day: int
    index: Callable[[date], int]
    fresh: Iterator[Id] = field(default_factory=lambda: iter(uuid.uuid4, None))
    lines: Mapping[Id, StoredLine] = field(default_factory=dict[Id, StoredLine])
    touched: set[Id] = field(default_factory=set[Id])  # people of whom something was said

    def make(self, change: OrgChange) -> None:
        """Make a change wholly or, where it is refused, not at all. Raises `Refused`."""
        before = self.company
        self.company = before.copy()
        try:
            self._apply(change)
        except Refused:
            self.company = before
            raise
        self.touched |= _told_of(before, self.company)

    def finish(self, *, ends: bool = False) -> None:
        """Raise `Refused` where the changes leave anybody or anything without its place."""
        if any(orphans(self.company, day) for day in range(self.day, DAYS)) or any(
            self.company.members[person][self.day] and not self.company.held_by(person, self.day)
            for person in self.touched
        ):
            raise Refused("NOT_EMPTY" if ends else "ORPHAN")

    def _apply(self, change: OrgChange) -> None:
        getattr(self, f"_{type(change).__name__}")(change)

    # People

    def _CreatePerson(self, change: kinds.CreatePerson) -> None:
        self.company.known[change.id] = change.name
        self._employ(change.id, change)

    def _Rehire(self, change: kinds.Rehire) -> None:
        self._known(change.person)
        if any(self.company.members[change.person][self.day :]):
            raise Refused("BAD_USER_INPUT")
        self._employ(change.person, change)

    def _employ(self, person: Id, terms: kinds.CreatePerson | kinds.Rehire) -> None:
        days = self.company.members[person]
        last = next((name for name in reversed(days) if name), None)  # the name they went by
        put(days, self.day, last or str(self.company.known[person]))
        post = self._new_post(next(self.fresh), Post(terms.title, terms.grade, terms.unit))
        put(self.company.held[Hold(post, person)], self.day, True)
        if terms.manager:
            self._report(post, terms.manager)

    def _MovePerson(self, change: kinds.MovePerson) -> None:
        self._there(self.company.units, change.unit)
        post = self._own_post(change.person)
        self._amend(self.company.posts[post], unit=change.unit)
        if change.manager is not KEEP:
            self._report(post, change.manager)

    def _Promote(self, change: kinds.Promote) -> None:
        given = {"title": change.title, "grade": change.grade}
        values = {name: value for name, value in given.items() if value is not KEEP}
        if not values:
            raise Refused("BAD_USER_INPUT")
        self._amend(self.company.posts[self._own_post(change.person)], **values)

    def _RenamePerson(self, change: kinds.RenamePerson) -> None:
        self._known(change.person)
        put(self._exists(self.company.members, change.person), self.day, change.name)

    def _Leave(self, change: kinds.Leave) -> None:
        self._known(change.person)
        days = self.company.members[change.person]
        if not any(days[self.day :]):
            if any(days) and not days[self.day - 1]:
                raise Refused("BAD_USER_INPUT")
            return
        for unit in self.company.units.values():
            for d in range(self.day, DAYS):
                unit[d] = _without(unit[d], change.person)
        for hold in [hold for hold in self.company.held if hold.person == change.person]:
            self._cease(self.company.held[hold])
        self._cease(days)

    # Positions

    def _CreatePosition(self, change: kinds.CreatePosition) -> None:
        self._new_post(change.id, Post(change.title, change.grade, change.unit))
        if change.manager:
            self._report(change.id, change.manager)

    def _AssignPosition(self, change: kinds.AssignPosition) -> None:
        until = self._until(change.until)
        post, person = self._exists(self.company.posts, change.position), change.person
        last = ending(post, self.day)
        if person:
            last = min(last, ending(self._exists(self.company.members, person), self.day))
        self._hold(self.company.held[Hold(change.position, person)], min(last, until), until)

    def _VacatePosition(self, change: kinds.VacatePosition) -> None:
        self._exists(self.company.posts, change.position)
        put(self.company.held[Hold(change.position, change.person)], self.day, None)

    def _EndPosition(self, change: kinds.EndPosition) -> None:
        self._known(change.position)
        for hold in [hold for hold in self.company.held if hold.post == change.position]:
            self._cease(self.company.held[hold])
        for line in [line for line in self.company.other if change.position in (line.post, line.manager)]:
            self._cease(self.company.other[line])
        self._cease(self.company.solid[change.position])
        self._cease(self.company.posts[change.position])

    # Lines

    def _SetManager(self, change: kinds.SetManager) -> None:
        self._report(self._post(change.subject), change.manager)

    def _AddLine(self, change: kinds.AddLine) -> None:
        until = self._until(change.until)
        post, above = self._post(change.subject), self._post(change.manager)
        solid = change.line is LineKind.SOLID
        beside: Days[Any] = self.company.solid[post] if solid else self.company.other[Line(post, change.line, above)]
        last = min(until, *(ending(self.company.posts[one], self.day) for one in ([post] if solid else [post, above])))
        if any(beside[self.day : last]):
            known = same(beside, self.day)
            if beside[self.day] in (above, True) and (begun(beside, self.day), known.stop) == (self.day, last):
                return
            raise Refused("OVERLAPPING_LINE")
        if post == above:
            raise Refused("REPORTING_CYCLE")
        put(beside, self.day, above if solid else True, last)
        self._refuse_loops()

    def _EndLine(self, change: kinds.EndLine) -> None:
        line = self.lines[change.line]
        solid = line.kind is LineKind.SOLID
        key = Line(line.post, line.kind, line.manager)
        days: Days[Any] = self.company.solid[line.post] if solid else self.company.other[key]
        if line.last > self.day:
            put(days, max(self.day, line.first), None)

    # Units

    def _CreateUnit(self, change: kinds.CreateUnit) -> None:
        self._there(self.company.units, change.parent)
        for person in (change.head, change.deputy):
            self._there(self.company.members, person)
        days = self.company.units[change.id]
        self.company.known[change.id] = Unit(change.name)
        put(days, self.day, Unit(change.name, change.parent))
        self._lead(days, head=change.head, deputy=change.deputy)

    def _RenameUnit(self, change: kinds.RenameUnit) -> None:
        self._amend(self._exists(self.company.units, change.unit), name=change.name)

    def _MoveUnit(self, change: kinds.MoveUnit) -> None:
        self._there(self.company.units, change.parent)
        self._amend(self._exists(self.company.units, change.unit), parent=change.parent)
        self._refuse_rings()

    def _SetHead(self, change: kinds.SetHead) -> None:
        given = {"head": change.head, "deputy": change.deputy}
        led = {name: person for name, person in given.items() if person is not KEEP}
        if not led:
            raise Refused("BAD_USER_INPUT")
        for person in led.values():
            self._there(self.company.members, person)
        self._lead(self._exists(self.company.units, change.unit), **led)

    def _MergeUnits(self, change: kinds.MergeUnits) -> None:
        self._DissolveUnit(kinds.DissolveUnit(change.unit, change.into))

    def _DissolveUnit(self, change: kinds.DissolveUnit) -> None:
        self._known(change.unit)
        if change.into:
            self._there(self.company.units, change.into)
            if change.into == change.unit:
                raise Refused("UNIT_CYCLE")
            for d in range(self.day, DAYS):
                for post, what in self.company.posts.on(d):
                    if what.unit == change.unit:
                        self.company.posts[post][d] = what._replace(unit=change.into)
                for unit, what in self.company.units.on(d):
                    if what.parent == change.unit:
                        self.company.units[unit][d] = what._replace(parent=change.into)
            self._refuse_rings()
        self._cease(self.company.units[change.unit])

    # What several of them do

    def _new_post(self, id: Id, post: Post) -> Id:
        self._there(self.company.units, post.unit)
        self.company.known[id] = post
        put(self.company.posts[id], self.day, post)
        return id

    def _own_post(self, person: Id) -> Id:
        """The position that somebody holds alone, made for them where there is none."""
        days = self._exists(self.company.members, person)
        held = self.company.held_by(person, self.day)
        if not held:
            made = self._new_post(next(self.fresh), Post())
            put(self.company.held[Hold(made, person)], self.day, True, ending(days, self.day))
            return made
        shared = held[0]
        if not any(hold.post == shared and hold.person != person for hold, _ in self.company.held.on(self.day)):
            return shared
        what, days = self.company.posts[shared][self.day], self.company.held[Hold(shared, person)]
        assert what is not None
        made = self._new_post(next(self.fresh), what)
        manager = self.company.solid[shared][self.day]
        if manager:
            self._report(made, manager)
        put(self.company.held[Hold(made, person)], self.day, True, same(days, self.day).stop)
        put(days, self.day, None)
        return made

    def _report(self, post: Id, manager: Id | None) -> None:
        days = self.company.solid[post]
        if manager is None:
            put(days, self.day, None)
            return
        above = self._post(manager)
        if above == post:
            raise Refused("REPORTING_CYCLE")
        put(days, self.day, above, ending(self.company.posts[post], self.day))
        self._refuse_loops()

    def _post(self, holder: Id) -> Id:
        if self.company.posts[holder][self.day]:
            return holder
        held = self.company.held_by(holder, self.day)
        if not held:
            raise Refused("BAD_USER_INPUT")
        return held[0]

    def _hold(self, days: Days[bool], last: int, until: int) -> None:
        """Have somebody hold a position; whoever holds it already goes on, but not beyond `until`."""
        if days[self.day] is None:
            put(days, self.day, True, last)
        elif until in same(days, self.day):
            put(days, until, None)

    def _lead(self, days: Days[Unit], **led: Id | None) -> None:
        """Have others lead a unit, until they leave: from then on nobody does."""
        for role, person in led.items():
            last = ending(self.company.members[person], self.day) if person else NEVER
            said = [getattr(unit, role, None) if unit else False for unit in days]
            for d in same(said, self.day):
                unit = days[d]
                assert unit is not None
                days[d] = unit._replace(**{role: person if d < last else None})

    def _amend(self, days: Days[Any], **values: object) -> None:
        """Change some of what is said, each for as long as what it replaces would have held."""
        for name, value in values.items():
            said = [getattr(what, name) if what is not None else NEVER for what in days]
            for d in same(said, self.day):
                what: Any = days[d]
                days[d] = what._replace(**{name: value})

    def _cease(self, days: Days[Any]) -> None:
        days[self.day :] = [None] * (DAYS - self.day)

    def _until(self, until: date | None) -> int:
        if until is None:
            return NEVER
        if self.index(until) <= self.day:
            raise Refused("BAD_DATES")
        return self.index(until)

    def _exists(self, book: Any, id: Id) -> Days[Any]:
        if book[id][self.day] is None:
            raise Refused("BAD_USER_INPUT")
        return book[id]

    def _there(self, book: Any, id: Id | None) -> None:
        if id is not None:
            self._exists(book, id)

    def _known(self, id: Id) -> None:
        if id not in self.company.known:
            raise Refused("NOT_FOUND")

    def _refuse_loops(self) -> None:
        if any(loops(self.company, day) for day in range(DAYS)):
            raise Refused("REPORTING_CYCLE")

    def _refuse_rings(self) -> None:
        if any(rings(self.company, day) for day in range(DAYS)):
            raise Refused("UNIT_CYCLE")


def loops(company: Company, day: int) -> bool:
    """Whether any solid line of a day leads back to where it begins."""
    return any(_returns(climb(post, lambda one: company.solid[one][day])) for post, _ in company.solid.on(day))


def rings(company: Company, day: int) -> bool:
    """Whether any unit of a day lies below itself."""
    return any(_returns(company.units_above(unit, day)) for unit, _ in company.units.on(day))


def orphans(company: Company, day: int) -> list[Id]:
    """Whatever stands in, below or under something that is not there on a day."""
    places = [
        *((post, company.units, what.unit) for post, what in company.posts.on(day)),
        *((unit, company.units, what.parent) for unit, what in company.units.on(day)),
        *((post, company.posts, manager) for post, manager in company.solid.on(day)),
    ]
    return [one for one, book, place in places if place is not None and book[place][day] is None]


def _returns(way: list[Id]) -> bool:
    return len(way) > len(set(way))


def _without(unit: Unit | None, person: Id) -> Unit | None:
    if unit is None:
        return None
    return unit._replace(
        head=None if unit.head == person else unit.head, deputy=None if unit.deputy == person else unit.deputy
    )


def _told_of(before: Company, after: Company) -> set[Id]:
    """The people whose membership or positions differ."""
    found = {person for person, days in after.members.items() if days != before.members[person]}
    return found | {key.person for key, days in after.held.items() if key.person and days != before.held[key]}
