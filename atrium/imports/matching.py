"""Which rows of ours a run's records are about, and who belongs to the company by it.

Whoever is known by their external id is who they were; nobody is adopted by their address or name.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from atrium.imports import sql
from atrium.imports.records import ID_MAX, OWN_POSITION, Type
from atrium.imports.report import Code, Report
from atrium.imports.sql import DAY, LATER, SOURCE, TABLES, things
from models import db
from models.positions import on

IS_OLD = f"(coalesce(m.effective_on > {DAY}, false) OR {LATER})"
# New keys rise with the external ids: whatever is ordered by them does not depend on the order of the file.
# An empty hash marks what was absent from a full import: the file had it no more, whatever it had said before.
MATCH = f"""
UPDATE import_record r SET
    subject_id = coalesce(x.id, {{own}}t.fresh), is_new = x.id IS NULL,
    is_same = x.id IS NOT NULL AND coalesce(m.content_hash = t.content_hash, false),
    is_back = x.id IS NOT NULL AND coalesce(m.content_hash = '', false),
    is_old = x.id IS NOT NULL AND {IS_OLD}{{more}}
FROM (
    SELECT t.*, uuidv7() AS fresh FROM (SELECT * FROM import_record t WHERE {{records}} ORDER BY t.external_id) t
) t
LEFT JOIN import_map m ON m.source = {SOURCE} AND m.type = t.type AND m.external_id = t.external_id
LEFT JOIN {{table}} x ON x.id = coalesce({{own}}m.subject_id)
WHERE r.id = t.id
"""
# In a file of our own the ids are keys: what is there already by that key is that thing, what is not gets it.
OWN_KEY = "CASE WHEN pg_input_is_valid(t.external_id, 'uuid') THEN t.external_id::uuid END, "
# Whoever is known to come, and of whose first day the file does not speak, comes then.
FIRST = f"""CASE WHEN t.said->>'start_date' IS NULL AND NOT {IS_OLD} AND NOT EXISTS (
    SELECT 1 FROM person_term b WHERE b.person_id = x.id AND {on("b", "t.day")}) THEN coalesce(
    (SELECT min(b.valid_from) FROM person_term b WHERE b.person_id = x.id AND b.valid_from > t.day), t.day)
    ELSE t.day END"""
WAS_MEMBER = f"""
    , day = {FIRST}, was_member = EXISTS (
        SELECT 1 FROM person_term b WHERE b.person_id = x.id AND {on("b", f"({FIRST})")}),
    is_member = coalesce(x.is_guest, false)"""
HISTORY = """
UPDATE import_record h SET subject_id = t.subject_id FROM import_record t
WHERE h.run_id = $1 AND NOT h.is_thing AND h.type = $2
  AND t.run_id = $1 AND t.type = $2 AND t.external_id = h.external_id AND t.is_thing
"""
DROP_GUESTS = f"""
DELETE FROM import_record r WHERE {things(Type.PERSON)} AND is_member RETURNING line, external_id
"""
DROP_NAMELESS = """
DELETE FROM import_record r
WHERE run_id = $1 AND type IN ('org_unit', 'person') AND is_thing AND is_new AND NOT is_gone AND NOT said ? 'name'
RETURNING line, type, external_id
"""
DROP_UNKNOWN_GONE = """
DELETE FROM import_record r WHERE run_id = $1 AND is_thing AND is_gone AND is_new
RETURNING line, type, external_id
"""
DROP_HISTORY = """
DELETE FROM import_record h
WHERE run_id = $1 AND NOT is_thing AND type IN ('org_unit', 'person', 'position') AND NOT EXISTS (
    SELECT 1 FROM import_record t
    WHERE t.run_id = $1 AND t.type = h.type AND t.external_id = h.external_id AND t.is_thing)
"""

# Whether an account is open follows the file only where the row says something new: a closing by hand outlives the
# nightly import. Their last day is one on which they still belong.
SAYS_ACTIVE = """CASE WHEN r.is_gone THEN false WHEN r.said->>'active' IS NOT NULL THEN (r.said->>'active')::boolean
    WHEN r.said->>'end_date' IS NOT NULL THEN (r.said->>'end_date')::date >= r.day END"""
IS_MEMBER = f"""CASE WHEN r.is_gone THEN false
    WHEN NOT r.is_fact THEN EXISTS (
        SELECT 1 FROM import_record h WHERE h.run_id = $1 AND h.type = 'person' AND h.external_id = r.external_id
          AND h.is_fact AND NOT h.is_gone AND {on("h", "r.day")})
    WHEN r.is_same AND NOT r.is_old THEN r.was_member
    ELSE coalesce({SAYS_ACTIVE}, r.is_new OR r.is_back OR r.is_old OR r.was_member) END"""
LAST = "(r.said->>'end_date')::date + 1"
LEAVES_ON = f"""CASE
    WHEN NOT r.is_fact AND NOT r.is_gone THEN NULL
    WHEN m.is_member THEN CASE WHEN r.said->>'end_date' IS NOT NULL AND {LAST} > r.day THEN {LAST} END
    WHEN {LAST} <= r.day AND EXISTS (
        SELECT 1 FROM person_term b
        WHERE b.person_id = r.subject_id AND {on("b", "r.day")} AND b.valid_from < {LAST}) THEN {LAST}
    ELSE r.day END"""
SETTLE_MEMBERS = f"""
UPDATE import_record s SET is_member = m.is_member, leaves_on = {LEAVES_ON},
    day = CASE WHEN m.is_member OR r.said->>'start_date' IS NOT NULL THEN r.day ELSE {DAY} END
