"""Quizzes: attempts begun, handed in by those who take them or when their time is up, and what that is worth."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from auth.policies import surveys as policy
from auth.scope import scope
from execution.rows import read
from models import survey_attempts as table
from models import survey_hearing, timers
from models.audiences import COMPANY
from models.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from models.questionnaires import Given, Questionnaire
from models.survey_attempts import HandedIn
from models.survey_scores import QuizScore, score
from models.surveys import Survey, SurveyKind, SurveyResponse, SurveyStatus
from resolvers.context import Context, Services
from resolvers.survey_staying import stay

ATTEMPT_DUE = "survey_attempt_due"
"""The kind of timer that hands in what was saved of an attempt when its time is up."""
ENDED = 200  # attempts handed in within one transaction when a quiz closes

NO_QUIZ = "Only a quiz is taken in attempts. Answer this survey with submitSurveyResponse."
NOT_ASKED = "You are not among those who take this quiz."
CLOSED = "This quiz is closed: nothing can be handed in any more."
CHANGED = "The questions have changed. Read them again."
NOT_STARTED = "This quiz has a time limit. Begin with startSurveyAttempt, then hand in."


@dataclass
class Sitting:
    """Somebody at an open quiz, whose seat is locked; `survey` has their `block`."""

    survey: asyncpg.Record
    attempts: list[SurveyResponse]

    @property
    def last(self) -> SurveyResponse | None:
        return self.attempts[-1] if self.attempts else None

    @property
    def running(self) -> SurveyResponse | None:
        return self.last if self.last and self.last.submitted_at is None else None

    @property
    def number(self) -> int:
        """Of the attempt that is running, or else would be the next; the first is 1."""
        return self.running.attempt if self.running else (self.last.attempt if self.last else 0) + 1

    @property
    def left(self) -> int:
        """How many more can be begun."""
        return max(0, self.survey["attempts"] - len(self.attempts))


async def start_attempt(ctx: Context, id: uuid.UUID) -> tuple[Survey, SurveyResponse]:
    """Begin an attempt at a quiz, or go on with the one that is running. The quiz and the attempt.

    Raises `NotFound`, `Forbidden`, `Invalid`, or `Conflict` where none is left.
    """
    ctx.reach("surveys:write")
    quiz = await scope(Survey, ctx.me).filter(id=id).first()
    if quiz is None:
        raise NotFound(path=["surveyId"])
    if quiz.kind is not SurveyKind.QUIZ:
        raise Invalid(NO_QUIZ, ["surveyId"])
    await ctx.ensure(policy.can_answer, quiz, "take this quiz: those who were asked may, while it is open")
    async with ctx.transaction():
        sitting = await _sit(ctx, quiz)
        attempt = sitting.running or (await _begin(ctx, sitting) if sitting.left else None)
    if attempt is None:  # told after the transaction: what has just been handed in stays so
        raise _used_up(sitting)
    return quiz, attempt


async def attempt_to_save(ctx: Context, quiz: Any) -> SurveyResponse:
    """The attempt at a quiz that the viewer, who may answer, saves answers to: the running one.

    It is begun where there is no time limit, and its edition is the one that is asked now. Nobody else saves or hands
    in for them until the caller's transaction ends. Raises `Forbidden` or `Conflict`.
    """
    sitting = await _sit(ctx, quiz)
    if refusal := _refusal(sitting):
        raise refusal
    attempt = sitting.running or await _begin(ctx, sitting)
    if attempt.edition != sitting.survey["edition"]:
        attempt.edition = sitting.survey["edition"]
        await attempt.save(update_fields=["edition"])
    return attempt


async def take(ctx: Context, survey: Any, questionnaire: Questionnaire, givens: Sequence[Given]) -> QuizScore:
    """Hand in an attempt with all its answers, for a viewer who may answer; what it is worth.

    `questionnaire` is the one of the survey's `edition`. Without a time limit an attempt is begun by handing it in.
    Raises `Forbidden` or `Conflict`: who is too late has handed in what was saved in time. That stays so because there
    is a transaction of its own for it: call this outside of one.
    """
    handed_in = score(questionnaire, givens)
    async with ctx.transaction():
        sitting = await _sit(ctx, survey)
        refusal = _refusal(sitting, edition=read(survey, "edition"))
        if refusal is None:
            await table.take(sitting.survey, ctx.me.person_id, sitting.number, givens, ctx.now(), handed_in)
    if refusal:
        raise refusal
    return handed_in


async def can_go_on(ctx: Context, quizzes: Sequence[Any]) -> set[uuid.UUID]:
    """Those of these quizzes at which an attempt of the viewer's runs, or another one is left."""
    by_id: dict[uuid.UUID, Any] = {read(quiz, "id"): quiz for quiz in quizzes}
    taken = await table.of_person(by_id.keys(), ctx.me.person_id) if by_id else {}
    return {id for id, quiz in by_id.items() if _goes_on(ctx, quiz, taken.get(id, []))}


async def hand_in_due(services: Services, timer: asyncpg.Record) -> None:
    """Hand in what was saved of an attempt whose time is up; later, where its quiz now closes later."""
    ctx, running = Context(services, viewer=None), {"id": timer["subject_id"], "submitted_at": None}
    found = await SurveyResponse.get_or_none(**running)
    if found is None:
        return
    async with ctx.transaction():
        seat = await table.seat(found.survey_id, found.person_id)
        attempt = await SurveyResponse.get_or_none(**running)  # as it is now that nobody else saves
        if seat is not None and attempt is not None and not await _expire(ctx, seat, attempt):
            await _wake(attempt, seat)


