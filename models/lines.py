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
), found AS (
    SELECT up.start, up.step, h.valid_from, h.person_id,
        row_number() OVER (PARTITION BY h.person_id ORDER BY up.start, up.step) AS nth
    FROM up CROSS JOIN LATERAL (
        SELECT h.* FROM holding h WHERE h.position_id = up.position_id AND {on("h", "$2")} OFFSET 0
    ) h
    WHERE h.person_id <> up.start
)
SELECT found.start AS _start, found.step AS _step, found.person_id AS _person, r.*, 'Person' AS _type
FROM found LEFT JOIN LATERAL (
    SELECT r.* FROM {{people}} r WHERE found.nth = 1 AND r.id = found.person_id AND {{readable}} OFFSET 0
) r ON true
ORDER BY found.start, found.step, found.valid_from, found.person_id
"""
# OFFSET 0: the planner guesses that a recursion finds thousands of rows, and would read the whole table to join them.


async def above(
    people: Sequence[uuid.UUID], day: date, values: Sequence[object] = (), *, readable: str = "TRUE", of: str = "person"
) -> list[asyncpg.Record]:
    """Who stands above each of `people` on a day, nearest first: `_start`, `_person`, how many positions up (`_step`).

    Along with whoever comes for the first time is their row of the table or relation `of`, where that meets `readable`
    on `r`, whose parameters are `values`, from $3; `id` is null where it does not, and where somebody comes again.
    """
    return await db.rows(UP.format(people=of, readable=readable), people, day, *values)


HEADS = f"""
heads (manager, position_id, step) AS (
    SELECT h.person_id, h.position_id, 0 FROM holding h
    WHERE h.person_id = ANY({{people}}::uuid[]) AND {on("h", "{day}")}
    UNION
    SELECT heads.manager, l.position_id, heads.step + 1
    FROM heads JOIN reporting_line l ON l.manager_id = heads.position_id AND l.kind = 'SOLID' AND {on("l", "{day}")}
    WHERE heads.step < {STEPS_MAX} AND {{vacant}}
)"""
VACANT_TODAY = "EXISTS (SELECT 1 FROM position v WHERE v.id = l.position_id AND NOT v.filled)"
VACANT = f"""NOT EXISTS (
        SELECT 1 FROM holding f WHERE f.position_id = l.position_id AND f.person_id IS NOT NULL AND {on("f", "{day}")}
    )"""


def heads(people: str, day: str, *, is_today: bool) -> str:
    """A common table `heads`: the positions of each manager, and the vacant ones right below, whose reports are theirs.

    `people` and `day` are parameters. Of today vacancies are known, so that tens of thousands of reports cost little.
    """
    return HEADS.format(people=people, day=day, vacant=VACANT_TODAY if is_today else VACANT.format(day=day))


REPORTS = f"""
    SELECT h.person_id FROM heads
    JOIN reporting_line l ON l.manager_id = heads.position_id AND l.kind = 'SOLID' AND {on("l", "{day}")}
    JOIN holding h ON h.position_id = l.position_id AND {on("h", "{day}")}
    WHERE heads.manager = {{manager}} AND h.person_id <> heads.manager
"""
"""Who reports to a manager of `heads`: a sub-select of people's ids."""

SPAN = f"""(
    SELECT count(*) FROM (
        SELECT 1 FROM heads
        JOIN reporting_line l ON l.manager_id = heads.position_id AND l.kind = 'SOLID' AND {on("l", "{day}")}
        WHERE heads.manager = {{manager}} LIMIT {{most}} + 1
    ) x
)"""
"""How many positions report to a manager of `heads`, counted to one more than `most`."""

# OFFSET 0 keeps it a question about one person at a time, asked in the order of the list.
REPORTS_TO = f"""EXISTS (
    SELECT 1 FROM holding h
    JOIN reporting_line l ON l.position_id = h.position_id AND l.kind = 'SOLID' AND {on("l", "{day}")}
    JOIN heads ON heads.position_id = l.manager_id AND heads.manager = {{manager}}
    WHERE h.person_id = {{person}} AND h.person_id <> heads.manager AND {on("h", "{day}")} OFFSET 0
)"""
"""Whether a person reports to a manager of `heads`."""

COUNT_REPORTS = f"""
WITH RECURSIVE {{heads}}
SELECT heads.manager, count(DISTINCT h.person_id)
FROM heads JOIN reporting_line l ON l.manager_id = heads.position_id AND l.kind = 'SOLID' AND {on("l", "$2")}
JOIN holding h ON h.position_id = l.position_id AND {on("h", "$2")}
WHERE h.person_id <> heads.manager GROUP BY 1
"""


async def report_counts(managers: Sequence[uuid.UUID], day: date, *, is_today: bool) -> list[asyncpg.Record]:
    """How many people report to each of `managers` on a day: pairs; whoever has none is not among them."""
    return await db.rows(COUNT_REPORTS.format(heads=heads("$1", "$2", is_today=is_today)), managers, day)


TEAMS = f"""
WITH RECURSIVE team AS (
    SELECT h.person_id AS manager, h.position_id, 0 AS step FROM holding h
    WHERE h.person_id = ANY($1::uuid[]) AND {on("h", "$2")}
    UNION ALL
    SELECT team.manager, l.position_id, team.step + 1
    FROM team JOIN reporting_line l ON l.manager_id = team.position_id AND l.kind = 'SOLID' AND {on("l", "$2")}
    WHERE team.step < {STEPS_MAX}
)
SELECT team.manager, count(DISTINCT h.person_id)
FROM team JOIN holding h ON h.position_id = team.position_id AND {on("h", "$2")}
WHERE h.person_id <> team.manager GROUP BY 1
"""


async def team_counts(managers: Sequence[uuid.UUID], day: date) -> list[asyncpg.Record]:
    """How many people stand anywhere below each of `managers` on a day: pairs; whoever has none is not among them."""
    return await db.rows(TEAMS, managers, day)


# Walk up from what is to stand above ($2) over facts that hold on some of the days of the new one ($3 to before $4),
# narrowing the days on the way: whoever comes back to $1 has closed a loop on the days that are left.
LOOP = """
WITH RECURSIVE up AS (
    SELECT $2::uuid AS id, $3::date AS valid_from, $4::date AS valid_to
    UNION
    SELECT f.{above}, greatest(up.valid_from, f.valid_from), least(up.valid_to, f.valid_to)
    FROM up JOIN {table} f ON f.{below} = up.id AND {which}
      AND f.valid_from < up.valid_to AND up.valid_from < f.valid_to
    WHERE up.id <> $1
)
SELECT min(valid_from) FROM up WHERE id = $1
"""
CLOSES = LOOP.format(table="reporting_line", below="position_id", above="manager_id", which="f.kind = 'SOLID'")


async def closes_loop(position: uuid.UUID, manager: uuid.UUID, first: date, last: date) -> date | None:
    """The first day, of those before `last`, on which `manager` above `position` leads back to it; None: never.

    Wants the lock of the stream `ORG`, or two writers could close a loop together.
    """
    return await db.value(CLOSES, position, manager, first, last)
