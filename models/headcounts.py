"""Head-counts of a day: positions and the people who hold them, by unit and by grade."""

from __future__ import annotations

import uuid
from datetime import date

import asyncpg

from models import db
from models.positions import on

# Everything below a unit is counted with the one right below the asked one that holds it; what is right in the asked
# unit is counted with itself. Without a unit the roots take the place of those right below.
COUNTS = f"""
WITH RECURSIVE tree (unit_id, top_id, depth) AS (
    SELECT u.unit_id, u.unit_id, 0 FROM unit_term u
    WHERE {on("u", "$2")} AND CASE WHEN $1::uuid IS NULL THEN u.parent_id IS NULL ELSE u.parent_id = $1 END
    UNION ALL
    SELECT u.unit_id, tree.top_id, tree.depth + 1
    FROM tree JOIN unit_term u ON u.parent_id = tree.unit_id AND {on("u", "$2")} WHERE tree.depth < 100
), counted AS (
    SELECT p.position_id, p.grade, tree.top_id FROM tree CROSS JOIN LATERAL (
        SELECT p.* FROM position_term p WHERE p.unit_id = tree.unit_id AND {on("p", "$2")} OFFSET 0
    ) p
    UNION ALL
    SELECT p.position_id, p.grade, NULL FROM position_term p
    WHERE {on("p", "$2")} AND CASE WHEN $1::uuid IS NULL THEN p.unit_id IS NULL ELSE p.unit_id = $1 END
)
SELECT CASE WHEN grouping(c.grade) = 0 THEN 'grade' WHEN grouping(c.top_id) = 0 THEN 'unit' ELSE 'all' END AS by,
       c.grade, c.top_id AS unit_id, count(DISTINCT c.position_id) AS positions,
       count(DISTINCT h.person_id) AS people, count(DISTINCT c.position_id) FILTER (WHERE h.id IS NULL) AS vacancies
FROM counted c LEFT JOIN LATERAL (
    SELECT h.* FROM holding h WHERE h.position_id = c.position_id AND {on("h", "$2")} OFFSET 0
) h ON true
GROUP BY GROUPING SETS ((), (c.top_id), (c.grade))
ORDER BY 1, positions DESC, c.grade, c.top_id
"""


async def counts(unit: uuid.UUID | None, day: date) -> list[asyncpg.Record]:
    """How many positions there are on a day in a unit, or in the company: in all, by the units right below, by grade.

    Records of `by` (all, unit, grade), its `unit_id` (null: right in the unit) or `grade` (null: none), and figures.
    """
    return await db.rows(COUNTS, unit, day)
