"""Whoever asks, and whom; surveys made and moved on by the operations themselves."""

from __future__ import annotations

from typing import Any

from execution.ids import decode_id
from models import db
from models.org import OrgUnit
from models.people import Person
from models.session import Role
from models.surveys import Survey, SurveyPlace
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import a_role
from tests.factories.surveys import committed

SCALE = {
    "kind": "SCALE",
    "prompt": "I know what is expected of me",
    "isRequired": True,
    "scale": {"minimum": 1, "maximum": 5},
}
TEXT = {"kind": "TEXT", "prompt": "What else?"}
IN_A_WEEK = "2026-03-09T12:00:00Z"


async def an_analyst(name: str = "Ana", unit: OrgUnit | None = None) -> Person:
    """Somebody who may ask the company."""
    ana = await a_person(name, unit=unit)
    await a_role(ana, Role.ANALYST)
    return ana


async def a_crowd(count: int, name: str = "Person", **more: Any) -> list[Person]:
    """People to be asked."""
    return [await a_person(f"{name} {i:02}", **more) for i in range(count)]


async def payload(ask: Ask, who: Any, operation: str, survey: Survey | None = None, **given: Any) -> dict[str, Any]:
    """What became of a mutation of this domain."""
    named = {"survey_id": global_id(survey)} if survey else {}
    [found] = (await ask(who, committed(operation), **named, **given)).values()
    return found


async def done(ask: Ask, who: Any, operation: str, survey: Survey | None = None, **given: Any) -> dict[str, Any]:
    """The same, of what is not refused: the survey as it is answered."""
    found = await payload(ask, who, operation, survey, **given)
    assert found["errors"] == [], found["errors"]
    return found["survey"]


async def refusal(ask: Ask, who: Any, operation: str, survey: Survey | None = None, **given: Any) -> tuple[str, str]:
    """Why it is refused: the code, and where in the input."""
    [error] = (await payload(ask, who, operation, survey, **given))["errors"]
    return error["code"], ".".join((error["path"] or ["input"])[1:])


async def sentence(ask: Ask, who: Any, operation: str, survey: Survey | None = None, **given: Any) -> str:
    """Why it is refused, in words."""
    [error] = (await payload(ask, who, operation, survey, **given))["errors"]
    return error["message"]


def described(**changes: Any) -> dict[str, Any]:
    """What makes an anonymous survey of the company, but for the changes; None leaves something out."""
    usual: dict[str, Any] = {
        "kind": "SURVEY",
        "title": "Pulse",
        "anonymity": "ANONYMOUS",
        "audience": {"company": True},
        "questions": [SCALE],
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


async def a_draft(ask: Ask, who: Person, **changes: Any) -> Survey:
    made = await done(ask, who, "create_survey", **described(**changes))
    return await Survey.get(id=decode_id(made["id"])[1])


async def an_open(ask: Ask, who: Person, **changes: Any) -> Survey:
    draft = await a_draft(ask, who, **changes)
    await done(ask, who, "open_survey", draft, closes_at=IN_A_WEEK)
    return await again(draft)


async def again(survey: Survey) -> Survey:
    """The survey as it is stored now."""
    return await Survey.get(id=survey.id)


async def seen(ask: Ask, who: Any, survey: Survey) -> dict[str, Any] | None:
    """The survey as somebody reads it."""
    return (await ask(who, "surveys/survey", id=global_id(survey)))["survey"]


async def asked(survey: Survey) -> set[str]:
    """The names of who is asked."""
    places = await SurveyPlace.filter(survey_id=survey.id)
    return {person.name for person in await Person.filter(id__in=[place.person_id for place in places])}


async def events(survey: Survey) -> list[str]:
    """What the log tells of a survey, in order."""
    return [row[0] for row in await db.rows("SELECT kind FROM event WHERE subject_id = $1 ORDER BY id", survey.id)]
