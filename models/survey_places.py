"""Who is asked by a survey, what tells them apart on its day, and their places once it opens; all of them at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date

import orjson

from models import db
from models.audiences import COMPANY
from models.belonging import LISTED, readers
from models.lines import PRIMARY, heads
from models.positions import on
from models.survey_cells import Asked, Segment, Unit
from models.surveys import SegmentKind

Ids = Sequence[uuid.UUID]

PORTION = 10_000  # rows written by one statement

# Of an open group those are asked who are in it, not the whole company that reads it.
_MEANT = f"""{{target}} AND (r.id = ANY($2::uuid[])
    OR r.id IN (SELECT x.person_id FROM audience_member x WHERE x.audience_id = ANY($2::uuid[]))
    OR NOT r.is_guest AND ('{COMPANY}' = ANY($2::uuid[]) OR r.unit_id IN (
        SELECT x.descendant_id FROM unit_closure x WHERE x.ancestor_id = ANY($2::uuid[])))) IS NOT TRUE"""

# Guests have no unit, no first day and nobody below them: they are told apart by nothing but where they are.
_UNIT = f"""(SELECT t.unit_id FROM position_term t
    WHERE t.position_id = {PRIMARY.format(person="a.id", day="$3")} AND {on("t", "$3")})"""
_YEARS = """(SELECT extract(year FROM age($3, max(t.valid_from)))::int FROM person_term t
    WHERE t.person_id = a.id AND t.valid_from <= $3 AND NOT EXISTS (
        SELECT 1 FROM person_term b WHERE b.person_id = t.person_id AND b.valid_to = t.valid_from))"""
_VALUES = {
    SegmentKind.ORG_UNIT: ("unit_id", "uuid", _UNIT),
    SegmentKind.LOCATION: ("location", "text", "a.location"),
    SegmentKind.TENURE: ("years", "int", _YEARS),
    SegmentKind.LEADERSHIP: (
        "leads",
        "boolean",
        "CASE WHEN NOT a.is_guest THEN a.id IN (SELECT l.person_id FROM managing l) END",
    ),
}
_LEADING = f""",
{heads("ARRAY(SELECT a.id FROM asked a)", "$3", is_today=False)},
managing AS MATERIALIZED (
    SELECT DISTINCT h.manager AS person_id FROM heads h
    JOIN reporting_line l ON l.manager_id = h.position_id AND l.kind = 'SOLID' AND {on("l", "$3")}
    JOIN holding b ON b.position_id = l.position_id AND {on("b", "$3")}
    WHERE b.person_id <> h.manager
)"""
_CROWD = f"""
WITH RECURSIVE asked AS MATERIALIZED (
    SELECT r.id, r.is_guest, r.location FROM person r WHERE $3::date IS NOT NULL AND {_MEANT}
){{leading}}
SELECT a.id, a.is_guest, {{values}} FROM asked a ORDER BY a.id
"""

HOLD = "SELECT TRUE FROM audience WHERE id = $1 FOR KEY SHARE"
TREE = f"SELECT u.unit_id, u.parent_id, u.name FROM unit_term u WHERE {on('u', '$1')}"

PLACE = """
WITH place AS (
    INSERT INTO survey_place (survey_id, person_id, block)
    SELECT $1, x.person, x.block FROM unnest($2::uuid[], $3::bigint[]) AS x(person, block)
)
INSERT INTO audience_member (person_id, audience_id, listed) SELECT x.person, $1, true FROM unnest($2::uuid[]) x(person)
ON CONFLICT (person_id, audience_id) DO NOTHING
"""
DIVIDE = """
INSERT INTO survey_segment (id, survey_id, kind, value, other_kind, other_value, label, parent, population, blocks)
SELECT gen_random_uuid(), $1, x.* FROM jsonb_to_recordset($2::jsonb) AS x(
    kind text, value text, other_kind text, other_value text, label text, parent text, population int, blocks int[])
"""


async def crowd(target: uuid.UUID | Ids, excluded: Ids, kinds: Collection[SegmentKind], day: date) -> list[Asked]:
    """Those of an audience, or of a list of people, who would be asked now: active, and not excluded in either way.

    With what tells them apart on `day`, as far as these kinds ask for it; in the order of their keys.
    """
    meant = readers(target, open=False) if isinstance(target, uuid.UUID) else LISTED
    values = ", ".join(
        f"{value if kind in kinds else f'NULL::{type_}'} AS {name}" for kind, (name, type_, value) in _VALUES.items()
    )
    leading = _LEADING if SegmentKind.LEADERSHIP in kinds else ""
    sql = _CROWD.format(target=meant, leading=leading, values=values)
    return [Asked(*row) for row in await db.rows(sql, target, list(excluded), day)]


async def hold(target: uuid.UUID) -> bool:
    """Keep an audience from being deleted until the transaction ends; False where it has just been."""
    return bool(await db.value(HOLD, target))


async def tree(day: date) -> dict[uuid.UUID, Unit]:
    """The units of a day."""
    return {row["unit_id"]: Unit(row["name"], row["parent_id"]) for row in await db.rows(TREE, day)}


async def place(survey: uuid.UUID, people: Ids, blocks: Sequence[int]) -> None:
    """Ask these people, each with their block: they are the survey's audience. Wants the transaction of its opening."""
    for start in range(0, len(people), PORTION):
        portion = slice(start, start + PORTION)
        await db.execute(PLACE, survey, people[portion], blocks[portion])


async def divide(survey: uuid.UUID, segments: Sequence[Segment]) -> None:
    """Write down what results may be asked for. Wants the transaction of the survey's opening."""
    for start in range(0, len(segments), PORTION):
        rows = [
            {
                "kind": one.part.kind,
                "value": one.part.value,
                "other_kind": one.part.other_kind,
                "other_value": one.part.other_value,
                "label": one.label,
                "parent": one.parent,
                "population": one.population,
                "blocks": one.blocks,
            }
            for one in segments[start : start + PORTION]
        ]
        await db.execute(DIVIDE, survey, orjson.dumps(rows).decode())
