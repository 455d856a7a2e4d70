"""A quiz from its making to its end, as clients and the worker have it."""

from __future__ import annotations

from typing import Any

import pytest

from atrium.worker import fire
from execution.ids import decode_id
from models.people import Person
from models.session import Role
from models.surveys import Survey, SurveyResponse
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.people import a_person, a_unit
from tests.factories.session import a_role

QUESTIONS: list[dict[str, Any]] = [
    {
        "kind": "SINGLE_CHOICE",
        "prompt": "The capital of Switzerland?",
        "options": [{"label": "Bern", "points": 2}, {"label": "Zurich", "points": -1}],
    },
    {
        "kind": "SCALE",
        "prompt": "How many seasons are there?",
        "scale": {"minimum": 1, "maximum": 5},
        "points": 3,
        "correct": "4",
    },
    {"kind": "TEXT", "prompt": "The largest city?", "correct": "Zürich\nZüri"},
]


async def make(ask: Ask, who: Person, **changes: Any) -> dict[str, Any]:
    values = {"kind": "QUIZ", "title": "Switzerland", "anonymity": "NAMED", "audience": {"company": True}}
    made = await ask(who, "survey_making/create_survey", **{**values, "questions": QUESTIONS, **changes})
    return made["createSurvey"]


async def an_author() -> Person:
    own = await a_person("Own", unit=await a_unit())
    await a_role(own, Role.HR)
    return own


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"attempts_max": -1}, ["attemptsMax"]),
        ({"attempts_max": 0}, ["attemptsMax"]),
        ({"attempts_max": 101}, ["attemptsMax"]),
        ({"time_limit_seconds": -600}, ["timeLimitSeconds"]),
        ({"time_limit_seconds": 9}, ["timeLimitSeconds"]),
        ({"time_limit_seconds": 2_000_000_000}, ["timeLimitSeconds"]),
        ({"anonymity": "ANONYMOUS"}, ["anonymity"]),
        ({"kind": "SURVEY", "attempts_max": 2}, ["attemptsMax"]),
        ({"kind": "SURVEY", "feedback": "AFTER_ATTEMPT"}, ["feedback"]),
        ({"questions": [{**QUESTIONS[1], "correct": "6"}]}, ["questions", "0", "correct"]),
        ({"questions": [{**QUESTIONS[1], "points": -1}]}, ["questions", "0", "points"]),
        ({"questions": [{**QUESTIONS[1], "points": 1e308}]}, ["questions", "0", "points"]),
    ],
)
async def test_a_quiz_that_cannot_be_taken_is_not_made(ask: Ask, changes: dict[str, Any], path: list[str]) -> None:
    payload = await make(ask, await an_author(), **changes)

    assert [(error["code"], error["path"]) for error in payload["errors"]] == [("BAD_USER_INPUT", ["input", *path])]
    assert await Survey.all().count() == 0


