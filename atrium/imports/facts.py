"""What a run's records say of units, people, positions and who holds them, and what of it differs from what holds.

Only what differs comes into the table of changes (`import_fact`); reporting lines have a module of their own.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from atrium.imports import sql
from atrium.imports.records import Type
from atrium.imports.report import Code, Report
from atrium.imports.settling import unknown
from atrium.imports.sql import facts, known, things
from models import timeline
from models.positions import on
from models.spans import differs_between
from models.timeline import Fact

# From a valid day on; without one, from the record's day on, for as long as what held then would have held.
DAYS = "coalesce(r.valid_from, r.day) AS day, r.valid_to AS until"


@dataclass(frozen=True)
class Stated:
    """A kind of facts: `name` in the table of changes, and a relation of those that the records state."""

    name: str
    fact: Fact
    relation: str
    since: str = "NULL::date"


def _said(field: str, otherwise: str) -> str:
    return f"CASE WHEN r.said ? '{field}' THEN r.said->>'{field}' ELSE {otherwise} END"


def _meant(field: str, alias: str, otherwise: str) -> str:
    return f"CASE WHEN r.said ? '{field}' THEN {alias}.id ELSE {otherwise} END"


def _ref(type: Type, field: str, alias: str) -> str:
    return f"LEFT JOIN {known(type)} {alias} ON {alias}.ref = r.said->>'{field}'"


def _leader(field: str, alias: str) -> str:
    """Whoever is said to lead a unit, unless they have left: by this file or, where it has them not, before."""
    return f"""CASE WHEN NOT r.said ? '{field}' THEN c.{field}_id
            WHEN r.valid_from IS NULL AND {alias}p.is_member IS FALSE OR {alias}l.day <= s.day THEN NULL
            ELSE {alias}.id END AS {field}_id"""


def _leader_ref(field: str, alias: str) -> str:
    return f"""{_ref(Type.PERSON, field, alias)}
    LEFT JOIN import_record {alias}p
      ON {things(Type.PERSON, f"{alias}p")} AND {alias}p.external_id = r.said->>'{field}'
    CROSS JOIN LATERAL (
        SELECT CASE WHEN {alias}p.id IS NULL THEN coalesce(max(e.valid_to), '-infinity')
            WHEN {alias}p.is_member OR {alias}p.leaves_on IS NULL THEN {alias}p.leaves_on
            ELSE least({alias}p.leaves_on, max(e.valid_to)) END AS day
        FROM person_term e WHERE e.person_id = {alias}.id) {alias}l"""


# What a history tells is parted on the days on which those who lead leave: no part says what will not hold.
PARTS = """CROSS JOIN LATERAL (
    SELECT p.day, lead(p.day, 1, r.valid_to) OVER (ORDER BY p.day) AS until FROM (
        SELECT coalesce(r.valid_from, r.day) AS day
        UNION
        SELECT l.day FROM (VALUES (hl.day), (dl.day)) l (day) WHERE r.valid_from < l.day AND l.day < r.valid_to) p) s"""


UNITS = Stated(
    "unit",
    timeline.UNITS,
    f"""
    SELECT r.line, r.external_id, r.subject_id AS unit_id,
        coalesce({_said("name", "coalesce(c.name, x.name)")}, '') AS name,
        nullif({_meant("parent", "k", "c.parent_id")}, r.subject_id) AS parent_id,
        {_leader("head", "h")},
        {_leader("deputy", "d")},
        s.day, s.until, r.is_gone AS gone
    FROM import_record r
    LEFT JOIN unit_term c ON c.unit_id = r.subject_id AND {on("c", "r.day")}
    LEFT JOIN org_unit x ON x.id = r.subject_id
    {_ref(Type.ORG_UNIT, "parent", "k")}
    {_leader_ref("head", "h")}
    {_leader_ref("deputy", "d")}
    {PARTS}
    WHERE {facts(Type.ORG_UNIT)} AND NOT (r.is_thing AND r.is_gone)""",
)

# Whoever has no last day any more stays on: where their row says something new. `c` is what holds of them on the day.
STAYS = """(r.is_thing AND r.is_member AND NOT r.is_same AND NOT r.is_old AND r.said ? 'end_date'
    AND r.said->>'end_date' IS NULL AND c.valid_to < 'infinity' AND NOT EXISTS (
        SELECT 1 FROM person_term n WHERE n.person_id = c.person_id AND n.valid_from > c.valid_from))"""
MEMBERS = Stated(
    "member",
    timeline.MEMBERS,
    f"""
    SELECT r.line, r.external_id, r.subject_id AS person_id,
        coalesce({_said("name", "coalesce(c.name, x.name)")}, '') AS name,
        coalesce(r.valid_from, r.day) AS day,
        coalesce(r.valid_to, CASE WHEN {STAYS} THEN 'infinity'::date END) AS until,
        r.is_gone AS gone,
        CASE WHEN r.is_thing AND r.is_member AND (r.said->>'start_date')::date < r.day THEN greatest(
            (r.said->>'start_date')::date, (SELECT max(e.valid_to) FROM person_term e
            WHERE e.person_id = r.subject_id AND e.valid_to <= coalesce(c.valid_from, r.day))) END AS since
    FROM import_record r
    LEFT JOIN person_term c ON c.person_id = r.subject_id AND {on("c", "r.day")}
    LEFT JOIN person x ON x.id = r.subject_id
    WHERE {facts(Type.PERSON)} AND NOT (r.is_thing AND NOT r.is_member)""",
    since="s.since",
)

POSITIONS = Stated(
    "position",
    timeline.POSITIONS,
    f"""
    SELECT r.line, r.external_id, r.subject_id AS position_id,
        coalesce({_said("title", "coalesce(c.title, x.title)")}, '') AS title,
        {_said("grade", "CASE WHEN c.id IS NULL THEN x.grade ELSE c.grade END")} AS grade,
        {_meant("org_unit", "k", "CASE WHEN c.id IS NULL THEN x.unit_id ELSE c.unit_id END")} AS unit_id,
        {DAYS}, r.is_gone AS gone
    FROM import_record r
    LEFT JOIN position_term c ON c.position_id = r.subject_id AND {on("c", "r.day")}
    LEFT JOIN position x ON x.id = r.subject_id
    {_ref(Type.ORG_UNIT, "org_unit", "k")}
    WHERE {facts(Type.POSITION)} AND NOT (r.is_thing AND r.is_gone)""",
)

# Their own position is held by whoever belongs to the company; of others the file tells.
HOLDINGS = Stated(
    "holding",
    timeline.HOLDINGS,
    f"""
    SELECT DISTINCT ON (position_id, person_id, day) * FROM (
        SELECT r.line, r.external_id, r.subject_id AS position_id, r.owner_id AS person_id, r.day, NULL::date AS until,
            NOT r.is_member AS gone
        FROM import_record r WHERE {things(Type.POSITION)} AND r.owner_id IS NOT NULL
        UNION ALL
        SELECT r.line, r.external_id, h.position_id, h.person_id, r.day, 'infinity', false
        FROM import_record r
        JOIN person_term c ON c.person_id = r.subject_id AND {on("c", "r.day")}
        JOIN holding h ON h.person_id = r.subject_id AND h.valid_to = c.valid_to
        WHERE {facts(Type.PERSON)} AND {STAYS}
        UNION ALL
        SELECT r.line, r.external_id, k.id, h.id, coalesce(r.valid_from, r.day),
            CASE WHEN r.valid_to IS NOT NULL THEN least(r.valid_to, p.leaves_on) END,
            r.is_gone OR r.valid_from IS NULL AND NOT coalesce(p.is_member, true)
        FROM import_record r
        JOIN {known(Type.POSITION)} k ON k.ref = r.said->>'position'
        {_ref(Type.PERSON, "person", "h")}
        LEFT JOIN import_record p ON {things(Type.PERSON, "p")} AND p.external_id = r.said->>'person'
        WHERE {facts(Type.HOLDING)} AND (h.id IS NOT NULL OR r.said->>'person' IS NULL)
          AND (r.valid_from IS NULL OR p.leaves_on IS NULL OR r.valid_from < p.leaves_on)
    ) s ORDER BY position_id, person_id, day, until DESC NULLS LAST, gone""",
)

REFERENCES: tuple[tuple[Type, str, Type], ...] = (
    (Type.ORG_UNIT, "parent", Type.ORG_UNIT),
    (Type.ORG_UNIT, "head", Type.PERSON),
    (Type.ORG_UNIT, "deputy", Type.PERSON),
    (Type.PERSON, "org_unit", Type.ORG_UNIT),
    (Type.POSITION, "org_unit", Type.ORG_UNIT),
    (Type.HOLDING, "position", Type.POSITION),
    (Type.HOLDING, "person", Type.PERSON),
)
DANGLING = """
SELECT DISTINCT r.line, r.external_id, r.said->>'{field}' AS ref FROM import_record r
WHERE r.run_id = $1 AND r.type = '{type}' AND r.owner_id IS NULL AND r.said->>'{field}' IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM {known} k WHERE k.ref = r.said->>'{field}')
"""


async def compare_facts(run: uuid.UUID, types: Mapping[str, int], report: Report) -> None:
    """Bring what differs into the table of changes, and tell of references that lead nowhere."""
    for type, field, to in REFERENCES:
        if type in types:
            await tell_dangling(run, type, field, to, report)
    wanted = (
        (UNITS, Type.ORG_UNIT in types),
        (MEMBERS, Type.PERSON in types),
        (POSITIONS, Type.PERSON in types or Type.POSITION in types),
        (HOLDINGS, Type.PERSON in types or Type.HOLDING in types),
    )
    for stated, is_there in wanted:
        if is_there:
            await sql.execute(_insert(stated), run)


async def tell_dangling(run: uuid.UUID, type: Type, field: str, to: Type, report: Report) -> None:
    """Note the references of a field that lead nowhere."""
    for row in await sql.rows(DANGLING.format(field=field, type=type, known=known(to)), run):
        message = unknown(row["ref"], "record" if type in (Type.HOLDING, Type.LINE) else field)
        report.error(row["line"], row["external_id"] or None, Code.UNKNOWN_REF, field, message, type=type)


def _insert(stated: Stated) -> str:
    fact, names = stated.fact, ", ".join(stated.fact.columns)
    old = ", ".join(f"'{name}', c.{name}" for name in fact.value)
    extends = f"OR {stated.since} < c.valid_from" if stated.since != "NULL::date" else ""
    return f"""
INSERT INTO import_fact (run_id, fact, line, external_id, {names}, day, until, since, gone, held, same, old)
SELECT $1, '{stated.name}', s.line, s.external_id, {", ".join(f"s.{name}" for name in fact.columns)}, s.day, s.until,
    {stated.since}, s.gone, c.id IS NOT NULL, false,
    CASE WHEN c.id IS NULL THEN '{{}}' ELSE jsonb_build_object({old}) END
FROM ({stated.relation}) s
LEFT JOIN {fact.table} c ON {fact.same_key("c", "s")} AND {on("c", "s.day")}
WHERE CASE WHEN s.until IS NOT NULL THEN {differs_between(fact, "s")}
    WHEN s.gone THEN c.id IS NOT NULL ELSE c.id IS NULL OR {fact.differs("c", "s")} {extends} END
"""
