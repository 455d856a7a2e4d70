"""Cutting a crowd into cells of people who are alike in what is told apart, and these into blocks that can be told.

Pure: people come as they were on the day of the survey, with the org chart of that day.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from models.survey_blocks import blocks
from models.surveys import SegmentKind

LABEL_MAX = 200  # characters
BANDS = {
    "<1": "Less than a year",
    "1-2": "1 to 2 years",
    "3-5": "3 to 5 years",
    "6-10": "6 to 10 years",
    ">10": "More than 10 years",
}
"""How long somebody has been in the company, in whole years."""
LEADING = {"leads": "Leads people", "does not lead": "Leads nobody"}
"""Whether anybody reports to somebody in the solid line."""


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked; None for what is not known of them, or not looked at. `years` are whole ones."""

    id: uuid.UUID
    is_guest: bool = False
    unit: uuid.UUID | None = None
    location: str | None = None
    years: int | None = None
    leads: bool | None = None


@dataclass(frozen=True)
class Unit:
    """A unit of the day."""

    name: str
    parent: uuid.UUID | None = None


Tree = Mapping[uuid.UUID, Unit]


@dataclass(frozen=True)
class Part:
    """People of one value, or of two values of different kinds."""

    kind: SegmentKind
    value: str
    other_kind: SegmentKind | None = None
    other_value: str | None = None


@dataclass(frozen=True)
class Segment:
    """A part with its `population`; `blocks` are None where it is hidden. `parent`: the unit above, of a unit."""

    part: Part
    label: str
    parent: str | None
    population: int
    blocks: list[int] | None


@dataclass(frozen=True)
class Cut:
    """The block of each person, in their order, and the segments: single values all, crossings where they are told.

    `is_empty`: there are too few people for any block.
    """

    of_person: list[int]
    segments: list[Segment]
    is_empty: bool = False


def cut(crowd: Sequence[Asked], kinds: Sequence[SegmentKind], tree: Tree, k: int) -> Cut:
    """Blocks of at least `k` people each, told apart by these kinds of segments; what is declared first comes first."""
    chart = _Chart(tree)
    cell_of = [chart.cell(person, kinds) for person in crowd]
    cells = Counter(cell_of)
    number, sizes = {cell: i for i, cell in enumerate(cells)}, list(cells.values())
    parts: dict[_Key, list[int]] = {}
    for cell, i in number.items():
        for key in chart.keys(cell, kinds):
            parts.setdefault(key, []).append(i)
    people = {key: sum(sizes[i] for i in inside) for key, inside in parts.items()}
    order = sorted(parts, key=lambda key: chart.rank(key, kinds, people[key]))
    # What has fewer than k people makes no blocks and is told of none: of many kinds that are most of all crossings.
    made = blocks(sizes, {key: parts[key] for key in order if people[key] >= k}, k)
    segments = [
        chart.segment(key, kinds, people[key], made.told.get(key)) for key in order if key in made.told or len(key) == 2
    ]
    return Cut([made.of_cell[number[cell]] for cell in cell_of], segments, made.is_empty)


def band(years: int) -> str:
    """The band of so many whole years."""
    return "<1" if years < 1 else "1-2" if years < 3 else "3-5" if years < 6 else "6-10" if years < 11 else ">10"


_Cell: TypeAlias = tuple[str | None, ...]
"""A value of each kind, in the order of the kinds; None for who has none."""
_Key: TypeAlias = "tuple[int, str] | tuple[int, str, int, str]"
"""A part: the place of its kind and the value, of a crossing both twice. Plain, as there are very many."""


class _Chart:
    """The units of the day, and what parts are called."""

    def __init__(self, tree: Tree) -> None:
        self._names = {str(id): unit.name for id, unit in tree.items()}
        self._parents = {str(id): str(unit.parent) for id, unit in tree.items() if unit.parent in tree}
        self._paths: dict[str, list[str]] = {}

    def cell(self, person: Asked, kinds: Sequence[SegmentKind]) -> _Cell:
        return tuple([_value(person, kind) for kind in kinds])

    def keys(self, cell: _Cell, kinds: Sequence[SegmentKind]) -> Iterator[_Key]:
        """All that people of a cell are part of."""
        values = [
            (i, self._path(value) if kind is SegmentKind.ORG_UNIT else [value])
            for i, (kind, value) in enumerate(zip(kinds, cell, strict=True))
            if value is not None
        ]
        for i, found in values:
            for value in found:
                yield i, value
        for (i, found), (j, others) in combinations(values, 2):
            for value in found:
                for other in others:
                    yield i, value, j, other

    def rank(self, key: _Key, kinds: Sequence[SegmentKind], people: int) -> tuple[object, ...]:
        """Where a part stands: single values by their kinds, then crossings; from the top down, larger ones first."""
        depth = self._depth(kinds[key[0]], key[1])
        if len(key) == 2:
            return False, key[0], -1, depth, -people, key[1], ""
        return True, key[0], key[2], depth + self._depth(kinds[key[2]], key[3]), -people, key[1], key[3]

    def segment(self, key: _Key, kinds: Sequence[SegmentKind], people: int, told: frozenset[int] | None) -> Segment:
        kind, value = kinds[key[0]], key[1]
        label, found = self._called(kind, value), None if told is None else sorted(told)
        if len(key) == 2:
            parent = self._parents.get(value) if kind is SegmentKind.ORG_UNIT else None
            return Segment(Part(kind, value), label[:LABEL_MAX], parent, people, found)
        other, half = self._called(kinds[key[2]], key[3]), (LABEL_MAX - 3) // 2
        part = Part(kind, value, kinds[key[2]], key[3])
        return Segment(part, f"{label[:half]} × {other[:half]}", None, people, found)

    def _path(self, unit: str) -> list[str]:
        """A unit and those above it."""
        path = self._paths.get(unit)
        if path is None:
            parent = self._parents.get(unit)
            path = self._paths[unit] = [unit, *(self._path(parent) if parent else ())]
        return path

    def _depth(self, kind: SegmentKind, value: str) -> int:
        return len(self._path(value)) if kind is SegmentKind.ORG_UNIT else 0

    def _called(self, kind: SegmentKind, value: str) -> str:
        match kind:
            case SegmentKind.ORG_UNIT:
                return self._names.get(value, "A unit that is gone")
            case SegmentKind.LOCATION:
                return value
            case SegmentKind.TENURE:
                return BANDS[value]
            case SegmentKind.LEADERSHIP:
                return LEADING[value]


def _value(person: Asked, kind: SegmentKind) -> str | None:
    match kind:
        case SegmentKind.ORG_UNIT:
            return str(person.unit) if person.unit else None
        case SegmentKind.LOCATION:
            return person.location
        case SegmentKind.TENURE:
            return None if person.years is None else band(person.years)
        case SegmentKind.LEADERSHIP:
            return None if person.leads is None else "leads" if person.leads else "does not lead"
