"""What is asked about the facts of the org chart while it is being changed. Wants the lock of the stream `ORG`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

import asyncpg

from models import db
from models.lines import LOOP, PRIMARY
from models.org import UNIT_DEPTH_MAX
from models.positions import on
from models.timeline import Fact

Ids = Sequence[uuid.UUID]

TERM = f"SELECT * FROM {{table}} t WHERE {{key}} = $1 AND {on('t', '$2')}"
POST = f"""
SELECT coalesce(
    (SELECT t.position_id FROM position_term t WHERE t.position_id = $1 AND {on("t", "$2")}),
    {PRIMARY.format(person="$1", day="$2")})
"""
SHARED = f"""
SELECT EXISTS (
    SELECT 1 FROM holding h WHERE h.position_id = $1 AND h.person_id IS DISTINCT FROM $2 AND {on("h", "$3")})
"""
HELD_UNTIL = f"""
SELECT h.valid_to FROM holding h WHERE h.position_id = $1 AND h.person_id = $2 AND {on("h", "$3")}
"""
SOLID = f"""
SELECT l.manager_id FROM reporting_line l WHERE l.position_id = $1 AND l.kind = 'SOLID' AND {on("l", "$2")}
"""
NEXT_SOLID = """
SELECT least(
    (SELECT min(valid_to) FROM reporting_line
     WHERE position_id = $1 AND kind = 'SOLID' AND valid_from <= $2 AND $2 < valid_to),
    (SELECT min(valid_from) FROM reporting_line WHERE position_id = $1 AND kind = 'SOLID' AND valid_from > $2))
"""
LINE = "SELECT l.*, 'ReportingLine' AS _type FROM reporting_line l WHERE l.id = $1"
LINE_OF_DAY = f"""
SELECT l.*, 'ReportingLine' AS _type FROM reporting_line l
WHERE l.position_id = $1 AND l.kind = $2 AND ($3::uuid IS NULL OR l.manager_id = $3) AND {on("l", "$4")}
"""
BESIDE = """
SELECT valid_from, valid_to, manager_id FROM reporting_line
WHERE position_id = $1 AND kind = $2 AND ($2 = 'SOLID' OR manager_id = $3) AND valid_from < $5 AND $4 < valid_to
ORDER BY valid_from LIMIT 1
"""

CLOSES = LOOP.format(table="unit_term", below="unit_id", above="parent_id", which="f.parent_id IS NOT NULL")
# The same way up, and down from the unit: too deep is it where both together are too long, on the days of both.
TOO_DEEP = f"""
WITH RECURSIVE up AS (
    SELECT $2::uuid AS id, $3::date AS valid_from, $4::date AS valid_to, 1 AS levels
    UNION ALL
    SELECT f.parent_id, greatest(up.valid_from, f.valid_from), least(up.valid_to, f.valid_to), up.levels + 1
    FROM up JOIN unit_term f ON f.unit_id = up.id AND f.parent_id IS NOT NULL
      AND f.valid_from < up.valid_to AND up.valid_from < f.valid_to
    WHERE up.levels <= {UNIT_DEPTH_MAX}
), down AS (
    SELECT $1::uuid AS id, $3::date AS valid_from, $4::date AS valid_to, $5::int AS levels
    UNION ALL
    SELECT f.unit_id, greatest(down.valid_from, f.valid_from), least(down.valid_to, f.valid_to), down.levels + 1
    FROM down JOIN unit_term f ON f.parent_id = down.id
      AND f.valid_from < down.valid_to AND down.valid_from < f.valid_to
    WHERE down.levels <= {UNIT_DEPTH_MAX}
)
SELECT min(greatest(up.valid_from, down.valid_from))
FROM up JOIN (SELECT DISTINCT valid_from, valid_to, levels FROM down) down
  ON up.valid_from < down.valid_to AND down.valid_from < up.valid_to AND up.levels + down.levels > {UNIT_DEPTH_MAX}
