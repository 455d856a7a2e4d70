"""The canonical format: what its records may say, and what is wrong with them."""

from __future__ import annotations

import gzip
from typing import Any

import orjson
import pytest

from atrium.imports.jsonl import import_jsonl
from atrium.imports.report import NotDone, Reason
from models import db
from tests.imports.conftest import Send, codes, holding, line, person, position, unit, world

DAY = "2026-03-02"


async def test_positions_are_apart_from_people(send: Send) -> None:
    report = await send(
        person("ann", email="ann@acme.example"),
        person("bob"),
        holding("cook", "ann"),
        holding("cook", "bob"),
        holding("spy", None),
        position("cook", grade="7", org_unit="K", reports_to="chef"),
        position("spy", reports_to="cook"),
        position("chef"),
        unit("K", parent="H", head="ann"),
        unit("H"),
    )

    assert not report.problems
    assert report.chart.as_dict() == {"posts": 3, "roots": 1, "depth": 2, "largestSpan": 1}
    found = await world("holdings", "lines", "units", "positions")
    assert found["holdings"] == [
        ("cook", "ann", DAY, "infinity"),
        ("cook", "bob", DAY, "infinity"),
        ("spy", None, DAY, "infinity"),
    ]
    assert found["lines"] == [
        ("cook", "SOLID", "chef", DAY, "infinity"),
        ("spy", "SOLID", "cook", DAY, "infinity"),
    ]
    assert ("K", "Unit K", "H", "ann", DAY, "infinity") in found["units"]
    assert {row[0] for row in found["positions"]} == {"cook", "spy", "chef"}
    assert await db.value("SELECT unit_id FROM person WHERE name = 'Person ann'") is not None


async def test_whoever_holds_nothing_has_a_position_of_their_own(send: Send) -> None:
    await send(person("1", title="Cook", grade="7", manager="2"), person("2"))

    found = await world("holdings", "lines", "today")
    assert [row[:2] for row in found["holdings"]] == [("person:1", "1"), ("person:2", "2")]
    assert [row[:3] for row in found["lines"]] == [("person:1", "SOLID", "person:2")]
    assert found["today"] == [("person:1", "Cook", "7", True, False, True), ("person:2", "", None, True, False, True)]


async def test_what_is_absent_says_nothing_and_null_clears(send: Send) -> None:
    said = {"title": "Cook", "grade": "7", "org_unit": "K", "manager": "2", "location": "Oslo", "bio": "Cooks."}
    await send(unit("K"), person("1", **said), person("2"))
    before = await world()

    await send({"type": "person", "id": "1", "phone": "1234"})
    changed = await world()
    assert {part for part in before if before[part] != changed[part]} == {"map"}
    assert await db.value("SELECT phone FROM person WHERE name = 'Person 1'") == "1234"

    await send({"type": "person", "id": "1", **dict.fromkeys(said)})
    found = await world("positions", "lines", "people")
    assert ("person:1", "", None, None, DAY, "infinity") in found["positions"]
    assert found["lines"] == []
    assert await db.value("SELECT (location, bio) = (NULL, '') FROM person WHERE name = 'Person 1'") is None


async def test_other_sources_are_named(send: Send) -> None:
    await send(person("7", title="Boss"), source="hr")

    report = await send(person("7", manager="hr:7"), person("8", manager="7"), source="payroll")

    assert not report.problems
    assert [row[:3] for row in (await world("lines"))["lines"]] == [
        ("person:7", "SOLID", "person:7"),
        ("person:8", "SOLID", "person:7"),
    ]
    assert await db.value("SELECT count(DISTINCT manager_id) FROM reporting_line") == 2


async def test_dotted_lines_stand_beside_solid_ones(send: Send) -> None:
    report = await send(
        *(position(id) for id in "abc"), line("a", "b"), line("a", "c", "dotted"), line("a", "b", "project")
    )

    assert not report.problems
    assert [row[1:3] for row in (await world("lines"))["lines"]] == [("DOTTED", "c"), ("PROJECT", "b"), ("SOLID", "b")]
    assert report.chart.as_dict() == {"posts": 3, "roots": 2, "depth": 1, "largestSpan": 1}


