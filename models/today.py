"""What people, units and positions are today: rows that follow from the facts in time, and the rights from them.

Every change of facts ends with `follow`, in its transaction; the rest is done when a day begins.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import asyncpg

from models import belonging, db, org
from models.lines import PRIMARY
from models.positions import on
from models.rules import Changes

Ids = Sequence[uuid.UUID]


@dataclass(frozen=True)
class Followed:
    """What became different: records with `id`; people also with `joined`, `left` and `moved` (unit, or standing).

    `belonging` tells who has come to an audience, or lost it, by what became different.
    """

    people: list[asyncpg.Record] = field(default_factory=list[asyncpg.Record])
    units: list[asyncpg.Record] = field(default_factory=list[asyncpg.Record])
    positions: list[asyncpg.Record] = field(default_factory=list[asyncpg.Record])
    tree_changed: bool = False
    belonging: Changes = field(default_factory=Changes)

    @property
    def left(self) -> list[uuid.UUID]:
        """Whose account is to be closed."""
        return [person["id"] for person in self.people if person["left"]]

    @property
    def concerned(self) -> set[uuid.UUID]:
        """Who has other rights: by their unit, their standing or what they belong to."""
        moved = {person["id"] for person in self.people if person["moved"]}
        return moved | {one["person_id"] for one in self.belonging}


POSITIONS = f"""
UPDATE position p SET
    title = coalesce(n.title, p.title), grade = CASE WHEN n.active THEN n.grade ELSE p.grade END,
    unit_id = CASE WHEN n.active THEN n.unit_id ELSE p.unit_id END, active = n.active, planned = n.planned,
    filled = n.filled
FROM (
    SELECT a.id, t.title, t.grade, t.unit_id, t.id IS NOT NULL AS active, t.id IS NULL AND coalesce((
        SELECT min(f.valid_from) FROM position_term f WHERE f.position_id = a.id
    ) > $1, false) AS planned, t.id IS NOT NULL AND EXISTS (
        SELECT 1 FROM holding h WHERE h.position_id = a.id AND h.person_id IS NOT NULL AND {on("h", "$1")}
    ) AS filled
    FROM unnest($2::uuid[]) AS a(id) LEFT JOIN position_term t ON t.position_id = a.id AND {on("t", "$1")}
) n
WHERE p.id = n.id AND (ROW(p.active, p.planned, p.filled) IS DISTINCT FROM ROW(n.active, n.planned, n.filled)
    OR n.active AND ROW(p.title, p.grade, p.unit_id) IS DISTINCT FROM ROW(n.title, n.grade, n.unit_id))
RETURNING p.id
"""

UNITS = f"""
UPDATE org_unit u SET
    name = coalesce(n.name, u.name), parent_id = CASE WHEN n.active THEN n.parent_id ELSE u.parent_id END,
    head_id = n.head_id, deputy_id = n.deputy_id, active = n.active, planned = n.planned, version = u.version + 1
FROM (
    SELECT a.id, t.name, t.parent_id, t.head_id, t.deputy_id, t.id IS NOT NULL AS active, t.id IS NULL AND coalesce((
        SELECT min(f.valid_from) FROM unit_term f WHERE f.unit_id = a.id
    ) > $1, false) AS planned
    FROM unnest($2::uuid[]) AS a(id) LEFT JOIN unit_term t ON t.unit_id = a.id AND {on("t", "$1")}
) n
WHERE u.id = n.id AND (
    ROW(u.active, u.planned, u.head_id, u.deputy_id) IS DISTINCT FROM ROW(n.active, n.planned, n.head_id, n.deputy_id)
    OR n.active AND ROW(u.name, u.parent_id) IS DISTINCT FROM ROW(n.name, n.parent_id))
RETURNING u.id, ROW(old.parent_id, old.active) IS DISTINCT FROM ROW(new.parent_id, new.active) AS moved,
    old.parent_id AS old_parent_id, new.parent_id,
    old.head_id AS old_head_id, new.head_id, old.deputy_id AS old_deputy_id, new.deputy_id
"""

# Whoever has left keeps the last title and unit, so that their profile still says who they were.
PEOPLE = f"""
UPDATE person p SET
    name = coalesce(n.name, p.name), active = n.active, planned = n.planned, position_id = n.position_id,
    title = CASE WHEN n.active THEN coalesce(n.title, '') ELSE p.title END,
    unit_id = CASE WHEN n.active THEN n.unit_id ELSE p.unit_id END,
    version = p.version + 1, updated_at = $3,
    auth_epoch = p.auth_epoch + (p.active <> n.active OR n.active AND p.unit_id IS DISTINCT FROM n.unit_id)::int
