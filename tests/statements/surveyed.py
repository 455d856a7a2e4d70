"""Surveys that are made, changed, opened and closed: in a company of any size."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from auth.viewer import Viewer
from models.audiences import COMPANY
from models.session import Role
from models.surveys import Anonymity, Survey, SurveyKey, SurveyStatus
from resolvers.survey_moving import finish
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import a_role, as_viewer
from tests.factories.surveys import a_survey, choice, scale, text
from tests.statements.arranged import Arranged, Company, arranges

SOON, LATER = timedelta(hours=1), timedelta(days=3)


async def an_analyst(company: Company) -> Viewer:
    """Ann, who is an analyst of all."""
    await a_role(company.ann, Role.ANALYST)
    return await as_viewer(company.ann, company.services.clock.now())


async def hers(company: Company, status: SurveyStatus = SurveyStatus.DRAFT, **columns: Any) -> Survey:
    """A survey of Ann's that asks all her reports as many questions as there are."""
    questions = [scale(f"S{i}") if i % 2 else choice(f"C{i}") for i in range(company.size)]
    values: dict[str, Any] = {"target_id": COMPANY, "segments": ["ORG_UNIT", "LOCATION"], "min_group": 3} | columns
    now = company.services.clock.now()
    return await a_survey(company.ann, *questions, text(), asked=company.people, status=status, at=now, **values)


async def of_hers(company: Company, status: SurveyStatus = SurveyStatus.DRAFT, **given: Any) -> Arranged:
    viewer = await an_analyst(company)
    return Arranged(viewer, {"survey_id": global_id(await hers(company, status)), **given})


@arranges("survey_making/create_survey")
async def a_survey_to_be(company: Company) -> Arranged:
    asked = [{"kind": "TEXT", "prompt": f"T{i}"} for i in range(company.size)]
    excluded = [{"orgUnitId": global_id(unit)} for unit in company.units[:2]]
    given = {"kind": "SURVEY", "title": "Pulse", "anonymity": "ANONYMOUS", "audience": {"company": True}}
    return Arranged(await an_analyst(company), {**given, "questions": asked, "excluded": excluded, "client_id": "s1"})


@arranges("survey_making/update_survey")
async def a_survey_that_asks_otherwise(company: Company) -> Arranged:
    asked = [{"kind": "TEXT", "prompt": f"T{i}"} for i in range(company.size)]
    ends = (company.services.clock.now() + LATER).isoformat()
    return await of_hers(company, SurveyStatus.OPEN, questions=asked, closes_at=ends, expected_version=1)


@arranges("survey_making/delete_survey", "survey_making/duplicate_survey")
async def a_draft(company: Company) -> Arranged:
    return await of_hers(company)


@arranges("survey_life/schedule_survey")
async def a_draft_with_times(company: Company) -> Arranged:
    now = company.services.clock.now()
    return await of_hers(company, opens_at=(now + SOON).isoformat(), closes_at=(now + LATER).isoformat())


@arranges("survey_life/unschedule_survey")
async def a_scheduled_survey(company: Company) -> Arranged:
    return await of_hers(company, SurveyStatus.SCHEDULED)


@arranges("survey_life/open_survey")
async def a_survey_to_open(company: Company) -> Arranged:
    for i in range(5):
        await a_person(f"Zoe {i}", location="Bern")
    return await of_hers(company, closes_at=(company.services.clock.now() + LATER).isoformat())


@arranges("survey_life/close_survey")
async def an_open_survey(company: Company) -> Arranged:
    return await of_hers(company, SurveyStatus.OPEN)


@arranges("survey_life/archive_survey")
async def a_closed_survey(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    survey = await hers(company, SurveyStatus.CLOSED)
    await finish(company.services, survey.id)
    return Arranged(viewer, {"survey_id": global_id(survey)})


@arranges("surveys/survey", "surveys/questionnaire_file")
async def a_survey_to_read(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    return Arranged(viewer, {"id": global_id(await hers(company, SurveyStatus.OPEN))})


@arranges("surveys/surveys")
async def many_surveys(company: Company) -> Arranged:
    return Arranged(await _many(company), {"first": company.size})


@arranges("surveys/find_surveys")
async def surveys_that_wait(company: Company) -> Arranged:
    await _many(company)
    viewer = await as_viewer(company.people[0], company.services.clock.now())
    filter_by = {"awaitsViewer": True, "text": "pulse", "status": "OPEN"}
    return Arranged(viewer, {"first": company.size, "filter_by": filter_by})


@arranges("survey_audiences/survey_audience_preview")
async def a_crowd(company: Company) -> Arranged:
    of = {"audience": {"company": True}, "segments": ["ORG_UNIT", "TENURE"], "minimumGroupSize": 3}
    return Arranged(await an_analyst(company), {"of": of})


async def _many(company: Company) -> Viewer:
    viewer = await an_analyst(company)
    for i in range(company.size):
        await hers(company, SurveyStatus.OPEN, anonymity=list(Anonymity)[i % 2 * 2])
    assert await SurveyKey.all().exists()
    return viewer
