"""GraphiQL's tabs on surveys: one to answer, what is told of another, a quiz, and how a pulse has gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from atrium.web.operations import UNKNOWN, Tab, operation
from execution.ids import encode_id
from execution.rows import read
from models import survey_editions
from models.questionnaires import Question, QuestionKind
from models.survey_slots import scale_of
from models.surveys import SurveyKind, SurveyStatus
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.survey_series import all_series
from resolvers.surveys import SurveyFilter, surveys

SOME = PageArgs(first=20)


@dataclass(frozen=True)
class KnownSurveys:
    """Global ids of what the viewer may see, answers to the open one, and the key of the pulse's first question."""

    open: str = UNKNOWN
    closed: str = UNKNOWN
    quiz: str = UNKNOWN
    pulse: str = UNKNOWN
    pulse_key: str = UNKNOWN
    answers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


async def known_surveys(ctx: Context) -> KnownSurveys:
    """The newest open survey that waits for the viewer, the newest closed one, quiz, and pulse that they keep."""
    waiting = await _found(ctx, SurveyFilter(SurveyStatus.OPEN, SurveyKind.SURVEY, awaits=True))
    own = next((row for row in waiting if read(row, "series_id") is None), waiting[0] if waiting else None)
    over = await _found(ctx, SurveyFilter(SurveyStatus.CLOSED, SurveyKind.SURVEY))
    closed = next((row for row in over if read(row, "series_id") is None), over[0] if over else None)
    quizzes = await _found(ctx, SurveyFilter(SurveyStatus.OPEN, SurveyKind.QUIZ))
    kept = (await all_series(ctx, PageArgs(first=1))).nodes
    pulse = kept[0] if kept else None
    return KnownSurveys(
        _id("Survey", own),
        _id("Survey", closed),
        _id("Survey", quizzes[0] if quizzes else None),
        _id("SurveySeries", pulse),
        (await _questions(read(pulse, "template_id")))[0].key if pulse else UNKNOWN,
        [_answer(one) for one in await _questions(read(own, "id")) if one.required] if own else [],
    )


def survey_tabs(ids: KnownSurveys) -> list[Tab]:
    """The tabs in their order. Pulses have one where the viewer keeps any."""
    return list(_tabs(ids))


def _tabs(ids: KnownSurveys) -> Iterator[Tab]:
    answered = {"input": {"surveyId": ids.open, "answers": ids.answers}}
    yield Tab(
        "surveys", "Surveys", "Those that ask one, or that one asks.", operation("surveys/surveys"), {"first": 20}
    )
    yield Tab("survey", "A survey", "What it asks, and who learns what.", operation("surveys/survey"), {"id": ids.open})
    yield Tab(
        "answer-survey",
        "Answer a survey",
        "Once, and for good: with what it must be told.",
        operation("survey_answering/submit_survey_response"),
        answered,
    )
    yield Tab(
        "survey-results",
        "Results of a survey",
        "Numbers of five people or more, whatever one asks for.",
        operation("survey_results/survey_figures"),
        {"id": ids.closed, "filterBy": None, "by": None, "texts": 20, "after": None},
    )
    yield Tab(
        "quiz", "A quiz", "One's attempts, and what was right.", operation("survey_quizzes/quiz"), {"id": ids.quiz}
    )
    if ids.pulse != UNKNOWN:
        yield Tab(
            "pulse",
            "A pulse",
            "One question, from week to week.",
            operation("survey_series/survey_trend"),
            {"id": ids.pulse, "questionKey": ids.pulse_key, "filterBy": None},
        )


async def _found(ctx: Context, asked: SurveyFilter) -> list[Any]:
    return list((await surveys(ctx, asked, SOME)).nodes)


async def _questions(survey: UUID) -> tuple[Question, ...]:
    return (await survey_editions.newest([survey]))[survey].questions


def _id(type: str, row: Any) -> str:
    return UNKNOWN if row is None else encode_id(type, read(row, "id"))


def _answer(question: Question) -> dict[str, Any]:
    return {"questionId": encode_id("SurveyQuestion", question.id), "value": _value(question)}


def _value(question: Question) -> dict[str, Any]:
    """An answer that fits, in the middle or with what comes first."""
    options = [encode_id("SurveyOption", option.id) for option in question.options]
    match question.kind:
        case QuestionKind.SINGLE_CHOICE:
            return {"choice": {"optionId": options[0]} if options else {"otherText": "It depends"}}
        case QuestionKind.MULTIPLE_CHOICE:
            return {"choices": {"optionIds": options[:1]}}
        case QuestionKind.SCALE | QuestionKind.NPS:
            scale = scale_of(question)
            return {"number": (scale.minimum + scale.maximum + 1) // 2}
        case QuestionKind.RANKING:
            return {"ranking": options[: question.most]}
        case QuestionKind.MATRIX:
            rows = [encode_id("SurveyOption", row.id) for row in question.rows]
            return {"cells": [{"rowId": row, "optionId": options[0]} for row in rows]}
        case QuestionKind.TEXT:
            return {"text": "Well said."}
        case QuestionKind.DATE:
            return {"date": "2026-01-15"}
