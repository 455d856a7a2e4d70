"""Generated surveys: who is asked, what they are told apart by, and what each of them answers."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from random import Random

from models.survey_cells import Asked, Cut, Part, Tree, Unit, band, cut
from models.survey_sums import Layout, Sums, summed
from models.surveys import SegmentKind

PEOPLE_MAX = 150
UNITS_MAX = 12
LOCATIONS = ("Bern", "Lima", "Oslo", "Pune")
YEARS = (0, 1, 4, 8, 20)
FEW = 8  # people, of a team as small as they come

ORG_UNIT, LOCATION, TENURE, LEADERSHIP = SegmentKind
Person = int
"""Somebody, by their place in the crowd."""
People = frozenset[Person]


@dataclass(frozen=True)
class Given:
    """What somebody answers to one question."""

    slots: tuple[int, ...] = ()
    is_written: bool = False


@dataclass(frozen=True)
class Crowd:
    """A survey as it is closed: `given` has the answers of those who took part, to the questions that they answered."""

    people: Sequence[Asked]
    tree: Tree
    kinds: Sequence[SegmentKind]
    min_group: int
    min_texts: int
    slots: Mapping[uuid.UUID, int]
    given: Mapping[Person, Mapping[uuid.UUID, Given]]

    @cached_property
    def cut(self) -> Cut:
        return cut(self.people, self.kinds, self.tree, self.min_group)

    @cached_property
    def segments(self) -> dict[uuid.UUID, Part]:
        """Those that are not hidden from the start, by keys of our own, in their order."""
        told = [one.part for one in self.cut.segments if one.blocks is not None]
        return {uuid.UUID(int=i): part for i, part in enumerate(told, 1)}

    @cached_property
    def layout(self) -> Layout:
        return Layout(self.slots)

    @cached_property
    def sums(self) -> Sums:
        """What is told, by the code that is looked at."""
        if self.cut.is_empty:
            return Sums({}, {})
        blocks = [one.blocks for one in self.cut.segments if one.blocks is not None]
        segments = dict(zip(self.segments, blocks, strict=True))
        return summed(self.layout, self.rows, segments, min_group=self.min_group, min_texts=self.min_texts)

    @property
    def rows(self) -> dict[int, list[int]]:
        """The numbers of each block, counted by hand."""
        found: dict[int, list[int]] = {}
        for person, answers in self.given.items():
            row = found.setdefault(self.cut.of_person[person], [0] * self.layout.width)
            row[0] += 1
            for question, given in answers.items():
                place = self.layout.places[question]
                row[place] += 1
                row[place + 1] += given.is_written
                for slot in given.slots:
                    row[place + 2 + slot] += 1
        return found

    def within(self, segment: uuid.UUID | None) -> People:
        """Who belongs to a segment, or to None, by what they are and not by any block."""
        if segment is None:
            return frozenset(range(len(self.people)))
        return self.belonging(self.segments[segment])

    @property
    def every_part(self) -> set[Part]:
        """All that could be asked for, hidden or not."""
        single = [Part(kind, value) for kind in self.kinds for value in self.every_value(kind)]
        pairs = [(one, other) for one, other in combinations(single, 2) if one.kind is not other.kind]
        return {*single, *(Part(one.kind, one.value, other.kind, other.value) for one, other in pairs)}

    def every_value(self, kind: SegmentKind) -> set[str]:
        return set[str]().union(*(self.values(person, kind) for person in self.people))

    def belonging(self, part: Part) -> People:
        return frozenset(i for i, person in enumerate(self.people) if self.belongs(person, part))

    def belongs(self, person: Asked, part: Part) -> bool:
        values = [(part.kind, part.value)]
        if part.other_kind is not None and part.other_value is not None:
            values.append((part.other_kind, part.other_value))
        return all(value in self.values(person, kind) for kind, value in values)

    def values(self, person: Asked, kind: SegmentKind) -> set[str]:
        match kind:
            case SegmentKind.ORG_UNIT:
                return {str(unit) for unit in self.path(person.unit)}
            case SegmentKind.LOCATION:
                return {person.location or ""}
            case SegmentKind.TENURE:
                return set() if person.years is None else {band(person.years)}
            case SegmentKind.LEADERSHIP:
                return {"leads" if person.leads else "does not lead"}

    def path(self, unit: uuid.UUID | None) -> Iterator[uuid.UUID]:
        while unit is not None:
            yield unit
            unit = self.tree[unit].parent

    def answered(self, question: uuid.UUID) -> People:
        return frozenset(person for person, answers in self.given.items() if question in answers)

    def written(self, question: uuid.UUID) -> People:
        return frozenset(p for p, answers in self.given.items() if question in answers and answers[question].is_written)

    def chose(self, question: uuid.UUID, slot: int) -> People:
        return frozenset(p for p in self.answered(question) if slot in self.given[p][question].slots)

    @property
    def took_part(self) -> People:
        return frozenset(self.given)


@dataclass(frozen=True)
class Result:
    """One number that is told, and the people whom it is about: those of some part who did something."""

    name: str
    part: uuid.UUID | None
    people: People
    number: int
    least: int


def results(crowd: Crowd) -> dict[str, list[Result]]:
    """How many answered, of everything that can be asked for: by what they answered."""
    found: dict[str, list[Result]] = {}
    for part, told in crowd.sums.told.items():
        within = crowd.within(part)
        rows = [("took part", crowd.took_part, told.took_part, crowd.min_group)]
        for question, answers in told.answers.items():
            rows.append((f"{question} answered", crowd.answered(question), answers.answered, crowd.min_group))
            if answers.written:
                rows.append((f"{question} written", crowd.written(question), answers.written, crowd.min_texts))
        for name, people, number, least in rows:
            found.setdefault(name, []).append(Result(name, part, within & people, number, least))
    return found


def a_crowd(seed: int) -> Crowd:
    """A survey of anybody, told apart by anything."""
    random = Random(seed)
    tree = _tree(random)
    leaves = list(tree)
    locations = LOCATIONS[: random.randint(1, len(LOCATIONS))]
    people = [_person(random, i, leaves, locations) for i in range(random.randint(1, PEOPLE_MAX))]
    kinds = random.sample(list(SegmentKind), random.randint(0, len(SegmentKind)))
    floor = random.randint(3, 10)
    slots = {uuid.UUID(int=1_000 + i): random.choice((0, 2, 2, 5, 11)) for i in range(random.randint(1, 4))}
    eager = random.choice((0.1, 0.5, 0.8, 1.0))
    keen = {question: random.choice((0.1, 0.5, 0.9, 1.0)) for question in slots}
    given = {
        i: {question: _given(random, count) for question, count in slots.items() if random.random() < keen[question]}
        for i in range(len(people))
        if random.random() < eager
    }
    return Crowd(people, tree, kinds, floor, floor + random.randint(0, 5), slots, given)


def _tree(random: Random) -> dict[uuid.UUID, Unit]:
    ids = [uuid.UUID(int=i + 1) for i in range(random.randint(1, UNITS_MAX))]
    roots = random.choice((1, 1, 1, 2))
    return {id: Unit(f"Unit {i}", random.choice(ids[:i]) if i >= roots else None) for i, id in enumerate(ids)}


def _person(random: Random, i: int, units: Sequence[uuid.UUID], locations: Sequence[str]) -> Asked:
    # Some units and places have most people, others hardly anybody.
    unit = units[min(int(random.expovariate(1) * len(units) / 2), len(units) - 1)]
    place = locations[min(int(random.expovariate(1.5) * len(locations)), len(locations) - 1)]
    years = None if random.random() < 0.05 else random.choice(YEARS)
    return Asked(
        uuid.UUID(int=i),
        unit=None if random.random() < 0.05 else unit,
        location=place,
        years=years,
        leads=random.random() < 0.2,
    )


def _given(random: Random, slots: int) -> Given:
    if slots == 0:
        return Given((), True)
    many = 1 if slots != 2 else random.randint(1, 2)
    # One answer is rare: it is what somebody would like to pin on a person.
    chosen = [0 if random.random() < 0.8 else random.randrange(slots) for _ in range(many)]
    return Given(tuple(sorted(set(chosen))), random.random() < 0.3)


def pairs(results: Sequence[Result]) -> Iterator[tuple[Result, Result]]:
    """Every two of them."""
    return combinations(results, 2)


def alike(crowd: Crowd, sets: Sequence[People], people: People) -> list[int]:
    """How many people are in exactly the same of these sets, of each sort; those in none do not count."""
    sorts = Counter(tuple(person in one for one in sets) for person in people)
    return [count for membership, count in sorts.items() if any(membership)]
