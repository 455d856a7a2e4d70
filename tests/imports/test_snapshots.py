"""Imports and days: snapshots become history, days to come wait, and who comes and goes has dates."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from atrium.imports.records import Mode
from atrium.imports.report import NotDone, Reason
from models import db
from models.delegates import Delegate
from models.positions import on
from models.session import RoleGrant
from models.timers import Timer
from tests.factories.people import a_person
from tests.imports.conftest import Send, codes, holding, line, person, position, unit, world

MARCH, SEPTEMBER = date(2011, 3, 31), date(2011, 9, 30)
FIRST = (
    unit("K"),
    *(person(id) for id in ("ann", "bob", "eve")),
    *(position(id, org_unit="K", grade="1") for id in ("boss", "cook", "clerk")),
    *(holding(*pair) for pair in (("boss", "ann"), ("cook", "bob"), ("clerk", "eve"))),
    *(line(id, "boss") for id in ("cook", "clerk")),
)
SECOND = (
    unit("K", name="Kitchen"),
    *(person(id) for id in ("ann", "bob", "fay")),
    *(position(id, org_unit="K", grade="2") for id in ("boss", "cook")),
    position("clerk", title="Bookkeeper", org_unit="K"),
    *(holding(*pair) for pair in (("boss", "bob"), ("cook", "fay"), ("clerk", "ann"))),
    *(line(id, "boss") for id in ("cook", "clerk")),
)
FULL: dict[str, Any] = {"mode": Mode.FULL, "absent_share": 1.0}

AS_OF = f"""
SELECT m.external_id AS post, t.title, t.grade, (
    SELECT min(b.external_id) FROM holding h JOIN import_map b ON b.subject_id = h.person_id
    WHERE h.position_id = t.position_id AND {on("h", "$1")}) AS holder, (
    SELECT u.name FROM unit_term u WHERE u.unit_id = t.unit_id AND {on("u", "$1")}) AS unit
