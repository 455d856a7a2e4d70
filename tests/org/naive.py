"""A company as plain lists of days: what the org chart must be, told without rows, dates or SQL."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from models.positions import LineKind

DAYS = 20  # told apart; the last one stands for all that come after it
NEVER = DAYS  # the day on which ends what holds for good

Id = uuid.UUID
Key = TypeVar("Key")
Value = TypeVar("Value")
Days = list[Value | None]
"""What holds on each day; None: nothing."""


class Unit(NamedTuple):
    """What a unit is on a day."""

    name: str
    parent: Id | None = None
    head: Id | None = None
    deputy: Id | None = None


class Post(NamedTuple):
    """What a position is on a day."""

    title: str = ""
    grade: str | None = None
    unit: Id | None = None


class Hold(NamedTuple):
    """Somebody on a position; whoever it is stays undisclosed where `person` is None."""

    post: Id
    person: Id | None


class Line(NamedTuple):
    """A line of a position that is not solid."""

    post: Id
    kind: LineKind
    manager: Id


class Book(dict[Key, Days[Value]], Generic[Key, Value]):
    """The days of each thing; of one that was never heard of nothing holds."""

    def __missing__(self, key: Key) -> Days[Value]:
        self[key] = [None] * DAYS
        return self[key]

    def copy(self) -> Book[Key, Value]:
        """The same, to be changed apart from it."""
        return Book({key: list(days) for key, days in self.items()})

    def on(self, day: int) -> Iterator[tuple[Key, Value]]:
        """What holds on a day, and of what."""
        return ((key, found) for key, days in list(self.items()) if (found := days[day]) is not None)


@dataclass
class Company:
    """All facts about a company. `known` has what was first said of each person (their name), unit and position."""

    known: dict[Id, str | Unit | Post] = field(default_factory=dict[Id, "str | Unit | Post"])
    members: Book[Id, str] = field(default_factory=Book[Id, str])
    units: Book[Id, Unit] = field(default_factory=Book[Id, Unit])
    posts: Book[Id, Post] = field(default_factory=Book[Id, Post])
    held: Book[Hold, bool] = field(default_factory=Book[Hold, bool])
    solid: Book[Id, Id] = field(default_factory=Book[Id, Id])
    other: Book[Line, bool] = field(default_factory=Book[Line, bool])

    def copy(self) -> Company:
        """The same, to be changed apart from it."""
        return Company(dict(self.known), *(book.copy() for book in self.books().values()))

    def books(self) -> dict[str, Book[Any, Any]]:
        """All facts, by what they are about."""
        return {name: book for name, book in vars(self).items() if isinstance(book, Book)}

    def holders(self, post: Id, day: int) -> list[Id]:
        """The named people on a position, longest first."""
        found = [(begun(self.held[key], day), key.person) for key, _ in self.held.on(day) if key.post == post]
        return [person for _, person in sorted((b, p) for b, p in found if p is not None)]

    def is_held(self, post: Id, day: int) -> bool:
        """Whether anybody is on a position, named or not."""
        return any(key.post == post for key, _ in self.held.on(day))

    def held_by(self, person: Id, day: int) -> list[Id]:
        """The positions of somebody, the one they have held longest first."""
        found = [(begun(self.held[key], day), key.post) for key, _ in self.held.on(day) if key.person == person]
        return [post for _, post in sorted(found)]

    def place(self, person: Id, day: int) -> Post | None:
        """The position, as it is on the day, from which somebody's line goes up."""
        held = self.held_by(person, day)
        return self.posts[held[0]][day] if held else None

    def above(self, person: Id, day: int) -> list[tuple[Id, int]]:
        """Who stands above somebody, and how many positions up: nearest first, vacancies left out."""
        found: list[tuple[Id, int]] = []
        post, step = next(iter(self.held_by(person, day)), None), 0
        while post is not None and (post := self.solid[post][day]) is not None:
            step += 1
            found += [(one, step) for one in self.holders(post, day) if one != person]
        return found

    def reports(self, person: Id, day: int) -> set[Id]:
        """Who stands right below somebody; those below a vacancy stand below who is above it."""
        found: set[Id] = set()
        heads = self.held_by(person, day)
        while heads:
            for post in self.below(heads.pop(), day):
                holders = self.holders(post, day)
                found.update(holders)
                heads += [] if holders else [post]
        return found - {person}

    def below(self, post: Id, day: int) -> list[Id]:
        """The positions that report to one."""
        return [one for one, manager in self.solid.on(day) if manager == post]

    def within(self, unit: Id, day: int) -> set[Id]:
        """A unit and all below it; none where it is not there."""
        return {one for one, _ in self.units.on(day) if unit in self.units_above(one, day)}

    def units_above(self, unit: Id | None, day: int) -> list[Id]:
        """A unit and those above it, nearest first."""
        return climb(unit, lambda one: found.parent if (found := self.units[one][day]) else None)


def climb(start: Id | None, above: Callable[[Id], Id | None]) -> list[Id]:
    """What one comes by on the way up; whoever comes back to where they were stops there."""
    found: list[Id] = []
    while start is not None and start not in found:
        found.append(start)
        start = above(start)
    return [*found, start] if start is not None else found


def begun(days: Days[Value], day: int) -> int:
    """Since when what holds on a day has held."""
    return next((d + 1 for d in range(day - 1, -1, -1) if days[d] != days[day]), 0)


def same(days: Iterable[Value], day: int) -> range:
    """The days from one on for as long as what it says stays so."""
    said = list(days)
    return range(day, next((d for d in range(day, DAYS) if said[d] != said[day]), DAYS))


def put(days: Days[Value], day: int, value: Value | None, last: int = NEVER) -> None:
    """From a day on, and before `last`, another value, for as long as what it replaces would have held."""
    for d in same(days, day):
        if d < last:
            days[d] = value


def ending(days: Days[Value], day: int) -> int:
    """The first day from one on on which nothing holds."""
    return next((d for d in range(day, DAYS) if days[d] is None), NEVER)
