"""GraphiQL's tabs on surveys: one to answer, what is told of another, one to make, a quiz, and how a pulse has gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from atrium.web.operations import NOTHING, UNKNOWN, Tab, operation
from atrium.web.survey_samples import EVERYBODY, answers_to, draft
from auth.conditions import Condition
from auth.policies import surveys as policy
from auth.scope import scope
from execution.ids import encode_id
from execution.rows import read
from models import survey_editions
from models.audiences import COMPANY
from models.questionnaires import Question
from models.surveys import Survey, SurveyKind, SurveyStatus
from resolvers import survey_gate
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.survey_series import all_series
from resolvers.surveys import SurveyFilter, surveys

SOME = PageArgs(first=20)


@dataclass(frozen=True)
class KnownSurveys:
    """Global ids of what the viewer may see; `NOTHING` where there is none, `UNKNOWN` where nobody is signed in.

    `open` waits for the viewer and takes these `answers`, `shown` is any, `live` one that is open, `closed` one that is
    told. `quiz` is one to look at, `takeable` one to take. `audience`: whom the viewer may ask; None: nobody.
    """

    open: str = UNKNOWN
    answers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    shown: str = UNKNOWN
    live: str = UNKNOWN
    closed: str = UNKNOWN
    quiz: str = UNKNOWN
    takeable: str = UNKNOWN
    pulse: str = UNKNOWN
    pulse_key: str = UNKNOWN  # of its first question
    audience: dict[str, Any] | None = field(default_factory=lambda: dict[str, Any](EVERYBODY))


async def known_surveys(ctx: Context) -> KnownSurveys:
    """What there is for the viewer: the newest, but of results those of most people, and a pulse that was counted."""
    own = await _waiting(ctx)
    every = await _found(ctx, SurveyFilter())
    running = [row for row in every if read(row, "status") == SurveyStatus.OPEN]
    quizzes = sorted(await _found(ctx, SurveyFilter(kind=SurveyKind.QUIZ)), key=_is_over)
    pulse = await _pulse(ctx)
    return KnownSurveys(
        open=_id("Survey", own),
        answers=answers_to(await _questions(read(own, "id"))) if own else [],
        shown=_id("Survey", own or _first(running) or _first(every)),
        live=_id("Survey", own or _first(running)),
        closed=_id("Survey", await _told(ctx)),
        quiz=_id("Survey", _first(quizzes)),
        takeable=_id("Survey", _first(await _held(ctx, policy.can_answer, quizzes))),
        pulse=_id("SurveySeries", pulse),
        pulse_key=(await _questions(read(pulse, "template_id")))[0].key if pulse else NOTHING,
        audience=await _audience(ctx),
    )


def survey_tabs(ids: KnownSurveys) -> list[Tab]:
    """The tabs in their order. Those for which there is nothing say so, and what to do."""
    return [
        Tab("surveys", "Surveys", "Those that ask one, or that one asks.", operation("surveys/surveys"), {"first": 20}),
        Tab(
            "survey",
            "A survey",
            "What it asks, and who learns what.",
            _unless(ids.shown, NONE_SHOWN) + operation("surveys/survey"),
            {"id": ids.shown},
        ),
        Tab(
            "answer-survey",
            "Answer a survey",
            "Once, and for good: with what it must be told.",
            _unless(ids.open, NONE_WAITS) + operation("survey_answering/submit_survey_response"),
            {"input": {"surveyId": ids.open, "answers": ids.answers}},
        ),
        Tab(
            "survey-results",
            "Results of a survey",
            "Numbers of five people or more, whatever one asks for.",
            _unless(ids.closed, NONE_TOLD) + operation("survey_results/survey_figures"),
            {"id": ids.closed, "filterBy": None, "by": None, "texts": 20, "after": None},
        ),
        Tab(
            "create-survey",
            "Create a survey",
            "A draft, which nobody is asked until it is opened.",
            _unless(ids.audience, MAY_NOT_ASK) + operation("survey_making/create_survey"),
            {"input": draft(ids.audience or EVERYBODY)},
        ),
        Tab(
            "survey-stream",
            "Survey stream",
            "A subscription: what happens to one that is open.",
            _unless(ids.live, NONE_LIVE) + operation("streams/survey_updated"),
            {"surveyId": ids.live, "after": None},
        ),
        Tab(
            "begin-quiz",
            "Begin a quiz",
            "An attempt, or on with the one that is running.",
            _unless(ids.takeable, NONE_TO_TAKE) + operation("survey_quizzes/start_survey_attempt"),
            {"input": {"surveyId": ids.takeable}},
        ),
        Tab(
            "quiz",
            "A quiz",
            "One's attempts, and what was right.",
            _unless(ids.quiz, NO_QUIZ) + operation("survey_quizzes/quiz"),
            {"id": ids.quiz},
        ),
        Tab(
            "pulse",
            "A pulse",
            "One question, from week to week.",
            _unless(ids.pulse, NO_PULSE) + operation("survey_series/survey_trend"),
            {"id": ids.pulse, "questionKey": ids.pulse_key, "filterBy": None},
        ),
    ]


NONE_SHOWN = "There is no survey that you may see. Sign in as head, or make one by createSurvey."
NONE_WAITS = "Nothing waits for you. Sign in as somebody else, such as head, or make a survey by createSurvey."
NONE_TOLD = "You are told no results yet. Sign in as head, or close a survey that enough people have answered."
MAY_NOT_ASK = "You may ask nobody, so this is refused. Sign in as admin or head, or make a group, which you may ask."
NONE_LIVE = "No survey that you may see is open. Sign in as head, or open one by openSurvey."
NONE_TO_TAKE = "No quiz waits for you. Sign in as member, or make one by createSurvey and open it."
NO_QUIZ = "There is no quiz that you may see. Sign in as member, or make one by createSurvey."
NO_PULSE = "You keep no pulse. Sign in as admin, who does, or begin one by createSurveySeries."


def _unless(found: str | dict[str, Any] | None, lacking: str) -> str:
    """A comment on what is lacking where nothing was found, each sentence on a line: the editor is narrow."""
    return "" if found else "".join(f"# {sentence.rstrip('.')}.\n" for sentence in lacking.split(". "))


async def _waiting(ctx: Context) -> Any:
    """An open survey that asks the viewer: rather a long one than a poll, and one by itself than a pulse's round."""
    waiting = await _found(ctx, SurveyFilter(SurveyStatus.OPEN, awaits=True))
    asking = [row for row in waiting if read(row, "kind") != SurveyKind.QUIZ]  # which is taken in attempts
    return min(asking, key=_rank, default=None)


