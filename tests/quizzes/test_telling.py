"""What is told of a quiz: the points at once, what was right in its time, and the key to nobody who takes it."""

from __future__ import annotations

from typing import Any

import pytest

from execution.ids import encode_id
from models import survey_editions
from models.people import Person
from models.questionnaires import Question, Questionnaire
from models.session import Role
from models.surveys import Anonymity, Survey, SurveyResponse, SurveyStatus
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import a_role
from tests.factories.surveys import a_survey
from tests.quizzes.asking import capital, given, graded, matrix, number, ranking, word
from tests.quizzes.taking import a_quiz, begin, seen, start, take


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def submit(ask: Ask, who: Person, quiz: Survey, *answers: tuple[Question, dict[str, Any]]) -> dict[str, Any]:
    given = [{"questionId": encode_id("SurveyQuestion", asked.id), "value": value} for asked, value in answers]
    operation = "survey_answering/submit_survey_response"
    return (await ask(who, operation, survey_id=global_id(quiz), answers=given))["submitSurveyResponse"]


def chosen(question: Question, option: int) -> tuple[Question, dict[str, Any]]:
    """This option as an answer."""
    return question, {"choice": {"optionId": encode_id("SurveyOption", question.options[option].id)}}


async def key(ask: Ask, who: Person, quiz: Survey) -> list[dict[str, Any]] | None:
    return (await ask(who, "survey_quizzes/quiz_key", id=global_id(quiz)))["survey"]["answerKey"]


async def test_a_quiz_is_begun_handed_in_and_told(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = (capital(), number())
    quiz = await a_quiz(own, *asked, asked=[ann], time_limit=600, attempts=2, feedback="AFTER_ATTEMPT")

    begun = await start(ask, ann, quiz)
    clock.turn(minutes=2)
    done = await submit(ask, ann, quiz, chosen(asked[0], 1), (asked[1], {"number": 4}))

    assert (begun["errors"], done["errors"]) == ([], [])
    times = {"startedAt": "2026-03-02T09:00:00Z", "dueAt": "2026-03-02T09:10:00Z"}
    assert begun["survey"] == {"id": global_id(quiz), "timeLimitSeconds": 600, "attemptsMax": 2}
    assert begun["attempt"] == {"number": 1, **times, "submittedAt": None, "points": None, "maximum": None}
    assert done["quizScore"] == {"points": 4, "maximum": 5}
    told = await seen(ask, ann, quiz)
    assert told["viewerAttempts"] == [
        {"number": 1, **times, "submittedAt": "2026-03-02T09:02:00Z", "points": 4, "maximum": 5}
    ]
    assert (told["scoring"], told["feedback"], told["viewerScore"]) == (
        "BEST",
        "AFTER_ATTEMPT",
        {"points": 4, "maximum": 5},
    )
    first, second = told["viewerFeedback"]
    assert (first["points"], first["maximum"], [one["label"] for one in first["correct"]["options"]]) == (
        1,
        2,
        ["Bern"],
    )
    assert (second["points"], second["maximum"], second["correct"]["values"]) == (3, 3, ["4"])


@pytest.mark.parametrize(
    ("feedback", "status", "told"),
    [
        ("AFTER_ATTEMPT", SurveyStatus.OPEN, True),
        ("AFTER_ATTEMPT", SurveyStatus.CLOSED, True),
        ("AFTER_CLOSE", SurveyStatus.OPEN, False),
        ("AFTER_CLOSE", SurveyStatus.CLOSED, True),
        ("AFTER_CLOSE", SurveyStatus.ARCHIVED, True),
        ("NEVER", SurveyStatus.OPEN, False),
        ("NEVER", SurveyStatus.ARCHIVED, False),
    ],
)
async def test_what_was_right_is_told_in_its_time_to_who_took_it(
    ask: Ask, clock: TurnedClock, feedback: str, status: SurveyStatus, told: bool
) -> None:
    own, ann, bob, cem = [await a_person(name) for name in ("Own", "Ann", "Bob", "Cem")]
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann, bob, cem], feedback=feedback)
    await take(ask, ann, quiz, given(asked, 0))
    await begin(ask, cem, quiz)

    if status is not SurveyStatus.OPEN:
        await Survey.filter(id=quiz.id).update(status=status, closed_at=clock.now())

    assert ((await seen(ask, ann, quiz))["viewerFeedback"] is not None) is told
    for other in (bob, cem):  # who has not begun, and who has not handed in
        shown = await seen(ask, other, quiz)
        assert (shown["viewerFeedback"], shown["viewerScore"]) == (None, None)