async def test_facts_may_have_days(send: Send) -> None:
    told = (
        person("ann", history=[{"valid_from": "2020-01-01", "valid_to": None, "name": "Ann"}]),
        position(
            "p",
            history=[
                {"valid_from": "2020-01-01", "valid_to": "2021-01-01", "title": "Junior"},
                {"valid_from": "2022-01-01", "valid_to": None, "title": "Senior"},
            ],
        ),
        position("q", history=[{"valid_from": "2019-01-01", "title": "Head"}]),
        holding("p", "ann", valid_from="2020-01-01", valid_to="2021-01-01"),
        holding("p", "ann", valid_from="2022-01-01", valid_to=None),
        line("p", "q", valid_from="2020-01-01", valid_to="2020-06-01"),
    )
    await send(*told)

    found = await world("holdings", "lines", "positions", "members")
    assert found["holdings"] == [("p", "ann", "2020-01-01", "2021-01-01"), ("p", "ann", "2022-01-01", "infinity")]
    assert found["lines"] == [("p", "SOLID", "q", "2020-01-01", "2020-06-01")]
    assert found["positions"] == [
        ("p", "Junior", None, None, "2020-01-01", "2021-01-01"),
        ("p", "Senior", None, None, "2022-01-01", "infinity"),
        ("q", "Head", None, None, "2019-01-01", "infinity"),
    ]
    assert found["members"] == [("ann", "Ann", "2020-01-01", "infinity")]
    assert (await send(*told)).positions.unchanged == 2


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([{"type": "wish", "id": "1"}], "unknown_type"),
        ([{"type": "membership", "id": "1", "group": "g", "person": "p"}], "unknown_ref"),
        ([{"id": "1"}], "bad_json"),
        ([{"type": "person", "name": "Ann"}], "missing_field"),
        ([{"type": "person", "id": "1"}], "missing_field"),
        ([{"type": "person", "id": "1", "name": " "}], "missing_field"),
        ([{"type": "person", "id": "1", "name": "A\0"}], "bad_text"),
        ([{"type": "person", "id": "1", "name": "A" * 201}], "too_long"),
        ([{"type": "person", "id": "1" * 201, "name": "A"}], "too_long"),
        ([person("1", shoe_size=38)], "unknown_field"),
        ([person("1", title={})], "bad_value"),
        ([person("1", active="perhaps")], "bad_value"),
        ([person("1", links=["javascript:alert(1)"])], "bad_value"),
        ([person("1", time_zone="Mars/Olympus")], "bad_value"),
        ([person("1", start_date="soon")], "bad_date"),
        ([person("1", email="nobody")], "bad_email"),
        ([person("1", manager="1")], "manager_cycle"),
        ([person("1", manager="9")], "unknown_ref"),
        ([person("1", org_unit="9")], "unknown_ref"),
        ([unit("1", parent="9")], "unknown_ref"),
        ([unit("1", head="9")], "unknown_ref"),
        ([position("1", reports_to="9")], "unknown_ref"),
        ([position("1", reports_to="1")], "manager_cycle"),
        ([holding("9", None)], "unknown_ref"),
        ([position("1"), holding("1", "9")], "unknown_ref"),
        ([position("1"), line("1", "9")], "unknown_ref"),
        ([position("1"), line("1", "1", "curly")], "bad_value"),
        ([position("1"), holding("1", None, valid_from="2026-01-02", valid_to="2026-01-02")], "bad_dates"),
        ([position("1"), holding("1", None, valid_from="2026-01-02", valid_to="2026-01-01")], "bad_dates"),
        ([position("1", history=[{"valid_from": "2026-01-02", "valid_to": "2026-01-01"}])], "bad_dates"),
        ([position("1", history=[{"valid_from": "2026-01-02"}, {"valid_from": "2026-02-01"}])], "bad_dates"),
        ([position("1", history=["then"])], "bad_value"),
    ],
)
async def test_what_is_wrong_is_told_by_a_code(send: Send, records: list[Any], expected: str) -> None:
    report = await send(*records, person("z"))

    assert [str(problem.code) for problem in report.problems] == [expected]
    assert "z" in [row[0] for row in (await world("people"))["people"]]
    assert await db.value("SELECT count(*) FROM import_record") == 0


async def test_two_solid_lines_of_one_day_are_one_too_many(send: Send) -> None:
    told = [*(position(id) for id in "abc"), line("a", "c"), line("a", "b")]

    for records in (told, told[::-1]):
        report = await send(*records)

        assert [(p.id, str(p.code)) for p in report.problems] == [("a", "overlapping_line")]
        assert [row[:3] for row in (await world("lines"))["lines"]] == [("a", "SOLID", "b")]


async def test_lines_one_after_the_other_do_not_overlap(send: Send) -> None:
    report = await send(
        *(position(id) for id in "abc"),
        line("a", "c", valid_from="2026-05-01"),
        line("a", "b", valid_from="2026-01-01", valid_to="2026-05-01"),
    )

    assert not report.problems
    assert [row[2:] for row in (await world("lines"))["lines"]] == [
        ("b", "2026-01-01", "2026-05-01"),
        ("c", "2026-05-01", "infinity"),
    ]


async def test_a_loop_on_a_day_to_come_is_opened_too(send: Send) -> None:
    await send(*(position(id) for id in "abc"), line("a", "b", valid_from="2026-01-01", valid_to="2026-05-01"))

    report = await send(
        line("b", "c"), line("c", "b", valid_from="2026-06-01"), line("b", "a", valid_from="2027-01-01", valid_to=None)
    )

    assert {str(problem.code) for problem in report.problems} <= {"manager_cycle", "overlapping_line"}
    assert report.has_errors