async def end_attempts(ctx: Context, id: uuid.UUID) -> int:
    """Hand in what was saved of all attempts that are running at a quiz that has closed; how many.

    To be done before it is counted; again it does nothing.
    """
    quiz = await Survey.get(id=id)
    if quiz.kind is not SurveyKind.QUIZ or quiz.closed_at is None:
        return 0
    ended = portion = await _end_some(ctx, quiz)
    while portion == ENDED:
        portion = await _end_some(ctx, quiz)
        ended += portion
    return ended


def deadline(survey: Any, attempt: SurveyResponse) -> datetime | None:
    """Until when an attempt can be handed in: never after its quiz closes, whenever that is by now."""
    ends = [end for end in (attempt.due_at, read(survey, "closes_at"), read(survey, "closed_at")) if end is not None]
    return min(ends, default=None)


def _goes_on(ctx: Context, quiz: Any, attempts: Sequence[SurveyResponse]) -> bool:
    if len(attempts) < read(quiz, "attempts"):
        return True
    last = attempts[-1]
    ends = deadline(quiz, last)
    return last.submitted_at is None and (ends is None or ctx.now() < ends)


async def _sit(ctx: Context, quiz: Any) -> Sitting:
    """Lock the viewer's seat at an open quiz, and hand in what has run out of time. Raises `Forbidden`."""
    id, me = read(quiz, "id"), ctx.me.person_id
    if read(quiz, "target_id") != COMPANY:
        await stay(ctx, await survey_hearing.circle(id))
    seat = await table.seat(id, me)
    if seat is None:
        raise Forbidden(NOT_ASKED, ["surveyId"])
    if seat["status"] != SurveyStatus.OPEN or (seat["closes_at"] and seat["closes_at"] <= ctx.now()):
        raise Forbidden(CLOSED, ["surveyId"])
    sitting = Sitting(seat, (await table.of_person([id], me)).get(id, []))
    if sitting.running:
        await _expire(ctx, seat, sitting.running)
    return sitting


async def _begin(ctx: Context, sitting: Sitting) -> SurveyResponse:
    quiz, now = sitting.survey, ctx.now()
    due_at = None if quiz["time_limit"] is None else now + timedelta(seconds=quiz["time_limit"])
    attempt = await table.begin(quiz, ctx.me.person_id, sitting.number, now, due_at)
    sitting.attempts.append(attempt)
    if due_at is not None:
        await _wake(attempt, quiz)
    return attempt


async def _wake(attempt: SurveyResponse, quiz: asyncpg.Record) -> None:
    """Have the attempt handed in when its time is up."""
    if ends := deadline(quiz, attempt):
        await timers.set_timer(ATTEMPT_DUE, str(attempt.id), ends, attempt.id)


async def _expire(ctx: Context, quiz: asyncpg.Record, attempt: SurveyResponse) -> bool:
    """Hand in what was saved of an attempt if its time is up; whether it was."""
    ends = deadline(quiz, attempt)
    if ends is None or ctx.now() < ends:
        return False
    await _hand_in_saved(quiz, [attempt])
    attempt.submitted_at = ends
    return True


async def _end_some(ctx: Context, quiz: Survey) -> int:
    async with ctx.transaction():
        attempts = await table.running(quiz.id, ENDED)
        if attempts:
            await _hand_in_saved(quiz, attempts)
    return len(attempts)


async def _hand_in_saved(quiz: Any, attempts: Sequence[SurveyResponse]) -> None:
    """Hand in what was saved of attempts at a quiz, each at the end of its time."""
    id: uuid.UUID = read(quiz, "id")
    givens = await table.saved(attempts)
    asked = await table.editions({(id, attempt.edition) for attempt in attempts})
    worth = [score(asked[id, attempt.edition], givens[attempt.id]) for attempt in attempts]
    ends = [(attempt, deadline(quiz, attempt)) for attempt in attempts]
    await table.hand_in(
        [HandedIn(one.id, one.edition, at, won) for (one, at), won in zip(ends, worth, strict=True) if at is not None]
    )


def _refusal(sitting: Sitting, edition: int | None = None) -> DomainError | None:
    """Why nothing can be handed in, or saved: of questions of this edition, if one is said; None where it can."""
    quiz = sitting.survey
    if edition is not None and edition != quiz["edition"]:
        return Conflict(CHANGED, ["surveyId"])
    if sitting.running:
        return None
    if sitting.last and (quiz["time_limit"] is not None) and sitting.last.submitted_at == deadline(quiz, sitting.last):
        return _too_late(sitting)
    if not sitting.left:
        return _used_up(sitting)
    return None if quiz["time_limit"] is None else Conflict(NOT_STARTED, ["surveyId"])


def _too_late(sitting: Sitting) -> Conflict:
    further = f" {_times(sitting.left)} left: begin another with startSurveyAttempt." if sitting.left else ""
    return Conflict(f"The time is up. What was saved until then has been handed in.{further}", ["surveyId"])


def _used_up(sitting: Sitting) -> Conflict:
    return Conflict(f"There is no attempt left: {_times(sitting.survey['attempts'])} allowed.", ["surveyId"])


def _times(number: int) -> str:
    return "1 attempt is" if number == 1 else f"{number} attempts are"
