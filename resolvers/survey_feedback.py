"""What those who take a quiz are told of it: their attempts, the score that counts, and what was right, in time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auth.policies import surveys as policy
from execution.loaders import Loader, settled
from execution.rows import read
from models import survey_attempts as table
from models import survey_editions
from models.questionnaires import Option, Question
from models.survey_keys import key_of
from models.survey_scores import Mark, QuizScore, Right, counting, marks, right
from models.surveys import Feedback, Scoring, SurveyKind, SurveyResponse, SurveyStatus
from resolvers.context import Context
from resolvers.survey_quizzes import deadline

OVER = (SurveyStatus.CLOSED, SurveyStatus.ARCHIVED)


@dataclass(frozen=True)
class ShownAttempt:
    """An attempt of the viewer's own; without points until it is handed in."""

    number: int
    started_at: datetime
    due_at: datetime | None
    submitted_at: datetime | None
    points: float | None
    maximum: float | None


@dataclass(frozen=True)
class QuestionKey:
    """What is right for a question, and what each option is worth."""

    question: Question
    maximum: float
    right: Right
    options: Sequence[Option]


@dataclass(frozen=True)
class QuestionFeedback:
    """What the viewer's answer to a question was worth, and what is right."""

    question: Question
    points: float
    maximum: float
    right: Right


class Own(Loader[Context, uuid.UUID, list[SurveyResponse]]):
    """The viewer's own attempts at quizzes, asked once for all fields that need them."""

    async def batch_load_fn(self, keys: list[uuid.UUID]) -> Sequence[list[SurveyResponse]]:
        found = await table.of_person(keys, self.ctx.me.person_id)
        return [found.get(key, []) for key in keys]


async def attempts(ctx: Context, surveys: Sequence[Any]) -> list[list[ShownAttempt]]:
    """The viewer's attempts at each quiz, the first first; none at what is no quiz."""
    own = await _own(ctx, surveys)
    return [[shown(survey, one) for one in own.get(read(survey, "id"), ())] for survey in surveys]


async def scores(ctx: Context, surveys: Sequence[Any]) -> list[QuizScore | None]:
    """The viewer's score that counts in each quiz; None before an attempt is handed in."""
    own = await _own(ctx, surveys)
    return [_counting(survey, own.get(read(survey, "id"), [])) for survey in surveys]


async def feedback(ctx: Context, surveys: Sequence[Any]) -> list[list[QuestionFeedback] | None]:
    """What was right in the attempt that the viewer handed in last; None while that is not told.

    By the questionnaire that was answered, whatever it is by now.
    """
    own = await _own(ctx, [survey for survey in surveys if _is_told(survey)])
    last = {id: done[-1] for id, attempts in own.items() if (done := _handed_in(attempts))}
    givens = await table.saved(list(last.values())) if last else {}
    asked = await table.editions({(id, one.edition) for id, one in last.items()}) if last else {}
    told = {id: [_told(m) for m in marks(asked[id, one.edition], givens[one.id])] for id, one in last.items()}
    return [told.get(read(survey, "id")) for survey in surveys]


async def keys(ctx: Context, surveys: Sequence[Any]) -> list[list[QuestionKey] | None]:
    """What is right in each quiz as it is asked now; None for whoever does not edit it, and for what is no quiz."""
    quizzes = [survey for survey in surveys if _is_quiz(survey)]
    held = await ctx.holds(policy.can_see_key, quizzes)
    ids = [read(survey, "id") for survey, may in zip(quizzes, held, strict=True) if may]
    asked = await survey_editions.newest(ids) if ids else {}
    told = {id: [_key(question) for question in one.questions] for id, one in asked.items()}
    return [told.get(read(survey, "id")) for survey in surveys]


def shown(survey: Any, attempt: SurveyResponse) -> ShownAttempt:
    """An attempt as whoever made it may see it."""
    handed_in = attempt.submitted_at
    return ShownAttempt(
        attempt.attempt, attempt.started_at, deadline(survey, attempt), handed_in, attempt.points, attempt.maximum
    )


async def _own(ctx: Context, surveys: Sequence[Any]) -> dict[uuid.UUID, list[SurveyResponse]]:
    ids = [read(survey, "id") for survey in surveys if _is_quiz(survey)]
    return dict(zip(ids, settled(await ctx.loaders.own(Own, Own).load_batch(ids)), strict=True))


def _is_quiz(survey: Any) -> bool:
    return read(survey, "kind") == SurveyKind.QUIZ


def _is_told(survey: Any) -> bool:
    """Whether those who have handed in an attempt are told what was right by now."""
    match Feedback(read(survey, "feedback")):
        case Feedback.AFTER_ATTEMPT:
            return True
        case Feedback.AFTER_CLOSE:
            return read(survey, "status") in OVER
        case Feedback.NEVER:
            return False


def _handed_in(attempts: Sequence[SurveyResponse]) -> list[SurveyResponse]:
    return [one for one in attempts if one.submitted_at is not None]


def _counting(survey: Any, attempts: Sequence[SurveyResponse]) -> QuizScore | None:
    done = [QuizScore(one.points or 0.0, one.maximum or 0.0) for one in _handed_in(attempts)]
    return counting(Scoring(read(survey, "scoring")), done)


def _told(mark: Mark) -> QuestionFeedback:
    return QuestionFeedback(mark.question, mark.points, mark.maximum, right(mark.question))


def _key(question: Question) -> QuestionKey:
    return QuestionKey(question, key_of(question).maximum, right(question), question.options)
