"""The directory: by name, narrowed by filters that tell no more than the list itself."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from auth import sessions
from execution.ids import encode_id
from models import audiences
from models.audiences import Audience, AudienceKind
from models.imports import ImportedRow
from models.people import Person
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.skills import a_person_skill, a_skill


async def names(ask: Ask, who: Person, **filter_by: Any) -> list[str]:
    page = (await ask(who, "people/directory", first=100, filter_by=filter_by))["people"]
    assert page["totalCount"] == len(page["nodes"])
    return [one["name"] for one in page["nodes"]]


async def test_people_come_by_name_whatever_its_case(ask: Ask) -> None:
    ann = await a_person("Ann")
    for name in ("bob", "Cem", "álvaro", "Zoë"):
        await a_person(name)

    assert await names(ask, ann) == ["Ann", "bob", "Cem", "Zoë", "álvaro"]


async def test_namesakes_are_neither_skipped_nor_repeated(ask: Ask) -> None:
    people = [await a_person("Ann") for _ in range(5)]

    seen: list[str] = []
    after = None
    while True:
        page = (await ask(people[0], "people/directory", first=2, after=after))["people"]
        seen += [one["id"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert sorted(seen) == sorted(global_id(person) for person in people)


async def test_filters_narrow_together(ask: Ask) -> None:
    top = await a_unit("Top")
    below, beside = await a_unit("Below", parent=top), await a_unit("Beside")
    boss = await a_person("Boss", unit=top)
    await a_person("Ann", unit=below, location="Bern", manager=boss)
    await a_person("Anna", unit=below, location="Oslo", manager=boss)
    await a_person("Annette", unit=beside, location="Bern")
    await a_person("Anton", unit=below, location="Bern", active=False)

    assert await names(ask, boss, orgUnitId=global_id(top)) == ["Ann", "Anna", "Anton", "Boss"]
    assert await names(ask, boss, orgUnitId=global_id(below), isActive=True) == ["Ann", "Anna"]
    assert await names(ask, boss, location="Bern") == ["Ann", "Annette", "Anton"]
    assert await names(ask, boss, managerId=global_id(boss)) == ["Ann", "Anna"]
    assert await names(ask, boss, isActive=False) == ["Anton"]
    assert await names(ask, boss, text="anne") == ["Annette"]
    assert await names(ask, boss, text="an", location="Bern", orgUnitId=global_id(top), isActive=True) == ["Ann"]
    assert await names(ask, boss, text=None, orgUnitId=None, location=None, managerId=None, isActive=None) != []


@pytest.mark.parametrize("text", ["%", "_", "\\", "100%", "a_b", "\\%"])
async def test_signs_of_patterns_are_letters_like_others(ask: Ask, text: str) -> None:
    ann = await a_person("Ann")
    await a_person(f"x{text}y")

    assert await names(ask, ann, text=text) == [f"x{text}y"]


async def test_what_no_database_takes_is_refused(ask: Ask) -> None:
    ann = await a_person()

    for value in ("\0", "\ud800"):
        for name in ("text", "location"):
            assert (
                await ask.answer(ann, "people/directory", first=1, filter_by={name: value})
            ).code == "BAD_USER_INPUT"


async def test_a_cursor_belongs_to_its_filters(ask: Ask) -> None:
    ann = await a_person("Ann")
    await a_person("Anna")
    page = await ask(ann, "people/directory", first=1, filter_by={"text": "ann"})
    cursor = page["people"]["pageInfo"]["endCursor"]

    same = await ask.answer(ann, "people/directory", first=1, after=cursor, filter_by={"text": "ann"})
    for other in ({"text": "anna"}, {"isActive": True}, None):
        answer = await ask.answer(ann, "people/directory", first=1, after=cursor, filter_by=other)
        assert answer.code == "INVALID_CURSOR", other

    assert not same.errors


async def test_a_guests_directory_is_their_groups(ask: Ask) -> None:
    gil, boss, unit = await a_guest("Gil"), await a_person("Boss"), await a_unit()
    pam = await a_person("Pam", unit=unit, manager=boss)
    group = await Audience.create(kind=AudienceKind.GROUP)
    await audiences.add(group.id, [gil.id, pam.id], listed=False)

    assert await names(ask, gil) == ["Gil", "Pam"]


async def test_a_filter_by_what_is_hidden_is_as_by_what_is_not_there(ask: Ask) -> None:
    """A guest must not learn by asking who a person's manager is, nor of which unit they are."""
    gil, boss, unit = await a_guest("Gil"), await a_person("Boss"), await a_unit()
    pam = await a_person("Pam", unit=unit, manager=boss)
    group = await Audience.create(kind=AudienceKind.GROUP)
    await audiences.add(group.id, [gil.id, pam.id], listed=False)

    for name, id, kind in (("managerId", global_id(boss), "Person"), ("orgUnitId", global_id(unit), "OrgUnit")):
        for value in (id, encode_id(kind, uuid.uuid4()), encode_id("Post", uuid.uuid4()), "none", ""):
            answer = await ask.answer(gil, "people/directory", first=10, filter_by={name: value})
            assert (answer.code, answer.errors[0]["extensions"]["argument"]) == ("NOT_FOUND", f"filterBy.{name}")


