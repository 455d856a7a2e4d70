"""What ends by an import: what a record says is deleted, who leaves, and what a full file does not have any more."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from atrium.imports import sql
from atrium.imports.facts import HOLDINGS
from atrium.imports.records import OWN_POSITION, Mode, Type
from atrium.imports.report import Code, Report, TooManyAbsent
from atrium.imports.sql import DAY, LATER, SOURCE, things
from models import db
from models.positions import on

ADD = "INSERT INTO import_fact (run_id, fact, line, external_id, {key}, day, gone, held, same)"
PERSON_ID = f"substr(m.external_id, {len(OWN_POSITION) + 1})"


def _mapped(type: Type) -> str:
    """Of the source's things of a type, those that no record tells of, nor one that is beyond use ($2: their ids).

    Who is said to hold a position is told of, and so is a position that is held or has a line.
    """
    return f"""import_map m
    WHERE m.source = {SOURCE} AND m.type = '{type}' AND m.content_hash <> ''
      AND coalesce(m.effective_on, '-infinity') <= {DAY} AND NOT {LATER} AND m.external_id <> ALL($2::text[])
      AND NOT EXISTS (SELECT 1 FROM import_record t WHERE {things(type, "t")} AND t.external_id = m.external_id)
      AND m.external_id NOT IN (
          SELECT t.said->>'{type}' FROM import_record t
          WHERE t.run_id = $1 AND t.type IN ('holding', 'line') AND NOT t.is_gone AND t.said->>'{type}' IS NOT NULL)"""


def _untold(stored: str, told: str) -> str:
    """Columns: `days`, those of a stored row from the record's day on of which nothing is told; and all of `them`."""
    left = f"daterange(r.day, {stored}.valid_to)"
    return f"unnest(datemultirange({left}) - coalesce({told}.days, '{{}}')) AS days, {left} AS them"


UNTIL = "CASE WHEN days <> them THEN upper(days) END"


# The own position of somebody who is in the file has not ended because nothing is said of it.
ABSENT_POSITIONS = f"""
{ADD.format(key="position_id")}
SELECT $1, 'end_position', 0, m.external_id, m.subject_id, {DAY}, true, true, false FROM {_mapped(Type.POSITION)}
  AND EXISTS (SELECT 1 FROM position_term p WHERE p.position_id = m.subject_id AND p.valid_to > {DAY})
  AND NOT (starts_with(m.external_id, '{OWN_POSITION}') AND ({PERSON_ID} = ANY($3::text[]) OR EXISTS (
      SELECT 1 FROM import_record t
      WHERE {things(Type.PERSON, "t")} AND NOT t.is_gone AND t.external_id = {PERSON_ID} AND NOT EXISTS (
          SELECT 1 FROM import_record h
          WHERE h.run_id = $1 AND h.type = 'holding' AND h.said->>'person' = t.external_id))))
"""
GONE_POSITIONS = f"""
{ADD.format(key="position_id")}
SELECT $1, 'end_position', x.line, x.external_id, x.id, x.day, true, true, false FROM (
    SELECT r.line, r.external_id, r.subject_id AS id, r.day FROM import_record r
    WHERE {things(Type.POSITION)} AND r.is_gone
    UNION ALL
    SELECT r.line, m.external_id, m.subject_id, r.day FROM import_record r
    JOIN import_map m
      ON m.source = {SOURCE} AND m.type = 'position' AND m.external_id = '{OWN_POSITION}' || r.external_id
    WHERE {things(Type.PERSON)} AND r.is_gone
) x
WHERE EXISTS (SELECT 1 FROM position_term p WHERE p.position_id = x.id AND p.valid_to > x.day)
  AND NOT EXISTS (SELECT 1 FROM import_fact f WHERE f.run_id = $1 AND f.fact = 'end_position' AND f.position_id = x.id)
"""
# Both end only for the days that the file does not tell of: what it says of later ones, as was known before, stays.
OTHER_HOLDERS = f"""
WITH told AS MATERIALIZED (
    SELECT s.position_id, s.person_id, range_agg(daterange(s.day, coalesce(s.until, 'infinity'))) AS days
    FROM ({HOLDINGS.relation}) s GROUP BY s.position_id, s.person_id
), untold AS (
    SELECT r.line, r.external_id, x.position_id, x.person_id, {_untold("x", "t")}
    FROM holding x
    JOIN import_record r ON {things(Type.POSITION)} AND r.subject_id = x.position_id
    LEFT JOIN told t ON t.position_id = x.position_id AND t.person_id IS NOT DISTINCT FROM x.person_id
    WHERE r.owner_id IS NULL AND NOT r.is_gone AND {on("x", "r.day")} AND NOT coalesce(t.days @> r.day, false)
)
{ADD.format(key="position_id, person_id, until")}
SELECT $1, 'holding', line, external_id, position_id, person_id, {UNTIL}, lower(days), true, true, false FROM untold
"""
# A position of one's own may be told of from a later day on, that of its holder's beginning: until then its lines stay.
OTHER_LINES = f"""
WITH told AS MATERIALIZED (
    SELECT f.position_id, f.kind, CASE WHEN f.kind <> 'SOLID' THEN f.manager_id END AS manager_id,
        range_agg(daterange(f.day, coalesce(f.until, 'infinity'))) AS days
    FROM import_fact f WHERE f.run_id = $1 AND f.fact IN ('solid', 'other') GROUP BY 1, 2, 3
), untold AS (
    SELECT r.line, r.external_id, x.position_id, x.kind,
        CASE WHEN x.kind <> 'SOLID' THEN x.manager_id END AS manager_id, {_untold("x", "t")}
    FROM reporting_line x
    JOIN import_record r ON {things(Type.POSITION)} AND r.subject_id = x.position_id AND NOT r.is_gone
    LEFT JOIN told t ON t.position_id = x.position_id AND t.kind = x.kind
      AND (x.kind = 'SOLID' OR t.manager_id = x.manager_id)
    WHERE {on("x", "r.day")} AND NOT coalesce(t.days @> r.day, false)
)
{ADD.format(key="position_id, kind, manager_id, until")}
SELECT $1, CASE kind WHEN 'SOLID' THEN 'solid' ELSE 'other' END, line, external_id, position_id, kind, manager_id,
    {UNTIL}, lower(days), true, true, false FROM untold
"""

