"""Sums: what is told of a survey once its answers are counted by blocks, and of which segments.

Who took part stands in groups of blocks, at least `min_group` people each; who answered a question in groups of such
groups; who wrote something in groups of these, at least `min_texts` texts each. So all that is told, of all questions
together, is told of the same groups: let people of one group change their answers with one another, and nothing that
is told changes.
"""

from __future__ import annotations

import sys
import uuid
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from operator import itemgetter
from typing import TypeAlias

from models.questionnaires import Question, QuestionKind
from models.survey_blocks import blocks
from models.survey_slots import TEXTS, slot_count

Part: TypeAlias = uuid.UUID | None
"""A segment, or None for all who took part."""

Rows: TypeAlias = Mapping[int, Sequence[int]]
"""The numbers of blocks, as a `Layout` lays them out."""

ANSWERED, WRITTEN, SLOTS = 0, 1, 2
"""What stands behind the place of a question: people who answered, texts, and from there on a number for each slot."""

SEVERAL = frozenset({QuestionKind.MULTIPLE_CHOICE, QuestionKind.RANKING, QuestionKind.MATRIX})
"""Kinds of which one answer has several slots."""


@dataclass(frozen=True)
class Layout:
    """The row of numbers that a block has: how many took part, then those of each question from its place on."""

    slots: Mapping[uuid.UUID, int]  # how many each question has
    several: frozenset[uuid.UUID] = frozenset()  # questions of which one answer may have several
    texts: frozenset[uuid.UUID] = frozenset()  # questions to which something may be written

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


def places_of(
    layout: Layout, block: int, question: uuid.UUID | None, slots: Sequence[int], *, is_written: bool = False
) -> list[int]:
    """Where an answer counts in the rows of blocks that stand one behind the other; `is_written`: it has a text.

    Without a question it stands for having taken part. Of one that has one slot at most, answering counts with that.
    """
    start = block * layout.width
    if question is None:
        return [start]
    start += layout.places[question]
    found = [start + SLOTS + slot for slot in slots]
    if not found or question in layout.several:
        found.append(start + ANSWERED)
    if is_written:
        found.append(start + WRITTEN)
    return found


def layout_of(questions: Sequence[Question]) -> Layout:
    """The layout of a survey that asks, or has asked, these questions."""
    slots = {question.id: slot_count(question) for question in questions}
    several = frozenset(question.id for question in questions if question.kind in SEVERAL)
    return Layout(slots, several, frozenset(one.id for one in questions if one.kind in TEXTS or one.has_other))


@dataclass(frozen=True)
class Answers:
    """What is told of a question: people who `answered`, `counts` of them by slot, texts (None: not told)."""

    answered: int
    counts: tuple[int, ...]
    written: int | None = None


@dataclass(frozen=True)
class Told:
    """What is told of some part: who took part, the questions that are not hidden, and of each what `answers` gives.

    `counts` has the slots of one question behind those of another, `pools` those that the texts lie in.
    """

    took_part: int
    questions: tuple[uuid.UUID, ...]
    answered: Sequence[int]
    counts: Sequence[int]
    written: Sequence[int | None]
    pools: Sequence[int]
    slots: Mapping[uuid.UUID, int] = field(repr=False, compare=False)

    @cached_property
    def answers(self) -> dict[uuid.UUID, Answers]:
        """By question."""
        found: dict[uuid.UUID, Answers] = {}
        place = 0
        for question, answered, written in zip(self.questions, self.answered, self.written, strict=True):
            end = place + self.slots[question]
            found[question] = Answers(answered, tuple(self.counts[place:end]), written)
            place = end
        return found


@dataclass(frozen=True)
class Sums:
    """What is told of each part that is not hidden. `pools`: where the texts of a question and block belong.

    Of thousands of parts and numbers that is more than should be held at once: each is summed when it is read.
    """

    told: Mapping[Part, Told]
    pools: dict[tuple[uuid.UUID, int], int]


