"""Who may export results, of which surveys, and what the log says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models import audiences
from models.org import OrgUnit
from models.session import Role, RoleGrant
from models.surveys import Anonymity, Survey, SurveyStatus
from resolvers.context import Services
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_guest, a_person
from tests.factories.session import a_role
from tests.factories.surveys import a_survey, scale
from tests.survey_exports.exporting import exported, logged, payload, refused
from tests.survey_gate.asked import a_closed, a_company
from tests.survey_gate.filled import an_analyst


async def test_whoever_asks_exports_and_so_do_analysts_and_hr(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale())
    hr = await a_person("Hanna")
    await a_role(hr, Role.HR)

    for who in (company.ana, await an_analyst("Otto"), hr):
        assert (await exported(ask, who, survey))["rowCount"] > 0


async def test_others_who_were_asked_do_not_even_where_it_is_shared(ask: Ask, services: Services) -> None:
    company, bob = await a_company(), await a_person("Bob")
    survey = await a_closed(services, company, scale(), shared=True)
    await audiences.add(survey.id, [bob.id], listed=True)

    assert (await refused(ask, bob, survey))[0] == "FORBIDDEN"


async def test_a_head_who_is_told_of_the_own_unit_does_not_take_it_away(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale())
    head = await a_person("Hed", unit=company.east)
    await OrgUnit.filter(id=company.east.id).update(head_id=head.id)
    await audiences.add(survey.id, [head.id], listed=True)

    assert (await refused(ask, head, survey, filter_by={"orgUnitId": global_id(company.east)}))[0] == "FORBIDDEN"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.COMMUNICATOR, Role.SECURITY, Role.MODERATOR, None])
async def test_who_was_not_asked_does_not_know_of_it(ask: Ask, services: Services, role: Role | None) -> None:
    company, eve = await a_company(), await a_person("Eve")
    survey = await a_closed(services, company, scale())
    if role:
        await a_role(eve, role)

    assert await refused(ask, eve, survey) == ("NOT_FOUND", "surveyId")
    assert await refused(ask, await a_guest(), survey) == ("NOT_FOUND", "surveyId")


async def test_who_has_lost_the_office_takes_nothing_along(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale())
    await RoleGrant.filter(person_id=company.ana.id).delete()

    assert (await refused(ask, company.ana, survey))[0] == "FORBIDDEN"


async def test_ids_of_something_else_are_unknown(ask: Ask, services: Services) -> None:
    company = await a_company()

    for id in (global_id(company.ana), global_id(company.east), "nothing"):
        assert await refused(ask, company.ana, id) == ("NOT_FOUND", "surveyId")


async def test_nobody_exports_without_signing_in_or_without_the_scope(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale())
    token = replace((await ask.context(company.ana)).me, scopes=frozenset({"surveys:write", "people:read"}))

    assert (await refused(ask, token, survey))[0] == "FORBIDDEN"
    operation = "survey_exports/export_survey_results"
    answer = await ask.answer(None, operation, survey_id=global_id(survey), format="CSV")
    assert [error["extensions"]["code"] for error in answer.errors or ()] == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("anonymity", list(Anonymity))
@pytest.mark.parametrize("status", [SurveyStatus.DRAFT, SurveyStatus.SCHEDULED, SurveyStatus.OPEN])
async def test_what_is_not_closed_is_not_exported(ask: Ask, anonymity: Anonymity, status: SurveyStatus) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, scale(), asked=[ana], anonymity=anonymity, status=status)

    for raw in (False, True):
        code, path = await refused(ask, ana, survey, raw=raw)
        named = anonymity is Anonymity.NAMED
        assert (code, path) == (("FORBIDDEN", "raw") if raw and not named else ("BAD_USER_INPUT", "surveyId"))


async def test_nor_what_is_not_counted_yet(ask: Ask) -> None:
    ana = await an_analyst()
    survey = await a_survey(ana, scale(), asked=[ana], status=SurveyStatus.CLOSED)

    [error] = (await payload(ask, ana, survey))["errors"]

    assert (error["code"], "counted" in error["message"]) == ("BAD_USER_INPUT", True)


async def test_what_was_put_away_still_is(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale())
    await Survey.filter(id=survey.id).update(status=SurveyStatus.ARCHIVED)

    assert (await exported(ask, company.ana, survey))["rowCount"] > 0


async def test_each_export_is_logged_with_who_took_it(ask: Ask, services: Services) -> None:
    company, otto = await a_company(), await an_analyst("Otto")
    survey = await a_closed(services, company, scale())
    named = await a_survey(
        otto, scale(), anonymity=Anonymity.NAMED, status=SurveyStatus.CLOSED, counted_at=NOW, answered=0
    )

    await exported(ask, company.ana, survey)
    await exported(ask, otto, survey, "JSONL")
    await exported(ask, otto, named, raw=True)

    assert await logged() == [
        (company.ana.id, None, {"survey": str(survey.id), "raw": False}),
        (otto.id, None, {"survey": str(survey.id), "raw": False}),
        (otto.id, None, {"survey": str(named.id), "raw": True}),
    ]


async def test_what_is_refused_is_not_logged(ask: Ask, services: Services) -> None:
    company, bob = await a_company(), await a_person("Bob")
    survey = await a_closed(services, company, scale())
    await audiences.add(survey.id, [bob.id], listed=True)

    await refused(ask, bob, survey)
    await refused(ask, company.ana, survey, filter_by={"location": "Bern"})

    assert await logged() == []
