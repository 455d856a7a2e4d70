"""The demonstration company in time: its positions and who has held them since when, its lines, units and skills."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from random import Random
from uuid import UUID

from atrium.demo.company import Company
from atrium.demo.ids import seeded_uuid7, stream, to_ms
from atrium.demo.records import Person
from models.positions import FOREVER
from models.skills import SkillLevel, skill_key

Row = tuple[object, ...]
LEVELS = (SkillLevel.EXPERT, SkillLevel.ADVANCED, SkillLevel.ADVANCED, SkillLevel.INTERMEDIATE)
GRADES = 5  # P1 to P5, by tenure; heads have M1 to M5, the higher the unit
YEARS_A_GRADE = 3

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "position": ("id", "title", "grade", "unit_id", "active", "planned", "filled", "created_at"),
    "position_term": ("id", "position_id", "title", "grade", "unit_id", "valid_from", "valid_to"),
    "person_term": ("id", "person_id", "name", "valid_from", "valid_to"),
    "holding": ("id", "position_id", "person_id", "valid_from", "valid_to"),
    "reporting_line": ("id", "position_id", "manager_id", "kind", "valid_from", "valid_to"),
    "unit_term": ("id", "unit_id", "name", "parent_id", "head_id", "deputy_id", "valid_from", "valid_to"),
    "skill": ("id", "name", "key", "version", "created_at"),
    "person_skill": ("id", "person_id", "skill_id", "level", "created_at"),
}
"""The tables in the order in which they are filled."""


class Chart:
    """The rows of each table of `COLUMNS`. Units and posts are as old as the company, people since their first day."""

    def __init__(self, company: Company, now: datetime) -> None:
        self._company, self._now, self._founded = company, now, company.units[0].created_at
        self._since = self._founded.date()
        self._rng: Random = stream(len(company.people), "org")
        self._staff = [person for person in company.people if person.unit_id]
        self._depths = {unit.id: unit.depth for unit in company.units}
        self.posts: dict[UUID, UUID] = {person.id: self._key() for person in self._staff}
        names = dict.fromkeys(skill for person in company.people for skill in person.skills)
        self._skills = {skill_key(name): (self._key(), name) for name in names}

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table."""
        made: Mapping[str, Callable[[], Iterator[Row]]] = {
            "position": self._positions,
            "position_term": self._position_terms,
            "person_term": self._person_terms,
            "holding": self._holdings,
            "reporting_line": self._lines,
            "unit_term": self._unit_terms,
            "skill": self._catalogue,
            "person_skill": self._person_skills,
        }
        return made[table]()

    def _positions(self) -> Iterator[Row]:
        for p in self._staff:
            yield (self.posts[p.id], p.title, self._grade(p), p.unit_id, True, False, True, self._founded)

    def _position_terms(self) -> Iterator[Row]:
        for p in self._staff:
            yield (self._key(), self.posts[p.id], p.title, self._grade(p), p.unit_id, self._since, FOREVER)

    def _person_terms(self) -> Iterator[Row]:
        for p in self._staff:
            yield (self._key(), p.id, p.name, self._first_day(p), FOREVER)

    def _holdings(self) -> Iterator[Row]:
        for p in self._staff:
            yield (self._key(), self.posts[p.id], p.id, self._first_day(p), FOREVER)

    def _lines(self) -> Iterator[Row]:
        for p in self._staff:
            if p.manager_id:
                yield (self._key(), self.posts[p.id], self.posts[p.manager_id], "SOLID", self._since, FOREVER)

    def _unit_terms(self) -> Iterator[Row]:
        for u in self._company.units:
            yield (self._key(), u.id, u.name, u.parent_id, u.head_id, None, self._since, FOREVER)

    def _catalogue(self) -> Iterator[Row]:
        for key, (id, name) in self._skills.items():
            yield (id, name, key, 1, self._founded)

    def _person_skills(self) -> Iterator[Row]:
        for p in self._company.people:
            for rank, key in enumerate(dict.fromkeys(map(skill_key, p.skills))):
                level = LEVELS[min(rank, len(LEVELS) - 1)]
                yield (self._key(), p.id, self._skills[key][0], level.value, self._now)

    def _key(self) -> UUID:
        return seeded_uuid7(self._rng, to_ms(self._founded))

    def _first_day(self, person: Person) -> date:
        return max(person.started_on, self._since)

    def _grade(self, person: Person) -> str:
        if person.is_head and person.unit_id:
            return f"M{max(1, GRADES + 1 - self._depths[person.unit_id])}"
        years = (self._now.date() - person.started_on).days // 365
        return f"P{min(GRADES, 1 + years // YEARS_A_GRADE)}"
