"""Pulses with as many rounds as the company has people."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from models.surveys import Anonymity, Survey, SurveySeries, SurveyStatus
from tests.factories.ids import global_id
from tests.factories.surveys import a_survey, scale
from tests.statements.arranged import Arranged, Company, arranges
from tests.statements.surveyed import an_analyst, hers

KEY = "clarity"
RHYTHM = {"rule": "FREQ=WEEKLY;BYDAY=MO", "open_hours": 48}


@arranges("survey_series/create_survey_series")
async def a_draft_to_be_asked_again(company: Company) -> Arranged:
    starts = (company.services.clock.now() + timedelta(hours=1)).isoformat()
    viewer, draft = await an_analyst(company), await hers(company)
    return Arranged(viewer, {"survey_id": global_id(draft), "starts_at": starts, "client_id": "p1", **RHYTHM})


@arranges("survey_series/update_survey_series")
async def another_rhythm(company: Company) -> Arranged:
    viewer, series = await an_analyst(company), await _a_pulse(company)
    return Arranged(viewer, {"series_id": global_id(series), "title": "Monthly", "rule": "FREQ=MONTHLY"})


@arranges("survey_series/end_survey_series")
async def a_pulse_too_many(company: Company) -> Arranged:
    return Arranged(await an_analyst(company), {"series_id": global_id(await _a_pulse(company))})


@arranges("survey_series/survey_series")
async def a_pulse_of_many_rounds(company: Company) -> Arranged:
    viewer, series = await an_analyst(company), await _a_pulse(company)
    return Arranged(viewer, {"id": global_id(series), "first": company.size})


@arranges("survey_series/survey_trend")
async def a_question_of_many_rounds(company: Company) -> Arranged:
    return Arranged(await an_analyst(company), {"id": global_id(await _a_pulse(company)), "question_key": KEY})


@arranges("survey_series/survey_series_list")
async def many_pulses(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    for _ in range(company.size):
        await _a_series(company)
    return Arranged(viewer, {"first": company.size})


@arranges("survey_series/remind_survey")
async def a_survey_to_remind_of(company: Company) -> Arranged:
    viewer = await an_analyst(company)
    survey = await hers(company, SurveyStatus.OPEN, anonymity=Anonymity.NAMED)
    return Arranged(viewer, {"survey_id": global_id(survey)})


async def _a_pulse(company: Company) -> SurveySeries:
    """With a round for each person, all counted."""
    series = await _a_series(company)
    for n in range(1, company.size + 1):
        of: dict[str, Any] = {"series_id": series.id, "round": n}
        asked = await a_survey(company.ann, scale(key=KEY), asked=company.people, anonymity=Anonymity.NAMED, **of)
        await _closed(company, asked)
    return series


async def _closed(company: Company, survey: Survey) -> None:
    survey.status, survey.closed_at = SurveyStatus.CLOSED, company.services.clock.now()
    survey.counted_at, survey.answered = survey.closed_at, 0
    await survey.save()


async def _a_series(company: Company) -> SurveySeries:
    draft, now = await hers(company), company.services.clock.now()
    times: dict[str, Any] = {"rule": RHYTHM["rule"], "starts_at": now, "zone": "UTC", "open_hours": 48, "next_at": now}
    of = {"template_id": draft.id, "target_id": draft.target_id, "author_id": company.ann.id}
    return await SurveySeries.create(id=uuid.uuid4(), title="Pulse", salt=b"salt", created_at=now, **of, **times)
