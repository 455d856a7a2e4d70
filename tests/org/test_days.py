"""The chart of another day: names, titles, units and lines are those of the day, and what is planned is not told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models import db, timeline, today
from models.org import OrgUnit
from models.people import Person
from models.positions import Position
from models.session import Role
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import NOW, SINCE, a_guest, a_person, a_position, a_unit, post_of
from tests.factories.session import a_role

BEFORE, CHANGE, AFTER = date(2025, 5, 1), date(2025, 6, 1), date(2025, 7, 1)
TODAY = NOW.date()
SOON = TODAY + timedelta(days=30)


async def titled(person: Person, title: str, day: date, unit: OrgUnit | None = None) -> None:
    """From a day on their position is called so, and stands in the unit."""
    post = await post_of(person)
    told = {"position_id": post, "title": title, "grade": None, "unit_id": unit.id if unit else None, "day": day}
    async with db.transaction():
        await timeline.change(timeline.POSITIONS, [told])
        await today.follow(TODAY, NOW, positions=[post])


async def named(person: Person, name: str, day: date) -> None:
    async with db.transaction():
        await timeline.change(timeline.MEMBERS, [{"person_id": person.id, "name": name, "day": day}])
        await today.follow(TODAY, NOW, people=[person.id])


async def line(ask: Ask, who: Person, about: Person, day: date | None) -> Any:
    return (await ask(who, "lines/line", id=global_id(about), first=10, as_of=day and day.isoformat()))["person"]


async def test_a_person_is_seen_as_they_were(ask: Ask) -> None:
    old, new = await a_unit("Old"), await a_unit("New")
    ann = await a_person("Ann", unit=old, title="Nurse")
    await titled(ann, "Matron", CHANGE, new)
    await named(ann, "Ann Married", CHANGE)

    before, after, now = [await line(ask, ann, ann, day) for day in (BEFORE, CHANGE, None)]

    assert (before["name"], before["title"], before["orgUnit"]["name"]) == ("Ann", "Nurse", "Old")
    assert (after["name"], after["title"], after["orgUnit"]["name"]) == ("Ann Married", "Matron", "New")
    assert now == after
    assert [post["title"] for post in before["positions"]] == ["Nurse"]


async def test_what_is_read_from_there_is_of_the_same_day(ask: Ask) -> None:
    unit = await a_unit("Old name")
    boss = await a_person("Boss", unit=unit, title="Head")
    ann = await a_person("Ann", unit=unit, manager=boss)
    await titled(boss, "Director", CHANGE, unit)
    async with db.transaction():
        told = {"unit_id": unit.id, "name": "New name", "parent_id": None, "head_id": boss.id, "deputy_id": None}
        await timeline.change(timeline.UNITS, [{**told, "day": CHANGE}])
        await today.follow(TODAY, NOW, units=[unit.id])
    text = """query ($id: ID!, $day: Date) {
      person(by: {id: $id}) {
        now: manager { title orgUnit { name head { name } } }
        then: manager(asOf: $day) { title orgUnit { name head { name } } reports { nodes { name } } }
        orgUnit(asOf: $day) { name }
      }
    }"""

    found = (await ask.text(ann, text, {"id": global_id(ann), "day": BEFORE.isoformat()})).data

    assert found is not None
    assert found["person"]["now"] == {"title": "Director", "orgUnit": {"name": "New name", "head": {"name": "Boss"}}}
    then = {"title": "Head", "orgUnit": {"name": "Old name", "head": None}, "reports": {"nodes": [{"name": "Ann"}]}}
    assert found["person"]["then"] == then
    assert found["person"]["orgUnit"] == {"name": "Old name"}


async def test_the_chart_of_a_day_has_its_names_titles_and_holders(ask: Ask) -> None:
    boss = await a_person("Boss", title="Head")
    ann = await a_person("Ann", manager=boss, title="Nurse")
    await titled(ann, "Matron", CHANGE)
    await named(ann, "Ann Married", CHANGE)
    async with db.transaction():
        await timeline.change(
            timeline.HOLDINGS, [{"position_id": await post_of(ann), "person_id": ann.id, "day": AFTER, "gone": True}]
        )

    async def entry(day: date) -> Any:
        variables = {"root_id": global_id(boss), "depth": 3, "as_of": day.isoformat()}
        return (await ask(boss, "org/org_chart", **variables))["orgChart"]["entries"][1]

    before, between, after = [await entry(day) for day in (BEFORE, CHANGE, AFTER)]
    assert (before["title"], before["occupancy"], before["holders"][0]["name"]) == ("Nurse", "FILLED", "Ann")
    assert before["holders"][0]["person"]["name"] == "Ann"
    assert (between["title"], between["holders"][0]["name"]) == ("Matron", "Ann Married")
    assert (after["title"], after["occupancy"], after["holders"]) == ("Matron", "VACANT", [])


async def test_before_all_and_after_all(ask: Ask) -> None:
    ann = await a_person("Ann", unit=await a_unit())

    chart = {"root_id": global_id(ann), "depth": 1}
    assert (await ask(ann, "org/org_chart", **chart, as_of="0001-01-01"))["orgChart"]["entries"] == []
    assert await line(ask, ann, ann, SINCE - timedelta(days=1)) is None
    assert (await line(ask, ann, ann, SINCE))["name"] == "Ann"
    assert (await line(ask, ann, ann, date.max))["name"] == "Ann"
    assert len((await ask(ann, "org/org_chart", **chart, as_of="9999-12-31"))["orgChart"]["entries"]) == 1


async def test_to_whom_the_future_is_not_shown_it_looks_as_today(ask: Ask) -> None:
    ann, hr = await a_person("Ann", title="Nurse"), await a_person("Hana")
    await a_role(hr, Role.HR)
    await titled(ann, "Matron", SOON)

    assert (await line(ask, ann, ann, SOON))["title"] == "Nurse"
    assert (await line(ask, hr, ann, SOON))["title"] == "Matron"
    assert (await line(ask, hr, ann, None))["title"] == "Nurse"


async def test_what_has_not_begun_is_not_there(ask: Ask) -> None:
    ann, hr = await a_person("Ann"), await a_person("Hana")
    await a_role(hr, Role.HR)
    unit = await OrgUnit.create(name="Secret plan", active=False, planned=True, created_at=NOW)
    post = await Position.create(title="Secret post", active=False, planned=True, created_at=NOW)
    joiner = await Person.create(name="Joe Next", active=False, planned=True, created_at=NOW, updated_at=NOW)
    told = {"unit_id": unit.id, "name": unit.name, "parent_id": None, "head_id": None, "deputy_id": None, "day": SOON}
    await timeline.change(timeline.UNITS, [told])
    await timeline.change(timeline.MEMBERS, [{"person_id": joiner.id, "name": joiner.name, "day": SOON}])

    for id in (global_id(unit), global_id(post), global_id(joiner)):
        text = "query ($id: ID!) { node(id: $id) { id } }"
        assert (await ask.text(ann, text, {"id": id})).data == {"node": None}
        assert (await ask.text(hr, text, {"id": id})).data == {"node": {"id": id}}
    assert "Secret plan" not in str(await ask(ann, "org/org_units", first=50))
    assert "Joe" not in str(await ask(ann, "people/directory", first=50))


async def test_the_end_of_a_line_to_come_is_not_told(ask: Ask) -> None:
    boss, hr = await a_person("Boss"), await a_person("Hana")
    ann = await a_person("Ann", manager=boss)
    await a_role(hr, Role.HR)
    post = await post_of(ann)
    async with db.transaction():
        told = {"position_id": post, "kind": "SOLID", "manager_id": await post_of(hr), "day": SOON}
        await timeline.change(timeline.SOLID_LINES, [told])

    async def ends(who: Person) -> Any:
        position = await Position.get(id=post)
        found = (await ask(who, "positions/position", id=global_id(position), first=1))["position"]
        return [(line["validFrom"], line["validTo"]) for line in found["lines"]]

    assert await ends(ann) == [(SINCE.isoformat(), None)]
    assert await ends(hr) == [(SINCE.isoformat(), SOON.isoformat())]


async def test_a_day_begins_in_the_organisations_zone(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann", title="Nurse")
    await titled(ann, "Matron", SOON)
    assert (await Person.get(id=ann.id)).title == "Nurse"

    async with db.transaction():
        followed = await today.follow_beginnings(SOON, SOON, NOW)

    assert [person["id"] for person in followed.people] == [ann.id]
    assert (await Person.get(id=ann.id)).title == "Matron"
    async with db.transaction():
        assert (await today.follow_beginnings(SOON, SOON, NOW)).people == []


async def test_a_vacant_and_an_undisclosed_post(ask: Ask) -> None:
    boss = await a_person("Boss")
    for title, held in (("Empty", False), ("Hidden", True)):
        post = await a_position(title)
        told = {"position_id": post.id, "kind": "SOLID", "manager_id": await post_of(boss), "day": SINCE}
        await timeline.change(timeline.SOLID_LINES, [told])
        if held:
            await timeline.change(timeline.HOLDINGS, [{"position_id": post.id, "person_id": None, "day": SINCE}])

    chart = (await ask(boss, "org/org_chart", root_id=global_id(boss), depth=1))["orgChart"]

    found = {entry["title"]: (entry["occupancy"], entry["holders"]) for entry in chart["entries"][1:]}
    assert found == {"Empty": ("VACANT", []), "Hidden": ("UNDISCLOSED", [])}


async def test_a_guest_sees_no_chart_of_any_day(ask: Ask) -> None:
    ann, gil = await a_person("Ann"), await a_guest()

    for day in (None, BEFORE.isoformat()):
        found = await ask(gil, "org/org_chart", root_id=global_id(ann), depth=1, as_of=day)
        assert found["orgChart"] is None
