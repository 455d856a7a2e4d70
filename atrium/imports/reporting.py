"""The reporting lines that a run's records state: resolved, and only one solid one of a position at a time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from atrium.imports import sql
from atrium.imports.facts import DAYS, tell_dangling
from atrium.imports.records import OWN_POSITION, Type
from atrium.imports.report import Code, Report
from atrium.imports.settling import unknown
from atrium.imports.sql import DAY, facts, known, things
from models import db, timeline
from models.lines import PRIMARY
from models.positions import on
from models.spans import differs_between

EXTERNAL = f"substr(r.external_id, {len(OWN_POSITION) + 1})"

# The desk of a manager who is named as a person: the position that is their own by this file, else one that it has
# them hold, else the one that they hold or, where they have left, held.
DESKS = f"""
boss AS MATERIALIZED (
    SELECT r.id AS record, coalesce(r.manager_id, k.id) AS id
    FROM import_record r LEFT JOIN {known(Type.PERSON)} k ON k.ref = r.said->>'manager'
    WHERE {things(Type.POSITION)} AND r.owner_id IS NOT NULL AND r.said ?| ARRAY['manager', 'manager_name']
), held AS (
    SELECT DISTINCT ON (p.id) p.id, q.id AS position_id
    FROM import_record h
    JOIN {known(Type.PERSON)} p ON p.ref = h.said->>'person'
    JOIN {known(Type.POSITION)} q ON q.ref = h.said->>'position'
    WHERE {facts(Type.HOLDING, "h")} AND NOT h.is_gone AND (h.valid_from IS NULL OR {on("h", DAY)})
    ORDER BY p.id, q.ref
), desk AS MATERIALIZED (
    SELECT b.id, coalesce(o.subject_id, h.position_id, {PRIMARY.format(person="b.id", day=DAY)}, (
        SELECT q.subject_id FROM import_map p
        JOIN import_map q ON q.source = p.source AND q.type = 'position'
          AND q.external_id = '{OWN_POSITION}' || p.external_id
        WHERE p.type = 'person' AND p.subject_id = b.id LIMIT 1)) AS position_id
    FROM (SELECT DISTINCT id FROM boss) b
    LEFT JOIN import_record o ON {things(Type.POSITION, "o")} AND o.owner_id = b.id
    LEFT JOIN held h ON h.id = b.id
)"""

STATED = f"""
    SELECT r.line, {EXTERNAL} AS external_id, r.subject_id AS position_id, 'SOLID' AS kind, d.position_id AS manager_id,
        coalesce(r.said->>'manager', r.said->>'manager_name') AS name, r.day, NULL::date AS until,
        d.position_id IS NULL AS gone
    FROM import_record r JOIN boss b ON b.record = r.id LEFT JOIN desk d ON d.id = b.id
    UNION ALL
    SELECT r.line, r.external_id, r.subject_id, 'SOLID', k.id, r.said->>'reports_to', r.day, NULL, k.id IS NULL
    FROM import_record r LEFT JOIN {known(Type.POSITION)} k ON k.ref = r.said->>'reports_to'
    WHERE {things(Type.POSITION)} AND r.owner_id IS NULL AND r.said ? 'reports_to' AND NOT r.is_gone
    UNION ALL
    SELECT DISTINCT ON (k.id, r.said->>'kind', h.id, coalesce(r.valid_from, r.day), r.valid_to)
        r.line, r.said->>'position', k.id, r.said->>'kind', h.id, r.said->>'manager', {DAYS}, r.is_gone
    FROM import_record r
    JOIN {known(Type.POSITION)} k ON k.ref = r.said->>'position'
    JOIN {known(Type.POSITION)} h ON h.ref = r.said->>'manager'
    WHERE {facts(Type.LINE)}
"""
INSERT = """
WITH {desks}
INSERT INTO import_fact (run_id, fact, line, external_id, position_id, kind, manager_id, name, day, until, gone, held,
                         same)
SELECT $1, '{name}', s.line, s.external_id, s.position_id, s.kind, s.manager_id, left(s.name, 200), s.day, s.until,
    s.gone, h.held, CASE WHEN s.until IS NOT NULL THEN NOT ({between})
        WHEN s.gone THEN NOT h.held ELSE h.held AND NOT ({differs}) END
FROM ({stated}) s
LEFT JOIN reporting_line c ON {key} AND {on_day}
CROSS JOIN LATERAL (SELECT CASE WHEN s.until IS NULL THEN c.id IS NOT NULL ELSE EXISTS (
    SELECT 1 FROM reporting_line o WHERE {other_key} AND o.valid_from < s.until AND s.day < o.valid_to) END AS held) h