FROM (
    SELECT a.id, t.name, t.id IS NOT NULL AS active, t.id IS NULL AND coalesce((
        SELECT min(f.valid_from) FROM person_term f WHERE f.person_id = a.id
    ) > $1, false) AS planned, a.position_id, pt.title, pt.unit_id
    FROM (SELECT x.id, {PRIMARY.format(person="x.id", day="$1")} AS position_id FROM unnest($2::uuid[]) AS x(id)) a
    LEFT JOIN person_term t ON t.person_id = a.id AND {on("t", "$1")}
    LEFT JOIN position_term pt ON pt.position_id = a.position_id AND {on("pt", "$1")}
) n
WHERE p.id = n.id AND NOT p.is_guest AND (
    ROW(p.active, p.planned, p.position_id) IS DISTINCT FROM ROW(n.active, n.planned, n.position_id)
    OR n.active AND ROW(p.name, p.title, p.unit_id) IS DISTINCT FROM ROW(n.name, coalesce(n.title, ''), n.unit_id))
RETURNING p.id, new.active AND NOT old.active AS joined, old.active AND NOT new.active AS left,
    old.active <> new.active OR old.unit_id IS DISTINCT FROM new.unit_id AS moved
"""

HOLDERS = f"""
SELECT DISTINCT h.person_id FROM holding h
WHERE h.position_id = ANY($1::uuid[]) AND h.person_id IS NOT NULL AND {on("h", "$2")}
"""


HELD = "SELECT DISTINCT position_id FROM holding WHERE person_id = ANY($1::uuid[])"


async def follow(
    day: date, now: datetime, *, people: Ids = (), positions: Ids = (), units: Ids = (), beside: Ids = ()
) -> Followed:
    """Make the rows of these, of the positions' holders and of the people's positions what the facts say of `day`.

    A position whose holder is taken away altogether, as if they had never held it, must be named; `beside` are those
    to which something reported, or does now. Units come first, people after them, and what these belong to last.
    Accounts of those who have left are the caller's to close.
    """
    changed_units = await db.rows(UNITS, day, units) if units else []
    moved_units = [unit for unit in changed_units if unit["moved"]]
    if moved_units:
        await org.rebuild_closure()
    held = [row[0] for row in await db.rows(HELD, people)] if people else []
    concerned_positions = [*{*positions, *held}]
    changed_positions = await db.rows(POSITIONS, day, concerned_positions) if concerned_positions else []
    holders = {row[0] for row in await db.rows(HOLDERS, [p["id"] for p in changed_positions], day)}
    concerned = [*holders.union(people)]
    changed_people = await db.rows(PEOPLE, day, concerned, now) if concerned else []
    changes = await belonging.follow(
        concerned,
        day,
        now,
        placed=[person["id"] for person in changed_people if person["moved"]],
        joined=[person["id"] for person in changed_people if person["joined"]],
        positions=[*concerned_positions, *beside],
    )
    if moved_units:
        parents = {unit[name] for unit in moved_units for name in ("old_parent_id", "parent_id") if unit[name]}
        changes += await belonging.follow_tree([unit["id"] for unit in moved_units], [*parents], day, now)
    return Followed(changed_people, changed_units, changed_positions, bool(moved_units), changes)


BEGUN = """
SELECT person_id FROM person_term WHERE valid_from = $1 OR valid_to = $1
UNION SELECT person_id FROM holding WHERE (valid_from = $1 OR valid_to = $1) AND person_id IS NOT NULL
"""
BEGUN_POSITIONS = """
SELECT position_id FROM position_term WHERE valid_from = $1 OR valid_to = $1
UNION SELECT position_id FROM holding WHERE valid_from = $1 OR valid_to = $1
"""
BEGUN_UNITS = "SELECT DISTINCT unit_id FROM unit_term WHERE valid_from = $1 OR valid_to = $1"
BEGUN_LINES = """
SELECT position_id FROM reporting_line WHERE kind = 'SOLID' AND (valid_from = $1 OR valid_to = $1)
UNION SELECT manager_id FROM reporting_line WHERE kind = 'SOLID' AND (valid_from = $1 OR valid_to = $1)
"""


async def follow_beginnings(begun: date, day: date, now: datetime) -> Followed:
    """As `follow` for all of which something begins or ends on the day `begun`, of which `day` is the present."""
    people, positions, units, beside = [
        [row[0] for row in await db.rows(sql, begun)] for sql in (BEGUN, BEGUN_POSITIONS, BEGUN_UNITS, BEGUN_LINES)
    ]
    return await follow(day, now, people=people, positions=positions, units=units, beside=beside)
