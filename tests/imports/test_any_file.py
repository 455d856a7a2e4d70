"""What holds for any file: its order does not matter, a dry run tells the truth, and again changes nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atrium.imports.records import Mode
from atrium.imports.report import Report
from models import db
from models.lines import CLOSES
from tests import engine
from tests.imports.conftest import Send, holding, line, person, position, unit, world

EXAMPLES = 150 if os.environ.get("ATRIUM_FUZZ") else 10
IDS = [*"abcd"]
ID = st.sampled_from(IDS)
MAYBE = st.none() | st.sampled_from([*IDS, "nobody"])
DAYS = ("2026-01-01", "2026-03-01", "2026-06-01", "2027-01-01")


def _said(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


SPAN = st.just(dict[str, Any]()) | st.tuples(st.integers(0, 2), st.integers(1, 3)).map(
    lambda t: {"valid_from": DAYS[t[0]], "valid_to": DAYS[t[0] + t[1]] if t[0] + t[1] < len(DAYS) else None}
)
UNITS = st.dictionaries(ID, _said(parent=MAYBE, head=MAYBE), max_size=3)
PEOPLE = st.dictionaries(
    ID,
    _said(
        title=st.sampled_from(["Cook", "Chef"]),
        manager=MAYBE,
        org_unit=MAYBE,
        location=st.sampled_from(["Oslo", None]),
        email=st.sampled_from(["x@acme.example", "y@acme.example"]),
        active=st.booleans(),
        start_date=st.sampled_from(["2020-01-01", "2026-05-01"]),
        end_date=st.sampled_from(["2026-02-01", "2026-08-01", None]),
    ),
    max_size=4,
)
POSITIONS = st.dictionaries(ID, _said(grade=st.sampled_from("12"), org_unit=MAYBE, reports_to=MAYBE), max_size=4)
HOLDINGS = st.dictionaries(st.tuples(ID, MAYBE), SPAN, max_size=3)
LINES = st.dictionaries(st.tuples(ID, ID, st.sampled_from(["solid", "dotted"])), SPAN, max_size=3)

Records = Sequence[dict[str, Any]]


@st.composite
def files(draw: st.DrawFn) -> Records:
    """Records of some things, in any order."""
    return [
        *(unit(id, **said) for id, said in draw(UNITS).items()),
        *(person(id, **said) for id, said in draw(PEOPLE).items()),
        *(position(id, **said) for id, said in draw(POSITIONS).items()),
        *(holding(*pair, **said) for pair, said in draw(HOLDINGS).items()),
        *(line(*ends, **said) for ends, said in draw(LINES).items()),
        position("z"),
    ]


def told(report: Report) -> object:
    """What a report says, whatever the order of the rows."""
    problems = {(p.type, p.id, p.code, p.field) for p in report.problems}
    return report.summary(), problems, report.rejected


@pytest.mark.fuzz
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=files(), now=files(), mode=st.sampled_from(Mode), seed=st.integers())
async def test_any_file_in_any_order(send: Send, before: Records, now: Records, mode: Mode, seed: int) -> None:
    shuffled = list(now)
    Random(seed).shuffle(shuffled)
    how: dict[str, Any] = {"mode": mode, "absent_share": 1.0}
    outcomes: list[object] = []
    for records in (now, shuffled):
        await engine.empty()
        await send(*before)

        dry = await send(*records, dry_run=True, **how)
        report = await send(*records, **how)

        assert told(dry) == told(report)
        outcomes.append((told(report), await world()))
    assert outcomes[0] == outcomes[1]
    stored = await world()
    again = await send(*shuffled, **how)
    assert await world() == stored
    assert {key: (c.created, c.updated, c.deactivated) for key, c in again.counts.items()} == dict.fromkeys(
        again.counts, (0, 0, 0)
    )
    await no_loops()


async def no_loops() -> None:
    """No line leads back to where it begins, on any of its days."""
    rows = await db.rows(
        "SELECT position_id, manager_id, valid_from, valid_to FROM reporting_line WHERE kind = 'SOLID'"
    )
    for row in rows:
        assert await db.value(CLOSES, *row) is None


async def test_two_sources_come_in_at_once(send: Send, tmp_path: Path) -> None:
    people = [person(f"{n}", title="Clerk", email=f"p{n}@acme.example", manager="0" if n else None) for n in range(200)]
    folder = tmp_path / "other"
    folder.mkdir()
    other = Send(folder, send.clock)

    reports = await asyncio.gather(send(*people, source="one"), other(*people, source="two"), return_exceptions=True)

    assert all(isinstance(report, Report) for report in reports), reports
    assert [report.people.created for report in reports if isinstance(report, Report)] == [200, 200]
    assert await db.value("SELECT count(*) FROM person WHERE active") == 400
    # Each address is one person's, whoever came first.
    assert await db.value("SELECT count(DISTINCT email) FROM person") == 200


async def test_two_sources_close_no_loop_together(send: Send, tmp_path: Path) -> None:
    await send(*(position(f"{n}") for n in range(40)), source="hr")
    folder = tmp_path / "other"
    folder.mkdir()
    other = Send(folder, send.clock)

    await asyncio.gather(
        send(*(line(f"hr:{n}", f"hr:{n + 1}") for n in range(39)), source="one"),
        other(line("hr:39", "hr:0"), source="two"),
    )

    assert await db.value("SELECT count(*) FROM reporting_line") == 39
    await no_loops()
