"""Raw exports: who has answered what to a named survey, and to no other."""

from __future__ import annotations

from typing import Any

import pytest

from models.people import Person
from models.profiles import BuiltIn, FieldVisibility
from models.questionnaires import Given
from models.session import Role
from models.surveys import Anonymity, Survey, SurveyKind, SurveyResponse
from resolvers.context import Services
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.profiles import a_rule
from tests.factories.session import a_role
from tests.factories.surveys import scale, text
from tests.survey_exports.asking import every_kind, given
from tests.survey_exports.exporting import as_asked, logged, objects, only, refused, rows, several
from tests.survey_gate.asked import LOCATION, ORG_UNIT, Company, a_company
from tests.survey_gate.filled import a_filled, counted

SECRET = "I will leave in May"


async def a_named(services: Services, company: Company, **columns: Any) -> tuple[Survey, list[Person]]:
    """A named survey with a question of each kind that Ann and Bob, of one house, and Cem of another have answered."""
    ann, bob = [await a_person(name, unit=company.east) for name in ("Ann", "Bob")]
    cem, questions = await a_person("Cem", unit=company.west), every_kind()
    east, west = as_asked([ann, bob], unit=company.east.id), as_asked([cem], unit=company.west.id)
    made = await a_filled(
        company.ana,
        questions,
        [*east, *west],
        {i: given(questions, i) for i in range(3)},
        kinds=(ORG_UNIT,),
        tree=company.tree,
        anonymity=Anonymity.NAMED,
        **columns,
    )
    return await counted(services, made), [ann, bob, cem]


async def test_who_answered_what_is_told_in_words(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey, [ann, _, cem] = await a_named(services, company)

    lines = await rows(ask, company.ana, survey, raw=True)

    assert len(lines) == 3 * 8
    mine = several(lines, name="Ann")
    assert {(line["person_id"], line["email"], line["attempt"]) for line in mine} == {(global_id(ann), ann.email, "1")}
    assert [(line["question"], line["answer"]) for line in mine] == [
        ("I know what is expected of me", "1"),
        ("Where?", "Home"),
        ("Which?", "Two"),
        ("In which order?", "Second; First"),
        ("How much?", "Tea: Little; Coffee: Little"),
        ("Would you?", "0"),
        ("What else?", "Words 0"),
        ("When?", "2026-12-24"),
    ]
    other = only(several(lines, person_id=global_id(cem)), question="Where?")
    assert (other["answer"], other["other_text"]) == ("", "A café")


async def test_programs_get_lists(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey, _ = await a_named(services, company)

    lines = several(await objects(ask, company.ana, survey, raw=True), name="Bob")

    assert [line["answer"] for line in lines] == [
        *(2, ["Office"], ["One", "Two"], ["First", "Second"], ["Tea: Much", "Coffee: Little"], 1, "Words 1"),
        "2026-12-24",
    ]


async def test_a_filter_leaves_out_the_others(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey, _ = await a_named(services, company)

    for unit, names in ((company.east, {"Ann", "Bob"}), (company.west, {"Cem"}), (company.tiny, set[str]())):
        lines = await rows(ask, company.ana, survey, raw=True, filter_by={"orgUnitId": global_id(unit)})
        assert {line["name"] for line in lines} == names


@pytest.mark.parametrize("anonymity", [Anonymity.ANONYMOUS, Anonymity.CONFIDENTIAL])
@pytest.mark.parametrize("role", [Role.ANALYST, Role.HR, Role.ADMIN])
async def test_of_others_nobody_is_told_whoever_asks(
    ask: Ask, services: Services, anonymity: Anonymity, role: Role
) -> None:
    who, asked = await a_person("Wim"), text()
    await a_role(who, role)
    crowd = as_asked([await a_person(f"Person {i}") for i in range(12)])
    answered = {i: [Given(asked.id, (), SECRET)] for i in range(12)}
    survey = await counted(services, await a_filled(who, [asked], crowd, answered, anonymity=anonymity))

    assert await refused(ask, who, survey, raw=True) == ("FORBIDDEN", "raw")
    assert await logged() == []


async def test_results_of_confidential_surveys_tell_no_person(ask: Ask, services: Services) -> None:
    company, asked = await a_company(), scale()
    crowd = as_asked([await a_person(f"Person {i}") for i in range(12)])
    answered = {i: [Given(asked.id, (4,))] for i in range(12)}
    survey = await counted(
        services, await a_filled(company.ana, [asked], crowd, answered, anonymity=Anonymity.CONFIDENTIAL)
    )

    lines = await rows(ask, company.ana, survey)

    assert only(lines, line="QUESTION")["responses"] == "12"
    assert not any("Person" in value or "company.example" in value for line in lines for value in line.values())


async def test_an_address_that_is_hidden_from_the_asker_is_not_in_it(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey, _ = await a_named(services, company)
    await a_rule(BuiltIn.EMAIL, FieldVisibility.HR)

    lines = await rows(ask, company.ana, survey, raw=True)

    assert {line["email"] for line in lines} == {""} and {line["name"] for line in lines} == {"Ann", "Bob", "Cem"}


async def test_what_was_saved_and_never_handed_in_is_nobodys(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey, [ann, *_] = await a_named(services, company)
    await SurveyResponse.filter(survey_id=survey.id, person_id=ann.id).update(submitted_at=None)

    assert {line["name"] for line in await rows(ask, company.ana, survey, raw=True)} == {"Bob", "Cem"}


async def test_of_a_quiz_each_attempt_is_told_with_its_points(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey, [ann, *_] = await a_named(services, company, kind=SurveyKind.QUIZ)
    await SurveyResponse.filter(survey_id=survey.id, person_id=ann.id).update(attempt=2, points=3.5)

    lines = several(await objects(ask, company.ana, survey, raw=True), name="Ann")

    assert {(line["attempt"], line["points"]) for line in lines} == {(2, 3.5)}


async def test_only_what_was_declared_tells_apart(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey, _ = await a_named(services, company)

    assert LOCATION not in survey.segments
    refusal = await refused(ask, company.ana, survey, raw=True, filter_by={"location": "Bern"})
    assert refusal == ("BAD_USER_INPUT", "filterBy.location")