FROM import_record r CROSS JOIN LATERAL (SELECT {IS_MEMBER} AS is_member) m
WHERE s.id = r.id AND {things(Type.PERSON)}
"""
# Nobody could give the role to anybody any more. The same row is looked at again the next time.
KEEP_ADMINS = f"""
WITH leaving AS (
    SELECT r.id, r.subject_id FROM import_record r WHERE {things(Type.PERSON)} AND r.leaves_on IS NOT NULL
), admins AS (
    SELECT g.person_id FROM role_grant g JOIN person p ON p.id = g.person_id AND p.active
    WHERE g.role = 'ADMIN' AND g.unit_id IS NULL
)
UPDATE import_record r SET is_member = true, leaves_on = NULL, is_gone = false, content_hash = '\\x02' FROM leaving l
WHERE r.id = l.id AND l.subject_id IN (SELECT person_id FROM admins)
  AND NOT EXISTS (SELECT 1 FROM admins a WHERE a.person_id NOT IN (SELECT subject_id FROM leaving))
RETURNING r.line, r.external_id
"""

OWN = f"""
INSERT INTO import_record (run_id, type, external_id, line, said, content_hash, is_thing, is_fact, is_named, is_gone,
                           day, owner_id, manager_id, is_member)
SELECT $1, 'position', '{OWN_POSITION}' || r.external_id, r.line, o.said, sha256(convert_to(o.said::text, 'UTF8')),
       true, true, false, false, r.day, r.subject_id, r.manager_id, r.is_member
FROM import_record r
CROSS JOIN LATERAL (SELECT r.said - ARRAY['name', 'email', 'employee_id', 'location', 'skills', 'pronouns', 'bio',
    'links', 'languages', 'interests', 'phone', 'photo', 'time_zone', 'active', 'start_date'] AS said) o
WHERE {things(Type.PERSON)} AND NOT r.is_gone AND length(r.external_id) <= {ID_MAX - len(OWN_POSITION)}
  AND (r.said ?| ARRAY['title', 'grade', 'manager', 'manager_name', 'org_unit']
       OR r.is_member AND r.is_fact AND NOT r.is_same AND NOT EXISTS (
           SELECT 1 FROM holding h WHERE h.person_id = r.subject_id AND {on("h", "r.day")}))
  AND NOT EXISTS (
      SELECT 1 FROM import_record h
      WHERE h.run_id = $1 AND h.type = 'holding' AND h.said->>'person' = r.external_id)
  AND NOT EXISTS (
      SELECT 1 FROM import_record p
      WHERE {things(Type.POSITION, "p")} AND p.external_id = '{OWN_POSITION}' || r.external_id)
"""


async def match(run: uuid.UUID, types: Mapping[str, int], report: Report, *, is_own: bool = False) -> None:
    """Give each record the key of what it was before, or a new one; `is_own`: the file's ids are our keys."""
    if Type.ORG_UNIT in types:
        await _match(run, Type.ORG_UNIT, report, is_own)
    if Type.PERSON in types:
        await _match(run, Type.PERSON, report, is_own)
        await _drop_guests(run, report)
        await db.execute(SETTLE_MEMBERS, run)
        await _keep_admins(run, report)


async def match_positions(run: uuid.UUID, types: Mapping[str, int], report: Report, *, is_own: bool = False) -> None:
    """As `match` for positions, among them people's own. Their managers are known by then."""
    if Type.PERSON in types:
        await sql.execute(OWN, run)
        await db.execute("ANALYZE import_record")
    if Type.PERSON in types or Type.POSITION in types:
        await _match(run, Type.POSITION, report, is_own)


async def _match(run: uuid.UUID, type: Type, report: Report, is_own: bool) -> None:
    own = OWN_KEY if is_own else ""
    more = WAS_MEMBER if type is Type.PERSON else ""
    await sql.execute(MATCH.format(table=TABLES[type], records=things(type, "t"), more=more, own=own), run)
    await _drop_unusable(run, report)
    await db.execute(HISTORY, run, type)


async def _drop_guests(run: uuid.UUID, report: Report) -> None:
    for row in await db.rows(DROP_GUESTS, run):
        message = f"{row['external_id']} is a guest here: this row was left aside. Make them a member first."
        report.warn(row["line"], row["external_id"], Code.GUEST, None, message)
        report.rejected.add((Type.PERSON, row["external_id"]))
        report.skip(Type.PERSON)


async def _drop_unusable(run: uuid.UUID, report: Report) -> None:
    for row in await db.rows(DROP_UNKNOWN_GONE, run):
        report.skip(row["type"])
    for row in await db.rows(DROP_NAMELESS, run):
        message = "It is new here and has no name. Give it one."
        report.reject(row["line"], row["external_id"], Code.MISSING_FIELD, "name", message, type=row["type"])
    await db.execute(DROP_HISTORY, run)


async def _keep_admins(run: uuid.UUID, report: Report) -> None:
    for row in await db.rows(KEEP_ADMINS, run):
        message = (
            "This is the last active administrator, so their account stays open: nobody could administer the company"
            " any more. Give somebody else the role ADMIN first."
        )
        report.error(row["line"], row["external_id"], Code.LAST_ADMIN, "active", message)
