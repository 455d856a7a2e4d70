"""Real organisations come in: their figures, their history from two snapshots, and again nothing."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from atrium.imports.organogram import import_organogram, read_organogram
from atrium.imports.records import Mode, Type
from atrium.imports.report import NotDone, Progress, Reason, Report
from models import db
from models.org import OrgUnit
from models.positions import on
from tests import engine
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person

DATA = Path(__file__).parents[1] / "data" / "uk_organogram"
MARCH, SEPTEMBER, HOME = "department_of_health-2011-03-31", "department_of_health-2011-09-30", "home_office-2012-09-30"
DAYS = {MARCH: date(2011, 3, 31), SEPTEMBER: date(2011, 9, 30), HOME: date(2012, 9, 30)}
FIGURES = {
    MARCH: {"posts": 302, "roots": 2, "depth": 5, "largestSpan": 20},
    SEPTEMBER: {"posts": 313, "roots": 1, "depth": 6, "largestSpan": 18},
    HOME: {"posts": 190, "roots": 1, "depth": 4, "largestSpan": 13},
}


class Take:
    """Imports a snapshot of the data, with its junior posts counted."""

    def __init__(self, clock: TurnedClock) -> None:
        self.clock = clock

    async def __call__(self, snapshot: str, **options: Any) -> Report:
        given: dict[str, Any] = {"mode": Mode.FULL, "effective": DAYS[snapshot], "absent_share": 0.25} | options
        files = DATA / f"{snapshot}-senior.csv", DATA / f"{snapshot}-junior.csv"
        return await import_organogram(*files, clock=self.clock, **given)


@pytest.fixture
def take(database: None, clock: TurnedClock) -> Take:
    return Take(clock)


@pytest.mark.parametrize("snapshot", FIGURES)
async def test_the_figures_of_each_snapshot(take: Take, snapshot: str) -> None:
    report = await take(snapshot)

    assert report.chart.as_dict() == FIGURES[snapshot]
    assert not report.has_errors
    assert report.positions.created == FIGURES[snapshot]["posts"]


def told(snapshot: str) -> dict[str, tuple[str | None, set[str | None], str]]:
    """What a snapshot says of each post: whom it reports to, who holds it by name (None: undisclosed), its title."""
    found = read_organogram(DATA / f"{snapshot}-senior.csv", None, Report()).records
    names = {record.id: record.fields["name"] for record in found if record.type is Type.PERSON}
    posts: dict[str, Any] = {
        record.id: (record.fields["reports_to"], set[Any](), record.fields["title"])
        for record in found
        if record.type is Type.POSITION
    }
    for record in found:
        if record.type is Type.HOLDING:
            person = record.fields["person"]
            posts[str(record.fields["position"])][1].add(names[str(person)] if person else None)
    return posts


AS_OF = f"""
SELECT m.external_id, b.external_id AS manager, t.title, ARRAY(
    SELECT n.name FROM holding h
    LEFT JOIN person_term n ON n.person_id = h.person_id AND {on("n", "$2")}
    WHERE h.position_id = t.position_id AND {on("h", "$2")}) AS holders
