"""A company of two houses that is asked, and what is told of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.org import OrgUnit
from models.people import Person
from models.questionnaires import Given, Question
from models.survey_cells import Asked, Unit
from models.surveys import Anonymity, SegmentKind, Survey
from resolvers.context import Services
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_unit
from tests.survey_gate.filled import a_filled, an_analyst, counted, people

ORG_UNIT, LOCATION, TENURE, LEADERSHIP = SegmentKind


@dataclass(frozen=True)
class Company:
    """Everybody works in one of three houses below the top: of 20, 12 and 3 people, in Bern but for 7 of the first."""

    ana: Person
    top: OrgUnit
    east: OrgUnit
    west: OrgUnit
    tiny: OrgUnit

    @property
    def tree(self) -> dict[uuid.UUID, Unit]:
        return {unit.id: Unit(unit.name, unit.parent_id) for unit in (self.top, self.east, self.west, self.tiny)}

    @property
    def crowd(self) -> list[Asked]:
        return [
            *people(number=13, unit=self.east.id, location="Bern", years=1, leads=False),
            *people(number=7, start=100, unit=self.east.id, location="Lima", years=1, leads=False),
            *people(number=12, start=200, unit=self.west.id, location="Bern", years=8, leads=False),
            *people(number=3, start=300, unit=self.tiny.id, location="Bern", years=8, leads=True),
        ]


EAST, LIMA, WEST, TINY = range(20), range(13, 20), range(20, 32), range(32, 35)


async def a_company() -> Company:
    top = await a_unit("Company")
    east, west, tiny = [await a_unit(name, parent=top) for name in ("East", "West", "Tiny")]
    return Company(await an_analyst(), top, east, west, tiny)


async def a_closed(
    services: Services,
    company: Company,
    question: Question,
    slots: Sequence[int] | None = None,
    *,
    kinds: Sequence[SegmentKind] = (ORG_UNIT,),
    anonymity: Anonymity = Anonymity.ANONYMOUS,
    **columns: Any,
) -> Survey:
    """A survey of the company with one question, which everybody has answered, one after another with these slots."""
    given = slots or [0] * len(company.crowd)
    answered = {i: [Given(question.id, (slot,))] for i, slot in enumerate(given)}
    made = await a_filled(
        company.ana, [question], company.crowd, answered, kinds=kinds, tree=company.tree, anonymity=anonymity, **columns
    )
    return await counted(services, made)


async def told(
    ask: Ask, who: Person, survey: Survey, operation: str = "survey_results", **given: Any
) -> dict[str, Any]:
    """The survey as it is told to somebody."""
    return (await ask(who, f"survey_results/{operation}", id=global_id(survey), **given))["survey"]


async def only(
    ask: Ask, who: Person, survey: Survey, operation: str = "survey_results", **given: Any
) -> dict[str, Any]:
    """The result of the survey's only question."""
    [found] = (await told(ask, who, survey, operation, **given))["results"]
    return found


async def refused(ask: Ask, who: Person, survey: Survey, **given: Any) -> tuple[str, str]:
    """Why an answer is refused: the code, and the sentence."""
    answer = await ask.answer(who, "survey_results/survey_figures", id=global_id(survey), **given)
    assert answer.errors
    error = answer.errors[0]
    return error["extensions"]["code"], error["message"]