LEAVERS = f"""
{ADD.format(key="person_id")}
SELECT $1, 'leave', r.line, r.external_id, r.subject_id, r.leaves_on, true, r.was_member, false FROM import_record r
WHERE {things(Type.PERSON)} AND r.leaves_on IS NOT NULL AND (
    EXISTS (SELECT 1 FROM person_term t WHERE t.person_id = r.subject_id AND t.valid_to > r.leaves_on)
    OR EXISTS (SELECT 1 FROM holding h WHERE h.person_id = r.subject_id AND h.valid_to > r.leaves_on)
    OR EXISTS (SELECT 1 FROM import_fact f WHERE f.run_id = $1 AND f.person_id = r.subject_id AND NOT f.gone
               AND f.fact IN ('member', 'holding')))
"""
# Whoever holds a position of another source, or one that this file does not end, stays.
ABSENT_PEOPLE = f"""
{ADD.format(key="person_id")}
SELECT $1, 'absent', 0, m.external_id, m.subject_id, {DAY}, true,
    EXISTS (SELECT 1 FROM person_term b WHERE b.person_id = m.subject_id AND {on("b", DAY)}),
    EXISTS (
        SELECT 1 FROM holding h WHERE h.person_id = m.subject_id AND {on("h", DAY)} AND NOT EXISTS (
            SELECT 1 FROM import_fact f WHERE f.run_id = $1 AND f.position_id = h.position_id AND (
                f.fact = 'end_position' OR f.fact = 'holding' AND f.gone AND f.person_id = h.person_id)))
FROM {_mapped(Type.PERSON)}
  AND EXISTS (SELECT 1 FROM person p WHERE p.id = m.subject_id AND NOT p.is_guest)
"""
KEEP_ADMINS = """
WITH leaving AS (
    SELECT f.id, f.person_id FROM import_fact f WHERE f.run_id = $1 AND f.fact IN ('absent', 'leave') AND NOT f.same
), admins AS (
    SELECT g.person_id FROM role_grant g JOIN person p ON p.id = g.person_id AND p.active
    WHERE g.role = 'ADMIN' AND g.unit_id IS NULL
)
UPDATE import_fact f SET same = true FROM leaving l
WHERE f.id = l.id AND l.person_id IN (SELECT person_id FROM admins)
  AND NOT EXISTS (SELECT 1 FROM admins a WHERE a.person_id NOT IN (SELECT person_id FROM leaving))
RETURNING f.external_id
"""
ABSENCE = f"""
SELECT (SELECT count(*) FROM import_fact WHERE run_id = $1 AND fact = 'absent' AND held AND NOT same) AS absent,
    (SELECT count(*) FROM import_map m JOIN person p ON p.id = m.subject_id
     WHERE m.source = {SOURCE} AND m.type = 'person' AND NOT p.is_guest
       AND EXISTS (SELECT 1 FROM person_term b WHERE b.person_id = p.id AND {on("b", DAY)})) AS known
"""
# What they held is looked at anew.
VACATED = f"""
{ADD.format(key="position_id")}
SELECT DISTINCT $1::uuid, 'vacated', f.line, f.external_id, h.position_id, f.day, true, true, false
FROM import_fact f JOIN holding h ON h.person_id = f.person_id AND h.valid_to > f.day
WHERE f.run_id = $1 AND f.fact IN ('leave', 'absent') AND NOT f.same
"""

