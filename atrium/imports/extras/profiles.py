"""What people say of themselves, and the fields that a company has for it, as files hold them."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, Given, found, listed, ref, text
from atrium.imports.extras.telling import tell_of_people
from models import db
from models.people import TITLE_MAX
from models.profiles import FIELD_NAME_MAX, FieldKind, FieldVisibility

PROFILE_FIELD = Extra(
    "profile_field",
    (
        text("name", FIELD_NAME_MAX, needed=True),
        text("key", FIELD_NAME_MAX, needed=True),
        Column("kind", needed=True, one_of=tuple(FieldKind)),
        text("builtin", 40),
        listed("choices"),
        Column("visibility", one_of=tuple(FieldVisibility), default="'HR'"),
        Column("is_required", "boolean", default="false"),
        Column("is_locked", "boolean", default="false"),
        Column("rank", "integer", default="0"),
        Column("version", sql="1"),
        CREATED,
        Column("deleted_at", "timestamptz"),
    ),
    natural=("key",),
    own_only=True,
)

DROP_VALUES = "DELETE FROM profile_value v USING extra e WHERE v.person_id = e.id AND e.f ? 'values'"
ADD_VALUES = f"""
INSERT INTO profile_value (id, person_id, field_id, text, number, day, person_ref_id, source, updated_at)
SELECT uuidv7(), e.id, x.field_id, v.text, v.number, v.day, x.person_id, v.source, coalesce(v.updated_at, e.now)
FROM extra e
CROSS JOIN jsonb_to_recordset(e.f->'values')
    AS v(field text, text text, number numeric, day date, person text, source text, updated_at timestamptz)
CROSS JOIN LATERAL (
    SELECT {found("v.field", "profile_field")} AS field_id, {found("v.person", *PERSON)} AS person_id) x
WHERE e.id IS NOT NULL AND NOT e.deleted AND x.field_id IS NOT NULL
  AND num_nonnulls(v.text, v.number, v.day, x.person_id) = 1
"""


async def _add_values(given: Given) -> None:
    await db.execute(DROP_VALUES)
    await db.execute(ADD_VALUES, given.source)
    await tell_of_people(given)


PROFILE = Extra(
    "profile",
    (
        ref("id", "person", *PERSON, needed=True),
        Column("working_style"),
        text("works_from", 5),
        text("works_to", 5),
        Column("shows_reading", "boolean", default="t.shows_reading"),
        Column("shows_presence", "boolean", default="t.shows_presence"),
        Column("suggested", "boolean", default="t.suggested"),
        Column("created_at", "timestamptz", default="t.created_at"),
        Column("title", f"varchar({TITLE_MAX})", "last_title", default="t.title"),
        Column("unit_id", "uuid", "last_unit", to=("org_unit",), default="t.unit_id"),
        Column("updated_at", "timestamptz", "changed_at", default="e.now"),
    ),
    natural=("id",),
    own_only=True,
    updates_only=True,
    after=_add_values,
    kept_in="person",
)