WHERE s.kind {kinds} 'SOLID'
"""
SELF = """
UPDATE import_fact SET gone = true, manager_id = NULL, same = NOT held
WHERE run_id = $1 AND fact IN ('solid', 'other') AND position_id = manager_id
RETURNING line, external_id, position_id
"""
# What ends where something else begins is not told twice.
DROP_ENDS = """
DELETE FROM import_fact e USING import_fact f
WHERE e.run_id = $1 AND e.fact = 'solid' AND e.gone AND f.run_id = $1 AND f.fact = 'solid' AND NOT f.gone
  AND f.position_id = e.position_id AND f.day < coalesce(e.until, 'infinity') AND e.day < coalesce(f.until, 'infinity')
"""
DROP_OVERLAPPING = """
DELETE FROM import_fact f USING (
    SELECT id, day < max(coalesce(until, 'infinity')) OVER (
        PARTITION BY position_id ORDER BY day, name, line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS overlaps
    FROM import_fact WHERE run_id = $1 AND fact = 'solid' AND NOT gone
) o
WHERE o.id = f.id AND o.overlaps RETURNING f.line, f.external_id, f.name, f.day, f.position_id
"""
TOLD_BY = f"""
SELECT CASE WHEN EXISTS (SELECT 1 FROM import_record r WHERE {things(Type.POSITION)} AND r.subject_id = $2
                         AND r.owner_id IS NOT NULL) THEN 'person'
    WHEN EXISTS (SELECT 1 FROM import_record r WHERE {things(Type.POSITION)} AND r.subject_id = $2
                 AND r.said ? 'reports_to') THEN 'position' ELSE 'line' END
"""
UNKNOWN = f"""
SELECT f.line, f.external_id, f.name AS ref FROM import_fact f
JOIN import_record r ON {things(Type.POSITION)} AND r.subject_id = f.position_id
WHERE f.run_id = $1 AND f.fact = 'solid' AND f.gone AND f.manager_id IS NULL
  AND r.owner_id IS NOT NULL AND r.said->>'manager' IS NOT NULL
"""


async def state_lines(run: uuid.UUID, types: Mapping[str, int], report: Report) -> None:
    """Bring all stated lines into the table of changes, those that change nothing too, and tell what is wrong."""
    for name, fact, kinds in (("solid", timeline.SOLID_LINES, "="), ("other", timeline.OTHER_LINES, "<>")):
        if name == "solid" or Type.LINE in types:
            statement = INSERT.format(
                desks=DESKS,
                name=name,
                stated=STATED,
                between=differs_between(fact, "s"),
                differs=fact.differs("c", "s"),
                key=fact.same_key("c", "s"),
                other_key=fact.same_key("o", "s"),
                on_day=on("c", "s.day"),
                kinds=kinds,
            )
            await sql.execute(statement, run)
    await _tell_unknown(run, types, report)
    for row in await db.rows(SELF, run):
        message = "They are their own manager: the manager was left out. Correct it."
        type = await told_by(run, row["position_id"])
        report.error(row["line"], row["external_id"], Code.MANAGER_CYCLE, "manager", message, type=type)
    await db.execute(DROP_ENDS, run)
    for row in await db.rows(DROP_OVERLAPPING, run):
        message = (
            f"It has another solid line on {row['day']}: the one to {row['name']} was left out. A position reports to"
            " one other at a time; end one line before the next begins, or make one of them dotted."
        )
        type = await told_by(run, row["position_id"])
        report.error(row["line"], row["external_id"], Code.OVERLAPPING_LINE, "manager", message, type=type)


async def told_by(run: uuid.UUID, position: uuid.UUID) -> Type:
    """The type of the records that tell of a position's line."""
    return Type(await db.value(TOLD_BY, run, position))


async def _tell_unknown(run: uuid.UUID, types: Mapping[str, int], report: Report) -> None:
    if Type.PERSON in types:
        for row in await sql.rows(UNKNOWN, run):
            message = unknown(row["ref"], "manager")
            report.error(row["line"], row["external_id"], Code.UNKNOWN_REF, "manager", message)
    if Type.POSITION in types:
        await tell_dangling(run, Type.POSITION, "reports_to", Type.POSITION, report)
    if Type.LINE in types:
        for field in ("position", "manager"):
            await tell_dangling(run, Type.LINE, field, Type.POSITION, report)