async def test_the_points_are_told_at_once_whenever_the_rest_is(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], feedback="NEVER")

    done = await submit(ask, ann, quiz, chosen(asked, 0))

    assert done["quizScore"] == {"points": 2, "maximum": 2}
    assert (await seen(ask, ann, quiz))["viewerScore"] == {"points": 2, "maximum": 2}


async def test_feedback_is_of_the_questions_that_were_answered(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], feedback="AFTER_ATTEMPT")
    await take(ask, ann, quiz, given(asked, 0))

    await survey_editions.keep(quiz.id, 2, Questionnaire((graded(capital(prompt="Another?"), 0, 5, 0),)))
    await Survey.filter(id=quiz.id).update(edition=2)

    [told] = (await seen(ask, ann, quiz))["viewerFeedback"]
    assert (told["question"]["prompt"], told["points"], told["maximum"]) == ("The capital of Switzerland?", 2, 2)
    assert [one["label"] for one in told["correct"]["options"]] == ["Bern"]


async def test_the_key_is_its_authors_before_and_after_it_opens(ask: Ask) -> None:
    own = await a_person("Own")
    await a_role(own, Role.HR)
    asked = (capital(), ranking(), matrix(), word("Zürich\nZüri"))
    for status in (SurveyStatus.DRAFT, SurveyStatus.OPEN, SurveyStatus.CLOSED):
        told = await key(ask, own, await a_quiz(own, *asked, status=status))

        assert told is not None
        assert [one["maximum"] for one in told] == [2, 3, 4, 2]
        assert [(one["option"]["label"], one["points"]) for one in told[0]["options"]] == [
            ("Bern", 2),
            ("Zurich", 1),
            ("Rome", -1),
        ]
        assert [one["label"] for one in told[1]["correct"]["options"]] == ["Zurich", "Bern", "Gruyères"]
        rows = told[2]["correct"]["rows"]
        assert [(one["row"]["label"], [column["label"] for column in one["columns"]]) for one in rows] == [
            ("Bern", ["German"]),
            ("Geneva", ["French"]),
        ]
        assert told[3]["correct"]["values"] == ["Zürich", "Züri"]


async def test_the_key_is_told_to_nobody_who_takes_it_nor_to_who_keeps_other_peoples_surveys(ask: Ask) -> None:
    own, ann, hr = await a_person("Own"), await a_person("Ann"), await a_person("Hal")
    await a_role(own, Role.COMMUNICATOR)
    await a_role(hr, Role.HR)
    for status in (SurveyStatus.OPEN, SurveyStatus.CLOSED):
        quiz = await a_quiz(own, capital(), asked=[ann, hr], status=status)

        assert await key(ask, ann, quiz) is None
        assert await key(ask, hr, quiz) is None


