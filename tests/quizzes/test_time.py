"""Time: attempts end by the server's clock, with what was saved by then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from atrium.worker import fire
from models.errors import Conflict
from models.survey_scores import QuizScore
from models.surveys import Survey, SurveyAnswer, SurveyResponse, SurveyStatus
from models.timers import Timer
from resolvers import survey_quizzes
from resolvers.survey_quizzes import ATTEMPT_DUE, hand_in_due
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.people import a_person
from tests.quizzes.asking import capital, given, number
from tests.quizzes.taking import a_quiz, attempts, begin, can_answer, counting, save, take

NOW = TurnedClock().now()
DUE = {ATTEMPT_DUE: hand_in_due}


async def test_an_attempt_is_due_when_its_time_is_up(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    quiz = await a_quiz(own, capital(), asked=[ann], time_limit=600)

    attempt = await begin(ask, ann, quiz)

    [shown] = await attempts(ask, ann, quiz)
    assert (shown.started_at, shown.due_at) == (NOW, NOW + timedelta(minutes=10))
    timer = await Timer.get(kind=ATTEMPT_DUE)
    assert (timer.subject_id, timer.due_at) == (attempt.id, NOW + timedelta(minutes=10))


async def test_no_attempt_is_due_after_its_quiz_closes(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    ends = NOW + timedelta(minutes=3)
    short = await a_quiz(own, capital(), asked=[ann], time_limit=600, closes_at=ends)
    unlimited = await a_quiz(own, capital(), asked=[ann], closes_at=ends)

    for quiz in (short, unlimited):
        await begin(ask, ann, quiz)
        assert [one.due_at for one in await attempts(ask, ann, quiz)] == [ends]


async def test_in_time_is_before_the_time_is_up(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], time_limit=600)
    await begin(ask, ann, quiz)

    clock.turn(minutes=9, seconds=59)

    assert await take(ask, ann, quiz, given(asked, 0)) == QuizScore(2, 2)


@pytest.mark.parametrize("late", [timedelta(), timedelta(seconds=1), timedelta(days=1)])
async def test_who_is_too_late_has_handed_in_what_was_saved_in_time(
    ask: Ask, clock: TurnedClock, late: timedelta
) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = (capital(), number())
    quiz = await a_quiz(own, *asked, asked=[ann], time_limit=600)
    await begin(ask, ann, quiz)
    await save(ask, ann, quiz, given(asked[0], 1))

    clock.turn(minutes=10, seconds=late.total_seconds())

    with pytest.raises(Conflict, match="The time is up"):
        await take(ask, ann, quiz, given(asked[0], 0), given(asked[1], 3))
    [done] = await attempts(ask, ann, quiz)
    assert (done.submitted_at, done.points, done.maximum) == (NOW + timedelta(minutes=10), 1, 5)
    kept = {row.question_id: row.slots for row in await SurveyAnswer.all()}
    assert kept == {asked[0].id: [1], None: []}


async def test_what_comes_too_late_is_not_saved_either(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], time_limit=600)
    await begin(ask, ann, quiz)
    await save(ask, ann, quiz, given(asked, 1))
    clock.turn(minutes=10)

    with pytest.raises(Conflict, match="The time is up"):
        await save(ask, ann, quiz, given(asked, 0))

    assert await fire(ask.services, DUE) == 1
    assert await counting(ask, ann, quiz) == QuizScore(1, 2)


async def test_the_worker_hands_in_what_was_saved_when_the_time_is_up(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], time_limit=600)
    await begin(ask, ann, quiz)
    await save(ask, ann, quiz, given(asked, 0))

    assert await fire(ask.services, DUE) == 0
    clock.turn(minutes=25)  # it comes late
    assert await fire(ask.services, DUE) == 1

    [done] = await attempts(ask, ann, quiz)
    assert (done.submitted_at, done.points) == (NOW + timedelta(minutes=10), 2)
    assert await Timer.all().count() == 0
    with pytest.raises(Conflict, match="The time is up"):
        await take(ask, ann, quiz, given(asked, 0))


async def test_the_worker_leaves_alone_what_was_handed_in(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], time_limit=600)
    await begin(ask, ann, quiz)
    await take(ask, ann, quiz, given(asked, 0))
    clock.turn(minutes=10)

    assert await fire(ask.services, DUE) == 1

    assert [(one.submitted_at, one.points) for one in await attempts(ask, ann, quiz)] == [(NOW, 2)]
    assert await Timer.all().count() == 0


async def test_nothing_saved_is_handed_in_as_nothing(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    quiz = await a_quiz(own, capital(), asked=[ann], time_limit=600)
    await begin(ask, ann, quiz)
    clock.turn(minutes=10)

    await fire(ask.services, DUE)

    assert await counting(ask, ann, quiz) == QuizScore(0, 2)


async def test_after_a_time_that_was_up_another_attempt_is_begun(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], time_limit=600, attempts=2)
    await begin(ask, ann, quiz)
    clock.turn(minutes=11)

    with pytest.raises(Conflict, match="1 attempt is left"):
        await take(ask, ann, quiz, given(asked, 0))
    second = await begin(ask, ann, quiz)

    assert (second.attempt, second.due_at) == (2, clock.now() + timedelta(minutes=10))
    assert [one.points for one in await attempts(ask, ann, quiz)] == [0, None]


async def test_beginning_hands_in_what_has_run_out_also_where_no_attempt_is_left(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], time_limit=600)
    await begin(ask, ann, quiz)
    await save(ask, ann, quiz, given(asked, 1))
    assert await can_answer(ask, ann, quiz)
    clock.turn(minutes=11)

    assert not await can_answer(ask, ann, quiz)
    with pytest.raises(Conflict, match="no attempt left"):
        await begin(ask, ann, quiz)

    assert await counting(ask, ann, quiz) == QuizScore(1, 2)


async def test_a_quiz_that_closes_later_gives_the_time_that_was_promised(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], time_limit=600, closes_at=NOW + timedelta(minutes=3))
    await begin(ask, ann, quiz)
    await Survey.filter(id=quiz.id).update(closes_at=NOW + timedelta(hours=1))
    clock.turn(minutes=3)

    await fire(ask.services, DUE)  # it looks again, and later

    assert (await Timer.get()).due_at == NOW + timedelta(minutes=10)
    assert await take(ask, ann, quiz, given(asked, 0)) == QuizScore(2, 2)


async def test_closing_hands_in_what_was_saved(ask: Ask, clock: TurnedClock) -> None:
    own, ann, bob, cem = [await a_person(name) for name in ("Own", "Ann", "Bob", "Cem")]
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann, bob, cem])
    await save(ask, ann, quiz, given(asked, 0))
    await begin(ask, bob, quiz)
    await take(ask, cem, quiz, given(asked, 1))
    clock.turn(hours=1)
    house = await ask.context(own)
    assert await survey_quizzes.end_attempts(house, quiz.id) == 0  # it is open

    await Survey.filter(id=quiz.id).update(status=SurveyStatus.CLOSED, closed_at=clock.now())
    ended = [await survey_quizzes.end_attempts(house, quiz.id) for _ in range(2)]

    assert ended == [2, 0]
    stored = {row.person_id: (row.submitted_at, row.points) for row in await SurveyResponse.all()}
    assert stored == {ann.id: (clock.now(), 2), bob.id: (clock.now(), 0), cem.id: (NOW, 1)}
    assert await SurveyAnswer.filter(question_id=None).count() == 3


async def test_closing_hands_in_very_many_portion_by_portion(ask: Ask, statements: list[str]) -> None:
    own, asked = await a_person("Own"), capital()
    people = [await a_person(f"Ann {i}") for i in range(5)]
    quiz = await a_quiz(own, asked, asked=people, status=SurveyStatus.CLOSED)
    many = survey_quizzes.ENDED // 5 + 1
    common = {"survey_id": quiz.id, "edition": 1, "block": 0, "started_at": NOW}
    await SurveyResponse.bulk_create(
        SurveyResponse(person_id=one.id, attempt=i + 1, **common) for one in people for i in range(many)
    )
    statements.clear()

    assert await survey_quizzes.end_attempts(await ask.context(own), quiz.id) == 5 * many

    assert await SurveyResponse.filter(submitted_at=None).count() == 0
    assert len([one for one in statements if "survey_" in one]) <= 9
