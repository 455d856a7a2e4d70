"""The gate: what is hidden, from whom, and that what hides it cannot be walked around."""

from __future__ import annotations

from typing import Any

import pytest

from models import audiences, db
from models.org import OrgUnit
from models.people import Person
from models.questionnaires import Given
from models.surveys import Anonymity, Survey, SurveyStatus
from resolvers.context import Services
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_guest, a_person
from tests.factories.surveys import scale, text
from tests.survey_gate.asked import (
    EAST,
    LEADERSHIP,
    LIMA,
    LOCATION,
    ORG_UNIT,
    TENURE,
    a_closed,
    a_company,
    only,
    refused,
    told,
)
from tests.survey_gate.filled import a_filled, counted, people


async def test_a_small_segment_is_hidden_and_its_sibling_too(ask: Ask, services: Services) -> None:
    """Behaviour 1: what is told of all, less one of the two, would be the other."""
    company = await a_company()
    survey = await a_closed(services, company, scale(), [4] * 32 + [0] * 3)

    found = await only(ask, company.ana, survey)

    assert found["responseCount"] == 35
    segments = {one["label"]: one for one in found["segments"]}
    assert segments["East"] == {"label": "East", "isSuppressed": False, "responseCount": 20, "average": 5.0}
    hidden = {"isSuppressed": True, "responseCount": None, "average": None}
    assert segments["Tiny"] == {"label": "Tiny", **hidden}
    assert segments["West"] == {"label": "West", **hidden}


async def test_a_filter_that_is_hidden_tells_no_numbers(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale())

    for unit in (company.tiny, company.west):
        found = await only(ask, company.ana, survey, "survey_figures", filter_by={"orgUnitId": global_id(unit)})
        assert found["isSuppressed"]
        assert empty(found)


def empty(result: dict[str, Any]) -> bool:
    """Whether a result has neither numbers nor texts."""
    told = {name: value for name, value in result.items() if name not in ("question", "isSuppressed", "segments")}
    texts = told.pop("texts")
    return not any(told.values()) and texts["nodes"] == [] and texts["totalCount"] == 0


async def test_two_kinds_are_counted_together(ask: Ask, services: Services) -> None:
    """Behaviour 2: a unit and a location, each of many, told together where they are of many together."""
    company = await a_company()
    slots = [4 if i in LIMA else 0 for i in range(35)]
    survey = await a_closed(services, company, scale(), slots, kinds=(LOCATION, ORG_UNIT))
    both = {"orgUnitId": global_id(company.east), "location": "Lima"}

    assert (await only(ask, company.ana, survey, filter_by=both))["average"] == 5.0
    found = await only(ask, company.ana, survey, "survey_figures", filter_by={"location": "Lima"})
    assert [(one["label"], one["responseCount"]) for one in found["segments"]] == [
        ("East", 7),
        ("Tiny", None),
        ("West", None),
    ]


@pytest.mark.parametrize("kinds", [(ORG_UNIT, LOCATION), (LOCATION, ORG_UNIT)])
async def test_a_filter_of_two_may_name_them_in_any_order(ask: Ask, services: Services, kinds: Any) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale(), kinds=kinds)

    found = await only(ask, company.ana, survey, filter_by={"location": "Bern", "orgUnitId": global_id(company.east)})

    assert found["responseCount"] == 13


async def test_only_what_was_declared_is_told_apart(ask: Ask, services: Services) -> None:
    company = await a_company()
    ana, survey = company.ana, await a_closed(services, company, scale(), kinds=(ORG_UNIT, TENURE, LEADERSHIP))
    plain = await a_closed(services, company, scale(), kinds=())
    three = {"orgUnitId": global_id(company.east), "tenure": "1-2", "leadership": False}

    code, sentence = await refused(ask, ana, survey, filter_by={"location": "Bern"})
    assert (code, "orgUnitId, tenure, leadership" in sentence) == ("BAD_USER_INPUT", True)
    code, sentence = await refused(ask, ana, survey, by="LOCATION")
    assert (code, "ORG_UNIT, TENURE, LEADERSHIP" in sentence) == ("BAD_USER_INPUT", True)
    assert "At most 2" in (await refused(ask, ana, survey, filter_by=three))[1]
    assert "<1, 1-2" in (await refused(ask, ana, survey, filter_by={"tenure": "2"}))[1]
    assert "all together" in (await refused(ask, ana, plain, filter_by={"tenure": "1-2"}))[1]
    assert (await refused(ask, ana, survey, filter_by={"orgUnitId": global_id(ana)}))[0] == "NOT_FOUND"
    two = {"tenure": "1-2", "leadership": False}
    assert "Leave one out" in (await refused(ask, ana, survey, filter_by=two, by="ORG_UNIT"))[1]


async def test_who_nobody_is_is_hidden_as_who_few_are(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale(), kinds=(LOCATION,))

    assert (await only(ask, company.ana, survey, filter_by={"location": "Nowhere"}))["isSuppressed"]