FROM position_term t JOIN import_map m ON m.subject_id = t.position_id WHERE {on("t", "$1")} ORDER BY 1
"""


async def as_of(day: date) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await db.rows(AS_OF, day)]


MARCHS = [
    ("boss", "Post boss", "1", "ann", "Unit K"),
    ("clerk", "Post clerk", "1", "eve", "Unit K"),
    ("cook", "Post cook", "1", "bob", "Unit K"),
]
SEPTEMBERS = [
    ("boss", "Post boss", "2", "bob", "Kitchen"),
    ("clerk", "Bookkeeper", "1", "ann", "Kitchen"),
    ("cook", "Post cook", "2", "fay", "Kitchen"),
]


async def test_two_snapshots_are_history(send: Send) -> None:
    await send(*FIRST, effective=MARCH, **FULL)
    report = await send(*SECOND, effective=SEPTEMBER, **FULL)

    assert await as_of(date(2011, 3, 30)) == []
    assert await as_of(date(2011, 6, 30)) == MARCHS
    assert await as_of(date(2011, 12, 31)) == SEPTEMBERS
    assert [one["id"] for one in report.movements["joined"]] == ["fay"]
    assert [one["id"] for one in report.movements["left"]] == ["eve"]
    assert {one["id"] for one in report.movements["moved"]} == {"ann", "bob"}
    assert await db.value("SELECT count(*) FROM person WHERE active") == 3


async def test_the_same_snapshots_again_change_nothing(send: Send) -> None:
    both = (FIRST, MARCH), (SECOND, SEPTEMBER)
    for told, day in both:
        await send(*told, effective=day, **FULL)

    for report in [await send(*told, effective=day, **FULL) for told, day in both]:
        for counts in report.counts.values():
            assert (counts.created, counts.updated, counts.deactivated) == (0, 0, 0)
    assert await as_of(date(2011, 6, 30)) == MARCHS
    assert await as_of(date(2011, 12, 31)) == SEPTEMBERS


async def test_an_older_snapshot_tells_nothing_of_today(send: Send) -> None:
    await send(person("1", title="Chef", phone="2", location="Rome"), effective=SEPTEMBER)
    await send(person("1", title="Cook", phone="1", location="Oslo"), effective=MARCH)

    assert tuple((await db.rows("SELECT title, phone, location FROM person"))[0]) == ("Chef", "2", "Rome")
    assert [row[:2] for row in await as_of(MARCH)] == [("person:1", "Cook")]


async def test_a_day_to_come_is_not_today(send: Send) -> None:
    await send(person("1", title="Cook", location="Oslo"))
    before = await world("people", "today", "map")

    await send(person("1", title="Chef", location="Rome"), person("2", title="Cook"), effective=date(2026, 4, 1))

    after = await world("people", "today", "map")
    assert [row for row in after["people"] if row[0] == "1"] == before["people"]
    assert [row for row in after["today"] if row[0] == "person:1"] == before["today"]
    [bob] = [row for row in after["people"] if row[0] == "2"]
    assert bob[6:8] == (False, True)
    assert [row[:2] for row in await as_of(date(2026, 4, 1))] == [("person:1", "Chef"), ("person:2", "Cook")]
    [timer] = await Timer.all()
    assert (timer.kind, timer.key, timer.due_at.isoformat()) == (
        "org_day",
        "org_day:2026-04-01",
        "2026-04-01T00:00:00+00:00",
    )


async def test_people_start_on_their_first_day(send: Send) -> None:
    told = person("1", start_date="2010-05-01"), person("2", start_date="2026-03-09")
    await send(*told)

    found = await world("members", "holdings", "people")
    assert found["members"] == [
        ("1", "Person 1", "2010-05-01", "infinity"),
        ("2", "Person 2", "2026-03-09", "infinity"),
    ]
    assert [row[2] for row in found["holdings"]] == ["2026-03-02", "2026-03-09"]
    assert [row[6:8] for row in found["people"]] == [(True, False), (False, True)]
    assert (
        await send(person("1", start_date="2010-05-01"), person("2", start_date="2026-03-09"))
    ).people.unchanged == 2


async def test_people_go_after_their_last_day(send: Send) -> None:
    last = person("1", end_date="2026-03-20")
    await send(last)

    found = await world("members", "holdings", "people")
    assert {row[-1] for row in (*found["members"], *found["holdings"])} == {"2026-03-21"}
    assert [row[6] for row in found["people"]] == [True]
    assert (await send(last)).people.unchanged == 1

    await send(person("1", end_date=None))
    found = await world("members", "holdings")
    assert {row[-1] for row in (*found["members"], *found["holdings"])} == {"infinity"}


async def test_who_is_known_to_have_left_has_left_then(send: Send) -> None:
    await send(person("1"), effective=date(2026, 1, 1))
    await send(person("1", end_date="2026-02-10"))

    found = await world("members", "holdings")
    assert {row[-1] for row in (*found["members"], *found["holdings"])} == {"2026-02-11"}
    assert (await send(person("1", end_date="2026-02-10"))).people.unchanged == 1


async def test_whoever_holds_a_position_of_another_source_stays(send: Send) -> None:
    await send(person("1"), *(person(f"{n}") for n in range(2, 20)), source="hr")
    await send(position("p"), holding("p", "hr:1"), source="posts")

    report = await send(*(person(f"{n}") for n in range(2, 20)), source="hr", mode=Mode.FULL)

    assert (report.people.deactivated, report.positions.deactivated) == (0, 1)
    assert await db.value("SELECT active FROM person WHERE name = 'Person 1'")


async def test_units_end_when_nothing_stands_in_them(send: Send) -> None:
    told = (unit("A"), unit("B", parent="A"), unit("C"), position("p", org_unit="B"))
    await send(*told)
    await send(position("q", org_unit="hr:C"), source="other")

    report = await send(unit("A"), position("p", org_unit="A"), **FULL)

    assert report.units.deactivated == 1
    assert await db.value("SELECT array_agg(name ORDER BY name) FROM org_unit WHERE active") == ["Unit A", "Unit C"]


async def test_holders_and_lines_that_a_full_file_has_not_end(send: Send) -> None:
    await send(
        *(person(id) for id in "12"),
        *(position(id) for id in "abc"),
        *(holding("a", id) for id in "12"),
        holding("c", "2"),
        line("a", "b"),
        line("a", "c", "dotted"),
    )

    report = await send(
        *(person(id) for id in "12"),
        *(position(id) for id in "abc"),
        *(holding("a", "1"), holding("c", "2"), line("b", "c")),
        **FULL,
    )

    assert (report.of("holding").deactivated, report.of("line").deactivated) == (1, 2)
    found = await world("holdings", "lines")
    assert [row[:2] for row in found["holdings"]] == [("a", "1"), ("c", "2")]
    assert [row[:3] for row in found["lines"]] == [("b", "SOLID", "c")]


async def test_whoever_leaves_leads_nothing_any_more(send: Send) -> None:
    await send(person("1"), person("2"), unit("U", head="1", deputy="2"))
    send.clock.turn(days=1)

    await send(person("1", active=False))

    assert [row[3] for row in (await world("units"))["units"]] == ["1", None]
    assert tuple((await db.rows("SELECT head_id IS NULL, deputy_id IS NULL FROM org_unit"))[0]) == (True, False)


async def test_the_last_administrator_stays(send: Send) -> None:
    await send(person("1"), person("2"))
    for name in ("Person 1", "Person 2"):
        await RoleGrant.create(person_id=await db.value("SELECT id FROM person WHERE name = $1", name), role="ADMIN")

    report = await send(person("1", active=False), person("2", active=False))
    assert codes(report) == [(2, "last_admin"), (3, "last_admin")]
    assert await db.value("SELECT count(*) FROM person WHERE active") == 2

    report = await send(person("1", active=False), person("2"))
    assert (codes(report), report.people.deactivated) == ([], 1)

    report = await send(person("3"), **FULL)
    assert codes(report) == [(0, "last_admin")]
    assert await db.value("SELECT active FROM person WHERE name = 'Person 2'")


async def test_whoever_comes_back_brings_nothing_of_before(send: Send) -> None:
    await send(person("1"), person("2"))
    ann = await db.value("SELECT id FROM person WHERE name = 'Person 1'")
    bob = await db.value("SELECT id FROM person WHERE name = 'Person 2'")
    await RoleGrant.create(person_id=ann, role="HR")
    for one, other in ((ann, bob), (bob, ann)):
        await Delegate.create(person_id=one, delegate_id=other, created_at=send.clock.now())
    await send(person("1", active=False))

    await send(person("1", active=True))

    assert await db.value("SELECT active FROM person WHERE id = $1", ann)
    assert await RoleGrant.all().count() == await Delegate.all().count() == 0


async def test_the_organisations_zone_decides_the_day(send: Send) -> None:
    await a_person("Zed")
    await send(person("1"), zone=ZoneInfo("Pacific/Kiritimati"))  # 14 hours ahead: 23:00 by then
    send.clock.turn(hours=2)
    await send(person("2"), zone=ZoneInfo("Pacific/Kiritimati"))

    assert [row[2] for row in (await world("members"))["members"] if row[0]] == ["2026-03-02", "2026-03-03"]


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(1899, 12, 31)])
async def test_a_day_that_is_too_far_away_is_refused(send: Send, day: date) -> None:
    with pytest.raises(NotDone) as refused:
        await send(person("1", name="Ann"), effective=day)

    assert refused.value.reason is Reason.BAD_DAY