async def test_people_are_found_by_title_grade_and_skills_however_written(ask: Ask) -> None:
    ann = await a_person("Ann", title="Nurse", grade="7")
    bob = await a_person("Bob", title="Nurse", grade="8")
    await a_person("Cem", title="Cook")
    rust, sql = await a_skill("Rust"), await a_skill("PostgreSQL", "Postgres")
    for person, skill in ((ann, rust), (ann, sql), (bob, rust)):
        await a_person_skill(person, skill)

    assert await names(ask, ann, title="Nurse") == ["Ann", "Bob"]
    assert await names(ask, ann, grade="8") == ["Bob"]
    assert await names(ask, ann, skills=[" rust "]) == ["Ann", "Bob"]
    assert await names(ask, ann, skills=["Rust", "postgres"]) == ["Ann"]
    assert await names(ask, ann, skills=["Rust", "Unheard of"]) == []
    too_many = await ask.answer(ann, "people/directory", first=1, filter_by={"skills": ["a"] * 21})
    assert too_many.code == "BAD_USER_INPUT"


async def test_a_manager_has_those_behind_vacancies_too(ask: Ask) -> None:
    top = await a_person("Top")
    gone = await a_person("Gone", manager=top, active=False)
    await a_person("Ann", manager=gone)

    assert await names(ask, top, managerId=global_id(top)) == ["Ann"]


async def test_facets_count_what_the_filter_finds(ask: Ask) -> None:
    unit = await a_unit("Lab")
    boss = await a_person("Boss", unit=unit)
    rust = await a_skill("Rust")
    for name, place in (("Ann", "Bern"), ("Bob", "Bern"), ("Cem", "Oslo")):
        person = await a_person(name, unit=unit, location=place, manager=boss, title="Nurse", grade="7")
        await a_person_skill(person, rust)
    await a_person("Dan", active=False, location="Oslo", unit=unit)

    async def facets(**filter_by: Any) -> Any:
        return (await ask(boss, "directory/people_facets", filter_by=filter_by))["peopleFacets"]

    found = await facets(isActive=True)
    assert found["locations"] == [{"value": "Bern", "count": 2}, {"value": "Oslo", "count": 1}]
    assert found["skills"] == [{"skill": {"id": global_id(rust), "name": "Rust"}, "count": 3}]
    assert found["managers"] == [{"manager": {"id": global_id(boss), "name": "Boss"}, "count": 3}]
    assert found["units"] == [{"orgUnit": {"id": global_id(unit), "name": "Lab"}, "count": 4}]
    assert (found["titles"], found["grades"]) == ([{"value": "Nurse", "count": 3}], [{"value": "7", "count": 3}])
    assert found["active"] == [{"isActive": True, "count": 4}]
    narrowed = await facets(isActive=True, location="Bern")
    assert [facet["count"] for facet in narrowed["skills"]] == [2]
    assert (await facets(skills=["Unheard of"]))["locations"] == []


async def test_a_token_that_does_not_read_the_chart_learns_nothing_of_it(ask: Ask) -> None:
    ann = await a_person("Ann", unit=await a_unit(), grade="7", title="Nurse")
    now = ask.services.clock.now()
    _, access = await sessions.open_token(ann.id, "robot", ["people:read"], now + timedelta(days=1), now=now)
    robot = await sessions.again(access.id, now)
    assert robot

    found = (await ask(robot, "directory/people_facets"))["peopleFacets"]
    refused = await ask.answer(robot, "people/directory", first=1, filter_by={"grade": "7"})

    assert (found["grades"], found["units"], found["titles"]) == ([], [], [{"value": "Nurse", "count": 1}])
    assert refused.code == "FORBIDDEN"


async def test_facets_tell_a_guest_of_nobody_they_do_not_see(ask: Ask) -> None:
    await a_person("Ann", location="Bern", title="Nurse", unit=await a_unit())

    found = (await ask(await a_guest(), "directory/people_facets"))["peopleFacets"]

    assert (found["locations"], found["titles"], found["units"]) == ([], [], [])


async def test_a_person_is_found_by_the_id_of_another_system(ask: Ask) -> None:
    ann = await a_person("Ann")
    await ImportedRow.create(source="hr", type="person", external_id="4711", subject_id=ann.id, content_hash=b"x")

    async def found(source: str, id: str) -> Any:
        return (await ask(ann, "people/person_by", by={"externalId": {"source": source, "id": id}}))["person"]

    assert (await found("hr", "4711"))["name"] == "Ann"
    assert await found("hr", "4712") is None
    assert await found("other", "4711") is None
