"""The members of rules follow what HR says of people, in the same breath, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import db
from models.people import Person
from models.positions import Position
from models.rule_terms import Conditions
from resolvers.context import Services
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.changes import SOON, TODAY, TOMORROW, an_hr, events, turn_to
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_position, a_unit, reports_to
from tests.factories.rules import a_rule, members
from tests.imports.conftest import Send, person, unit

ROWS = "SELECT id, xmin::text FROM audience_member ORDER BY id"


@pytest.fixture
def send(tmp_path: Path, clock: TurnedClock, database: None) -> Send:
    return Send(tmp_path, clock)


async def epochs() -> dict[str, int]:
    return {one.name: one.auth_epoch for one in await Person.all()}


async def test_who_moves_changes_rules_at_once(ask: Ask) -> None:
    hana, old, new = await an_hr(), await a_unit("Old"), await a_unit("New")
    mona = await a_person("Mona", unit=old)
    here, there = [await a_rule("R", conditions=Conditions(units=(one.id,))) for one in (old, new)]
    await ask(hana, "org/move_person", person_id=global_id(mona), org_unit_id=global_id(new))

    assert [await members(rule) for rule in (here, there)] == [[], ["Mona"]]
    assert "RightsChanged" in await events()


async def test_whoever_gains_or_loses_a_rule_is_told_and_nobody_else(ask: Ask) -> None:
    hana = await an_hr()
    ann, _ = await a_person("Ann", title="Cook"), await a_person("Bob", title="Cook")
    rule = await a_rule("Chefs", conditions=Conditions(titles=("chef",)))
    before = await epochs()

    await ask(hana, "org/promote_person", person_id=global_id(ann), title="Chef")

    assert await members(rule) == ["Ann"]
    changed = {name for name, epoch in (await epochs()).items() if epoch != before[name]}
    told = await db.rows(
        "SELECT p.name FROM event e JOIN person p ON p.id = e.subject_id WHERE e.kind = 'RightsChanged'"
    )
    assert changed == {row[0] for row in told} == {"Ann"}


async def test_a_grade_that_changes_changes_rules(ask: Ask) -> None:
    hana, ann = await an_hr(), await a_person("Ann", grade="A")
    rule = await a_rule("B", conditions=Conditions(grades=("B",)))

    await ask(hana, "org/promote_person", person_id=global_id(ann), grade="B")

    assert await members(rule) == ["Ann"]


async def test_who_comes_to_lead_people_is_a_manager_until_nobody_reports_to_them(ask: Ask) -> None:
    hana = await an_hr()
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    managers = await a_rule("Managers", conditions=Conditions(is_manager=True))
    others = await a_rule("Others", conditions=Conditions(is_manager=False, except_people=(hana.id,)))

    async def report(one: Person, manager: Person | None) -> list[str]:
        above = global_id(manager) if manager else None
        await ask(hana, "org/set_manager", person_id=global_id(one), manager_id=above)
        return await members(managers)

    assert await report(bob, ann) == ["Ann"]
    assert await report(cem, bob) == ["Ann", "Bob"]
    assert await report(cem, ann) == ["Ann"]
    assert await members(others) == ["Bob", "Cem"]
    await ask(hana, "org/record_leave", person_id=global_id(cem))
    assert await members(managers) == ["Ann"]
    assert await report(bob, None) == []


async def test_the_reports_of_a_vacant_post_make_a_manager_of_the_next_one_up(ask: Ask) -> None:
    hana = await an_hr()
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    await reports_to(bob, ann)
    await reports_to(cem, bob)
    managers = await a_rule("Managers", ann, bob, conditions=Conditions(is_manager=True))

    await ask(hana, "org/record_leave", person_id=global_id(bob))

    assert await members(managers) == ["Ann"]
    empty = await a_position("Chief")
    await ask(hana, "org/set_manager", person_id=global_id(cem), manager_id=global_id(await Position.get(id=empty.id)))
    assert await members(managers) == []


async def test_who_leaves_goes_from_every_rule_and_snapshot(ask: Ask) -> None:
    hana, ann = await an_hr(), await a_person("Ann", location="Bern")
    live = await a_rule("Live", ann, conditions=Conditions(locations=("Bern",)))
    kept = await a_rule("Kept", ann, conditions=Conditions(locations=("Bern",)), is_snapshot=True)

    await ask(hana, "org/record_leave", person_id=global_id(ann))

    assert [await members(rule) for rule in (live, kept)] == [[], []]


async def test_a_snapshot_follows_nobody_else(ask: Ask) -> None:
    hana, old, new = await an_hr(), await a_unit("Old"), await a_unit("New")
    ann, bob = await a_person("Ann", unit=old), await a_person("Bob", unit=new)
    kept = await a_rule("Kept", ann, conditions=Conditions(units=(old.id,)), is_snapshot=True)

    await ask(hana, "org/move_person", person_id=global_id(ann), org_unit_id=global_id(new))
    await ask(hana, "org/move_person", person_id=global_id(bob), org_unit_id=global_id(old))

    assert await members(kept) == ["Ann"]


async def test_a_unit_that_moves_takes_its_people_along(ask: Ask) -> None:
    hana = await an_hr()
    old, new = await a_unit("Old"), await a_unit("New")
    team = await a_unit("Team", parent=old)
    below = await a_unit("Below", parent=team)
    for name, place in (("Ann", team), ("Bob", below), ("Cem", old)):
        await a_person(name, unit=place, location="Bern" if name == "Bob" else None)
    left = await a_rule(
        "Old", *await Person.filter(name__in=["Ann", "Bob", "Cem"]), conditions=Conditions(units=(old.id,))
    )
    right = await a_rule("New", conditions=Conditions(units=(new.id,)))
    outside = await a_rule("But", conditions=Conditions(locations=("Bern",), except_units=(new.id,)))

    await ask(hana, "org/move_unit", org_unit_id=global_id(team), parent_id=global_id(new))

    assert [await members(rule) for rule in (left, right)] == [["Cem"], ["Ann", "Bob"]]
    assert await members(outside) == []
    await ask(hana, "org/move_unit", org_unit_id=global_id(team), parent_id=None)
    assert [await members(rule) for rule in (left, right, outside)] == [["Cem"], [], ["Bob"]]


async def test_a_large_unit_moves_without_touching_whom_it_changes_nothing_for(ask: Ask) -> None:
    """Neither the rows of its people, nor those of rules to which they belong before and after."""
    hana, ann = await an_hr(), await a_person("Ann")
    old, new = await a_unit("Old"), await a_unit("New")
    team = await a_unit("Team", parent=old)
    many = [
        Person(name=f"P{i}", unit_id=team.id, created_at=ann.created_at, updated_at=ann.updated_at)
        for i in range(3_000)
    ]
    await Person.bulk_create(many)
    await a_rule("Both", *many, conditions=Conditions(units=(old.id, new.id)))
    await a_rule("Team", *many, conditions=Conditions(units=(team.id,)))
    touched = "SELECT count(*) FROM person WHERE xmin::text::bigint > $1"
    mark, before = await db.value("SELECT max(xmin::text::bigint) FROM person"), await db.rows(ROWS)

    await ask(hana, "org/move_unit", org_unit_id=global_id(team), parent_id=global_id(new))

    assert await db.value(touched, mark) == 0
    assert await db.rows(ROWS) == before
    assert "RightsChanged" not in await events()


async def test_what_begins_later_is_followed_on_its_day(ask: Ask, services: Services) -> None:
    hana, new = await an_hr(), await a_unit("New")
    ann, bob = await a_person("Ann"), await a_person("Bob")
    rule = await a_rule("New", conditions=Conditions(units=(new.id,)))
    managers = await a_rule("Managers", conditions=Conditions(is_manager=True))
    since = {"valid_from": SOON.isoformat()}
    await ask(hana, "org/move_person", person_id=global_id(ann), org_unit_id=global_id(new), **since)
    await ask(hana, "org/set_manager", person_id=global_id(bob), manager_id=global_id(ann), **since)
    assert [await members(one) for one in (rule, managers)] == [[], []]

    await turn_to(services, SOON)

    assert [await members(one) for one in (rule, managers)] == [["Ann"], ["Ann"]]


async def test_the_days_since_when_count_without_a_break_and_across_names(ask: Ask, services: Services) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    old = await a_rule("Old hands", ann, conditions=Conditions(hired_before=TODAY, except_people=(hana.id,)))
    new = await a_rule("New hands", conditions=Conditions(hired_from=TODAY))

    await ask(hana, "org/rename_person", person_id=global_id(ann), name="Anna")
    assert [await members(rule) for rule in (old, new)] == [["Anna"], []]
    await turn_to(services, TOMORROW)
    await ask(hana, "org/record_leave", person_id=global_id(ann))
    await turn_to(services, SOON)
    await ask(hana, "org/rehire_person", person_id=global_id(ann))
    assert [await members(rule) for rule in (old, new)] == [[], ["Anna"]]


async def test_imports_have_rules_follow(send: Send) -> None:
    await send(unit("u"), unit("v"), person("1", org_unit="u"), person("2", org_unit="v", manager="1"))
    ids = {
        row["external_id"]: row["subject_id"] for row in await db.rows("SELECT * FROM import_map WHERE type <> 'line'")
    }
    in_u = await a_rule("U", conditions=Conditions(units=(ids["u"],)))
    bern = await a_rule("Bern", conditions=Conditions(locations=("Bern",)))
    managers = await a_rule("Managers", conditions=Conditions(is_manager=True))

    await send(person("2", org_unit="u", location="Bern", manager="1"), person("3", org_unit="u", manager="2"))

    assert [await members(rule) for rule in (in_u, bern, managers)] == [
        ["Person 1", "Person 2", "Person 3"],
        ["Person 2"],
        ["Person 1", "Person 2"],
    ]
    await send(person("3", org_unit="u", manager="1"), unit("u", parent="v"))
    assert await members(managers) == ["Person 1"]
    told = await db.rows("SELECT quiet FROM event WHERE kind = 'RightsChanged'")
    assert told and not any(row["quiet"] for row in told)
