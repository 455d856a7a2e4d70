"""What follows from changes of the org chart: whom they leave without a place, and what begins with a day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import asyncpg

from models import db
from models.positions import on

Ids = Sequence[uuid.UUID]


def _covered(table: str, key: str, of: str) -> str:
    """A condition: what `of` names is there on the first of the days, from $1 on, of the row `x`, and to the last."""
    first = "greatest(x.valid_from, $1)"
    return f"""(
        EXISTS (SELECT 1 FROM {table} c WHERE c.{key} = x.{of} AND {on("c", first)})
        AND (SELECT max(c.valid_to) FROM {table} c WHERE c.{key} = x.{of}) >= x.valid_to)"""


ORPHANS_MAX = 200

ORPHANS = f"""
SELECT 'REPORT' AS kind, x.position_id AS id, x.manager_id AS under, (
    SELECT coalesce(nullif(t.title, ''), p.name, '?')
    FROM position_term t LEFT JOIN holding h ON h.position_id = t.position_id AND {on("h", "t.valid_from")}
    LEFT JOIN person p ON p.id = h.person_id
    WHERE t.position_id = x.position_id ORDER BY t.valid_to DESC LIMIT 1) AS name
FROM reporting_line x
WHERE x.kind = 'SOLID' AND (x.manager_id = ANY($2::uuid[]) OR x.position_id = ANY($5::uuid[])) AND x.valid_to > $1
  AND NOT {_covered("position_term", "position_id", "manager_id")}
UNION ALL
SELECT 'PERSON', x.person_id, NULL, x.name FROM person_term x
WHERE x.person_id = ANY($3::uuid[]) AND {on("x", "$1")} AND NOT EXISTS (
    SELECT 1 FROM holding h JOIN position_term t ON t.position_id = h.position_id AND {on("t", "$1")}
    WHERE h.person_id = x.person_id AND {on("h", "$1")})
UNION ALL
SELECT 'POSITION', x.position_id, x.unit_id, coalesce(nullif(x.title, ''), '?') FROM position_term x
WHERE (x.unit_id = ANY($4::uuid[]) OR x.position_id = ANY($5::uuid[])) AND x.unit_id IS NOT NULL AND x.valid_to > $1
  AND NOT {_covered("unit_term", "unit_id", "unit_id")}
UNION ALL
SELECT 'ORG_UNIT', x.unit_id, x.parent_id, x.name FROM unit_term x
WHERE (x.parent_id = ANY($4::uuid[]) OR x.unit_id = ANY($6::uuid[])) AND x.parent_id IS NOT NULL AND x.valid_to > $1
  AND NOT {_covered("unit_term", "unit_id", "parent_id")}
LIMIT {ORPHANS_MAX}
"""

ACTIVE = "SELECT id FROM org_unit WHERE id = ANY($1::uuid[]) AND active"
ENDING = f"""
org_unit u WHERE u.id = ANY($1::uuid[]) AND u.active AND NOT EXISTS (
    SELECT 1 FROM unit_term t WHERE t.unit_id = u.id AND {on("t", "$2")})