async def test_a_quiz_is_made_taken_and_told(ask: Ask, clock: TurnedClock) -> None:
    own = await an_author()
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    made = await make(ask, own, time_limit_seconds=600, attempts_max=2, scoring="LAST")
    assert made["errors"] == []
    quiz = made["survey"]["id"]
    bern, seasons, city = made["survey"]["questions"]
    right: list[dict[str, Any]] = [
        {"questionId": bern["id"], "value": {"choice": {"optionId": bern["options"][0]["id"]}}},
        {"questionId": seasons["id"], "value": {"number": 4}},
        {"questionId": city["id"], "value": {"text": " züri"}},
    ]
    key = (await ask(own, "survey_quizzes/quiz_key", id=quiz))["survey"]["answerKey"]
    assert [one["maximum"] for one in key] == [2, 3, 1]
    opened = await ask(own, "survey_life/open_survey", survey_id=quiz, closes_at="2026-03-02T10:00:00Z")
    assert opened["openSurvey"]["errors"] == []

    for one in (ann, bob, cem):
        begun = (await ask(one, "survey_quizzes/start_survey_attempt", survey_id=quiz))["startSurveyAttempt"]
        assert begun["attempt"]["dueAt"] == "2026-03-02T09:10:00Z"
    for one, answers in ((ann, right[:1]), (bob, right)):
        saved = await ask(one, "survey_answering/save_survey_answers", survey_id=quiz, answers=answers)
        assert saved["saveSurveyAnswers"]["errors"] == []
    handed_in = await ask(ann, "survey_answering/submit_survey_response", survey_id=quiz, answers=right[:2])
    assert handed_in["submitSurveyResponse"]["quizScore"] == {"points": 5, "maximum": 6}

    clock.turn(minutes=10)
    await fire(ask.services)  # the time of Bob and Cem is up
    assert await score(ask, bob, quiz) == (6, None)
    assert await score(ask, cem, quiz) == (0, None)

    clock.turn(minutes=40)
    again = (await ask(ann, "survey_quizzes/start_survey_attempt", survey_id=quiz))["startSurveyAttempt"]
    assert (again["attempt"]["number"], again["attempt"]["dueAt"]) == (2, "2026-03-02T10:00:00Z")
    await ask(ann, "survey_answering/save_survey_answers", survey_id=quiz, answers=right[1:])
    clock.turn(minutes=5)
    closed = await ask(own, "survey_life/close_survey", survey_id=quiz)

    assert closed["closeSurvey"]["survey"]["status"] == "CLOSED"
    assert await score(ask, ann, quiz) == (4, [0, 3, 1])  # what was saved of the second attempt was handed in
    assert await score(ask, bob, quiz) == (6, [2, 3, 1])
    late = (await ask(cem, "survey_answering/submit_survey_response", survey_id=quiz, answers=right))[
        "submitSurveyResponse"
    ]
    assert [error["code"] for error in late["errors"]] == ["FORBIDDEN"]
    assert await SurveyResponse.filter(survey_id=decode_id(quiz)[1]).count() == 4


async def test_an_edit_of_the_key_leaves_the_scores_that_were_given(ask: Ask) -> None:
    own, ann = await an_author(), await a_person("Ann")
    made = await make(ask, own, attempts_max=2, feedback="AFTER_ATTEMPT", scoring="LAST")
    quiz, bern = made["survey"]["id"], made["survey"]["questions"][0]
    await ask(own, "survey_life/open_survey", survey_id=quiz, closes_at="2026-03-08T10:00:00Z")
    answers = [{"questionId": bern["id"], "value": {"choice": {"optionId": bern["options"][0]["id"]}}}]
    await ask(ann, "survey_answering/submit_survey_response", survey_id=quiz, answers=answers)

    wrong = {**QUESTIONS[0], "options": [{"label": "Bern", "points": 0}, {"label": "Zurich", "points": 9}]}
    changed = await ask(own, "survey_making/update_survey", survey_id=quiz, questions=[wrong, *QUESTIONS[1:]])

    assert changed["updateSurvey"]["errors"] == []
    assert changed["updateSurvey"]["survey"]["edition"] == 2
    assert await score(ask, ann, quiz) == (2, [2, 0, 0])
    bern = changed["updateSurvey"]["survey"]["questions"][0]
    answers = [{"questionId": bern["id"], "value": {"choice": {"optionId": bern["options"][1]["id"]}}}]
    await ask(ann, "survey_answering/submit_survey_response", survey_id=quiz, answers=answers)
    assert await score(ask, ann, quiz) == (9, [9, 0, 0])


async def score(ask: Ask, who: Person, quiz: str) -> tuple[float, list[float] | None]:
    """The points that count, and those of each question where they are told."""
    told = (await ask(who, "survey_quizzes/quiz", id=quiz))["survey"]
    feedback = told["viewerFeedback"]
    return told["viewerScore"]["points"], feedback and [one["points"] for one in feedback]
