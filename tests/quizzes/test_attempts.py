"""Attempts: begun, gone on with, handed in, and how many there are of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from execution.ids import encode_id
from models import survey_editions
from models.errors import Conflict, Forbidden, Invalid, NotFound
from models.log import LoggedEvent
from models.questionnaires import Question, Questionnaire
from models.survey_scores import QuizScore
from models.surveys import Anonymity, Survey, SurveyAnswer, SurveyResponse, SurveyStatus
from models.timers import Timer
from resolvers import survey_quizzes
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import as_viewer
from tests.factories.surveys import a_survey, committed
from tests.quizzes.asking import capital, given, graded, number, primes
from tests.quizzes.taking import a_quiz, attempts, begin, can_answer, counting, save, take
from tests.races import rounds

NOW = TurnedClock().now()


async def test_without_a_time_limit_handing_in_begins_an_attempt(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann])

    won = await take(ask, ann, quiz, given(asked, 0))

    assert won == QuizScore(2, 2)
    stored = await SurveyResponse.get()
    assert (stored.attempt, stored.edition, stored.person_id) == (1, 1, ann.id)
    assert (stored.started_at, stored.due_at, stored.submitted_at) == (NOW, None, NOW)
    assert (stored.points, stored.maximum) == (2, 2)
    kept = {row.question_id: row.slots for row in await SurveyAnswer.filter(response_id=stored.id)}
    assert kept == {asked.id: [0], None: []}  # what was answered, and having taken part


async def test_nothing_is_told_of_an_attempt_to_readers_of_the_log(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann])

    await begin(ask, ann, quiz)
    await take(ask, ann, quiz, given(asked, 0))

    assert await LoggedEvent.all().count() == 0


async def test_an_attempt_that_is_running_is_gone_on_with(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    quiz = await a_quiz(own, capital(), asked=[ann], time_limit=600, attempts=3)

    first = await begin(ask, ann, quiz)
    clock.turn(minutes=5)
    again = await begin(ask, ann, quiz)

    assert (again.id, again.started_at, again.due_at) == (first.id, NOW, NOW + timedelta(minutes=10))
    assert await SurveyResponse.all().count() == 1


async def test_what_was_saved_is_gone_on_with_and_what_is_handed_in_replaces_it(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = (capital(), number())
    quiz = await a_quiz(own, *asked, asked=[ann])

    await save(ask, ann, quiz, given(asked[0], 1))
    await save(ask, ann, quiz, given(asked[0], 2), given(asked[1], 3))
    [running] = await attempts(ask, ann, quiz)
    assert (running.submitted_at, running.points) == (None, None)
    assert await counting(ask, ann, quiz) is None
    won = await take(ask, ann, quiz, given(asked[0], 0))

    assert won == QuizScore(2, 5)
    kept = {row.question_id: row.slots for row in await SurveyAnswer.all()}
    assert kept == {asked[0].id: [0], None: []}


async def test_handing_in_takes_three_statements(ask: Ask, statements: list[str]) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = (capital(), number(), primes())
    quiz = await a_quiz(own, *asked, asked=[ann], time_limit=600)
    await begin(ask, ann, quiz)
    ctx = await ask.context(ann)
    statements.clear()

    await survey_quizzes.take(ctx, quiz, Questionnaire(asked), [given(one, 0) for one in asked])

    taken = [one for one in statements if "survey" in one]
    assert len(taken) == 3, taken  # the seat, the attempts, and the end with its answers
    assert all(one in ("BEGIN;", "COMMIT;") for one in statements if one not in taken), statements


@pytest.mark.parametrize("many", [2, 40])
async def test_handing_in_by_the_api_takes_few_statements(ask: Ask, statements: list[str], many: int) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = [primes(key=f"p{i}", prompt=f"Primes {i}") for i in range(many)]
    quiz = await a_quiz(own, *asked, asked=[ann])
    answers = [
        {"questionId": encode_id("SurveyQuestion", one.id), "value": {"choices": {"optionIds": [option(one, 0)]}}}
        for one in asked
    ]
    viewer = await as_viewer(ann, NOW)
    statements.clear()

    handed_in = await ask(viewer, committed("submit_survey_response"), survey_id=global_id(quiz), answers=answers)

    assert handed_in["submitSurveyResponse"]["quizScore"] == {"points": many, "maximum": 2 * many}
    # The survey, the seat, the attempts, the end with its answers, and that they have responded, which is asked for.
    assert len([one for one in statements if one not in ("BEGIN;", "COMMIT;")]) == 5, statements


def option(question: Question, index: int) -> str:
    return encode_id("SurveyOption", question.options[index].id)


async def test_there_are_as_many_attempts_as_are_allowed(ask: Ask) -> None:
    own, ann, bob = await a_person("Own"), await a_person("Ann"), await a_person("Bob")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann, bob], attempts=2)

    for slot in (1, 0):
        assert await can_answer(ask, ann, quiz)
        await take(ask, ann, quiz, given(asked, slot))

    assert not await can_answer(ask, ann, quiz)
    with pytest.raises(Conflict, match="2 attempts are allowed"):
        await take(ask, ann, quiz, given(asked, 0))
    with pytest.raises(Conflict, match="no attempt left"):
        await begin(ask, ann, quiz)
    with pytest.raises(Conflict, match="no attempt left"):
        await save(ask, ann, quiz, given(asked, 0))
    assert [(one.number, one.points) for one in await attempts(ask, ann, quiz)] == [(1, 1), (2, 2)]
    assert (await begin(ask, bob, quiz)).attempt == 1


@pytest.mark.parametrize(
    ("scoring", "counts"), [("BEST", QuizScore(2, 2)), ("LAST", QuizScore(0, 2)), ("AVERAGE", QuizScore(1, 2))]
)
async def test_the_score_that_counts_is_the_quizs_choice(ask: Ask, scoring: str, counts: QuizScore) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], attempts=4, scoring=scoring)

    for slot in (1, 0, 2):
        await take(ask, ann, quiz, given(asked, slot))
    await begin(ask, ann, quiz)  # one that is running counts for nothing

    assert await counting(ask, ann, quiz) == counts


async def test_with_a_time_limit_one_begins_first(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], time_limit=600)

    with pytest.raises(Conflict, match="Begin with startSurveyAttempt"):
        await take(ask, ann, quiz, given(asked, 0))
    with pytest.raises(Conflict, match="Begin with startSurveyAttempt"):
        await save(ask, ann, quiz, given(asked, 0))
    await begin(ask, ann, quiz)

    assert await take(ask, ann, quiz, given(asked, 0)) == QuizScore(2, 2)


async def test_only_a_quiz_is_taken_in_attempts(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    survey = await a_survey(own, asked=[ann], anonymity=Anonymity.NAMED)

    with pytest.raises(Invalid, match="Only a quiz"):
        await begin(ask, ann, survey)
    assert await SurveyResponse.all().count() == 0


async def test_who_is_not_asked_takes_nothing(ask: Ask) -> None:
    own, ann, bob = await a_person("Own"), await a_person("Ann"), await a_person("Bob")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann])

    with pytest.raises(NotFound):
        await begin(ask, bob, quiz)
    with pytest.raises(Forbidden):
        await begin(ask, own, quiz)
    with pytest.raises(Forbidden, match="not among those"):
        await take(ask, bob, quiz, given(asked, 0))
    assert await SurveyResponse.all().count() == 0


async def test_nobody_takes_a_quiz_that_is_closed_or_whose_end_has_come(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    closed = await a_quiz(own, asked, asked=[ann], status=SurveyStatus.CLOSED)
    ending = await a_quiz(own, asked, asked=[ann])
    clock.turn(days=6)  # the worker has not closed it yet

    for quiz in (closed, ending):
        with pytest.raises(Forbidden):
            await begin(ask, ann, quiz)
        with pytest.raises(Forbidden, match="closed"):
            await take(ask, ann, quiz, given(asked, 0))
    assert await SurveyResponse.all().count() == 0


async def test_questions_that_were_replaced_are_not_handed_in(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann])
    await survey_editions.keep(quiz.id, 2, Questionnaire((capital(),)))
    await Survey.filter(id=quiz.id).update(edition=2)

    with pytest.raises(Conflict, match="have changed"):
        await survey_quizzes.take(await ask.context(ann), quiz, Questionnaire((asked,)), [given(asked, 0)])
    assert await SurveyResponse.all().count() == 0


async def test_scores_keep_the_key_of_the_edition_that_was_answered(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], attempts=2)
    await take(ask, ann, quiz, given(asked, 0))

    harder = (graded(capital(), 0, 5, 0), number())
    await survey_editions.keep(quiz.id, 2, Questionnaire(harder))
    await Survey.filter(id=quiz.id).update(edition=2)

    assert await counting(ask, ann, quiz) == QuizScore(2, 2)
    assert await take(ask, ann, quiz, given(harder[0], 1)) == QuizScore(5, 8)
    assert [(one.points, one.maximum) for one in await attempts(ask, ann, quiz)] == [(2, 2), (5, 8)]
    assert await counting(ask, ann, quiz) == QuizScore(2, 2)


async def test_what_is_saved_after_an_edit_is_of_the_new_edition(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked, harder = capital(), graded(capital(), 0, 5, 0)
    quiz = await a_quiz(own, asked, asked=[ann], time_limit=600)
    await begin(ask, ann, quiz)
    await survey_editions.keep(quiz.id, 2, Questionnaire((harder,)))
    await Survey.filter(id=quiz.id).update(edition=2)

    await save(ask, ann, quiz, given(harder, 1))
    clock.turn(minutes=11)

    with pytest.raises(Conflict, match="no attempt left"):
        await begin(ask, ann, quiz)
    assert await counting(ask, ann, quiz) == QuizScore(5, 5)


@pytest.mark.race
async def test_fifty_that_begin_at_once_are_one_attempt(ask: Ask) -> None:
    own = await a_person("Own")
    for _ in rounds(2):
        ann = await a_person("Ann")
        quiz = await a_quiz(own, capital(), asked=[ann], time_limit=600, attempts=100)
        contexts = [await ask.context(ann) for _ in range(50)]

        begun = await asyncio.gather(*(survey_quizzes.start_attempt(ctx, quiz.id) for ctx in contexts))

        assert len({attempt.id for _, attempt in begun}) == 1
        assert await SurveyResponse.filter(survey_id=quiz.id).count() == 1
        assert await Timer.filter(kind=survey_quizzes.ATTEMPT_DUE, subject_id=begun[0][1].id).count() == 1


@pytest.mark.race
async def test_fifty_that_hand_in_at_once_are_as_many_attempts_as_are_allowed(ask: Ask) -> None:
    own = await a_person("Own")
    for allowed in (1, 3):
        ann = await a_person("Ann")
        asked = primes()
        quiz = await a_quiz(own, asked, asked=[ann], attempts=allowed)

        done = await asyncio.gather(
            *(take(ask, ann, quiz, given(asked, slot % 3)) for slot in range(50)), return_exceptions=True
        )

        assert sum(isinstance(one, QuizScore) for one in done) == allowed
        assert sum(isinstance(one, Conflict) for one in done) == 50 - allowed
        stored = await SurveyResponse.filter(survey_id=quiz.id).order_by("attempt")
        assert [(one.attempt, one.submitted_at) for one in stored] == [(i + 1, NOW) for i in range(allowed)]
        assert await SurveyAnswer.filter(survey_id=quiz.id).count() == 2 * allowed


@pytest.mark.race
async def test_who_hands_in_while_it_closes_has_or_has_not(ask: Ask) -> None:
    own = await a_person("Own")
    people = [await a_person(f"Ann {i}") for i in range(10)]
    for _ in rounds(2):
        asked = capital()
        quiz = await a_quiz(own, asked, asked=people)

        async def close(quiz: Survey = quiz) -> None:
            await Survey.filter(id=quiz.id).update(status=SurveyStatus.CLOSED, closed_at=NOW)

        done = await asyncio.gather(
            *(take(ask, one, quiz, given(asked, 0)) for one in people[:5]),
            close(),
            *(take(ask, one, quiz, given(asked, 0)) for one in people[5:]),
            return_exceptions=True,
        )

        won = sum(isinstance(one, QuizScore) for one in done)
        assert won + sum(isinstance(one, Forbidden) for one in done) == 10
        assert await SurveyResponse.filter(survey_id=quiz.id).exclude(submitted_at=None).count() == won
        assert await SurveyResponse.filter(survey_id=quiz.id).count() == won
