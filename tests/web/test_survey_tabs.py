"""GraphiQL's tabs on surveys: what they are filled in with, and what they say where there is nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from atrium.web.operations import Tab
from atrium.web.survey_tabs import KnownSurveys, known_surveys, survey_tabs
from models.org import OrgUnit
from models.people import Person
from models.questionnaires import Question
from models.session import Role
from models.surveys import Anonymity, SurveyKind, SurveyStatus
from resolvers.context import Services
from tests.conftest import Ask
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_person, a_unit
from tests.factories.session import a_role
from tests.factories.surveys import a_survey, scale, text
from tests.survey_gate.filled import an_analyst
from tests.web.surveyed import a_pulse, a_told


async def known(ask: Ask, who: Person) -> KnownSurveys:
    return await known_surveys(await ask.context(who))


async def tabs_of(ask: Ask, who: Person) -> dict[str, Tab]:
    return {tab.key: tab for tab in survey_tabs(await known(ask, who))}


@pytest.mark.parametrize("is_guest", [True, False], ids=["a guest", "a member"])
async def test_where_there_is_nothing_they_say_what_to_do(ask: Ask, is_guest: bool) -> None:
    bob = await a_person("Bob", is_guest=is_guest)

    tabs = await tabs_of(ask, bob)

    assert "…" not in json.dumps([tab.variables for tab in tabs.values()], ensure_ascii=False)
    assert {key: tab.query.partition(".")[0] for key, tab in tabs.items() if key != "surveys"} == {
        "survey": "# There is no survey that you may see",
        "answer-survey": "# Nothing waits for you",
        "survey-results": "# You are told no results yet",
        "create-survey": "# You may ask nobody, so this is refused",
        "survey-stream": "# No survey that you may see is open",
        "begin-quiz": "# No quiz waits for you",
        "quiz": "# There is no quiz that you may see",
        "pulse": "# You keep no pulse",
    }
    refused = (await ask.text(bob, tabs["create-survey"].query, tabs["create-survey"].variables)).data or {}
    assert [error["code"] for error in refused["createSurvey"]["errors"]] == ["FORBIDDEN"]


def test_before_one_signs_in_nothing_is_said_to_be_missing() -> None:
    tabs = {tab.key: tab for tab in survey_tabs(KnownSurveys())}

    assert not any("ign in as" in tab.query for tab in tabs.values())
    assert tabs["survey"].variables == {"id": "…"}


@pytest.mark.parametrize("question", [scale(), text()], ids=["one that must be answered", "one that need not be"])
async def test_what_one_has_answered_is_still_read_and_followed(ask: Ask, question: Question) -> None:
    bob = await a_person("Bob")
    survey = await a_survey(await a_person("Ann"), question, asked=[bob])
    before = await tabs_of(ask, bob)

    done = await ask.text(bob, before["answer-survey"].query, before["answer-survey"].variables)
    after = await tabs_of(ask, bob)

    assert (done.data or {})["submitSurveyResponse"]["errors"] == []
    assert before["answer-survey"].variables["input"]["surveyId"] == global_id(survey)
    assert after["answer-survey"].query.startswith("# Nothing waits for you")
    assert after["answer-survey"].variables == {"input": {"surveyId": "", "answers": []}}
    assert after["survey"].variables["id"] == after["survey-stream"].variables["surveyId"] == global_id(survey)


async def test_what_is_over_is_read_and_not_followed(ask: Ask) -> None:
    bob = await a_person("Bob")
    survey = await a_survey(await a_person("Ann"), asked=[bob], status=SurveyStatus.CLOSED)

    ids = await known(ask, bob)

    assert (ids.shown, ids.open, ids.live) == (global_id(survey), "", "")


async def test_a_survey_is_answered_before_the_round_of_a_pulse_and_a_poll(ask: Ask) -> None:
    bob, ana = await a_person("Bob"), await an_analyst()
    pulse = await a_pulse(ana)
    survey = await a_survey(ana, asked=[bob])
    await a_survey(ana, asked=[bob], series_id=pulse.id, round=1, at=NOW + timedelta(seconds=1))
    await a_survey(ana, asked=[bob], kind=SurveyKind.POLL, at=NOW + timedelta(seconds=2))

    assert (await known(ask, bob)).open == global_id(survey)


async def test_results_are_those_of_most_people_that_are_told(ask: Ask, services: Services) -> None:
    ana = await an_analyst()
    most = await a_told(services, ana, number=9)
    await a_told(services, ana, number=6)
    await a_told(services, ana, number=4)  # who are too few
    await a_survey(ana, status=SurveyStatus.CLOSED, answered=12, shared=True)  # which is not counted yet

    assert (await known(ask, ana)).closed == global_id(most)


async def test_who_was_asked_and_is_told_nothing_has_no_results(ask: Ask, services: Services) -> None:
    bob = await a_person("Bob")
    await a_survey(await an_analyst(), asked=[bob], status=SurveyStatus.CLOSED, shared=False, counted_at=NOW)

    assert (await known(ask, bob)).closed == ""


async def test_who_is_not_asked_looks_at_a_quiz_and_does_not_take_it(ask: Ask) -> None:
    ana, bob = await an_analyst(), await a_person("Bob")
    quiz = await a_survey(ana, asked=[bob], kind=SurveyKind.QUIZ, anonymity=Anonymity.NAMED)

    hers, his = await known(ask, ana), await known(ask, bob)

    assert (hers.quiz, hers.takeable) == (global_id(quiz), "")
    assert (his.quiz, his.takeable) == (global_id(quiz), global_id(quiz))


async def test_a_pulse_that_was_counted_comes_first(ask: Ask) -> None:
    ana = await an_analyst()
    pulse = await a_pulse(ana)
    begun: dict[str, Any] = {"series_id": pulse.id, "round": 1, "answered": 0, "counted_at": NOW}
    await a_survey(ana, scale(key="week"), status=SurveyStatus.CLOSED, **begun)
    await a_pulse(ana, at=NOW + timedelta(days=1))

    tab = (await tabs_of(ask, ana))["pulse"]

    assert tab.variables == {"id": global_id(pulse), "questionKey": "week", "filterBy": None}
    answered = await ask.text(ana, tab.query, tab.variables)
    assert not answered.errors
    assert [one["survey"]["round"] for one in (answered.data or {})["surveySeries"]["trend"]] == [1]


async def test_a_draft_is_for_whom_one_may_ask(ask: Ask) -> None:
    unit = await a_unit("Works")
    bob = await a_person("Bob", unit=unit)
    drafts = list[Tab]()
    group = await a_group("Coffee corner", owner=bob)
    drafts.append((await tabs_of(ask, bob))["create-survey"])
    await OrgUnit.filter(id=unit.id).update(head_id=bob.id)
    drafts.append((await tabs_of(ask, bob))["create-survey"])
    await a_role(bob, Role.COMMUNICATOR)
    drafts.append((await tabs_of(ask, bob))["create-survey"])

    made = [(await ask.text(bob, tab.query, tab.variables)).data or {} for tab in drafts]

    assert [tab.variables["input"]["audience"] for tab in drafts] == [
        *({"groupId": global_id(group)}, {"orgUnitId": global_id(unit)}, {"company": True})
    ]
    assert [one["createSurvey"]["errors"] for one in made] == [[], [], []]
    assert {one["createSurvey"]["survey"]["status"] for one in made} == {"DRAFT"}
