"""The real organisation chart: what it becomes, and that importing it again changes nothing."""

import asyncio
import dataclasses

import orjson

from models import db
from tests.imports.conftest import ORGANOGRAM, Bring, stored

FIGURES = {"posts": 313, "roots": 1, "depth": 6, "largestSpan": 18}
WRITTEN = """
SELECT (SELECT count(*) FROM event) AS events, (SELECT max(xmin::text::bigint) FROM person) AS people,
       (SELECT max(xmin::text::bigint) FROM org_unit) AS units, (SELECT max(xmin::text::bigint) FROM import_map) AS map,
       (SELECT max(xmin::text::bigint) FROM unit_closure) AS closure, (SELECT sum(version) FROM person) AS versions
"""


async def test_the_whole_chart_comes_in(bring: Bring) -> None:
    report = await bring.file(ORGANOGRAM)

    assert report.summary() == {
        "people": {"created": 313, "updated": 0, "unchanged": 0, "deactivated": 0, "skipped": 0, "errors": 0},
        "units": {"created": 30, "updated": 0, "unchanged": 0, "deactivated": 0, "skipped": 0, "errors": 0},
        "chart": FIGURES,
    }
    assert not report.has_errors
    assert [(p.code, p.field) for p in report.problems] == [
        ("column_not_kept", f) for f in ("skills", "grade", "links")
    ]
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
    assert [tuple(e) for e in events] == [("PersonJoined", True, 313)]
    assert await db.value("SELECT count(*) FROM audience WHERE kind = 'UNIT'") == 30
    assert await db.value("SELECT count(*) FROM unit_closure") == 30 + 29
    assert {r[0] for r in await db.rows("SELECT DISTINCT created_at FROM person")} == {bring.clock.now()}


async def test_the_number_of_statements_does_not_grow(bring: Bring, statements: list[str]) -> None:
    await bring("external_id,name,department\n1,Ann,Kitchen")
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
    assert told[-1] == (1, 1, "writing")


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