@pytest.mark.parametrize("anonymity", [Anonymity.ANONYMOUS, Anonymity.CONFIDENTIAL])
async def test_before_it_is_counted_nothing_is_told(ask: Ask, anonymity: Anonymity) -> None:
    company = await a_company()
    crowd = [*people(number=1, start=(await a_person("Ann")).id.int - 1)]
    question = scale()
    answered = {0: [Given(question.id, (1,))]}
    for status in (SurveyStatus.OPEN, SurveyStatus.CLOSED):
        survey = await a_filled(
            company.ana, [question], crowd, answered, anonymity=anonymity, status=status, invited=40
        )
        found = await told(ask, company.ana, survey)

        assert [one["isSuppressed"] for one in found["results"]] == [True]
        assert (found["responseCount"], found["participationRate"]) == (None, None)


async def test_texts_come_from_ten_on(ask: Ask, services: Services) -> None:
    """Behaviour 5: they have a higher threshold than numbers, and so have the parts of the people."""
    company, asked = await a_company(), text()
    words = [f"Words {i}" for i in range(11)]
    answered = {i: [Given(asked.id, (), word)] for i, word in zip([*EAST[:9], 20, 21], words, strict=True)}
    few = {i: [Given(asked.id, (), "Words")] for i in range(9)}
    kinds: dict[str, Any] = {"kinds": (ORG_UNIT,), "tree": company.tree}
    survey = await counted(services, await a_filled(company.ana, [asked], company.crowd, answered, **kinds))
    small = await counted(services, await a_filled(company.ana, [asked], company.crowd, few, **kinds))

    found = await only(ask, company.ana, survey)
    assert found["responseCount"] == 11
    assert sorted(one["text"] for one in found["texts"]["nodes"]) == sorted(words)
    nine = await only(ask, company.ana, small)
    assert (nine["responseCount"], nine["texts"]["nodes"]) == (9, [])
    east = await only(ask, company.ana, survey, "survey_figures", filter_by={"orgUnitId": global_id(company.east)})
    assert empty(east)


