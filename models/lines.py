"""Reporting lines as people see them: a vacancy does not cut a line, it goes on to the next position that is filled."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import asyncpg

from models import db
from models.positions import on

STEPS_MAX = 64  # positions that a line is followed up

PRIMARY = f"""(
    SELECT h.position_id FROM holding h WHERE h.person_id = {{person}} AND {on("h", "{day}")}
    ORDER BY h.valid_from, h.position_id LIMIT 1
)"""
"""The position that a person has held longest of those they hold on a day: their line goes up from there."""

UP = f"""
WITH RECURSIVE start AS (
    SELECT s.id, {PRIMARY.format(person="s.id", day="$2")} AS position_id FROM unnest($1::uuid[]) AS s(id)
), up AS (
    SELECT s.id AS start, l.manager_id AS position_id, 1 AS step
    FROM start s JOIN reporting_line l ON l.position_id = s.position_id AND l.kind = 'SOLID' AND {on("l", "$2")}
    UNION ALL
    SELECT up.start, l.manager_id, up.step + 1
    FROM up JOIN reporting_line l ON l.position_id = up.position_id AND l.kind = 'SOLID' AND {on("l", "$2")}
    WHERE up.step < {STEPS_MAX}
)
SELECT up.start, h.person_id AS id, up.step
FROM up JOIN holding h ON h.position_id = up.position_id AND {on("h", "$2")}
WHERE h.person_id <> up.start
ORDER BY up.start, up.step, h.valid_from, h.person_id
"""


async def above(people: Sequence[uuid.UUID], day: date) -> list[asyncpg.Record]:
    """Who stands above each of `people` on a day, nearest first: `start`, `id`, and how many positions up (`step`)."""
    return await db.rows(UP, people, day)


async def is_above(person: uuid.UUID, other: uuid.UUID, day: date) -> bool:
    """Whether `person` is `other` or stands anywhere above them on a day."""
    return person == other or any(r["id"] == person for r in await above([other], day))


HEADS = f"""
heads (manager, position_id, step) AS (
    SELECT h.person_id, h.position_id, 0 FROM holding h
    WHERE h.person_id = ANY({{people}}::uuid[]) AND {on("h", "{day}")}
    UNION
    SELECT heads.manager, l.position_id, heads.step + 1
    FROM heads JOIN reporting_line l ON l.manager_id = heads.position_id AND l.kind = 'SOLID' AND {on("l", "{day}")}
    WHERE heads.step < {STEPS_MAX} AND NOT EXISTS (
        SELECT 1 FROM holding f
        WHERE f.position_id = l.position_id AND f.person_id IS NOT NULL AND {on("f", "{day}")}
    )
)"""
"""A common table: the positions of each manager, and the vacant ones right below them, whose reports are theirs."""

REPORTS = f"""
    SELECT h.person_id FROM heads
    JOIN reporting_line l ON l.manager_id = heads.position_id AND l.kind = 'SOLID' AND {on("l", "{{day}}")}
    JOIN holding h ON h.position_id = l.position_id AND {on("h", "{{day}}")}
    WHERE heads.manager = {{manager}} AND h.person_id <> heads.manager
"""
"""Who reports to a manager of `HEADS`: a sub-select of people's ids."""

COUNT_REPORTS = f"""
WITH RECURSIVE {HEADS.format(people="$1", day="$2")}
SELECT heads.manager, count(DISTINCT h.person_id)
FROM heads JOIN reporting_line l ON l.manager_id = heads.position_id AND l.kind = 'SOLID' AND {on("l", "$2")}
JOIN holding h ON h.position_id = l.position_id AND {on("h", "$2")}
WHERE h.person_id <> heads.manager GROUP BY 1
"""


async def report_counts(managers: Sequence[uuid.UUID], day: date) -> list[asyncpg.Record]:
    """How many people report to each of `managers` on a day: pairs; whoever has none is not among them."""
    return await db.rows(COUNT_REPORTS, managers, day)


# Walk up from the new manager over lines that hold on some of the days of the new one, narrowing the days on the way:
# whoever comes back to the position has closed a loop on the days that are left.
CLOSES = """
WITH RECURSIVE up AS (
    SELECT $2::uuid AS position_id, $3::date AS valid_from, $4::date AS valid_to
    UNION
    SELECT l.manager_id, greatest(up.valid_from, l.valid_from), least(up.valid_to, l.valid_to)
    FROM up JOIN reporting_line l ON l.position_id = up.position_id AND l.kind = 'SOLID'
      AND l.valid_from < up.valid_to AND up.valid_from < l.valid_to
    WHERE up.position_id <> $1
)
SELECT min(valid_from) FROM up WHERE position_id = $1
"""


async def closes_loop(position: uuid.UUID, manager: uuid.UUID, first: date, last: date) -> date | None:
    """The first day, of those before `last`, on which `manager` above `position` leads back to it; None: never.

    Wants the lock of the stream `ORG`, or two writers could close a loop together.
    """
    return await db.value(CLOSES, position, manager, first, last)
