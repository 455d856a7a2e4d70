"""The rows of today, and who keeps reading what units wrote that are no more: what must follow from the days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.org.naive import Company, Id, Post, Unit, climb


class PersonRow(NamedTuple):
    """A person of today, or as they were last."""

    name: str
    title: str = ""
    unit: Id | None = None
    position: Id | None = None
    active: bool = False
    planned: bool = True


class UnitRow(NamedTuple):
    """A unit of today, or as it was last, but for those who lead it."""

    name: str
    parent: Id | None = None
    head: Id | None = None
    deputy: Id | None = None
    active: bool = False
    planned: bool = True


class PostRow(NamedTuple):
    """A position of today, or as it was last."""

    title: str
    grade: str | None = None
    unit: Id | None = None
    active: bool = False
    planned: bool = True
    filled: bool = False


@dataclass
class Present:
    """The rows as they stand. `kept` are people in the audiences of units that have ended under them."""

    people: dict[Id, PersonRow] = field(default_factory=dict[Id, PersonRow])
    units: dict[Id, UnitRow] = field(default_factory=dict[Id, UnitRow])
    posts: dict[Id, PostRow] = field(default_factory=dict[Id, PostRow])
    kept: set[tuple[Id, Id]] = field(default_factory=set[tuple[Id, Id]])

    def follow(self, company: Company, today: int) -> None:
        """Have the rows say what the days do."""
        self._begin(company)
        self._keep(company, today)
        self._forget(company)
        for unit in self.units:
            self.units[unit] = self._unit(company, unit, today)
        for post in self.posts:
            self.posts[post] = self._post(company, post, today)
        for person in self.people:
            self.people[person] = self._person(company, person, today)

    def closure(self) -> set[tuple[Id, Id]]:
        """Each unit that is there with those above it and itself."""
        return {(unit, above) for unit, row in self.units.items() if row.active for above in self._above(unit)}

    def start_anew(self, person: Id) -> None:
        """Forget what somebody was let read who comes back after they had left."""
        if person in self.people and not self.people[person].active:
            self.kept = {(one, unit) for one, unit in self.kept if one != person}

    def _begin(self, company: Company) -> None:
        for id, said in company.known.items():
            match said:
                case str():
                    self.people.setdefault(id, PersonRow(said))
                case Unit():
                    self.units.setdefault(id, UnitRow(said.name))
                case Post():
                    self.posts.setdefault(id, PostRow(said.title, said.grade))

    def _keep(self, company: Company, today: int) -> None:
        ending = {unit for unit, row in self.units.items() if row.active and company.units[unit][today] is None}
        members = {person: row for person, row in self.people.items() if row.active}
        for person, row in members.items():
            self.kept |= {(person, unit) for unit in self._above(row.unit) if unit in ending}
        for person in members:
            if company.members[person][today] is None and any(company.members[person][today:]):
                self.kept = {(one, unit) for one, unit in self.kept if one != person}

    def _forget(self, company: Company) -> None:
        """What was planned and has been taken back before its day was never there."""
        kinds = ((self.people, company.members), (self.units, company.units), (self.posts, company.posts))
        for rows, book in kinds:
            for id in [id for id, row in rows.items() if row.planned and not any(book[id])]:
                del rows[id], company.known[id]

    def _above(self, unit: Id | None) -> list[Id]:
        return climb(unit, lambda one: self.units[one].parent)

    def _unit(self, company: Company, unit: Id, today: int) -> UnitRow:
        row, what = self.units[unit], company.units[unit][today]
        if what is None:
            return row._replace(head=None, deputy=None, active=False, planned=_comes(company.units[unit], today))
        return UnitRow(*what, active=True, planned=False)

    def _post(self, company: Company, post: Id, today: int) -> PostRow:
        row, what = self.posts[post], company.posts[post][today]
        if what is None:
            return row._replace(active=False, planned=_comes(company.posts[post], today), filled=False)
        return PostRow(*what, active=True, planned=False, filled=bool(company.holders(post, today)))

    def _person(self, company: Company, person: Id, today: int) -> PersonRow:
        row, name = self.people[person], company.members[person][today]
        if name is None:
            return row._replace(position=None, active=False, planned=_comes(company.members[person], today))
        place, held = company.place(person, today) or Post(), company.held_by(person, today)
        return PersonRow(name, place.title, place.unit, held[0] if held else None, active=True, planned=False)


def _comes(days: Sequence[object], today: int) -> bool:
    """Whether a thing begins one day and has never been there before."""
    return not any(days[: today + 1]) and any(days)
