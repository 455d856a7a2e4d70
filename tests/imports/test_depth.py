"""Units nest so deep and no deeper, whatever files say, in which order, and how many at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Any

from atrium.imports.records import Mode
from models import db, timeline, today
from models.log import lock_stream
from models.org import UNIT_DEPTH_MAX
from tests.imports.conftest import Send, codes, person, unit, world

Records = list[dict[str, Any]]


def chain(name: str, length: int, parent: str | None = None) -> Records:
    """Units each below the one before: `a1`, `a2` …"""
    return [unit(f"{name}{n}", parent=f"{name}{n - 1}" if n > 1 else parent) for n in range(1, length + 1)]


async def deepest() -> int:
    """How many levels the tree of today has; the closure and the facts agree on it."""
    levels = await db.value(
        """
        WITH RECURSIVE walk AS (
            SELECT unit_id, 1 AS level FROM unit_term WHERE parent_id IS NULL AND valid_to = 'infinity'
            UNION ALL
            SELECT t.unit_id, level + 1 FROM walk JOIN unit_term t ON t.parent_id = walk.unit_id
            WHERE t.valid_to = 'infinity'
        ) SELECT max(level) FROM walk"""
    )
    assert await db.value("SELECT max(depth) + 1 FROM unit_closure") == levels
    return levels


async def test_as_many_levels_as_there_may_be_come_in(send: Send) -> None:
    report = await send(*chain("a", UNIT_DEPTH_MAX))

    assert not report.problems
    assert await deepest() == UNIT_DEPTH_MAX


async def test_of_a_chain_that_is_too_long_the_end_is_left_out(send: Send) -> None:
    records = [*chain("a", 60), person("1", org_unit="a50"), person("2", org_unit="a51")]
    Random(1).shuffle(records)

    dry = await send(*records, dry_run=True)
    report = await send(*records)

    assert (dry.summary(), dry.problems) == (report.summary(), report.problems)
    deep = {p.id: p.message for p in report.problems if p.code == "too_deep"}
    assert deep.keys() == {f"a{n}" for n in range(51, 61)}
    assert "at most 50 levels deep, and with this parent there would be 57" in deep["a57"]
    assert [(p.type, p.id, str(p.code)) for p in report.problems if p.id not in deep] == [
        ("person", "2", "unknown_ref")
    ]
    assert (report.units.created, report.units.errors) == (50, 10)
    assert await deepest() == UNIT_DEPTH_MAX
    before = await world()
    assert (await send(*records)).units.created == 0
    assert await world() == before


async def test_what_is_stored_counts_as_well(send: Send) -> None:
    await send(*chain("a", 30), *chain("b", 30))

    report = await send(unit("b1", name="Moved", parent="a30"), unit("b30", name="Below"), unit("c", parent="a30"))

    assert codes(report) == [(2, "too_deep")]
    assert "there would be 60" in report.problems[0].message
    units = {row[0]: row[1:3] for row in (await world("units"))["units"]}
    assert (units["b1"], units["b30"], units["c"]) == (("Unit b1", None), ("Below", "b29"), ("Unit c", "a30"))
    assert (await send(unit("b1", parent="a20"))).units.updated == 1
    assert await deepest() == UNIT_DEPTH_MAX


async def test_what_a_full_file_ends_does_not_count(send: Send) -> None:
    await send(*chain("a", 50))
    shorter = [unit("top"), unit("a1", parent="top"), *chain("a", 49)[1:]]

    report = await send(*shorter, mode=Mode.FULL)

    assert not report.problems
    assert (report.units.created, report.units.deactivated) == (1, 1)
    assert await deepest() == UNIT_DEPTH_MAX


async def test_a_row_that_is_left_out_has_not_ended(send: Send) -> None:
    await send(*chain("a", 50), unit("b"))

    report = await send(*chain("a", 50), unit("b", parent="a50"), mode=Mode.FULL)

    assert codes(report) == [(52, "too_deep")]
    assert report.units.deactivated == 0
    assert len((await world("units"))["units"]) == 51


async def test_days_count_one_by_one(send: Send) -> None:
    await send(*chain("a", 30), *chain("b", 30))
    later = [{"valid_from": "2020-01-01", "valid_to": "2027-01-01"}, {"valid_from": "2027-01-01", "parent": "a30"}]
    apart = [
        {"valid_from": "2020-01-01", "valid_to": "2021-01-01", "parent": "a25"},
        {"valid_from": "2021-01-01", "valid_to": "2022-01-01", "parent": "c25"},
    ]

    report = await send(unit("b1", history=later), *chain("c", 25), unit("d", history=apart))

    assert [(p.id, str(p.code)) for p in report.problems] == [("b1", "too_deep")]
    assert {row[2] for row in (await world("units"))["units"] if row[0] == "d"} == {"a25", "c25"}
    assert {row[2] for row in (await world("units"))["units"] if row[0] == "b1"} == {None}


async def test_a_ring_that_is_too_long_is_opened_and_cut(send: Send) -> None:
    records = chain("a", 60, parent="a60")

    for seed in range(2):
        Random(seed).shuffle(records)
        report = await send(*records, source=f"hr{seed}")

        assert len([p for p in report.problems if p.code == "too_deep"]) == 10
        assert report.units.created == 50
        assert await deepest() == UNIT_DEPTH_MAX


async def test_what_is_moved_meanwhile_counts(send: Send) -> None:
    await send(*chain("a", 30), *chain("b", 15))
    keys = dict(tuple(row) for row in await db.rows("SELECT external_id, subject_id FROM import_map"))
    move = {"unit_id": keys["a1"], "name": "Unit a1", "parent_id": keys["b15"], "head_id": None, "deputy_id": None}
    held, compared = asyncio.Event(), asyncio.Event()

    async def move_meanwhile() -> None:
        async with db.transaction():
            await lock_stream(timeline.ORG)
            held.set()
            await compared.wait()
            await timeline.change(timeline.UNITS, [{**move, "day": send.clock.now().date()}])
            await today.follow(send.clock.now().date(), send.clock.now(), units=[keys["a1"]])

    def watch(_done: int, _total: int, phase: str) -> None:
        if phase == "writing":
            compared.set()

    moving = asyncio.create_task(move_meanwhile())
    await held.wait()
    report = await send(*chain("c", 19, "hr:a30"), source="other", progress=watch)
    await moving

    assert [(p.id, str(p.code)) for p in report.problems] == [("c6", "too_deep")]
    assert "the unit became a root" in report.problems[0].message
    units = {row[0]: row[2] for row in (await world("units"))["units"]}
    assert (units["a1"], units["c1"], units["c6"], units["c7"]) == ("b15", "a30", None, "c6")
    assert await deepest() == UNIT_DEPTH_MAX


async def test_two_sources_do_not_nest_too_deep_together(send: Send, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    other = Send(folder, send.clock)
    for source in ("top", "one", "two"):
        await send(*chain("a", 24), source=source)
    padding = [unit(f"x{n}") for n in range(100)]

    reports = await asyncio.gather(
        send(unit("a1", parent="top:a24"), *padding, source="one"),
        other(unit("a1", parent="one:a24"), *padding, source="two"),
    )

    assert sorted(str(p.code) for report in reports for p in report.problems) == ["too_deep"]
    assert await deepest() == 48
    assert await db.value("SELECT count(*) FROM import_record") == 0
