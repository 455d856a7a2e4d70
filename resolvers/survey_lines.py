"""Results of surveys line by line, as the gate lets them through: for tables that leave the house."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from execution.paging import Window
from execution.rows import read
from models.questionnaires import Question
from models.survey_slots import TEXTS
from models.survey_sums import Answers, Told
from models.surveys import CROSSED_MAX, SegmentKind
from resolvers import survey_gate
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.survey_gate import Gate
from resolvers.survey_results import Result
from resolvers.tables import Row, Value

COLUMNS = (
    *("line", "question", "key", "kind", "filter", "segment_kind", "segment", "is_suppressed", "invited", "responses"),
    *("row", "value", "count", "share", "average", "median", "standard_deviation", "promoter_score", "first_count"),
    *("are_texts_suppressed", "text"),
)
PORTION = 1_000  # texts that are read at once


@dataclass(frozen=True)
class Portion(PageArgs):
    """A page that is longer than clients may ask for: nobody leafs through it."""

    def window(self) -> Window:
        return Window(PORTION, cursor=self.after)


@dataclass(frozen=True)
class Crowd:
    """All who meet the gate's filter, or a segment of them; `told` is None where it is hidden."""

    place: Row
    told: Told | None
    invited: int | None
    is_part: bool = True

    def answers(self, question: Question) -> Answers | None:
        return self.told.answers.get(question.id) if self.told else None


async def lines(ctx: Context, survey: Any, of: Gate) -> AsyncGenerator[Sequence[Row]]:
    """What the gate tells, some lines at a time: how many took part, then question by question.

    Each of all who meet its filter, with the texts, then of every segment of each kind.
    """
    crowds = await _crowds(ctx, survey, of)
    yield [_participation(crowd) for crowd in crowds]
    for question in of.questions:
        yield [line for crowd in crowds for line in _answered(of, question, crowd)]
        async for texts in _texts(ctx, of, question):
            yield [{**_about(question, crowds[0]), "line": "TEXT", "text": text} for text in texts]


async def _crowds(ctx: Context, survey: Any, of: Gate) -> list[Crowd]:
    asked: Row = {"filter": await _in_words(ctx, of)}
    invited = None if of.wanted.values or of.told is None else read(survey, "invited") or None
    parts = [part for kind in _kinds(of) for part in await survey_gate.segments(ctx, of, kind)]
    return [Crowd(asked, of.told, invited, is_part=False)] + [
        Crowd({**asked, "segment_kind": part.kind, "segment": part.label}, part.told, part.invited) for part in parts
    ]


def _kinds(of: Gate) -> list[SegmentKind]:
    """What the gate's people are told apart by: what it does not filter by, and units below a unit."""
    filtered = {kind for kind, _ in of.wanted.values}
    left = [] if len(filtered) == CROSSED_MAX else [kind for kind in of.kinds if kind not in filtered]
    return [*left, *filtered & {SegmentKind.ORG_UNIT}]


async def _in_words(ctx: Context, of: Gate) -> str | None:
    """The filter; None for everybody."""
    told: list[str] = []
    for kind, value in of.wanted.values:
        unit = await ctx.loaders["units"].load(uuid.UUID(value)) if kind is SegmentKind.ORG_UNIT else None
        told.append(f"{kind}: {unit['name'] if unit else value}")
    return "; ".join(told) or None


def _participation(crowd: Crowd) -> Row:
    took_part = crowd.told.took_part if crowd.told else None
    return {
        **crowd.place,
        "line": "PARTICIPATION",
        "is_suppressed": crowd.told is None,
        "invited": crowd.invited,
        "responses": took_part,
        "share": took_part / crowd.invited if took_part is not None and crowd.invited else None,
    }


def _answered(of: Gate, question: Question, crowd: Crowd) -> Iterator[Row]:
    """A line on the question, and one for each answer that could be chosen unless it is hidden."""
    result = Result(question, crowd.answers(question), of)
    about = _about(question, crowd)
    yield {
        **about,
        "line": "QUESTION",
        "is_suppressed": result.is_suppressed,
        "responses": result.response_count,
        "average": result.average,
        "median": result.median,
        "standard_deviation": result.standard_deviation,
        "promoter_score": result.promoter_score,
        "are_texts_suppressed": _hides_texts(question, crowd),
    }
    for line in _chosen(result):
        yield {**about, **line}


def _chosen(result: Result) -> Iterator[Row]:
    for one in result.options:
        yield _count("OPTION", one.option.label, one.count, one.share)
    if result.other_count is not None:
        yield _count("OTHER", None, result.other_count, result.share(result.other_count))
    for one in result.distribution:
        yield _count("NUMBER", one.value, one.count, one.share)
    for one in result.ranking:
        ranked: Row = {"average": one.average_rank, "first_count": one.first_count}
        yield {**_count("RANK", one.option.label, one.count, result.share(one.count)), **ranked}
    for one in result.cells:
        yield {**_count("CELL", one.option.label, one.count, one.share), "row": one.row.label}


def _count(line: str, value: Value, count: int, share: float | None) -> Row:
    return {"line": line, "value": value, "count": count, "share": share}


def _about(question: Question, crowd: Crowd) -> Row:
    return {**crowd.place, "question": question.prompt, "key": question.key, "kind": question.kind}


def _hides_texts(question: Question, crowd: Crowd) -> bool | None:
    """Whether what was written is hidden; None where nothing can be, and of segments, whose texts are not asked for."""
    if crowd.is_part or not (question.kind in TEXTS or question.has_other):
        return None
    answers = crowd.answers(question)
    return answers is None or answers.written is None


async def _texts(ctx: Context, of: Gate, question: Question) -> AsyncGenerator[list[str]]:
    if not (question.kind in TEXTS or question.has_other):
        return
    after: str | None = None
    while True:
        page = await survey_gate.texts(ctx, of, question.id, Portion(after=after))
        yield [read(row, "text") for row in page.nodes]
        if not page.page_info.has_next_page:
            return
        after = page.page_info.end_cursor