async def test_texts_of_a_part_are_its_own(ask: Ask, services: Services) -> None:
    company, asked = await a_company(), text()
    answered = {i: [Given(asked.id, (), "east" if i in EAST else "elsewhere")] for i in range(35)}
    survey = await counted(
        services,
        await a_filled(company.ana, [asked], company.crowd, answered, kinds=(ORG_UNIT,), tree=company.tree),
    )
    seen: list[str] = []
    after = None

    while True:
        east = {"orgUnitId": global_id(company.east)}
        page = (await only(ask, company.ana, survey, "survey_figures", filter_by=east, texts=8, after=after))["texts"]
        assert page["totalCount"] == 20
        seen += [one["text"] for one in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    assert seen == ["east"] * 20


async def test_a_head_is_told_of_the_own_unit_only(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale())
    head = await a_person("Hed", unit=company.east)
    await OrgUnit.filter(id=company.east.id).update(head_id=head.id)
    await is_asked(survey, head)

    own = await told(ask, head, survey, "survey_figures", filter_by={"orgUnitId": global_id(company.east)})
    assert [one["responseCount"] for one in own["results"]] == [20]
    assert own["viewerCanSeeResults"] is False
    assert [one["name"] for one in own["viewerResultUnits"]] == ["East"]
    for other in (None, {"orgUnitId": global_id(company.west)}, {"orgUnitId": global_id(company.top)}):
        found = await told(ask, head, survey, filter_by=other)
        assert (found["results"], found["responseCount"]) == ([], None)
    parts = await told(ask, head, survey, "survey_participation")
    assert parts["participation"] == []


async def test_a_head_is_told_of_what_lay_below_on_the_day(ask: Ask, services: Services) -> None:
    company = await a_company()
    survey = await a_closed(services, company, scale())
    head = await a_person("Hed")
    await OrgUnit.filter(id=company.top.id).update(head_id=head.id)
    await is_asked(survey, head)

    found = await told(ask, head, survey, filter_by={"orgUnitId": global_id(company.east)})

    assert [one["responseCount"] for one in found["results"]] == [20]


async def test_others_who_were_asked_are_told_nothing_unless_it_is_shared(ask: Ask, services: Services) -> None:
    company, bob = await a_company(), await a_person("Bob")
    survey = await a_closed(services, company, scale())
    await is_asked(survey, bob)

    found = await told(ask, bob, survey, "survey_figures")
    assert (found["results"], found["viewerCanSeeResults"], found["viewerResultUnits"]) == ([], False, [])
    await Survey.filter(id=survey.id).update(shared=True)
    assert len((await told(ask, bob, survey))["results"]) == 1


async def test_a_guest_is_told_of_all_together_and_not_which_parts_there_are(ask: Ask, services: Services) -> None:
    company, gil = await a_company(), await a_guest("Gil")
    survey = await a_closed(services, company, scale(), kinds=(ORG_UNIT, LOCATION), shared=True)
    await audiences.add(survey.id, [gil.id], listed=True)
    await Survey.filter(id=survey.id).update(target_id=await audiences.of_people([gil.id]))

    found = await told(ask, gil, survey, "survey_participation")
    whole = await only(ask, gil, survey)
    part = await told(ask, gil, survey, filter_by={"location": "Lima"})

    assert found["participation"] == []
    assert (whole["responseCount"], whole["segments"]) == (35, [])
    assert part["results"] == []


async def test_who_was_asked_by_name_is_told_of_all_together_alone(ask: Ask, services: Services) -> None:
    company, lea = await a_company(), await a_person("Lea")
    survey = await a_closed(services, company, scale(), kinds=(ORG_UNIT,), shared=True)
    await Survey.filter(id=survey.id).update(anonymity=Anonymity.NAMED)
    await audiences.add(survey.id, [lea.id], listed=True)

    whole, part = await only(ask, lea, survey), {"orgUnitId": global_id(company.tiny)}

    assert (whole["responseCount"], whole["segments"]) == (35, [])
    assert (await told(ask, lea, survey, filter_by=part))["results"] == []
    assert [one["label"] for one in (await only(ask, company.ana, survey))["segments"]] == ["East", "Tiny", "West"]


async def test_results_are_told_by_the_chart_of_the_day_after_a_move(ask: Ask, services: Services) -> None:
    """Behaviour 10: who moves, and what becomes of units, changes nothing."""
    company = await a_company()
    survey = await a_closed(services, company, scale(), [4] * 20 + [0] * 15)
    before = await only(ask, company.ana, survey)

    await OrgUnit.filter(id=company.east.id).update(name="Orient", parent_id=company.west.id)
    await Person.filter(id=company.ana.id).update(unit_id=company.east.id)

    assert await only(ask, company.ana, survey) == before
    assert [one["label"] for one in before["segments"]] == ["East", "Tiny", "West"]


async def test_a_named_survey_is_told_while_it_is_open(ask: Ask, services: Services) -> None:
    company, asked = await a_company(), scale()
    crowd = [one for unit in (company.east, company.west) for one in await members(unit, 2)]
    survey = await a_filled(
        company.ana,
        [asked],
        crowd,
        {0: [Given(asked.id, (0,))], 2: [Given(asked.id, (4,))]},
        kinds=(ORG_UNIT,),
        tree=company.tree,
        anonymity=Anonymity.NAMED,
        status=SurveyStatus.OPEN,
    )

    live = await told(ask, company.ana, survey)
    assert (live["responseCount"], live["participationRate"]) == (2, 0.5)
    [found] = live["results"]
    assert (found["responseCount"], found["average"]) == (2, 3.0)
    assert [(one["label"], one["average"]) for one in found["segments"]] == [("East", 1.0), ("West", 5.0)]
    west = await only(ask, company.ana, survey, filter_by={"orgUnitId": global_id(company.west)})
    assert west["average"] == 5.0

    await Survey.filter(id=survey.id).update(status=SurveyStatus.CLOSED, closed_at=NOW)
    closed = await told(ask, company.ana, await counted(services, survey))
    assert closed["results"] == live["results"]


async def test_the_texts_of_a_named_survey_are_told_while_it_is_open(ask: Ask) -> None:
    company, asked = await a_company(), text()
    crowd = await members(company.east, 3)
    answered = {i: [Given(asked.id, (), f"Words {i}")] for i in range(3)}
    survey = await a_filled(
        company.ana,
        [asked],
        crowd,
        answered,
        kinds=(ORG_UNIT,),
        tree=company.tree,
        anonymity=Anonymity.NAMED,
        status=SurveyStatus.OPEN,
    )

    for filter_by in (None, {"orgUnitId": global_id(company.east)}):
        found = await only(ask, company.ana, survey, filter_by=filter_by)
        assert sorted(one["text"] for one in found["texts"]["nodes"]) == ["Words 0", "Words 1", "Words 2"]


async def test_results_take_as_many_statements_for_many_questions(
    ask: Ask, services: Services, statements: list[str]
) -> None:
    company = await a_company()
    found: list[int] = []
    for many in (1, 30):
        questions = [text(f"Question {i}") for i in range(many)]
        answered = {i: [Given(question.id, (), "Words") for question in questions] for i in range(35)}
        made = await a_filled(company.ana, questions, company.crowd, answered, kinds=(ORG_UNIT,), tree=company.tree)
        survey = await counted(services, made)
        statements.clear()
        assert len((await told(ask, company.ana, survey))["results"]) == many
        found.append(len(statements))

    assert found[0] == found[1]


async def members(unit: OrgUnit, number: int) -> list[Any]:
    """People of the tables, as they are asked."""
    made = [await a_person(f"{unit.name} {i}", unit=unit) for i in range(number)]
    return [one for person in made for one in people(number=1, start=person.id.int - 1, unit=unit.id)]


async def is_asked(survey: Survey, person: Person) -> None:
    """Have somebody be among those who were asked."""
    sql = "INSERT INTO audience_member (audience_id, person_id, listed) VALUES ($1, $2, TRUE)"
    await db.execute(sql, survey.id, person.id)
