"""What will become of each record, counted, and who will have joined, left and moved."""

from __future__ import annotations

import uuid
from datetime import date

from atrium.imports import sql
from atrium.imports.lines import Span, figures, lines_on
from atrium.imports.profiles import APPLIES, DIFFERS, LACKS_SKILLS
from atrium.imports.records import Type
from atrium.imports.report import Report
from atrium.imports.sql import DAY, SOURCE, things
from models import db
from models.positions import on

MOVEMENTS_MAX = 1_000  # of each kind in a report

CHANGES = "SELECT {} FROM import_fact f WHERE f.run_id = $1 AND NOT f.same AND f.fact IN ({})"
JUDGE = f"""
UPDATE import_record s SET outcome = x.outcome
FROM (
    SELECT r.id, CASE WHEN r.is_new THEN 'created'
        WHEN l.held AND l.day <= {DAY} THEN 'deactivated'
        WHEN l.person_id IS NOT NULL OR {APPLIES} AND ({DIFFERS} OR {LACKS_SKILLS})
            OR r.subject_id IN ({CHANGES.format("f.person_id", "'member', 'holding'")} AND f.person_id IS NOT NULL)
            OR r.subject_id IN (
                SELECT q.owner_id FROM import_fact f
                JOIN import_record q ON {things(Type.POSITION, "q")} AND q.subject_id = f.position_id
                WHERE f.run_id = $1 AND NOT f.same AND q.owner_id IS NOT NULL) THEN 'updated'
        ELSE 'unchanged' END AS outcome
    FROM import_record r
    LEFT JOIN person p ON p.id = r.subject_id
    LEFT JOIN import_fact l ON l.run_id = $1 AND l.fact = 'leave' AND l.person_id = r.subject_id
    WHERE {things(Type.PERSON)}
) x
WHERE s.id = x.id AND x.outcome <> 'unchanged'
"""
JUDGE_OTHERS = f"""
UPDATE import_record r SET outcome = CASE WHEN r.is_new THEN 'created' ELSE 'updated' END
WHERE {things(Type.ORG_UNIT)} AND (r.is_new OR r.subject_id IN ({CHANGES.format("f.unit_id", "'unit'")}))
   OR {things(Type.POSITION)} AND (r.is_new OR r.subject_id IN ({CHANGES.format("f.position_id", "'position'")}))
"""
OUTCOMES = """
SELECT type, CASE WHEN is_gone AND type <> 'person' THEN 'gone' ELSE outcome END AS outcome, count(*) AS count
FROM import_record WHERE run_id = $1 AND is_thing AND type IN ('org_unit', 'person', 'position') GROUP BY 1, 2
"""
LINKS = """
SELECT CASE fact WHEN 'holding' THEN 'holding' ELSE 'line' END AS type,
    count(*) FILTER (WHERE NOT same AND NOT gone AND NOT held) AS created,
    count(*) FILTER (WHERE NOT same AND NOT gone AND held) AS updated,
    count(*) FILTER (WHERE NOT same AND gone) AS deactivated,
    count(*) FILTER (WHERE same AND NOT gone) AS unchanged
FROM import_fact WHERE run_id = $1 AND fact IN ('holding', 'solid', 'other') GROUP BY 1
"""
STATED_HOLDINGS = f"""
SELECT count(*) FROM import_record r
WHERE r.run_id = $1 AND NOT r.is_gone AND (
    r.type = 'holding' OR {things(Type.POSITION)} AND r.owner_id IS NOT NULL AND r.is_member)
"""
ENDS = """
SELECT count(*) FILTER (WHERE fact = 'absent' AND held AND NOT same) AS people,
    count(*) FILTER (WHERE fact = 'end_position') AS positions, count(*) FILTER (WHERE fact = 'end_unit') AS units
FROM import_fact WHERE run_id = $1
"""

COVERS = f"f.day <= {DAY} AND {DAY} < coalesce(f.until, 'infinity')"
POSTS = f"""
SELECT m.subject_id FROM import_map m
JOIN position_term t ON t.position_id = m.subject_id AND {on("t", DAY)}
WHERE m.source = {SOURCE} AND m.type = 'position' AND NOT EXISTS (
    SELECT 1 FROM import_fact f WHERE f.run_id = $1 AND f.position_id = m.subject_id
      AND f.fact IN ('position', 'end_position') AND f.gone AND {COVERS})
UNION
SELECT f.position_id FROM import_fact f WHERE f.run_id = $1 AND f.fact = 'position' AND NOT f.gone AND {COVERS}
"""