# A unit ends when nothing stands in it any more, nor in one below it.
END_UNITS = f"""
WITH RECURSIVE wanted AS MATERIALIZED (
    SELECT m.subject_id AS id, m.external_id, 0 AS line FROM {_mapped(Type.ORG_UNIT)} AND $3
    UNION ALL
    SELECT r.subject_id, r.external_id, r.line FROM import_record r WHERE {things(Type.ORG_UNIT)} AND r.is_gone
), changed AS MATERIALIZED (
    SELECT unit_id, position_id, parent_id, fact FROM import_fact
    WHERE run_id = $1 AND fact IN ('unit', 'position', 'end_position') AND until IS NULL
), used (id) AS (
    SELECT unit_id FROM changed WHERE fact = 'position' AND unit_id IS NOT NULL
    UNION
    SELECT t.unit_id FROM position_term t WHERE t.unit_id IS NOT NULL AND t.valid_to > {DAY}
      AND NOT EXISTS (SELECT 1 FROM changed c WHERE c.position_id = t.position_id)
    UNION
    SELECT t.unit_id FROM unit_term t WHERE t.valid_to > {DAY} AND t.unit_id NOT IN (SELECT id FROM wanted)
    UNION
    SELECT unit_id FROM changed WHERE fact = 'unit'
    UNION
    SELECT p.parent_id FROM used u JOIN (
        SELECT unit_id, parent_id FROM changed WHERE fact = 'unit'
        UNION ALL
        SELECT t.unit_id, t.parent_id FROM unit_term t WHERE t.valid_to > {DAY}
          AND NOT EXISTS (SELECT 1 FROM changed c WHERE c.fact = 'unit' AND c.unit_id = t.unit_id)
    ) p ON p.unit_id = u.id WHERE p.parent_id IS NOT NULL
)
{ADD.format(key="unit_id")}
SELECT $1, 'end_unit', w.line, w.external_id, w.id, {DAY}, true, true, false FROM wanted w
WHERE EXISTS (SELECT 1 FROM unit_term t WHERE t.unit_id = w.id AND t.valid_to > {DAY})
  AND w.id NOT IN (SELECT id FROM used)
"""


async def end_positions(run: uuid.UUID, mode: Mode, types: Mapping[str, int], report: Report) -> None:
    """Positions that end, and in a full file the holders and lines of the others that it does not have."""
    if mode is Mode.FULL:
        await db.execute(ABSENT_POSITIONS, run, _rejected(report, Type.POSITION), _rejected(report, Type.PERSON))
        if Type.HOLDING in types:
            await sql.execute(OTHER_HOLDERS, run)
        if Type.LINE in types:
            await db.execute(OTHER_LINES, run)
    await db.execute(GONE_POSITIONS, run)


async def end_people(run: uuid.UUID, mode: Mode, share: float, report: Report) -> None:
    """Who leaves. Raises `TooManyAbsent` where more than `share` of the source's people are not in a full file."""
    await db.execute(LEAVERS, run)
    if mode is Mode.FULL:
        await db.execute(ABSENT_PEOPLE, run, _rejected(report, Type.PERSON))
        for row in await db.rows(KEEP_ADMINS, run):
            message = (
                "The last active administrator is not in the file; their account stays open: nobody could administer"
                " the company any more. Give somebody else the role ADMIN first."
            )
            report.error(0, row["external_id"], Code.LAST_ADMIN, None, message)
        counted = await db.row(ABSENCE, run)
        assert counted is not None
        if counted["absent"] > share * counted["known"]:
            raise TooManyAbsent(counted["absent"], counted["known"], share)
    await db.execute(VACATED, run)


async def end_units(run: uuid.UUID, mode: Mode, types: Mapping[str, int], report: Report) -> None:
    """Units in which nothing stands any more: those that a record says are deleted, or that a full file has not."""
    is_full = mode is Mode.FULL and Type.ORG_UNIT in types
    await sql.execute(END_UNITS, run, _rejected(report, Type.ORG_UNIT), is_full)


def _rejected(report: Report, type: Type) -> list[str]:
    return sorted(id for rejected, id in report.rejected if rejected == type)
