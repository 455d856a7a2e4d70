"""Facts between two days: they replace what held on those days, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import db, timeline
from models.keys import uuid7
from models.positions import FOREVER, Position
from models.spans import differs_between, put_between
from tests.factories.people import NOW

START = date(2026, 1, 1)
DAYS = 20
DIFFERENT = f"""
SELECT count(*) FROM {timeline.POSITIONS.given("$1").replace("gone boolean", "gone boolean, until date")} s
WHERE {differs_between(timeline.POSITIONS, "s")}
"""

Span = tuple[int, int, str | None]
spans = st.lists(
    st.tuples(st.integers(0, DAYS - 1), st.integers(1, DAYS), st.sampled_from(["A", "B", None])),
    min_size=1,
    max_size=8,
)


@given(told=spans)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_days_are_what_was_last_said_of_them(database: None, told: list[Span]) -> None:
    position = await Position.create(id=uuid7(), title="", created_at=NOW)
    days: list[str | None] = [None] * (DAYS + 1)
    for first, length, title in told:
        last = min(first + length, DAYS)
        change = orjson.dumps(
            [
                {
                    "position_id": position.id,
                    "title": title,
                    "grade": None,
                    "unit_id": None,
                    "day": START + timedelta(first),
                    "until": START + timedelta(last),
                    "gone": title is None,
                }
            ],
            default=str,
        ).decode()
        days[first:last] = [title] * (last - first)
        source = timeline.POSITIONS.given("$1").replace("gone boolean", "gone boolean, until date")

        await put_between(timeline.POSITIONS, source, change)

        assert await db.value(DIFFERENT, change) == 0
    rows = await db.rows(
        "SELECT title, valid_from, valid_to FROM position_term WHERE position_id = $1 ORDER BY valid_from", position.id
    )
    for day in range(DAYS + 1):
        found = [r["title"] for r in rows if r["valid_from"] <= START + timedelta(day) < r["valid_to"]]
        assert found == ([] if days[day] is None else [days[day]])
    for one, other in pairwise(rows):
        assert one["valid_to"] != other["valid_from"] or one["title"] != other["title"]


async def test_for_good_is_for_good(database: None) -> None:
    position = await Position.create(id=uuid7(), title="", created_at=NOW)
    source = "(SELECT $1::uuid AS position_id, 'A' AS title, NULL AS grade, NULL::uuid AS unit_id, $2::date AS day,"
    source += " 'infinity'::date AS until, false AS gone)"

    await put_between(timeline.POSITIONS, source, position.id, START)

    [row] = await db.rows("SELECT valid_from, valid_to FROM position_term WHERE position_id = $1", position.id)
    assert tuple(row) == (START, FOREVER)
