"""Choosing the next change of a company: numbers, and which things they mean by what there is on the day."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from models.positions import LineKind
from resolvers.changes import kinds
from resolvers.changes.kinds import KEEP, OrgChange
from tests.org.calendar import date_of
from tests.org.naive import DAYS, Book, Company, Id, Post, Unit
from tests.org.replay import StoredLine

Thing = TypeVar("Thing")
GRADES = (None, "A", "B")


def named(number: int) -> Id:
    """The id of the thing of a number."""
    return uuid.UUID(int=number, version=4)


OBSERVER, OBSERVED_FROM = named(10), named(20)
"""Whoever looks at it all, and their position: nothing happens to them."""


@dataclass(frozen=True)
class Move:
    """A change to choose. Where it is `wild` it may be of anything there ever was, and is likely to be refused."""

    choose: Callable[[Chooser, Move], OrgChange]
    one: int
    other: int
    third: int
    flag: bool
    wild: bool


@dataclass
class Chooser:
    """What there is on a day, to choose from. `number` gives the next one for a thing that is new."""

    company: Company
    day: int
    lines: Sequence[tuple[Id, StoredLine]]
    number: Callable[[], int]

    def person(self, n: int, move: Move) -> Id:
        """Somebody of the company."""
        return self._one(self._all(str), self.company.members, n, move)

    def unit(self, n: int, move: Move) -> Id:
        """A unit."""
        return self._one(self._all(Unit), self.company.units, n, move)

    def post(self, n: int, move: Move) -> Id:
        """A position."""
        return self._one(self._all(Post), self.company.posts, n, move)

    def manager(self, n: int, move: Move) -> Id:
        """A person or a position."""
        return self.person(n // 2, move) if n % 3 else self.post(n // 2, move)

    def perhaps(self, choose: Callable[[int, Move], Id], n: int, move: Move) -> Id | None:
        """One of these, or none."""
        return choose(n // 4, move) if n % 4 else None

    def leaver(self, move: Move) -> Id | None:
        """Somebody who is there on the day and later no more, if anybody is not."""
        return self._fit(self._all(str), lambda one: not any(self.company.members[one][self.day :]), move)

    def empty_unit(self, move: Move) -> Id | None:
        """A unit in which nothing is on the day or later, if there is one."""
        rest = range(self.day, DAYS)
        full = {post.unit for day in rest for _, post in self.company.posts.on(day)}
        full |= {unit.parent for day in rest for _, unit in self.company.units.on(day)}
        return self._fit(self._all(Unit), lambda one: self.company.units[one][self.day] and one not in full, move)

    def spare_post(self, move: Move) -> Id | None:
        """A position to which none reports on the day or later, and whose holders have another one, if there is one."""
        bosses = {manager for day in range(self.day, DAYS) for _, manager in self.company.solid.on(day)}
        return self._fit(
            self._all(Post),
            lambda one: self.company.posts[one][self.day] and one not in bosses and self._is_second(one),
            move,
        )

    def second_hold(self, move: Move) -> tuple[Id, Id | None] | None:
        """A position and a holder of it who has another one, if there is one."""
        held = [(hold.post, hold.person) for hold, _ in self.company.held.on(self.day) if hold.person != OBSERVER]
        return self._fit(held, lambda hold: hold[1] is None or self._is_second(hold[0]), move)

    def until(self, n: int) -> date | None:
        """A day on which something ends, perhaps."""
        return None if n % 2 else date_of(min(self.day + n % 11, DAYS - 1))

    def new(self) -> Id:
        """The id of something new."""
        return named(100 + self.number())

    def _is_second(self, post: Id) -> bool:
        company, day = self.company, self.day
        return all(len(company.held_by(person, day)) > 1 for person in company.holders(post, day))

    def _all(self, of: type) -> list[Id]:
        known = self.company.known.items()
        return [id for id, said in known if isinstance(said, of) and id not in (OBSERVER, OBSERVED_FROM)]

    def _one(self, found: Sequence[Id], book: Book[Id, Any], n: int, move: Move) -> Id:
        chosen = [one for one in found if move.wild or book[one][self.day] is not None] or found
        return chosen[n % len(chosen)]

    def _fit(self, found: Iterable[Thing], fits: Callable[[Thing], object], move: Move) -> Thing | None:
        chosen = [] if move.wild else [one for one in found if fits(one)]
        return chosen[move.one % len(chosen)] if chosen else None


def _create(c: Chooser, m: Move) -> OrgChange:
    id, title, grade = c.new(), f"Title {m.third % 5}", GRADES[m.third % 3]
    unit, manager = c.perhaps(c.unit, m.one, m), c.perhaps(c.manager, m.other, m)
    return kinds.CreatePerson(id, f"Person {id.hex[-2:]}", None, None, title, grade, unit, manager)


def _move(c: Chooser, m: Move) -> OrgChange:
    manager = KEEP if m.flag else c.perhaps(c.manager, m.third, m)
    return kinds.MovePerson(c.person(m.one, m), c.perhaps(c.unit, m.other, m), manager)


def _promote(c: Chooser, m: Move) -> OrgChange:
    title = f"Title {m.other % 5}" if m.other % 4 else KEEP
    grade = GRADES[m.third % 3] if m.flag or (title is KEEP and not m.wild) else KEEP
    return kinds.Promote(c.person(m.one, m), title, grade)


def _call(c: Chooser, m: Move) -> OrgChange:
    return kinds.RenamePerson(c.person(m.one, m), f"Called {m.other % 3}")


def _leave(c: Chooser, m: Move) -> OrgChange:
    return kinds.Leave(c.person(m.one, m))


def _rehire(c: Chooser, m: Move) -> OrgChange:
    if (leaver := c.leaver(m)) is None and not m.wild:
        return _leave(c, m)
    place = (f"Back {m.third % 3}", GRADES[m.third % 3], c.perhaps(c.unit, m.other, m))
    return kinds.Rehire(leaver or c.person(m.one, m), *place, c.perhaps(c.manager, m.third, m))


def _manage(c: Chooser, m: Move) -> OrgChange:
    subject = c.post(m.one, m) if m.flag else c.person(m.one, m)
    return kinds.SetManager(subject, c.manager(m.other, m) if m.third % 6 else None)


def _assign(c: Chooser, m: Move) -> OrgChange:
    person = c.person(m.other, m) if m.other % 5 else None
    return kinds.AssignPosition(c.post(m.one, m), person, c.until(m.third))


def _vacate(c: Chooser, m: Move) -> OrgChange:
    return kinds.VacatePosition(*(c.second_hold(m) or (c.post(m.one, m), c.person(m.other, m))))


def _create_post(c: Chooser, m: Move) -> OrgChange:
    place = (f"Title {m.third % 5}", GRADES[m.third % 3], c.perhaps(c.unit, m.one, m))
    return kinds.CreatePosition(c.new(), *place, c.perhaps(c.manager, m.other, m))


def _end_post(c: Chooser, m: Move) -> OrgChange:
    return kinds.EndPosition(c.spare_post(m) or c.post(m.one, m))


def _line(c: Chooser, m: Move) -> OrgChange:
    kind = tuple(LineKind)[m.third % 3]
    subject = c.post(m.one, m) if m.flag else c.person(m.one, m)
    return kinds.AddLine(subject, c.manager(m.other, m), kind, c.until(m.third // 3))


def _end_line(c: Chooser, m: Move) -> OrgChange:
    return kinds.EndLine(c.lines[m.one % len(c.lines)][0]) if c.lines else _line(c, m)


def _create_unit(c: Chooser, m: Move) -> OrgChange:
    id, head, deputy = c.new(), c.perhaps(c.person, m.other, m), c.perhaps(c.person, m.third, m)
    return kinds.CreateUnit(id, f"Unit {id.hex[-2:]}", c.perhaps(c.unit, m.one, m), head, deputy)


def _rename(c: Chooser, m: Move) -> OrgChange:
    return kinds.RenameUnit(c.unit(m.one, m), f"Named {m.other % 3}")


def _nest(c: Chooser, m: Move) -> OrgChange:
    return kinds.MoveUnit(c.unit(m.one, m), c.perhaps(c.unit, m.other, m))


def _lead(c: Chooser, m: Move) -> OrgChange:
    head = KEEP if m.third % 5 == 0 else c.perhaps(c.person, m.other, m)
    return kinds.SetHead(c.unit(m.one, m), head, c.perhaps(c.person, m.third, m) if m.flag else KEEP)


def _merge(c: Chooser, m: Move) -> OrgChange:
    return kinds.MergeUnits(c.unit(m.one, m), c.unit(m.other, m))


def _dissolve(c: Chooser, m: Move) -> OrgChange:
    into = c.perhaps(c.unit, m.other, m) if m.flag else None
    return kinds.DissolveUnit((None if into else c.empty_unit(m)) or c.unit(m.one, m), into)


CHOICES: dict[Callable[[Chooser, Move], OrgChange], int] = {
    _create: 10,
    _move: 9,
    _promote: 7,
    _call: 6,
    _leave: 10,
    _rehire: 9,
    _manage: 9,
    _assign: 12,
    _vacate: 7,
    _create_post: 4,
    _end_post: 6,
    _line: 6,
    _end_line: 4,
    _create_unit: 5,
    _rename: 3,
    _nest: 6,
    _lead: 6,
    _merge: 4,
    _dissolve: 4,
}
"""What to choose, and how often."""