async def test_units_do_not_lie_below_themselves(send: Send) -> None:
    await send(unit("a"), unit("b", parent="a"), unit("c", parent="b"))

    report = await send(unit("a", parent="c"))

    assert [(p.id, str(p.code)) for p in report.problems] == [("a", "unit_cycle")]
    assert [row[2] for row in (await world("units"))["units"]] == [None, "a", "b"]
    assert (await send(unit("a", parent="c"))).units.updated == 0


async def test_tombstones_end_things(send: Send) -> None:
    await send(
        unit("U"), person("1", org_unit="U"), person("2"), position("p"), holding("p", "2"), line("p", "person:1")
    )
    send.clock.turn(days=1)

    report = await send(
        *({"type": "person", "id": id, "deleted": True} for id in "12"),
        {"type": "position", "id": "p", "deleted": True},
        {"type": "org_unit", "id": "U", "deleted": True},
        {"type": "person", "id": "nobody", "deleted": True},
    )

    assert not report.problems
    assert (report.people.deactivated, report.people.skipped) == (2, 1)
    assert (report.positions.deactivated, report.units.deactivated) == (2, 1)
    until = {
        row[-1] for rows in (await world("members", "positions", "holdings", "lines", "units")).values() for row in rows
    }
    assert until == {"2026-03-03"}
    assert await db.value("SELECT count(*) FROM person WHERE active") == 0


async def test_a_membership_of_a_position_is_a_holding(send: Send) -> None:
    await send(person("1"), position("p"), {"type": "membership", "id": "m", "position": "p", "person": "1"})

    assert [row[:2] for row in (await world("holdings"))["holdings"]] == [("p", "1")]


async def test_the_last_record_of_an_id_wins(send: Send) -> None:
    report = await send(
        *(unit("U", name=name) for name in ("Old", "New")), position("p", title="Old"), position("p", title="New")
    )

    assert codes(report) == [(2, "duplicate_id"), (4, "duplicate_id")]
    assert [row[1] for row in (await world("units"))["units"]] == ["New"]
    assert [row[1] for row in (await world("positions"))["positions"]] == ["New"]


async def test_skills_come_into_the_catalogue_and_nobody_loses_one(send: Send) -> None:
    await send(person("1", skills=["C++", "Rust"]), person("2", skills=["RUST", "C#"]))

    assert await db.value("SELECT count(*) FROM skill") == 3
    await send(person("1", skills=["Rust"]))
    assert [row for row in (await world("skills"))["skills"] if row[0] == "1"] == [("1", "C++"), ("1", "Rust")]


async def test_packed_files_are_read(send: Send) -> None:
    await send(person("1"))
    send.path.write_bytes(gzip.compress(send.path.read_bytes()))

    assert (await import_jsonl(send.path, clock=send.clock)).people.unchanged == 1
    send.path.write_bytes(send.path.read_bytes()[:-12])
    with pytest.raises(NotDone) as caught:
        await import_jsonl(send.path, clock=send.clock)
    assert caught.value.reason is Reason.UNREADABLE_FILE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", Reason.EMPTY_FILE),
        (b"{}\n", Reason.BAD_HEADER),
        (b'{"type":"header","version":2,"source":"x"}\n', Reason.BAD_HEADER),
        (b'{"type":"header","version":1,"source":"x","mode":"most"}\n', Reason.BAD_HEADER),
        (b'{"type":"header","version":1,"source":7}\n', Reason.BAD_HEADER),
        (b'{"type":"header","version":1}\n', Reason.BAD_SOURCE),
        (b'{"type":"header","version":1,"source":"x"}\n', Reason.NO_ROWS),
    ],
)
async def test_a_file_without_its_header_is_refused(send: Send, text: bytes, reason: Reason) -> None:
    send.path.write_bytes(text)

    with pytest.raises(NotDone) as caught:
        await import_jsonl(send.path, clock=send.clock)

    assert caught.value.reason is reason


async def test_too_many_errors_stop_it(send: Send) -> None:
    with pytest.raises(NotDone) as caught:
        await send(person("1"), person("2", manager="9"), person("3", manager="9"), errors_max=1)

    assert caught.value.reason is Reason.TOO_MANY_ERRORS
    assert await db.value("SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM import_record)") == 0


async def test_lines_that_are_no_json_cost_only_themselves(send: Send) -> None:
    header = orjson.dumps({"type": "header", "version": 1, "source": "x"})
    send.path.write_bytes(header + b'\n{"type":\n[]\n\n"\xff"\n' + orjson.dumps(person("1")) + b"\n")

    report = await import_jsonl(send.path, clock=send.clock)

    assert codes(report) == [(2, "bad_json"), (3, "bad_json"), (5, "bad_json")]
    assert report.people.created == 1


async def test_what_a_history_does_not_keep_is_told(send: Send) -> None:
    past = [{"valid_from": "2020-01-01", "name": "Ann", "manager": "2"}]
    report = await send(person("1", name="Ann", history=past), person("2", name="Bea"))

    assert [(one.code, one.field) for one in report.problems] == [("unknown_field", "history.manager")]
