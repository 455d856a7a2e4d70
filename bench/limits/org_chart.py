"""The chart of a department, of today."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bench.limits.asking import Connection, Who, Whole, Wish, author_sql, people
from models.chart import CHART, CHART_MAX, TOP_OF_UNIT

DEPTH = 3


async def flat(con: Connection, who: Who, wish: Wish) -> Any:
    """Three statements: where it begins, the chart, and the people in it."""
    today = datetime.now(UTC).date()
    roots = [row[0] for row in await con.fetch(TOP_OF_UNIT, wish["unit"], today)]
    rows = await con.fetch(CHART, roots, DEPTH, CHART_MAX + 1, today)
    known = await people(con, (person for row in rows for person in row["people"] or ()))
    entries = [
        {
            "key": str(id),
            "parentKey": None if parent is None else str(parent),
            "depth": depth,
            "title": title,
            "grade": grade,
            "occupancy": "FILLED" if holders else "UNDISCLOSED" if held else "VACANT",
            "reportCount": count,
            "holders": [
                {"name": name, "person": known.get(person)}
                for person, name in zip(holders or (), names or (), strict=True)
            ],
        }
        for id, parent, depth, title, grade, _, holders, names, held, count in rows[:CHART_MAX]
    ]
    return {"orgChart": {"isTruncated": len(rows) > CHART_MAX, "entries": entries}}


CHART_OF_TODAY = (
    CHART.replace("$1::uuid[]", f"ARRAY({TOP_OF_UNIT})::uuid[]".replace("$2", "current_date"))
    .replace("$4", "current_date")
    .replace("$2", str(DEPTH))
    .replace("$3", str(CHART_MAX + 1))
)
WHOLE = Whole(
    f"""
SELECT json_build_object('orgChart', json_build_object(
    'isTruncated', count(*) > {CHART_MAX}, 'entries', coalesce(json_agg(c.entry), '[]')
))::text FROM (
    SELECT (SELECT row_to_json(x) FROM (
        SELECT c.id AS key, c.parent_id AS "parentKey", c.depth, c.title, c.grade,
            CASE WHEN c.people IS NOT NULL THEN 'FILLED' WHEN c.held THEN 'UNDISCLOSED' ELSE 'VACANT' END AS occupancy,
            c.report_count AS "reportCount",
            (SELECT coalesce(json_agg(json_build_object('name', h.name, 'person', {author_sql("h.id")})), '[]')
             FROM unnest(c.people, c.names) h(id, name)) AS holders
    ) x) AS entry FROM ({CHART_OF_TODAY}) c
) c
""",
    lambda _, wish: (wish["unit"],),
)
