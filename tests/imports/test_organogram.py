"""The real organisation chart: what it becomes, and that importing it again changes nothing."""

import asyncio
import dataclasses
from typing import cast

import orjson

from atrium.imports.report import Movements
from models import db
from tests.imports.conftest import ORGANOGRAM, Bring, stored

FIGURES = {"posts": 313, "roots": 1, "depth": 6, "largestSpan": 18}
TABLES = (
    *("person", "org_unit", "position", "unit_closure", "import_map", "import_source", "person_term", "unit_term"),
    *("position_term", "holding", "reporting_line", "skill", "person_skill", "audience_member"),
)
WRITERS = ", ".join(f"(SELECT max(xmin::text::bigint) FROM {table}) AS {table}" for table in TABLES)
WRITTEN = f"""
SELECT (SELECT count(*) FROM event) AS events, (SELECT sum(version) FROM person) AS versions,
    (SELECT count(*) FROM import_record) AS staged, {WRITERS}
"""


async def test_the_whole_chart_comes_in(bring: Bring) -> None:
    report = await bring.file(ORGANOGRAM)

    counts = {"created": 0, "updated": 0, "unchanged": 0, "deactivated": 0, "skipped": 0, "errors": 0}
    told = report.summary()
    movements = told.pop("movements")
    assert told == {
        "people": {**counts, "created": 313},
        "units": {**counts, "created": 30},
        "positions": {**counts, "created": 313},
        "holdings": {**counts, "created": 304},
        "lines": {**counts, "created": 312},
        "chart": FIGURES,
    }
    assert [len(moved) for moved in cast(Movements, movements).values()] == [304, 0, 0]
    assert not report.problems
    assert await db.value("SELECT count(*) FROM person WHERE active") == 304
    people = await stored("manager", "unit", "above", "name")
    assert people["HIP003"] == (
        "HIP001",
        "Health Improvement & Protection Directorate",
        "Department of Health",
        "Prof Olu Eriksen",
    )
    assert people["REFPOST"][0] is None


async def test_a_second_import_writes_nothing(bring: Bring) -> None:
    await bring.file(ORGANOGRAM)
    before = await db.row(WRITTEN)
    bring.clock.turn(days=1)

    report = await bring.file(ORGANOGRAM, mode="full")

    assert await db.row(WRITTEN) == before
    assert (report.people.unchanged, report.units.unchanged) == (313, 30)
    assert (report.people.created, report.people.updated, report.units.created) == (0, 0, 0)
    assert report.chart.as_dict() == FIGURES


async def test_a_dry_run_tells_what_the_real_one_does(bring: Bring) -> None:
    told = await bring.file(ORGANOGRAM, dry_run=True)

    assert await db.value("SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM event)") == 0
    assert dataclasses.asdict(told) == dataclasses.asdict(await bring.file(ORGANOGRAM))


async def test_two_imports_of_a_source_wait_for_each_other(bring: Bring) -> None:
    reports = await asyncio.gather(bring.file(ORGANOGRAM), bring.file(ORGANOGRAM))

    assert sorted(r.people.created for r in reports) == [0, 313]
    assert sorted(r.people.unchanged for r in reports) == [0, 313]


async def test_units_and_events_follow(bring: Bring) -> None:
    await bring.file(ORGANOGRAM)

    events = await db.rows("SELECT kind, quiet, count(*) FROM event GROUP BY 1, 2")
    assert {tuple(e) for e in events} == {
        ("PersonJoined", True, 304),
        ("PersonChanged", True, 9),  # who hold no post: they are known, and found as such
        ("PositionChanged", True, 313),
        ("UnitCreated", True, 30),
    }
    assert await db.value("SELECT count(*) FROM audience WHERE kind = 'UNIT'") == 30
    assert await db.value("SELECT count(*) FROM unit_closure") == 30 + 29
    assert {r[0] for r in await db.rows("SELECT DISTINCT created_at FROM person")} == {bring.clock.now()}


async def test_the_number_of_statements_does_not_grow(bring: Bring, statements: list[str]) -> None:
    header, *rows = ORGANOGRAM.read_text().splitlines(keepends=True)
    await bring(header + "".join(rows[:100]))
    few = len(statements)
    statements.clear()

    await bring.file(ORGANOGRAM, source="another")

    assert len(statements) == few


async def test_progress_is_told_by_phase(bring: Bring) -> None:
    told: list[tuple[int, int, str]] = []

    def tell(done: int, total: int, phase: str) -> None:
        told.append((done, total, phase))

    await bring.file(ORGANOGRAM, progress=tell)

    assert list(dict.fromkeys(phase for *_, phase in told)) == ["reading", "staging", "comparing", "writing"]
    assert all(0 <= done <= total for done, total, _ in told)
    assert told[-1][0] == told[-1][1]


async def test_the_problems_are_json_lines(bring: Bring) -> None:
    report = await bring("external_id,name,manager\n1,Ann,Zed\n")

    assert [orjson.loads(line) for line in report.problem_lines().splitlines()] == [
        {
            "line": 2,
            "type": "person",
            "id": "1",
            "code": "unknown_ref",
            "field": "manager",
            "message": "There is no Zed, in the file or from before: the manager was left out. Correct it.",
            "severity": "error",
        }
    ]