"""

OFFICES = f"""
SELECT p.unit_id FROM person p WHERE p.id = ANY($1::uuid[]) AND NOT p.planned
UNION SELECT t.unit_id
FROM (SELECT {PRIMARY.format(person="x.id", day="$3")} AS id FROM unnest($1::uuid[]) AS x(id)) post
JOIN position_term t ON t.position_id = post.id AND {on("t", "$3")}
UNION SELECT p.unit_id FROM position p WHERE p.id = ANY($2::uuid[]) AND NOT p.planned
UNION SELECT t.unit_id FROM position_term t WHERE t.position_id = ANY($2::uuid[]) AND {on("t", "$3")}
"""

# Of a unit that has not begun, nobody holds an office yet: whoever keeps the unit above it keeps it.
STANDING = f"""
WITH RECURSIVE up AS (
    SELECT u.id AS start, u.id, u.planned, 0 AS step FROM org_unit u WHERE u.id = ANY($1::uuid[])
    UNION ALL
    SELECT up.start, u.id, u.planned, up.step + 1
    FROM up JOIN unit_term t ON t.unit_id = up.id AND {on("t", "$2")} JOIN org_unit u ON u.id = t.parent_id
    WHERE up.planned AND up.step < 100
)
SELECT start, id FROM up WHERE NOT planned
"""
PARENTS = f"""
SELECT u.parent_id FROM org_unit u WHERE u.id = $1 AND NOT u.planned
UNION SELECT t.parent_id FROM unit_term t WHERE t.unit_id = $1 AND {on("t", "$2")}
"""

LED = """
SELECT * FROM unit_term WHERE (head_id = $1 OR deputy_id = $1) AND valid_to > $2 ORDER BY unit_id, valid_from
"""
STANDING_IN = """
SELECT * FROM position_term WHERE unit_id = $1 AND valid_to > $2 ORDER BY position_id, valid_from
"""
BELOW = "SELECT * FROM unit_term WHERE parent_id = $1 AND valid_to > $2 ORDER BY unit_id, valid_from"


async def on_day(fact: Fact, id: uuid.UUID, day: date) -> asyncpg.Record | None:
    """What holds on a day of the one thing that a fact is about."""
    [key] = fact.key
    return await db.row(TERM.format(table=fact.table, key=key), id, day)


async def from_day(fact: Fact, about: Mapping[str, uuid.UUID | str | None], day: date) -> list[asyncpg.Record]:
    """All that holds of a thing on a day and later, in the order of time."""
    same = " AND ".join(f"{column} IS NOT DISTINCT FROM ${i}" for i, column in enumerate(about, start=2))
    return await db.rows(
        f"SELECT * FROM {fact.table} WHERE valid_to > $1 AND {same} ORDER BY valid_from", day, *about.values()
    )


async def ceasing(fact: Fact, column: str, ids: Ids, day: date) -> list[asyncpg.Record]:
    """What holds on a day or later of the facts whose `column` is one of `ids`."""
    return await db.rows(
        f"SELECT * FROM {fact.table} WHERE {column} = ANY($1::uuid[]) AND valid_to > $2 ORDER BY valid_from", ids, day
    )


async def ended_before(fact: Fact, id: uuid.UUID, day: date) -> bool:
    """Whether a thing, of which nothing holds on a day or later, was there and had ended before that day."""
    [key] = fact.key
    return bool(await db.value(f"SELECT max(valid_to) < $2 FROM {fact.table} WHERE {key} = $1", id, day))


async def post(holder: uuid.UUID, day: date) -> uuid.UUID | None:
    """The position that this is, or that this person has held longest, on a day."""
    return await db.value(POST, holder, day)


async def is_shared(position: uuid.UUID, person: uuid.UUID, day: date) -> bool:
    """Whether somebody else holds a position, too."""
    return await db.value(SHARED, position, person, day)


async def held_until(position: uuid.UUID, person: uuid.UUID, day: date) -> date:
    """Until when somebody who holds a position on a day holds it."""
    return await db.value(HELD_UNTIL, position, person, day)


async def solid_manager(position: uuid.UUID, day: date) -> uuid.UUID | None:
    """The position that one reports to on a day."""
    return await db.value(SOLID, position, day)


async def next_solid(position: uuid.UUID, day: date) -> date | None:
    """The first day after a day on which another solid line, or none, is known to hold; None: never."""
    return await db.value(NEXT_SOLID, position, day)


async def line(id: uuid.UUID) -> asyncpg.Record | None:
    """A reporting line."""
    return await db.row(LINE, id)


async def line_on(position: uuid.UUID, kind: str, manager: uuid.UUID | None, day: date) -> asyncpg.Record | None:
    """The line of a kind that a position has on a day, to `manager` where one is given."""
    return await db.row(LINE_OF_DAY, position, kind, manager, day)


async def line_beside(
    position: uuid.UUID, kind: str, manager: uuid.UUID, first: date, last: date
) -> asyncpg.Record | None:
    """The first line that a new one of these days, the last not among them, would overlap."""
    return await db.row(BESIDE, position, kind, manager, first, last)


async def closes_ring(unit: uuid.UUID, parent: uuid.UUID, first: date, last: date) -> date | None:
    """The first day, of those before `last`, on which `parent` above `unit` leads back to it; None: never."""
    return await db.value(CLOSES, unit, parent, first, last)


async def too_deep(
    unit: uuid.UUID, parent: uuid.UUID, first: date, last: date, *, in_its_place: bool = False
) -> date | None:
    """The first day, of those before `last`, on which `unit` below `parent` nests too deep; None: never.

    All that is below the unit counts, and `in_its_place` that alone: it comes right below the parent. No ring may be
    closed by it.
    """
    return await db.value(TOO_DEEP, unit, parent, first, last, 0 if in_its_place else 1)


async def led(person: uuid.UUID, day: date) -> list[asyncpg.Record]:
    """The terms, on a day and later, of units that this person leads or is the deputy of."""
    return await db.rows(LED, person, day)


async def standing_in(unit: uuid.UUID, day: date) -> list[asyncpg.Record]:
    """The terms, on a day and later, of positions in a unit."""
    return await db.rows(STANDING_IN, unit, day)


async def below(unit: uuid.UUID, day: date) -> list[asyncpg.Record]:
    """The terms, on a day and later, of the units right below one."""
    return await db.rows(BELOW, unit, day)


async def offices(people: Ids, positions: Ids, day: date) -> set[uuid.UUID | None]:
    """The units where these people and positions are today and on a day; None among them: in none."""
    return {row[0] for row in await db.rows(OFFICES, people, positions, day)}


async def standing(units: Ids, day: date) -> dict[uuid.UUID, uuid.UUID]:
    """For each unit itself, or the nearest unit above it on a day that has begun; those without any are left out."""
    return {row["start"]: row["id"] for row in await db.rows(STANDING, units, day)}


async def parents(unit: uuid.UUID, day: date) -> set[uuid.UUID | None]:
    """The units above one, today and on a day; None among them: it is a root."""
    return {row[0] for row in await db.rows(PARENTS, unit, day)}
