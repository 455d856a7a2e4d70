"""Quizzes in the tests: asked, begun, saved and handed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models import survey_attempts, survey_editions
from models.people import Person
from models.questionnaires import Given, Question
from models.survey_scores import QuizScore
from models.surveys import Anonymity, Survey, SurveyKind, SurveyResponse
from resolvers import survey_feedback, survey_quizzes
from resolvers.context import Context
from resolvers.survey_feedback import QuestionFeedback, ShownAttempt
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.surveys import a_survey


async def a_quiz(author: Person, *questions: Question, asked: Sequence[Person] = (), **columns: Any) -> Survey:
    """A quiz that is open since yesterday and closes in six days."""
    values: dict[str, Any] = {"anonymity": Anonymity.NAMED, **columns}
    return await a_survey(author, *questions, asked=asked, kind=SurveyKind.QUIZ, **values)


async def begin(ask: Ask, who: Person, quiz: Survey) -> SurveyResponse:
    """An attempt begun, or the one that is running."""
    _, attempt = await survey_quizzes.start_attempt(await ask.context(who), quiz.id)
    return attempt


async def save(ask: Ask, who: Person, quiz: Survey, *givens: Given) -> None:
    """What has been answered so far, saved."""
    ctx = await ask.context(who)
    async with ctx.transaction():
        await survey_attempts.keep(await survey_quizzes.attempt_to_save(ctx, quiz), givens)


async def take(ask: Ask, who: Person, quiz: Survey, *givens: Given) -> QuizScore:
    """An attempt handed in."""
    now_asked = (await survey_editions.newest([quiz.id]))[quiz.id]
    return await survey_quizzes.take(await ask.context(who), await Survey.get(id=quiz.id), now_asked, givens)


async def can_answer(ask: Ask, who: Person, quiz: Survey) -> bool:
    """Whether somebody may still hand something in."""
    return (await ask(who, "surveys/survey", id=global_id(quiz)))["survey"]["viewerCanAnswer"]


async def attempts(ask: Ask, who: Person, quiz: Survey) -> list[ShownAttempt]:
    return (await survey_feedback.attempts(*await _seen(ask, who, quiz)))[0]


async def counting(ask: Ask, who: Person, quiz: Survey) -> QuizScore | None:
    """The score that counts."""
    return (await survey_feedback.scores(*await _seen(ask, who, quiz)))[0]


async def feedback(ask: Ask, who: Person, quiz: Survey) -> list[QuestionFeedback] | None:
    return (await survey_feedback.feedback(*await _seen(ask, who, quiz)))[0]


async def start(ask: Ask, who: Person, quiz: Survey) -> dict[str, Any]:
    """The payload of `startSurveyAttempt`."""
    return (await ask(who, "survey_quizzes/start_survey_attempt", survey_id=global_id(quiz)))["startSurveyAttempt"]


async def seen(ask: Ask, who: Person, quiz: Survey) -> dict[str, Any]:
    """The quiz as somebody has taken it."""
    return (await ask(who, "survey_quizzes/quiz", id=global_id(quiz)))["survey"]


async def _seen(ask: Ask, who: Person, quiz: Survey) -> tuple[Context, list[Survey]]:
    return await ask.context(who), [await Survey.get(id=quiz.id)]