"""

# The unit's audience has no members of its own any more: who was in it last is kept in it by name, so that they go on
# reading what was written there; nobody else begins to.
KEEP_MEMBERS = f"""
INSERT INTO audience_member (person_id, audience_id, listed)
SELECT p.id, u.id, false
FROM (SELECT u.id FROM {ENDING}) u
JOIN unit_closure c ON c.ancestor_id = u.id
JOIN person p ON p.unit_id = c.descendant_id AND p.active AND NOT p.is_guest
ON CONFLICT (person_id, audience_id) DO NOTHING
"""

# What was planned and has been taken back before its day was never there.
UNMADE = (
    "DELETE FROM person x WHERE x.id = ANY($1::uuid[]) AND x.planned"
    " AND NOT EXISTS (SELECT 1 FROM person_term t WHERE t.person_id = x.id)",
    "DELETE FROM position x WHERE x.id = ANY($1::uuid[]) AND x.planned"
    " AND NOT EXISTS (SELECT 1 FROM position_term t WHERE t.position_id = x.id)"
    " AND NOT EXISTS (SELECT 1 FROM reporting_line l WHERE l.manager_id = x.id)",
    "DELETE FROM org_unit x WHERE x.id = ANY($1::uuid[]) AND x.planned"
    " AND NOT EXISTS (SELECT 1 FROM unit_term t WHERE x.id IN (t.unit_id, t.parent_id))"
    " AND NOT EXISTS (SELECT 1 FROM position_term t WHERE t.unit_id = x.id)"
    " AND NOT EXISTS (SELECT 1 FROM position p WHERE p.unit_id = x.id)",
)

BEGUN_UNITS = "SELECT DISTINCT unit_id FROM unit_term WHERE valid_from = $1 OR valid_to = $1"
LEAVING = "SELECT person_id FROM person_term WHERE valid_to = $1"
BEGUN_POSITIONS = """
SELECT position_id FROM position_term WHERE valid_from = $1 OR valid_to = $1
UNION SELECT position_id FROM holding WHERE valid_from = $1 OR valid_to = $1
UNION SELECT position_id FROM reporting_line WHERE valid_from = $1 OR valid_to = $1
"""
BEGUN_LINES = "SELECT position_id FROM reporting_line WHERE kind = 'SOLID' AND (valid_from = $1 OR valid_to = $1)"
HOLDERS = f"""
SELECT DISTINCT h.person_id FROM holding h
WHERE h.position_id = ANY($1::uuid[]) AND h.person_id IS NOT NULL AND {on("h", "$2")}
"""


async def orphans(
    day: date, *, positions: Ids, people: Ids, units: Ids, placed: Ids, nested: Ids
) -> list[asyncpg.Record]:
    """What has no place on a day or later because of what happened to these: `kind`, `id`, `name` and `under` what.

    Positions that report to one that has ended (REPORT), people without a position, positions and units in a unit
    that has ended; at most `ORPHANS_MAX`. `placed` are positions, `nested` units, that were given another place.
    """
    return await db.rows(ORPHANS, day, positions, people, units, placed, nested)


async def active_units(ids: Ids) -> set[uuid.UUID]:
    """Those of the units that are active as the rows stand."""
    return {row[0] for row in await db.rows(ACTIVE, ids)}


async def keep_members(units: Ids, day: date) -> None:
    """Before rows follow the facts of a day: those who lose a unit because it ends keep its audience."""
    await db.execute(KEEP_MEMBERS, units, day)


async def unmake(people: Ids, positions: Ids, units: Ids) -> None:
    """Delete what was planned and has been taken back before its day."""
    for statement, ids in zip(UNMADE, (people, positions, units), strict=True):
        if ids:
            await db.execute(statement, ids)


async def leaving(day: date) -> list[uuid.UUID]:
    """Who belongs to the company no more from a day on."""
    return [row[0] for row in await db.rows(LEAVING, day)]


async def begun_units(day: date) -> list[uuid.UUID]:
    """The units of which something begins or ends with a day."""
    return [row[0] for row in await db.rows(BEGUN_UNITS, day)]


async def begun_positions(day: date) -> list[uuid.UUID]:
    """The positions of which, of whose holders or of whose lines something begins or ends with a day."""
    return [row[0] for row in await db.rows(BEGUN_POSITIONS, day)]


async def begun_lines(day: date) -> list[uuid.UUID]:
    """The positions whose solid line is another from a day on."""
    return [row[0] for row in await db.rows(BEGUN_LINES, day)]


async def holders(positions: Ids, day: date) -> set[uuid.UUID]:
    """The people who hold these positions on a day."""
    return {row[0] for row in await db.rows(HOLDERS, positions, day)} if positions else set()