async def test_questions_tell_nothing_of_their_points(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    quiz = await a_quiz(own, capital(), number(), word(), asked=[ann])

    for field in ("points", "correct", "maximum"):
        answer = await ask.text(
            ann, f"query ($id: ID!) {{ survey(id: $id) {{ questions {{ {field} }} }} }}", {"id": global_id(quiz)}
        )
        assert answer.errors
    of_option = await ask.text(
        ann, "query ($id: ID!) { survey(id: $id) { questions { options { points } } } }", {"id": global_id(quiz)}
    )
    assert of_option.errors


async def test_of_a_survey_nothing_of_this_is_told(ask: Ask) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    survey = await a_survey(own, capital(), asked=[ann], anonymity=Anonymity.NAMED)

    payload = await start(ask, ann, survey)
    told = await seen(ask, ann, survey)

    assert codes(payload) == ["BAD_USER_INPUT"]
    assert payload["errors"][0]["path"] == ["input", "surveyId"]
    assert (told["viewerAttempts"], told["viewerScore"], told["viewerFeedback"]) == ([], None, None)
    assert await key(ask, own, survey) is None


async def test_ones_attempts_are_ones_own(ask: Ask) -> None:
    own, ann, bob, eve = [await a_person(name) for name in ("Own", "Ann", "Bob", "Eve")]
    await a_role(own, Role.HR)
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann, bob], time_limit=600, feedback="AFTER_ATTEMPT")
    await start(ask, ann, quiz)

    stolen = await submit(ask, bob, quiz, chosen(asked, 0))
    await submit(ask, ann, quiz, chosen(asked, 1))

    assert codes(stolen) == ["CONFLICT"]  # Bob has not begun, and Ann's attempt is none of his
    assert (await SurveyResponse.get()).person_id == ann.id
    assert (await SurveyResponse.get()).points == 1
    for other in (bob, own):
        told = await seen(ask, other, quiz)
        assert (told["viewerAttempts"], told["viewerScore"], told["viewerFeedback"]) == ([], None, None)
    assert (await ask(eve, "survey_quizzes/quiz", id=global_id(quiz)))["survey"] is None
    assert codes(await start(ask, eve, quiz)) == ["NOT_FOUND"]
    assert codes(await start(ask, own, quiz)) == ["FORBIDDEN"]


async def test_who_is_too_late_is_told_so(ask: Ask, clock: TurnedClock) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    asked = capital()
    quiz = await a_quiz(own, asked, asked=[ann], time_limit=600)
    await start(ask, ann, quiz)
    clock.turn(minutes=10)

    payload = await submit(ask, ann, quiz, chosen(asked, 0))

    assert (codes(payload), payload["quizScore"]) == (["CONFLICT"], None)
    assert "time is up" in payload["errors"][0]["message"]
    assert (await seen(ask, ann, quiz))["viewerScore"] == {"points": 0, "maximum": 2}


async def test_ids_of_something_else_begin_nothing(ask: Ask) -> None:
    ann = await a_person("Ann")

    for id in (global_id(ann), "nothing", encode_id("Survey", ann.id)):
        payload = (await ask(ann, "survey_quizzes/start_survey_attempt", survey_id=id))["startSurveyAttempt"]
        assert codes(payload) == ["NOT_FOUND"]
        assert payload["errors"][0]["path"] == ["input", "surveyId"]


async def test_many_quizzes_are_told_by_as_many_statements_as_one(ask: Ask, statements: list[str]) -> None:
    own, ann = await a_person("Own"), await a_person("Ann")
    counted: list[int] = []
    for more in (1, 1, 5):  # at first the driver asks for types that it does not know yet
        for _ in range(more):
            asked = capital()
            quiz = await a_quiz(own, asked, asked=[ann], feedback="AFTER_ATTEMPT")
            await take(ask, ann, quiz, given(asked, 0))
        quizzes = [global_id(one) for one in await Survey.all()]
        fields = "viewerAttempts { number } viewerScore { points } viewerFeedback { points } answerKey { maximum }"
        document = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Survey {{ {fields} }} }} }}"
        who = (await ask.context(ann)).me
        statements.clear()

        answer = await ask.text(who, document, {"ids": quizzes})

        assert not answer.errors and answer.data is not None
        assert all(node["viewerFeedback"] == [{"points": 2}] for node in answer.data["nodes"])
        counted.append(len(statements))
    assert counted[1] == counted[2] <= 5