def _rank(row: Any) -> tuple[bool, bool]:
    return read(row, "kind") == SurveyKind.POLL, read(row, "series_id") is not None


async def _told(ctx: Context) -> Any:
    """Of the closed surveys of which the viewer is told anything the one that most people have answered."""
    gates = await survey_gate.gates(ctx, await _found(ctx, SurveyFilter(SurveyStatus.CLOSED)))
    told = [(gate.told.took_part, gate.survey) for gate in gates if gate and gate.told and any(gate.told.answered)]
    return max(told, key=lambda one: one[0])[1] if told else None


async def _pulse(ctx: Context) -> Any:
    """The viewer's series of the round that was counted last; else the newest."""
    kept = list((await all_series(ctx, SOME)).nodes)
    rounds = scope(Survey, ctx.me).filter(series_id__in=[read(row, "id") for row in kept], counted_at__isnull=False)
    last = await rounds.order_by("-counted_at").first() if kept else None
    return next((row for row in kept if last and read(row, "id") == last.series_id), _first(kept))


async def _audience(ctx: Context) -> dict[str, Any] | None:
    """Whom the viewer may ask: rather the company than a unit, and a unit than a group."""
    me = ctx.me
    units = {*me.headed, *(grant.unit_id for grant in me.grants if grant.unit_id)}
    choices: list[tuple[UUID, dict[str, Any]]] = [
        (COMPANY, EVERYBODY),
        *((id, {"orgUnitId": encode_id("OrgUnit", id)}) for id in sorted(units)),
        *((id, {"groupId": encode_id("Group", id)}) for id in sorted(me.leads)),
    ]
    may = await ctx.holds(policy.can_create, [{"target_id": id} for id, _ in choices])
    return next((audience for (_, audience), held in zip(choices, may, strict=True) if held), None)


async def _found(ctx: Context, asked: SurveyFilter) -> list[Any]:
    return list((await surveys(ctx, asked, SOME)).nodes)


async def _held(ctx: Context, condition: Condition, rows: Sequence[Any]) -> list[Any]:
    return [row for row, held in zip(rows, await ctx.holds(condition, rows), strict=True) if held]


async def _questions(survey: UUID) -> tuple[Question, ...]:
    return (await survey_editions.newest([survey]))[survey].questions


def _is_over(row: Any) -> bool:
    return read(row, "status") != SurveyStatus.OPEN


def _first(rows: Sequence[Any]) -> Any:
    return rows[0] if rows else None


def _id(type: str, row: Any) -> str:
    return NOTHING if row is None else encode_id(type, read(row, "id"))
