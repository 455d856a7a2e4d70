"""Results of surveys: what the gate lets through of each question, as distributions, means, ranks and shares."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from auth.policies import surveys as policy
from execution.fields import Parent
from execution.loaders import Loader, settled
from execution.rows import read
from models import survey_figures as figures
from models import survey_told
from models.questionnaires import Option, Question, QuestionKind
from models.survey_figures import Promoters
from models.survey_slots import CHOICES, NUMBERS, other_slot, scale_of
from models.survey_sums import Answers, Told
from models.surveys import Anonymity, SegmentKind
from resolvers import survey_gate
from resolvers.context import Context
from resolvers.survey_gate import EVERYBODY, Gate, ResultFilter, Segment


@dataclass(frozen=True)
class Figures:
    """How some people have answered a question; all is None, or empty, where that is hidden."""

    question: Question
    answers: Answers | None

    @property
    def is_suppressed(self) -> bool:
        return self.answers is None

    @property
    def response_count(self) -> int | None:
        return self.answers.answered if self.answers else None

    @property
    def average(self) -> float | None:
        return figures.average(self._numbers, self._least)

    @property
    def median(self) -> float | None:
        return figures.median(self._numbers, self._least)

    @property
    def standard_deviation(self) -> float | None:
        return figures.deviation(self._numbers, self._least)

    @property
    def promoters(self) -> Promoters | None:
        if self.question.kind is not QuestionKind.NPS or self.answers is None:
            return None
        return figures.promoters(self.answers.counts)

    @property
    def promoter_score(self) -> float | None:
        return self.promoters.score if self.promoters else None

    @property
    def counts(self) -> Sequence[int]:
        return self.answers.counts if self.answers else ()

    @property
    def _numbers(self) -> Sequence[int]:
        return self.counts if self.question.kind in NUMBERS else ()

    @property
    def _least(self) -> int:
        return scale_of(self.question).minimum if self.question.kind in NUMBERS else 0

    def share(self, count: int) -> float | None:
        """So many as a part of those who answered the question, 0 to 1; None of nobody."""
        return count / self.answers.answered if self.answers and self.answers.answered else None


@dataclass(frozen=True)
class OptionCount:
    """How many chose an option."""

    option: Option
    count: int
    share: float | None


@dataclass(frozen=True)
class NumberCount:
    """How many answered with a number."""

    value: int
    count: int
    share: float | None


@dataclass(frozen=True)
class Ranked:
    """Where an option was ranked: 1 is first. `first` people have put it first."""

    option: Option
    count: int
    average_rank: float | None
    first_count: int


@dataclass(frozen=True)
class Cell:
    """How many chose a column in a row of a matrix."""

    row: Option
    option: Option
    count: int
    share: float | None


@dataclass(frozen=True)
class Result(Figures):
    """How those who meet the gate's filter have answered a question."""

    gate: Gate

    @property
    def id(self) -> uuid.UUID:
        return self.question.id

    @property
    def options(self) -> list[OptionCount]:
        """Of a choice, in the order of its options."""
        if self.question.kind not in CHOICES or self.answers is None:
            return []
        pairs = zip(self.question.options, self.counts[: len(self.question.options)], strict=True)
        return [OptionCount(option, count, self.share(count)) for option, count in pairs]

    @property
    def other_count(self) -> int | None:
        slot = other_slot(self.question)
        return None if slot is None or self.answers is None else self.counts[slot]

    @property
    def distribution(self) -> list[NumberCount]:
        """Of numbers, from the smallest."""
        counts = enumerate(self._numbers, self._least)
        return [NumberCount(value, count, self.share(count)) for value, count in counts]

    @property
    def ranking(self) -> list[Ranked]:
        """Of a ranking, in the order of its options."""
        if self.question.kind is not QuestionKind.RANKING or self.answers is None:
            return []
        rows = zip(self.question.options, figures.grid(self.counts, len(self.question.options)), strict=True)
        return [Ranked(option, sum(ranks), figures.average(ranks, 1), ranks[0]) for option, ranks in rows]

    @cached_property
    def cells(self) -> list[Cell]:
        """Of a matrix, row by row; shares are of those who answered the row, if each is answered with one column."""
        if self.question.kind is not QuestionKind.MATRIX or self.answers is None:
            return []
        rows = zip(self.question.rows, figures.grid(self.counts, len(self.question.options)), strict=True)
        return [
            Cell(row, option, count, self.share(count) if self.question.multiple else _rate(count, sum(counts)))
            for row, counts in rows
            for option, count in zip(self.question.options, counts, strict=True)
        ]


