"""The org chart of a day: positions below positions, whoever holds them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import asyncpg
from tortoise.models import Model

from models import db
from models.lines import STEPS_MAX
from models.org import OrgUnit
from models.people import Person
from models.positions import Position, on

CHART_MAX = 2_000  # entries of one chart
HOLDERS_MAX = 20  # of one entry
ROOTS_MAX = 200  # of one unit

# A recursion gives its rows level by level and stops where the limit is reached: a manager of tens of thousands costs
# no more than what is shown. Names order it afterwards.
_CHART = f"""
WITH RECURSIVE tree AS (
    SELECT x.id, NULL::uuid AS parent_id, 0 AS depth FROM unnest($1::uuid[]) AS x(id)
    UNION ALL
    SELECT l.position_id, tree.id, tree.depth + 1
    FROM tree JOIN reporting_line l ON l.manager_id = tree.id AND l.kind = 'SOLID' AND {on("l", "$4")}
    WHERE tree.depth < $2
), shown AS (SELECT * FROM tree LIMIT $3)
SELECT shown.id, shown.parent_id, shown.depth, t.title, t.grade, t.unit_id,
       h.people, {{names}} AS names, h.held{{as_of}},
       (SELECT count(*) FROM reporting_line b
        WHERE b.manager_id = shown.id AND b.kind = 'SOLID' AND {on("b", "$4")}) AS report_count
FROM shown JOIN position_term t ON t.position_id = shown.id AND {on("t", "$4")}
CROSS JOIN LATERAL (
    SELECT array_agg(h.person_id ORDER BY n.name, h.person_id) FILTER (WHERE h.person_id IS NOT NULL) AS people,
           array_agg(n.name ORDER BY n.name, h.person_id) FILTER (WHERE h.person_id IS NOT NULL) AS names,
           count(*) > 0 AS held
    FROM holding h LEFT JOIN person_term n ON n.person_id = h.person_id AND {on("n", "$4")}
    WHERE h.position_id = shown.id AND {on("h", "$4")}
) h
ORDER BY shown.depth, h.names[1], t.title, shown.id
"""

CHART = _CHART.format(names="h.names", as_of="")


async def chart(
    roots: Sequence[uuid.UUID], depth: int, day: date, *, named: bool = True, dated: bool = False
) -> list[asyncpg.Record]:
    """The positions of a day below `roots` to `depth` levels, by level then name: the first `CHART_MAX` + 1 rows.

    `people` and, where they are to be `named`, `names` are those of the named holders, `held` says whether anybody
    holds it. Rows that are `dated` carry the day as `as_of`.
    """
    sql = _CHART.format(names="h.names" if named else "NULL::text[]", as_of=", $4::date AS as_of" if dated else "")
    return await db.rows(sql, roots, depth, CHART_MAX + 1, day)


BELOW = f"""below (unit_id, depth) AS (
    SELECT u.unit_id, 0 FROM unit_term u WHERE u.unit_id = {{unit}} AND {on("u", "{day}")}
    UNION ALL
    SELECT u.unit_id, below.depth + 1
    FROM below JOIN unit_term u ON u.parent_id = below.unit_id AND {on("u", "{day}")} WHERE below.depth < 100
)"""
"""A common table: a unit and the units below it on a day."""

TOP_OF_UNIT = f"""
WITH RECURSIVE {BELOW.format(unit="$1", day="$2")}, inside AS (
    SELECT p.position_id FROM position_term p JOIN below ON below.unit_id = p.unit_id WHERE {on("p", "$2")}
)
SELECT i.position_id FROM inside i LEFT JOIN LATERAL (
    SELECT l.manager_id FROM reporting_line l
    WHERE l.position_id = i.position_id AND l.kind = 'SOLID' AND {on("l", "$2")} OFFSET 0
) l ON true
WHERE l.manager_id IS NULL OR l.manager_id NOT IN (SELECT position_id FROM inside)
ORDER BY 1 LIMIT {ROOTS_MAX}
"""


# A post below another one of theirs is in the chart of that one already.
OF_PERSON = f"""
WITH RECURSIVE posts AS (
    SELECT h.position_id, h.valid_from FROM holding h WHERE h.person_id = $1 AND {on("h", "$2")}
    ORDER BY h.valid_from, h.position_id LIMIT {HOLDERS_MAX}
), up AS (
    SELECT p.position_id AS post, l.manager_id, 1 AS step
    FROM posts p JOIN reporting_line l ON l.position_id = p.position_id AND l.kind = 'SOLID' AND {on("l", "$2")}
    UNION ALL
    SELECT up.post, l.manager_id, up.step + 1
    FROM up JOIN reporting_line l ON l.position_id = up.manager_id AND l.kind = 'SOLID' AND {on("l", "$2")}
    WHERE up.step < {STEPS_MAX}
)
SELECT p.position_id FROM posts p
WHERE NOT EXISTS (
    SELECT 1 FROM up WHERE up.post = p.position_id AND up.manager_id IN (SELECT o.position_id FROM posts o))
ORDER BY p.valid_from, p.position_id
"""

AT = f"SELECT t.position_id FROM position_term t WHERE t.position_id = $1 AND {on('t', '$2')}"

ROOTS: dict[type[Model], str] = {Person: OF_PERSON, OrgUnit: TOP_OF_UNIT, Position: AT}
"""Where the chart of $1 begins on day $2, by what that is."""
