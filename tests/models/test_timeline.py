"""Facts in time: whatever the order in which they are told, they are what a plain list of days would be."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import db, timeline
from models.keys import uuid7
from models.people import Person
from models.positions import FOREVER, Position, on
from tests.factories.people import NOW

START = date(2026, 1, 1)
DAYS = 30

HELD = f"""
SELECT count(*) FROM holding h WHERE position_id = $1 AND person_id IS NOT DISTINCT FROM $2 AND {on("h", "$3")}
"""

Steps = list[tuple[int, int, str | None]]
steps = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, DAYS - 1), st.sampled_from(["A", "B", "C", None])),
    min_size=1,
    max_size=12,
)


def replayed(told: Steps, thing: int) -> list[str | None]:
    """What holds on each day: a change replaces what held on its day, for as long as that would have held."""
    days: list[str | None] = [None] * DAYS
    for about, day, what in told:
        if about == thing:
            before, later = days[day], range(day, DAYS)
            end = next((d for d in later if days[d] != before), DAYS)
            days[day:end] = [what] * (end - day)
    return days


@given(told=steps)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_order_of_changes_is_what_the_days_say(database: None, told: Steps) -> None:
    positions = [await Position.create(id=uuid7(), title="", created_at=NOW) for _ in range(3)]
    for about, day, what in told:
        async with db.transaction():
            await timeline.change(
                timeline.POSITIONS,
                [
                    {
                        "position_id": positions[about].id,
                        "title": what or "",
                        "grade": None,
                        "unit_id": None,
                        "day": START + timedelta(days=day),
                        "gone": what is None,
                    }
                ],
            )
    for thing, position in enumerate(positions):
        assert await days_of(position.id) == replayed(told, thing)
        assert await overlaps(position.id) == 0


@given(told=st.lists(st.tuples(st.integers(0, 1), st.integers(0, DAYS - 1), st.booleans()), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_has_no_value_holds_or_does_not(database: None, told: list[tuple[int, int, bool]]) -> None:
    position = await Position.create(id=uuid7(), title="", created_at=NOW)
    ann = await Person.create(id=uuid7(), name="Ann", created_at=NOW, updated_at=NOW)
    holders: list[uuid.UUID | None] = [ann.id, None]
    for who, day, holds in told:
        await timeline.change(
            timeline.HOLDINGS,
            [
                {
                    "position_id": position.id,
                    "person_id": holders[who],
                    "day": START + timedelta(days=day),
                    "gone": not holds,
                }
            ],
        )
    for who in (0, 1):
        steps: Steps = [(who, day, "X" if holds else None) for about, day, holds in told if about == who]
        found = [await db.value(HELD, position.id, holders[who], START + timedelta(days=day)) for day in range(DAYS)]
        assert found == [0 if what is None else 1 for what in replayed(steps, who)]


async def test_a_change_tells_what_was_before(database: None) -> None:
    position = await Position.create(title="", created_at=NOW)
    told = {"position_id": position.id, "title": "Nurse", "grade": "7", "unit_id": None, "day": START}
    assert [r["held"] for r in await timeline.change(timeline.POSITIONS, [told])] == [False]
    assert await timeline.change(timeline.POSITIONS, [told]) == []
    (again,) = await timeline.change(timeline.POSITIONS, [{**told, "title": "Matron"}])
    assert (again["held"], again["old_title"], again["new_title"], again["old_grade"]) == (True, "Nurse", "Matron", "7")


async def test_what_ends_for_good_leaves_nothing_to_come(database: None) -> None:
    position = await Position.create(title="", created_at=NOW)
    base = {"position_id": position.id, "grade": None, "unit_id": None}
    await timeline.change(timeline.POSITIONS, [{**base, "title": "A", "day": START}])
    await timeline.change(timeline.POSITIONS, [{**base, "title": "B", "day": START + timedelta(days=10)}])
    assert await timeline.cease(timeline.POSITIONS, "position_id", [position.id], START + timedelta(days=5)) == 2
    assert await days_of(position.id) == ["A"] * 5 + [None] * (DAYS - 5)


async def test_it_holds_for_good_until_something_else_is_known(database: None) -> None:
    position = await Position.create(title="", created_at=NOW)
    base = {"position_id": position.id, "grade": None, "unit_id": None}
    await timeline.change(timeline.POSITIONS, [{**base, "title": "A", "day": START}])
    assert await db.value("SELECT valid_to FROM position_term WHERE position_id = $1", position.id) == FOREVER


async def days_of(position: uuid.UUID) -> list[str | None]:
    rows = await db.rows("SELECT title, valid_from, valid_to FROM position_term WHERE position_id = $1", position)
    found: list[str | None] = []
    for day in range(DAYS):
        held = [r["title"] for r in rows if r["valid_from"] <= START + timedelta(days=day) < r["valid_to"]]
        assert len(held) <= 1
        found.append(held[0] if held else None)
    return found


async def overlaps(position: uuid.UUID) -> int:
    return await db.value(
        "SELECT count(*) FROM position_term a JOIN position_term b ON a.position_id = b.position_id AND a.id < b.id"
        " AND a.valid_from < b.valid_to AND b.valid_from < a.valid_to WHERE a.position_id = $1",
        position,
    )
