"""A company that is asked again and again, and what has come of it."""

from __future__ import annotations

from typing import Any

from atrium.worker import fire
from models.people import Person
from models.questionnaires import Question
from models.session import Role
from models.survey_ballots import token
from models.surveys import Anonymity, Survey, SurveyBallot, SurveyKey, SurveyResponse, SurveySeries, SurveyStatus
from resolvers.context import Services
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_person
from tests.factories.session import a_role
from tests.factories.surveys import a_survey, committed

WEEKLY = "FREQ=WEEKLY;BYDAY=MO"


async def a_communicator(name: str = "Cora") -> Person:
    """Somebody who may ask the company."""
    cora = await a_person(name)
    await a_role(cora, Role.COMMUNICATOR)
    return cora


async def a_crowd(count: int) -> list[Person]:
    """People to be asked."""
    return [await a_person(f"Person {n}") for n in range(count)]


async def a_draft(author: Person, *questions: Question, **columns: Any) -> Survey:
    """A draft that asks the company, by name unless told otherwise."""
    given: dict[str, Any] = {"anonymity": Anonymity.NAMED, "opens_at": None, "closes_at": None, **columns}
    return await a_survey(author, *questions, status=SurveyStatus.DRAFT, **given)


async def begun(ask: Ask, who: Person, draft: Survey, **given: Any) -> SurveySeries:
    """A pulse of the draft: on Mondays at 10 in UTC, two days each time, unless told otherwise."""
    made = await payload(ask, who, "create", survey_id=global_id(draft), **settings(given))
    assert made["errors"] == []
    return await SurveySeries.get(template_id=draft.id, ended_at=None)


def settings(given: dict[str, Any]) -> dict[str, Any]:
    """What a pulse is begun with, but for what is given."""
    usual = {"rule": WEEKLY, "starts_at_local": "2026-03-02T10:00", "time_zone": "UTC", "open_hours": 48}
    return usual | given


async def payload(ask: Ask, who: Person, what: str, **given: Any) -> dict[str, Any]:
    """What became of creating, updating or ending a pulse."""
    [found] = (await ask(who, committed(f"{what}_survey_series"), **given)).values()
    return found


async def pulse(ask: Ask, who: Person, series: SurveySeries) -> dict[str, Any] | None:
    """The pulse as somebody sees it."""
    return (await ask(who, "survey_series/survey_series", id=global_id(series), first=50))["surveySeries"]


async def rung(services: Services) -> None:
    """All timers that are due, and those that they set to now, have rung."""
    while await fire(services):
        pass


async def rounds_of(series: SurveySeries) -> list[Survey]:
    """The rounds of a pulse in their order."""
    return await Survey.filter(series_id=series.id).order_by("round")


async def answered(survey: Survey, *people: Person) -> None:
    """These people have answered, as far as anybody can tell."""
    for person in people:
        if survey.anonymity is Anonymity.ANONYMOUS:
            key = (await SurveyKey.get(id=survey.id)).key
            await SurveyBallot.create(survey_id=survey.id, token=token(bytes(key), person.id))
        else:
            place: dict[str, Any] = {"survey_id": survey.id, "person_id": person.id, "edition": 1, "block": 0}
            await SurveyResponse.create(**place, started_at=NOW, submitted_at=NOW)
