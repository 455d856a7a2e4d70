"""Sums: what is told of a survey once its answers are counted by blocks, and of which segments.

Who took part stands in groups of blocks, at least `min_group` people each; who answered a question in groups of such
groups; who wrote something in groups of these, at least `min_texts` texts each. So all that is told, of all questions
together, is told of the same groups: let people of one group change their answers with one another, and nothing that
is told changes.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TypeAlias

from models.survey_blocks import blocks

Part: TypeAlias = uuid.UUID | None
"""A segment, or None for all who took part."""

ANSWERED, WRITTEN, SLOTS = 0, 1, 2
"""What stands behind the place of a question: people who answered, texts, and from there on a number for each slot."""


@dataclass(frozen=True)
class Layout:
    """The row of numbers that a block has: how many took part, then those of each question from its place on."""

    slots: Mapping[uuid.UUID, int]  # how many each question has

    @cached_property
    def places(self) -> dict[uuid.UUID, int]:
        """Where each question begins."""
        found: dict[uuid.UUID, int] = {}
        place = 1
        for question, slots in self.slots.items():
            found[question] = place
            place += SLOTS + slots
        return found

    @cached_property
    def width(self) -> int:
        return 1 + sum(SLOTS + slots for slots in self.slots.values())


@dataclass(frozen=True)
class Answers:
    """What is told of a question: people who `answered`, `counts` of them by slot, texts (None: not told)."""

    answered: int
    counts: tuple[int, ...]
    written: int | None = None


@dataclass(frozen=True)
class Told:
    """What is told of some part: who took part, the questions that are not hidden, the pools that the texts lie in."""

    took_part: int
    answers: Mapping[uuid.UUID, Answers]
    pools: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sums:
    """What is told of each part that is not hidden. `pools`: where the texts of a question and block belong."""

    told: dict[Part, Told]
    pools: dict[tuple[uuid.UUID, int], int]


def summed(
    layout: Layout,
    rows: Mapping[int, Sequence[int]],
    segments: Mapping[uuid.UUID, Collection[int]],
    *,
    min_group: int,
    min_texts: int,
) -> Sums:
    """What is told of all, and of `segments` of blocks, by the `rows` of those blocks that anybody answered in.

    Segments come in the order in which they are let in. Where the minima are 0 nothing is hidden.
    """
    known = sorted({*rows, *(block for inside in segments.values() for block in inside)})
    cell = {block: i for i, block in enumerate(known)}
    parts: dict[Part, Collection[int]] = {None: range(len(known))}
    parts |= {segment: [cell[block] for block in inside] for segment, inside in segments.items()}
    nothing = [0] * layout.width
    crowd = _Crowd([rows.get(block, nothing) for block in known], layout.width, parts)
    took_part = crowd.grouped(crowd.apart, 0, min_group)
    totals = {part: crowd.total(part) for part in took_part.parts}
    answers: dict[Part, dict[uuid.UUID, Answers]] = {part: {} for part in totals}
    lying: dict[Part, list[int]] = {part: [] for part in totals}
    pools: dict[tuple[uuid.UUID, int], int] = {}
    numbers = count()
    for question, place in layout.places.items():
        answered = crowd.grouped(took_part, place + ANSWERED, min_group)
        written = crowd.grouped(answered, place + WRITTEN, min_texts)
        slots = slice(place + SLOTS, place + SLOTS + layout.slots[question])
        for part in answered.parts:
            total = totals[part]
            texts = total[place + WRITTEN] if part in written.parts else None
            answers[part][question] = Answers(total[place + ANSWERED], tuple(total[slots]), texts)
        if written.parts and totals[None][place + WRITTEN]:
            pool = [next(numbers) for _ in range(written.count)]
            pools |= {(question, block): pool[written.of_cell[cell[block]]] for block in known}
            for part, groups in written.parts.items():
                lying[part] += (pool[group] for group in groups)
    return Sums({part: Told(totals[part][0], answers[part], tuple(lying[part])) for part in totals}, pools)


@dataclass(frozen=True, eq=False)
class _Groups:
    """Groups of cells, from 0: the one of each cell, and those that each part is made of which is told."""

    of_cell: Sequence[int]
    parts: Mapping[Part, Collection[int]]
    count: int


class _Crowd:
    """The rows of all blocks as cells, and ways to group them."""

    def __init__(self, rows: list[Sequence[int]], width: int, parts: Mapping[Part, Collection[int]]) -> None:
        self._rows, self._width, self._parts = rows, width, parts
        self._made: dict[tuple[_Groups, int, tuple[int, ...]], _Groups] = {}
        self.apart = _Groups(range(len(rows)), parts, len(rows))

    def total(self, part: Part) -> list[int]:
        """The rows of a part, added."""
        rows = [self._rows[cell] for cell in self._parts[part]]
        return [sum(column) for column in zip(*rows, strict=True)] if rows else [0] * self._width

    def grouped(self, groups: _Groups, place: int, least: int) -> _Groups:
        """Groups of these groups such that each counts at least so many at this place of the rows."""
        if least == 0:
            return groups
        sizes = [0] * groups.count
        for row, group in zip(self._rows, groups.of_cell, strict=True):
            sizes[group] += row[place]
        key = groups, least, tuple(sizes)  # many questions are answered by the same people
        if key not in self._made:
            made = blocks(sizes, groups.parts, least)
            of_cell = [made.of_cell[group] for group in groups.of_cell]
            self._made[key] = _Groups(of_cell, made.told, max(of_cell, default=-1) + 1)
        return self._made[key]