NAME = "coalesce(r.said->>'name', p.name)"
JOINED = f"""
SELECT DISTINCT r.external_id AS id, {NAME} AS name, f.day::text AS day FROM import_fact f
JOIN import_record r ON {things(Type.PERSON)} AND r.subject_id = f.person_id
LEFT JOIN person p ON p.id = r.subject_id
WHERE f.run_id = $1 AND f.fact = 'member' AND NOT f.held AND NOT f.gone ORDER BY id LIMIT {MOVEMENTS_MAX}
"""
LEFT = f"""
SELECT f.external_id AS id, p.name, f.day::text AS day FROM import_fact f JOIN person p ON p.id = f.person_id
WHERE f.run_id = $1 AND f.fact IN ('leave', 'absent') AND f.held AND NOT f.same ORDER BY id LIMIT {MOVEMENTS_MAX}
"""
# Of people who were there and stay: what they are called, where they stand, whom they report to, which post they hold.
MOVED = f"""
WITH held AS MATERIALIZED (
    SELECT h.position_id, h.person_id FROM holding h WHERE {on("h", DAY)} AND h.person_id IS NOT NULL
), changed AS (
    SELECT h.person_id, 'title' AS field, f.old->>'title' AS old, f.title AS new
    FROM import_fact f JOIN held h ON h.position_id = f.position_id
    WHERE f.run_id = $1 AND f.fact = 'position' AND f.held AND NOT f.gone AND f.old->>'title' <> f.title
    UNION ALL
    SELECT h.person_id, 'org_unit', o.name, coalesce(n.name, s.said->>'name')
    FROM import_fact f JOIN held h ON h.position_id = f.position_id
    LEFT JOIN org_unit o ON o.id = (f.old->>'unit_id')::uuid
    LEFT JOIN org_unit n ON n.id = f.unit_id
    LEFT JOIN import_record s ON {things(Type.ORG_UNIT, "s")} AND s.subject_id = f.unit_id
    WHERE f.run_id = $1 AND f.fact = 'position' AND f.held AND NOT f.gone
      AND f.old->>'unit_id' IS DISTINCT FROM f.unit_id::text
    UNION ALL
    SELECT h.person_id, 'manager', (
        SELECT coalesce(b.title, '') FROM reporting_line l JOIN position b ON b.id = l.manager_id
        WHERE l.position_id = f.position_id AND l.kind = 'SOLID' AND {on("l", "f.day")}), f.name
    FROM import_fact f JOIN held h ON h.position_id = f.position_id
    WHERE f.run_id = $1 AND f.fact = 'solid' AND f.held AND NOT f.same
    UNION ALL
    SELECT f.person_id, 'position', (
        SELECT string_agg(b.title, ', ' ORDER BY b.title) FROM held h JOIN position b ON b.id = h.position_id
        WHERE h.person_id = f.person_id), coalesce(q.said->>'title', x.title)
    FROM import_fact f
    LEFT JOIN import_record q ON {things(Type.POSITION, "q")} AND q.subject_id = f.position_id
    LEFT JOIN position x ON x.id = f.position_id
    WHERE f.run_id = $1 AND f.fact = 'holding' AND NOT f.held AND NOT f.gone
      AND EXISTS (SELECT 1 FROM held h WHERE h.person_id = f.person_id)
)
SELECT r.external_id AS id, {NAME} AS name, c.field, c.old, c.new
FROM changed c
JOIN import_record r ON {things(Type.PERSON)} AND r.subject_id = c.person_id AND r.is_member
JOIN person p ON p.id = c.person_id
ORDER BY id, field, new LIMIT {MOVEMENTS_MAX}
"""


async def judge(run: uuid.UUID, spans: list[Span], left_out: set[int], day: date, today: date, report: Report) -> None:
    """Decide what becomes of each record, and fill the report with it."""
    await sql.execute(JUDGE, run, today)
    await sql.execute(JUDGE_OTHERS, run)
    await _count(run, report)
    posts = [row[0] for row in await sql.rows(POSTS, run)]
    report.chart = figures(posts, lines_on(spans, day, left_out))
    for kind, statement in (("joined", JOINED), ("left", LEFT), ("moved", MOVED)):
        report.movements[kind] = [dict(row) for row in await sql.rows(statement, run)]


async def _count(run: uuid.UUID, report: Report) -> None:
    for row in await db.rows(OUTCOMES, run):
        counts = report.of(row["type"])
        match row["outcome"]:
            case "created":
                counts.created = row["count"]
            case "updated":
                counts.updated = row["count"]
            case "deactivated":
                counts.deactivated = row["count"]
            case "unchanged":
                counts.unchanged = row["count"]
            case _:
                pass  # its end is counted below
    for row in await db.rows(LINKS, run):
        counts = report.of(row["type"])
        counts.created, counts.updated = row["created"], row["updated"]
        counts.deactivated, counts.unchanged = row["deactivated"], row["unchanged"]
    holdings = report.of(Type.HOLDING)
    holdings.unchanged = max(0, await db.value(STATED_HOLDINGS, run) - holdings.created - holdings.updated)
    ends = await db.row(ENDS, run)
    assert ends is not None
    report.people.deactivated += ends["people"]
    report.positions.deactivated += ends["positions"]
    report.units.deactivated += ends["units"]