FROM position_term t
JOIN import_map m ON m.subject_id = t.position_id AND m.type = 'position' AND m.source = $1
LEFT JOIN reporting_line l ON l.position_id = t.position_id AND l.kind = 'SOLID' AND {on("l", "$2")}
LEFT JOIN import_map b ON b.subject_id = l.manager_id AND b.type = 'position' AND b.source = $1
WHERE {on("t", "$2")}
"""


async def stored(day: date, source: str = "Department of Health") -> dict[str, tuple[str | None, set[str | None], str]]:
    """The same of the chart as it is stored for a day."""
    rows = await db.rows(AS_OF, source, day)
    return {row["external_id"]: (row["manager"], set(row["holders"]), row["title"]) for row in rows}


async def test_two_snapshots_are_a_history(take: Take) -> None:
    await take(MARCH)
    await take(SEPTEMBER)

    assert await stored(date(2011, 3, 30)) == {}
    assert await stored(date(2011, 6, 30)) == told(MARCH)
    assert await stored(date(2011, 9, 29)) == told(MARCH)
    assert await stored(date(2011, 12, 31)) == told(SEPTEMBER)
    assert await stored(take.clock.now().date()) == told(SEPTEMBER)


async def test_the_older_snapshot_may_come_last(take: Take) -> None:
    await take(SEPTEMBER)
    await take(MARCH, mode=Mode.PARTIAL)

    assert {ref: post[0::2] for ref, post in (await stored(date(2011, 6, 30))).items()} == {
        ref: post[0::2] for ref, post in told(MARCH).items()
    }
    assert {ref: post[0] for ref, post in (await stored(date(2011, 12, 31))).items() if ref in told(SEPTEMBER)} == {
        ref: post[0] for ref, post in told(SEPTEMBER).items()
    }


async def test_who_joined_left_and_moved(take: Take) -> None:
    before, after = await take(MARCH), await take(SEPTEMBER)

    march, september = (
        {name for _, holders, _ in told(snapshot).values() for name in holders if name}
        for snapshot in (MARCH, SEPTEMBER)
    )
    assert {one["name"] for one in before.movements["joined"]} == march
    assert {one["name"] for one in after.movements["joined"]} == september - march
    assert {one["name"] for one in after.movements["left"]} == march - september
    assert {one["day"] for kind in ("joined", "left") for one in after.movements[kind]} == {"2011-09-30"}
    assert {one["name"] for one in after.movements["moved"]} <= march & september
    assert {one["field"] for one in after.movements["moved"]} == {"title", "manager", "org_unit", "position"}
    assert (after.positions.created, after.positions.deactivated) == (
        len(told(SEPTEMBER).keys() - told(MARCH).keys()),
        len(told(MARCH).keys() - told(SEPTEMBER).keys()),
    )


async def test_a_fifth_who_leave_are_asked_about(take: Take) -> None:
    await take(MARCH)

    with pytest.raises(NotDone) as caught:
        await take(SEPTEMBER, absent_share=0.1)

    assert caught.value.reason is Reason.ABSENT_ROWS
    assert await stored(date(2011, 12, 31)) == told(MARCH)


async def test_again_changes_nothing(take: Take) -> None:
    for snapshot in (MARCH, SEPTEMBER, HOME):
        await take(snapshot)
    before = await rows()

    for snapshot in (SEPTEMBER, HOME):
        report = await take(snapshot)

        counts = {key: (c.created, c.updated, c.deactivated) for key, c in report.counts.items()}
        assert set(counts.values()) == {(0, 0, 0)}
        assert report.movements == {"joined": [], "left": [], "moved": []}
        assert report.chart.as_dict() == FIGURES[snapshot]
    assert await rows() == before


async def test_departments_do_not_mix(take: Take) -> None:
    await take(SEPTEMBER)
    await take(HOME)

    assert await stored(date(2012, 12, 31)) == told(SEPTEMBER)
    assert await stored(date(2012, 12, 31), "Home Office") == told(HOME)
    assert await db.value("SELECT count(*) FROM org_unit WHERE parent_id IS NULL AND active") == 2


async def test_a_dry_run_tells_what_the_real_one_does(take: Take) -> None:
    await take(MARCH)

    dry = await take(SEPTEMBER, dry_run=True)

    assert await stored(date(2011, 12, 31)) == told(MARCH)
    assert dry.summary() == (await take(SEPTEMBER)).summary()


class Stopped(Exception):
    """The power went."""


async def test_stopped_anywhere_it_goes_on_to_the_same_rows(take: Take) -> None:
    await take(MARCH)
    whole = await take(SEPTEMBER)
    expected = await rows()

    for step in (0, 4, 6, 10):
        await engine.empty()
        await take(MARCH)
        with pytest.raises(Stopped):
            await take(SEPTEMBER, progress=stopping(step))
        resumed = await take(SEPTEMBER)

        assert (resumed.resumed, resumed.summary()) == (True, whole.summary())
        assert await rows() == expected


def stopping(step: int) -> Progress:
    """Progress at which a step of the writing does not begin any more."""

    def progress(done: int, _total: int, phase: str) -> None:
        if (phase, done) == ("writing", step):
            raise Stopped

    return progress


TABLES = {
    "person_term": "person_id, name",
    "unit_term": "unit_id, name, parent_id, head_id, deputy_id",
    "position_term": "position_id, title, grade, unit_id",
    "holding": "position_id, person_id",
    "reporting_line": "position_id, kind, manager_id",
}


async def rows() -> dict[str, list[tuple[Any, ...]]]:
    """All facts in time, by what other systems call the things that they are about."""
    names = {
        row[0]: f"{row[1]}/{row[2]}" for row in await db.rows("SELECT subject_id, type, external_id FROM import_map")
    }
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table, columns in TABLES.items():
        records = await db.rows(f"SELECT {columns}, valid_from, valid_to FROM {table}")
        found[table] = sorted((tuple(names.get(value, value) for value in row) for row in records), key=repr)
    return found


@pytest.mark.parametrize(("day", "snapshot"), [("2011-06-30", MARCH), ("2011-12-31", SEPTEMBER)])
async def test_clients_see_the_chart_of_the_day(take: Take, ask: Ask, day: str, snapshot: str) -> None:
    viewer = await a_person("Vera")
    await take(MARCH)
    await take(SEPTEMBER)
    unit = await OrgUnit.get(name="Department of Health", parent_id=None)

    data = await ask(viewer, "org/org_chart", root_id=global_id(unit), depth=20, as_of=day)

    entries = data["orgChart"]["entries"]
    posts = {entry["key"]: entry for entry in entries}
    seen = Counter(
        (
            entry["title"],
            posts[entry["parentKey"]]["title"] if entry["parentKey"] else None,
            entry["occupancy"],
            tuple(sorted(holder["name"] for holder in entry["holders"] if holder["name"])),
        )
        for entry in entries
    )
    expected = told(snapshot)
    assert seen == Counter(
        (
            title,
            expected[manager][2] if manager else None,
            "VACANT" if not holders else "UNDISCLOSED" if holders == {None} else "FILLED",
            tuple(sorted(name for name in holders if name)),
        )
        for manager, holders, title in expected.values()
    )
    figures = FIGURES[snapshot]
    assert sum(entry["parentKey"] is None for entry in entries) == figures["roots"]
    assert max(entry["depth"] for entry in entries) == figures["depth"]
    assert (
        max(Counter(entry["parentKey"] for entry in entries if entry["parentKey"]).values()) == figures["largestSpan"]
    )
