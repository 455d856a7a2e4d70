"""The directory: by name, narrowed by filters that tell no more than the list itself."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from execution.ids import encode_id
from models import audiences
from models.audiences import Audience, AudienceKind
from models.people import Person
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit


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
