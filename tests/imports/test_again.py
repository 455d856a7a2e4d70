"""The same full file once more changes nothing, whatever the first time has ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from atrium.imports.records import Mode
from tests.imports.conftest import Send, holding, line, person, position, unit, world

FULL: dict[str, Any] = {"mode": Mode.FULL, "absent_share": 1.0}
TODAY, MAY, AUGUST = "2026-03-02", "2026-05-01", "2026-08-02"
HISTORY = {"history": [{"valid_from": "2026-01-01", "name": "Kitchen", "head": "ann", "deputy": "bob"}]}


async def changes_nothing(send: Send, *records: Mapping[str, Any]) -> None:
    """Sent once more, nothing is other than it is, and nothing is counted."""
    stored = await world()
    again = await send(*records, **FULL)
    assert await world() == stored
    assert not [
        key for key, counts in again.counts.items() if counts.created or counts.updated or counts.deactivated
    ], again.summary()


async def led() -> list[tuple[Any, ...]]:
    """Who heads units, and from when to when."""
    return [row[3:] for row in (await world("units"))["units"]]


@pytest.mark.parametrize("role", ["head", "deputy"])
async def test_whoever_is_absent_leads_no_unit(send: Send, role: str) -> None:
    records = (unit("K", **{role: "ann"}), position("z"))
    await send(person("ann"))

    report = await send(*records, **FULL)

    assert (report.people.deactivated, report.units.created) == (1, 1)
    assert await led() == [(None, TODAY, "infinity")]
    await changes_nothing(send, *records)


async def test_whoever_was_absent_before_leads_no_unit(send: Send) -> None:
    await send(person("ann"), person("bob"))
    await send(person("bob"), **FULL)

    await send(unit("K", head="ann", deputy="bob"))

    assert await led() == [(None, TODAY, "infinity")]


async def test_whoever_is_known_to_come_may_lead(send: Send) -> None:
    await send(person("ann", start_date=MAY))

    await send(unit("K", head="ann"))

    assert await led() == [("ann", TODAY, "infinity")]


async def test_a_history_names_its_leaders_until_they_leave(send: Send) -> None:
    people = person("ann", active=False, end_date="2026-02-01"), person("bob", end_date="2026-08-01")
    records = (unit("K", **HISTORY), *people)
    await send(person("ann", start_date="2020-01-01"), person("bob"))

    await send(*records, **FULL)

    assert await led() == [
        ("ann", "2026-01-01", "2026-02-02"),
        (None, "2026-02-02", AUGUST),
        (None, AUGUST, "infinity"),  # without a deputy
    ]
    await changes_nothing(send, *records)


async def test_a_history_names_who_is_absent_until_today(send: Send) -> None:
    records = (unit("K", **HISTORY), person("bob"))
    await send(person("ann", start_date="2020-01-01"), person("bob"))

    await send(*records, **FULL)

    assert await led() == [("ann", "2026-01-01", TODAY), (None, TODAY, "infinity")]
    await changes_nothing(send, *records)


@pytest.mark.parametrize("manager", [{"manager": None}, {"manager": "nobody"}, {}])
async def test_lines_of_whoever_begins_later_stay_until_then(send: Send, manager: dict[str, Any]) -> None:
    records = (
        person("bob", title="Chef", start_date=MAY, **manager),
        *(person("ann", title="Cook"), person("eve", title="Waiter")),
        *(position("z"), line("z", "person:ann")),
    )
    await send(person("ann", title="Cook"), person("bob", manager="ann"), person("eve", manager="ann"))

    report = await send(*records, **FULL)

    assert report.of("line").deactivated == 2
    assert (await world("lines"))["lines"] == [
        ("person:bob", "SOLID", "person:ann", TODAY, MAY),
        ("z", "SOLID", "person:ann", TODAY, "infinity"),
    ]
    await changes_nothing(send, *records)


async def test_a_leader_of_other_days_is_left_to_them(send: Send) -> None:
    await send(person("ann"), effective=date(2026, 1, 1))
    await send(person("bob"), **FULL)

    await send(unit("K", head="ann"), effective=date(2026, 2, 1))

    assert await led() == [("ann", "2026-02-01", TODAY), (None, TODAY, "infinity")]


async def test_what_a_file_tells_of_later_days_stays_when_it_ends_today(send: Send) -> None:
    span = {"valid_from": MAY, "valid_to": AUGUST}
    posts = *(position(id) for id in "abc"), person("ann")
    links = holding("a", None), holding("b", "ann"), line("a", "b"), line("b", "c", "dotted")
    records = *posts, *(link | span for link in links)
    await send(*posts, *links)

    await send(*records, **FULL)

    found = await world("holdings", "lines")
    assert [row[:2] for row in found["holdings"]] == [("a", None), ("b", "ann")]
    assert [row[:3] for row in found["lines"]] == [("a", "SOLID", "b"), ("b", "DOTTED", "c")]
    assert {row[-2:] for row in (*found["holdings"], *found["lines"])} == {(MAY, AUGUST)}
    await changes_nothing(send, *records)


async def test_a_manager_stands_where_the_file_has_them_stand(send: Send) -> None:
    """Their post is of an earlier file: it is theirs by this one, and so theirs is the desk that others report to."""
    records = person("eve", title="Waiter", manager="ann"), person("ann"), holding("a", "ann"), position("z")
    await send(person("ann", title="Chef", start_date=MAY), position("a"))

    await send(*records, **FULL)

    assert [row[:3] for row in (await world("lines"))["lines"]] == [("person:eve", "SOLID", "a")]
    await changes_nothing(send, *records)
