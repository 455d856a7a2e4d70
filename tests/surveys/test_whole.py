"""A survey from its making to its results, by the operations that clients were promised."""

from __future__ import annotations

from typing import Any

from execution.ids import decode_id
from models.people import Person
from models.surveys import Survey
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.surveys.asking import SCALE, TEXT, a_crowd, an_analyst, described, done, payload

CHOICE = {
    "kind": "SINGLE_CHOICE",
    "prompt": "Where do you work best?",
    "options": [{"label": "Home"}, {"label": "Office"}],
    "hasOther": True,
}


async def results(ask: Ask, who: Person, survey: Survey, **filter_by: str) -> dict[str, Any]:
    """What is told of it."""
    given = {"filter_by": filter_by} if filter_by else {}
    return (await ask(who, "survey_results/survey_results", id=global_id(survey), **given))["survey"]


async def test_an_anonymous_survey_lives_its_whole_life(ask: Ask) -> None:
    ana, unit = await an_analyst(), await a_unit("Sales")
    crowd = await a_crowd(8, unit=unit)
    outsider = await a_person("Otto")
    of_unit = {"audience": {"orgUnitId": global_id(unit)}, "segments": ["ORG_UNIT"], "minimum_group_size": 5}
    said = described(**of_unit, questions=[SCALE, CHOICE, TEXT])

    made = await done(ask, ana, "create_survey", **said)
    survey = await Survey.get(id=decode_id(made["id"])[1])
    assert (made["status"], [one["kind"] for one in made["questions"]]) == ("DRAFT", ["SCALE", "SINGLE_CHOICE", "TEXT"])
    opened = await done(ask, ana, "open_survey", survey, closes_at="2026-12-24T12:00:00Z")
    assert opened == {"id": made["id"], "status": "OPEN", "audienceCount": 8}

    scale, choice, text = made["questions"]
    for i, person in enumerate(crowd[:7]):
        answers = [
            {"questionId": scale["id"], "value": {"number": 1 + i % 5}},
            {"questionId": choice["id"], "value": {"choice": {"optionId": choice["options"][i % 2]["id"]}}},
            {"questionId": text["id"], "value": {"text": f"Words {i}"}},
        ]
        given = await payload(ask, person, "submit_survey_response", survey, answers=answers)
        assert given == {"survey": {"id": made["id"], "viewerHasResponded": True}, "quizScore": None, "errors": []}
    again = [{"questionId": scale["id"], "value": {"number": 5}}]
    twice = await payload(ask, crowd[0], "submit_survey_response", survey, answers=again)
    assert [error["code"] for error in twice["errors"]] == ["CONFLICT"]
    [listed] = (await ask(crowd[7], "surveys/surveys", first=20))["surveys"]["nodes"]
    assert (listed["title"], listed["status"], listed["viewerHasResponded"]) == ("Pulse", "OPEN", False)
    assert (await ask(outsider, "surveys/surveys", first=20))["surveys"]["nodes"] == []
    before = await results(ask, ana, survey)
    assert before["responseCount"] == 5  # in steps of five
    assert all(one["isSuppressed"] and one["average"] is None for one in before["results"])

    assert await done(ask, ana, "close_survey", survey) == {"id": made["id"], "status": "CLOSED"}

    told = await results(ask, ana, survey)
    assert (told["responseCount"], told["participationRate"]) == (7, 7 / 8)
    by_prompt = {one["question"]["prompt"]: one for one in told["results"]}
    assert by_prompt[SCALE["prompt"]]["responseCount"] == 7
    assert abs(by_prompt[SCALE["prompt"]]["average"] - 18 / 7) < 1e-9
    assert {one["option"]["label"]: one["count"] for one in by_prompt[CHOICE["prompt"]]["options"]} == {
        "Home": 4,
        "Office": 3,
    }
    assert by_prompt[TEXT["prompt"]]["texts"]["nodes"] == []  # of fewer than ten
    [listed] = (await ask(crowd[0], "surveys/surveys", first=20))["surveys"]["nodes"]
    assert (listed["status"], listed["viewerHasResponded"]) == ("CLOSED", None)
    assert (await results(ask, crowd[0], survey))["results"] == []


async def test_of_too_few_answers_nothing_is_told(ask: Ask) -> None:
    ana = await an_analyst()
    crowd = await a_crowd(8)
    made = await done(ask, ana, "create_survey", **described())
    survey = await Survey.get(id=decode_id(made["id"])[1])
    await done(ask, ana, "open_survey", survey, closes_at="2026-12-24T12:00:00Z")
    for person in crowd[:4]:
        answers = [{"questionId": made["questions"][0]["id"], "value": {"number": 3}}]
        await payload(ask, person, "submit_survey_response", survey, answers=answers)

    await done(ask, ana, "close_survey", survey)

    told = await results(ask, ana, survey)
    assert (told["responseCount"], told["participationRate"]) == (None, None)
    assert [(one["isSuppressed"], one["responseCount"], one["average"]) for one in told["results"]] == [
        (True, None, None)
    ]