def summed(
    layout: Layout,
    rows: Rows,
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
    crowd = _Crowd([rows.get(block, nothing) for block in known], layout, parts)
    took_part = crowd.grouped(crowd.apart, 0, min_group)
    shown: list[_Shown] = []
    for question, place in layout.places.items():
        answered = crowd.grouped(took_part, place + ANSWERED, min_group)
        shown.append(_Shown(question, answered, crowd.grouped(answered, place + WRITTEN, min_texts)))
    everybody: Sequence[int] = crowd.totals.of(None) if None in took_part.parts else ()
    pools: dict[tuple[uuid.UUID, int], int] = {}
    lying: dict[Part, list[int]] = {part: [] for part in took_part.parts}
    numbers = count()
    for one in shown:
        if one.written.parts and everybody[layout.places[one.question] + WRITTEN]:
            pool = [next(numbers) for _ in range(one.written.count)]
            pools |= {(one.question, block): pool[one.written.of_cell[i]] for i, block in enumerate(known)}
            for part, groups in one.written.parts.items():
                lying[part] += (pool[group] for group in groups)
    return Sums(_Telling(layout, shown, crowd.totals, lying), pools)


def numbers_for(people: int, length: int) -> array[int]:
    """So many zeros, to become numbers none of which exceeds that of these people: in half the room where they fit."""
    code = "H" if people < 1 << 16 else "I"
    return array(code, bytes(array(code).itemsize * length))


@dataclass(frozen=True, eq=False)
class _Groups:
    """Groups of cells, from 0: the one of each cell, and those that each part is made of which is told."""

    of_cell: Sequence[int]
    parts: Mapping[Part, Collection[int]]
    count: int


@dataclass(frozen=True)
class _Shown:
    """A question, and the groups in which it was answered and written to."""

    question: uuid.UUID
    answered: _Groups
    written: _Groups


class _Totals:
    """The rows of all cells, to be added: a row is one long number, so that adding two adds all that stands in them."""

    def __init__(self, rows: Sequence[Sequence[int]], width: int, parts: Mapping[Part, Collection[int]]) -> None:
        self._parts, self._width = parts, width
        counted = next((row for row in rows if isinstance(row, memoryview)), None)
        # No number of any sum exceeds that of all who took part.
        self._code = counted.format if counted else numbers_for(sum(row[0] for row in rows), 0).typecode
        self._packed = [int.from_bytes(self._bytes(row), sys.byteorder) for row in rows]

    def of(self, part: Part) -> array[int]:
        """The rows of a part, added."""
        packed = sum(self._packed[cell] for cell in self._parts[part])
        total: array[int] = array(self._code)
        total.frombytes(packed.to_bytes(self._width * total.itemsize, sys.byteorder))
        return total

    def _bytes(self, row: Sequence[int]) -> bytes:
        return row.tobytes() if isinstance(row, memoryview) else array(self._code, row).tobytes()


class _Crowd:
    """The rows of all blocks as cells, and ways to group them."""

    def __init__(self, rows: list[Sequence[int]], layout: Layout, parts: Mapping[Part, Collection[int]]) -> None:
        self._rows = rows
        self._made: dict[tuple[_Groups, int, tuple[int, ...]], _Groups] = {}
        self.totals = _Totals(rows, layout.width, parts)
        self.apart = _Groups(range(len(rows)), parts, len(rows))

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


class _Telling(Mapping[Part, Told]):
    """What is told of each part, picked out of its total; in the order in which parts were let in."""

    def __init__(
        self, layout: Layout, shown: Sequence[_Shown], totals: _Totals, pools: Mapping[Part, Sequence[int]]
    ) -> None:
        self._layout, self._shown, self._totals, self._pools = layout, shown, totals, pools
        self._parts = [of.parts for of in {groups for one in shown for groups in (one.answered, one.written)}]
        self._picks: dict[tuple[bool, ...], _Pick] = {}

    def __iter__(self) -> Iterator[Part]:
        return iter(self._pools)

    def __len__(self) -> int:
        return len(self._pools)

    def __contains__(self, part: object) -> bool:
        return part in self._pools

    def __getitem__(self, part: Part) -> Told:
        pools, pick, total = self._pools[part], self._pick(part), self._totals.of(part)
        return Told(
            took_part=total[0],
            questions=pick.questions,
            answered=pick.answered(total),
            counts=pick.counts(total),
            written=[None if place is None else total[place] for place in pick.written],
            pools=pools,
            slots=self._layout.slots,
        )

    def _pick(self, part: Part) -> _Pick:
        """What is told of a part; the same for all of which the same questions are."""
        key = tuple([part in parts for parts in self._parts])
        if key not in self._picks:
            self._picks[key] = self._picked(part)
        return self._picks[key]

    def _picked(self, part: Part) -> _Pick:
        shown = [one for one in self._shown if part in one.answered.parts]
        at = [self._layout.places[one.question] for one in shown]
        ends = [place + SLOTS + self._layout.slots[one.question] for place, one in zip(at, shown, strict=True)]
        return _Pick(
            questions=tuple(one.question for one in shown),
            answered=_picker([place + ANSWERED for place in at]),
            counts=_picker([i for place, end in zip(at, ends, strict=True) for i in range(place + SLOTS, end)]),
            written=[
                place + WRITTEN if part in one.written.parts else None for place, one in zip(at, shown, strict=True)
            ],
        )


_Picker: TypeAlias = Callable[[Sequence[int]], tuple[int, ...]]


@dataclass(frozen=True)
class _Pick:
    """The questions that are told of a part, and how their numbers are picked; of texts the places, None: not told."""

    questions: tuple[uuid.UUID, ...]
    answered: _Picker
    counts: _Picker
    written: list[int | None]


def _picker(places: list[int]) -> _Picker:
    """What gives the numbers at these places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda total: tuple(total[place] for place in places)
