"""What an export says of each type: one statement a type, whose rows are the records.

A column of a statement is a field of its records. Rows come by key, and lists within them by something unique, so that
equal databases give equal files. No secret is in it, nor what follows from the rest: closures, today's values, the
audiences of units and places, the log, the index.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.positions import EVER

OWN_SOURCE = "atrium"
"""What the header of an export says where it comes from: ids are our own keys."""


def _list(select: str) -> str:
    """The rows of a sub-select as a list of objects."""
    return f"ARRAY(SELECT row_to_json(x) FROM ({select}) x)"


def _days(alias: str) -> str:
    """Both days of a fact: since ever is the first day that there is, for good is null."""
    since, until = f"{alias}.valid_from", f"{alias}.valid_to"
    return (
        f"CASE WHEN isfinite({since}) THEN {since} ELSE '{EVER}' END AS valid_from,"
        f" nullif({until}, 'infinity') AS valid_to"
    )


PROFILE_FIELDS = """
SELECT f.id, f.name, f.key, f.kind, f.builtin, f.choices, f.visibility, f.is_required, f.is_locked, f.rank,
       f.created_at, f.deleted_at
FROM profile_field f ORDER BY f.id
"""

MERGED = "SELECT m.id, m.merged_at FROM merged_skill m WHERE m.skill_id = s.id ORDER BY m.id"
SKILLS = f"""
SELECT s.id, s.name, s.created_at,
       ARRAY(SELECT y.name FROM skill_synonym y WHERE y.skill_id = s.id ORDER BY y.key COLLATE "C") AS synonyms,
       {_list(MERGED)} AS merged
FROM skill s ORDER BY s.id
"""

UNIT_HISTORY = f"""
SELECT {_days("t")}, t.name, t.parent_id AS parent, t.head_id AS head, t.deputy_id AS deputy
FROM unit_term t WHERE t.unit_id = u.id ORDER BY t.valid_from
"""
UNITS = f"SELECT u.id, u.name, u.created_at, {_list(UNIT_HISTORY)} AS history FROM org_unit u ORDER BY u.id"

OUTSIDE_CHART = """p.email, p.location, p.pronouns, p.bio, p.links, p.languages, p.interests, p.phone, p.photo,
       p.time_zone"""
PERSON_HISTORY = f"SELECT {_days('t')}, t.name FROM person_term t WHERE t.person_id = p.id ORDER BY t.valid_from"
PEOPLE = f"""
SELECT p.id, p.name, p.employee_id, {OUTSIDE_CHART}, {_list(PERSON_HISTORY)} AS history
FROM person p WHERE NOT p.is_guest ORDER BY p.id
"""
GUESTS = f"SELECT p.id, p.name, p.active, {OUTSIDE_CHART}, p.created_at FROM person p WHERE p.is_guest ORDER BY p.id"

# Whoever holds nothing today keeps the last title and unit: no fact says them any more.
VALUES = """
SELECT v.field_id AS field, v.text, trim_scale(v.number)::text AS number, v.day, v.person_ref_id AS person, v.source,
       v.updated_at
FROM profile_value v WHERE v.person_id = p.id ORDER BY v.field_id
"""
PROFILES = f"""
SELECT p.id, p.id AS person, p.working_style, p.works_from, p.works_to, p.created_at, p.updated_at AS changed_at,
       CASE WHEN p.position_id IS NULL THEN p.title END AS last_title,
       CASE WHEN p.position_id IS NULL THEN p.unit_id END AS last_unit, {_list(VALUES)} AS values