@dataclass(frozen=True)
class OfSegment:
    """Something about a part of the people."""

    segment: Segment

    @property
    def kind(self) -> SegmentKind:
        return self.segment.kind

    @property
    def value(self) -> str:
        return self.segment.value

    @property
    def label(self) -> str:
        return self.segment.label

    @property
    def unit_id(self) -> uuid.UUID | None:
        return self.segment.unit_id


@dataclass(frozen=True)
class SegmentResult(OfSegment, Figures):
    """How a part of the people has answered a question."""


@dataclass(frozen=True)
class Participation(OfSegment):
    """How many of a part of the people took part; None where that is hidden."""

    @property
    def is_suppressed(self) -> bool:
        return self.segment.told is None

    @property
    def invited(self) -> int | None:
        return self.segment.invited

    @property
    def responded(self) -> int | None:
        return self.segment.told.took_part if self.segment.told else None

    @property
    def rate(self) -> float | None:
        return _rate(self.responded, self.invited)


@dataclass(frozen=True)
class TrendPoint:
    """A question in one round of a pulse; None where the round does not ask it."""

    survey: Any
    result: Result | None


async def results(ctx: Context, survey: Any, asked: ResultFilter = EVERYBODY) -> list[Result]:
    """One for each question that a survey has ever asked; none for whom its results are not told. Raises `Invalid`."""
    found = await survey_gate.gate(ctx, survey, asked)
    return _results(found) if found else []


async def segments(ctx: Context, result: Result, by: SegmentKind | None) -> list[SegmentResult]:
    """The same question, by the parts of those who meet the filter. Raises `Invalid`."""
    question = result.question
    parts = await survey_gate.segments(ctx, result.gate, by)
    return [SegmentResult(question, _answers(part.told, question.id), part) for part in parts]


async def participation(ctx: Context, survey: Any, asked: ResultFilter, by: SegmentKind | None) -> list[Participation]:
    """How many took part, by the parts of those who meet a filter; none for whom it is not told. Raises `Invalid`."""
    found = await survey_gate.gate(ctx, survey, asked)
    return [Participation(part) for part in await survey_gate.segments(ctx, found, by)] if found else []


async def trend(ctx: Context, surveys: Sequence[Any], key: str, asked: ResultFilter = EVERYBODY) -> list[TrendPoint]:
    """What was answered to the question of this key in each of these rounds, each by its own gate.

    Rounds of which the viewer is told nothing are left out. Raises `Invalid` as the gate does.
    """
    points: list[TrendPoint] = []
    for survey, found in zip(surveys, await survey_gate.gates(ctx, surveys, asked), strict=True):
        if found is not None:
            of_key = (result for result in _results(found) if result.question.key == key)
            points.append(TrendPoint(survey, next(of_key, None)))
    return points


async def response_counts(ctx: Context, surveys: Sequence[Any]) -> list[int | None]:
    """How many people have answered each survey; None for whom the results are not told, and where it is too few.

    Until it is counted the number of a survey that is not named is a multiple of its `min_group`, rounded down.
    """
    counts = ctx.loaders.own(ResponseCounts, ResponseCounts)
    return settled(await counts.load_batch([Parent(read(one, "id"), one) for one in surveys]))


async def participation_rates(ctx: Context, surveys: Sequence[Any]) -> list[float | None]:
    """The same as a part of those who were asked, 0 to 1."""
    counts = await response_counts(ctx, surveys)
    return [_rate(count, read(one, "invited")) for one, count in zip(surveys, counts, strict=True)]


class ResponseCounts(Loader[Context, Parent, int | None]):
    """How many have answered surveys, asked once for both fields that tell of it."""

    async def batch_load_fn(self, keys: list[Parent]) -> Sequence[int | None]:
        may = await self.ctx.holds(policy.can_see_results, [key.row for key in keys])
        told = [key for key, is_told in zip(keys, may, strict=True) if is_told and read(key.row, "opened_at")]
        counting = [key.id for key in told if read(key.row, "counted_at") is None]
        so_far = await survey_told.took_part(counting) if counting else {}
        found = {
            key: _rounded(key.row, so_far[key.id]) if key.id in so_far else read(key.row, "answered") for key in told
        }
        return [found.get(key) for key in keys]


def _results(gate: Gate) -> list[Result]:
    return [Result(question, gate.of(question.id), gate) for question in gate.questions]


def _answers(told: Told | None, question: uuid.UUID) -> Answers | None:
    return told.answers.get(question) if told else None


def _rounded(survey: Any, count: int) -> int | None:
    if read(survey, "anonymity") == Anonymity.NAMED:
        return count
    least: int = read(survey, "min_group")
    return count - count % least or None


def _rate(count: int | None, of: int | None) -> float | None:
    return None if count is None or not of else count / of
