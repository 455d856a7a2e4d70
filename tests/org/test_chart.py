"""Units and the org chart."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from execution.ids import encode_id
from models.chart import CHART_MAX
from models.org import OrgUnit
from models.people import Person
from models.positions import FOREVER, Position, PositionTerm, ReportingLine
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import NOW, SINCE, a_guest, a_person, a_unit, post_of


async def chart(ask: Ask, who: Person, root: Person | OrgUnit, depth: int = 20) -> Any:
    return (await ask(who, "org/org_chart", root_id=global_id(root), depth=depth))["orgChart"]


def shape(found: Any) -> list[tuple[int, str, int]]:
    """Of each entry its level, who holds it (a vacant one nobody) and how many report to it."""
    return [
        (entry["depth"], "".join(holder["name"] for holder in entry["holders"]), entry["reportCount"])
        for entry in found["entries"]
    ]


async def a_company() -> dict[str, Person]:
    """Cem over Bea and Bob; Bea over Ann and Abe; Ann over Zoe."""
    people: dict[str, Person] = {}
    for name, manager in (("Cem", ""), ("Bob", "Cem"), ("Bea", "Cem"), ("Ann", "Bea"), ("Abe", "Bea"), ("Zoe", "Ann")):
        people[name] = await a_person(name, manager=people.get(manager), title=f"T{name}")
    return people


async def test_a_chart_goes_down_by_level_then_name(ask: Ask) -> None:
    people = await a_company()

    found = await chart(ask, people["Zoe"], people["Cem"])

    assert shape(found) == [(0, "Cem", 2), (1, "Bea", 2), (1, "Bob", 0), (2, "Abe", 0), (2, "Ann", 1), (3, "Zoe", 0)]
    assert found["isTruncated"] is False
    keys = {entry["key"]: entry for entry in found["entries"]}
    top, *_, zoe = found["entries"]
    assert top["parentKey"] is None
    assert keys[zoe["parentKey"]]["title"] == "TAnn"
    assert keys[zoe["parentKey"]]["holders"][0]["person"] == {
        "id": global_id(people["Ann"]),
        "name": "Ann",
        "photoUrl": None,
    }


async def test_a_chart_is_as_deep_as_asked(ask: Ask) -> None:
    people = await a_company()
    bob = people["Bob"]

    assert shape(await chart(ask, bob, people["Cem"], 0)) == [(0, "Cem", 2)]
    assert shape(await chart(ask, bob, people["Bea"], 1)) == [(0, "Bea", 2), (1, "Abe", 0), (1, "Ann", 1)]


@pytest.mark.parametrize("depth", [-1, 21, 2**31 - 1])
async def test_a_chart_is_at_most_20_levels_deep(ask: Ask, depth: int) -> None:
    ann = await a_person()

    answer = await ask.answer(ann, "org/org_chart", root_id=global_id(ann), depth=depth)

    assert answer.code == "BAD_USER_INPUT"


async def test_a_large_chart_is_cut_and_says_so(ask: Ask) -> None:
    boss = await a_person("Boss")
    posts = [Position(title=f"P{i:04}", created_at=NOW) for i in range(CHART_MAX)]
    await Position.bulk_create(posts)
    days: dict[str, Any] = {"valid_from": SINCE, "valid_to": FOREVER}
    await PositionTerm.bulk_create(PositionTerm(position_id=p.id, title=p.title, **days) for p in posts)
    top = await post_of(boss)
    await ReportingLine.bulk_create(ReportingLine(position_id=p.id, manager_id=top, **days) for p in posts)

    cut = await chart(ask, boss, boss)
    await Position.filter(id=posts[-1].id).delete()
    whole = await chart(ask, boss, boss)

    assert (len(cut["entries"]), cut["isTruncated"]) == (CHART_MAX, True)
    assert cut["entries"][0]["reportCount"] == CHART_MAX
    assert (len(whole["entries"]), whole["isTruncated"]) == (CHART_MAX, False)


async def test_a_units_chart_begins_with_those_who_report_to_nobody_in_it(ask: Ask) -> None:
    top = await a_unit("Top")
    below, beside = await a_unit("Below", parent=top), await a_unit("Beside")
    outside = await a_person("Out", unit=beside)
    head = await a_person("Head", unit=top, manager=outside)
    await a_person("Ann", unit=below, manager=head)
    await a_person("Solo", unit=below)
    orphan_of = await a_person("Left", unit=below, active=False)
    await a_person("Orphan", unit=below, manager=orphan_of)

    found = shape(await chart(ask, outside, top))

    assert sorted(found) == [(0, "", 1), (0, "Head", 1), (0, "Solo", 0), (1, "Ann", 0), (1, "Orphan", 0)]
    assert shape(await chart(ask, outside, await a_unit("Empty"))) == []


async def test_who_has_left_leaves_a_vacant_post_and_those_below_keep_their_line(ask: Ask) -> None:
    boss = await a_person("Boss")
    await a_person("Ann", manager=boss)
    left = await a_person("Left", manager=boss, active=False)
    await a_person("Bob", manager=left)

    assert shape(await chart(ask, boss, boss)) == [(0, "Boss", 2), (1, "Ann", 0), (1, "", 1), (2, "Bob", 0)]
    assert shape(await chart(ask, boss, left)) == []


async def test_a_chart_of_nothing_is_null(ask: Ask) -> None:
    ann = await a_person()

    for id in (
        encode_id("Person", uuid.uuid4()),
        encode_id("OrgUnit", uuid.uuid4()),
        encode_id("Post", ann.id),
        "none",
    ):
        assert (await ask(ann, "org/org_chart", root_id=id, depth=1))["orgChart"] is None, id


async def test_guests_see_neither_chart_nor_units(ask: Ask) -> None:
    gil, ann, unit = await a_guest("Gil"), await a_person("Ann"), await a_unit("Research")

    assert [await chart(ask, gil, root) for root in (gil, ann, unit)] == [None] * 3
    assert (await ask(gil, "org/org_units", first=10))["orgUnits"]["nodes"] == []
    assert (await ask(gil, "org/org_units", first=10))["orgUnits"]["totalCount"] == 0
    assert (await ask(gil, "org/org_unit", id=global_id(unit), first=10))["orgUnit"] is None


async def test_units_come_by_name_with_several_roots(ask: Ask) -> None:
    ann = await a_person("Ann")
    north = await a_unit("north")
    await a_unit("East", parent=north, head=ann)
    await a_unit("South")

    found = (await ask(ann, "org/org_units", first=10))["orgUnits"]

    above = {unit["name"]: unit["parent"] and unit["parent"]["name"] for unit in found["nodes"]}
    assert list(above.items()) == [("East", "north"), ("north", None), ("South", None)]
    assert [unit["head"] for unit in found["nodes"]] == [{"id": global_id(ann), "name": "Ann"}, None, None]
    assert found["totalCount"] == 3


async def test_a_unit_shows_what_is_right_below_it(ask: Ask) -> None:
    top = await a_unit("Top")
    left = await a_unit("Left", parent=top)
    await a_unit("Deep", parent=left)
    ann = await a_person("Ann", unit=top, title="Nurse")
    await a_person("Bob", unit=left)
    await a_person("Cem", unit=top, active=False)

    found = (await ask(ann, "org/org_unit", id=global_id(top), first=10))["orgUnit"]

    assert found["children"] == {"totalCount": 1, "nodes": [{"id": global_id(left), "name": "Left", "head": None}]}
    assert found["people"] == {"totalCount": 1, "nodes": [{"id": global_id(ann), "name": "Ann", "title": "Nurse"}]}


async def test_an_id_of_no_unit_is_null(ask: Ask) -> None:
    ann = await a_person()

    for id in (encode_id("OrgUnit", uuid.uuid4()), global_id(ann), "none", ""):
        assert (await ask(ann, "org/org_unit", id=id, first=1))["orgUnit"] is None, id