FROM person p ORDER BY p.id
"""

POSITION_HISTORY = f"""
SELECT {_days("t")}, t.title, t.grade, t.unit_id AS org_unit
FROM position_term t WHERE t.position_id = p.id ORDER BY t.valid_from
"""
POSITIONS = f"SELECT p.id, p.created_at, {_list(POSITION_HISTORY)} AS history FROM position p ORDER BY p.id"
HOLDINGS = f"""
SELECT h.position_id AS position, h.person_id AS person, {_days("h")}
FROM holding h ORDER BY h.position_id, h.valid_from, h.person_id NULLS FIRST
"""
LINES = f"""
SELECT l.position_id AS position, l.manager_id AS manager, lower(l.kind) AS kind, {_days("l")}
FROM reporting_line l ORDER BY l.position_id, l.valid_from, l.kind COLLATE "C", l.manager_id
"""

PERSON_SKILLS = """
SELECT s.id, s.person_id AS person, s.skill_id AS skill, s.level, s.created_at FROM person_skill s ORDER BY s.id
"""
ENDORSEMENTS = """
SELECT e.id, e.person_skill_id AS person_skill, e.endorser_id AS person, e.created_at FROM endorsement e ORDER BY e.id
"""
FOLLOWS = "SELECT f.id, f.follower_id AS person, f.person_id AS target, f.created_at FROM follow f ORDER BY f.id"
BLOCKS = "SELECT b.id, b.blocker_id AS person, b.person_id AS target, b.created_at FROM block b ORDER BY b.id"
ROLES = "SELECT g.id, g.person_id AS person, g.role, g.unit_id AS org_unit FROM role_grant g ORDER BY g.id"

CHANGES = "SELECT c.kind, c.refs FROM org_draft_change c WHERE c.draft_id = d.id ORDER BY c.rank, c.id"
DRAFTS = f"""
SELECT d.id, d.name, d.effective_on, d.status, d.author_id AS author, d.created_at, d.applied_at,
       {_list(CHANGES)} AS changes
FROM org_draft d ORDER BY d.id
"""

AUDIENCES = """
SELECT a.id, ARRAY(SELECT m.person_id FROM audience_member m WHERE m.audience_id = a.id ORDER BY m.person_id) AS people
FROM audience a WHERE a.kind = 'PEOPLE' ORDER BY a.id
"""
POSTS = """
SELECT p.id, p.author_id AS author, CASE WHEN a.kind = 'UNIT' THEN a.id END AS org_unit, a.location,
       CASE WHEN a.kind NOT IN ('COMPANY', 'UNIT', 'LOCATION') THEN a.id END AS audience, p.kind, p.status, p.title,
       p.body, p.client_id, p.created_at, p.published_at, p.edited_at
FROM post p JOIN audience a ON a.id = p.audience_id ORDER BY p.id
"""
COMMENTS = """
SELECT c.id, c.post_id AS post, c.reply_to_id AS reply_to, c.author_id AS author, c.body, c.removed, c.client_id,
       c.created_at, c.edited_at
FROM comment c ORDER BY c.id
"""

SOURCES = f"""
SELECT s.name AS id, s.owns, s.updated_at AS changed_at FROM import_source s WHERE s.name <> '{OWN_SOURCE}'
ORDER BY s.name COLLATE "C"
"""
IMPORTED = f"""
SELECT md5(m.source || '/' || m.type || '/' || m.external_id) AS id, m.source, m.type AS of, m.external_id,
       m.subject_id AS subject, m.effective_on, encode(m.content_hash, 'hex') AS hash
FROM import_map m WHERE m.source <> '{OWN_SOURCE}'
ORDER BY m.source COLLATE "C", m.type COLLATE "C", m.external_id COLLATE "C"
"""

STATEMENTS: Mapping[str, str] = {
    "profile_field": PROFILE_FIELDS,
    "skill": SKILLS,
    "org_unit": UNITS,
    "person": PEOPLE,
    "guest": GUESTS,
    "position": POSITIONS,
    "holding": HOLDINGS,
    "line": LINES,
    "profile": PROFILES,
    "person_skill": PERSON_SKILLS,
    "endorsement": ENDORSEMENTS,
    "follow": FOLLOWS,
    "block": BLOCKS,
    "role": ROLES,
    "org_draft": DRAFTS,
    "audience": AUDIENCES,
    "post": POSTS,
    "comment": COMMENTS,
    "import_source": SOURCES,
    "imported": IMPORTED,
}
"""The types in the order of the file: what others speak of comes first, where that can be."""
