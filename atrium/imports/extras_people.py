"""What is known of people beside the org chart: profiles, skills, whom they follow, what they may do, and guests."""

from __future__ import annotations

from atrium.imports.extras_events import tell_of_guests, tell_of_people, tell_of_rights
from atrium.imports.extras_table import PERSON, Column, Extra, Given, found, ref
from models import db
from models.people import BIO_MAX, NAME_MAX, TITLE_MAX
from models.profiles import FIELD_NAME_MAX, FieldKind, FieldVisibility
from models.session import Role
from models.skills import SKILL_MAX, SkillLevel, skill_key

CREATED = Column("created_at", "timestamptz", default="e.now")


def _text(name: str, most: int, *, needed: bool = False, default: str = "NULL") -> Column:
    return Column(name, f"varchar({most})", needed=needed, default=default)


def _list(name: str) -> Column:
    return Column(name, "text[]", default="'{}'")


PROFILE_FIELD = Extra(
    "profile_field",
    (
        _text("name", FIELD_NAME_MAX, needed=True),
        _text("key", FIELD_NAME_MAX, needed=True),
        Column("kind", needed=True, one_of=tuple(FieldKind)),
        _text("builtin", 40),
        _list("choices"),
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


async def _fold(given: Given) -> None:
    """The key of each skill's name, by which it is found however it is written."""
    names = [row[0] for row in await db.rows("SELECT DISTINCT f->>'name' FROM extra WHERE f->>'name' IS NOT NULL")]
    await db.execute(
        "UPDATE extra e SET f = e.f || jsonb_build_object('key', k.key)"
        " FROM unnest($1::text[], $2::text[]) k(name, key) WHERE e.f->>'name' = k.name",
        names,
        [skill_key(name) for name in names],
    )


SAID_SYNONYMS = """
SELECT e.id, y AS name FROM extra e, jsonb_array_elements_text(e.f->'synonyms') y
WHERE e.id IS NOT NULL AND NOT e.deleted AND jsonb_typeof(e.f->'synonyms') = 'array'
"""
DROP_SYNONYMS = """
DELETE FROM skill_synonym y USING extra e WHERE y.skill_id = e.id AND e.f ? 'synonyms'
"""
# A name means one skill only: what is taken stays what it is.
ADD_SYNONYMS = """
INSERT INTO skill_synonym (id, skill_id, name, key)
SELECT uuidv7(), s.* FROM unnest($1::uuid[], $2::text[], $3::text[]) s(skill_id, name, key)
WHERE s.key <> '' AND length(s.name) <= $4 AND NOT EXISTS (SELECT 1 FROM skill k WHERE k.key = s.key)
ON CONFLICT (key) DO NOTHING
"""
ADD_MERGED = """
INSERT INTO merged_skill (id, skill_id, merged_at)
SELECT m.id, e.id, m.merged_at
FROM extra e, jsonb_to_recordset(e.f->'merged') AS m(id uuid, merged_at timestamptz)
WHERE e.id IS NOT NULL AND NOT e.deleted AND NOT EXISTS (SELECT 1 FROM skill s WHERE s.id = m.id)
ON CONFLICT (id) DO NOTHING
"""


async def _add_names(given: Given) -> None:
    said = await db.rows(SAID_SYNONYMS)
    await db.execute(DROP_SYNONYMS)
    names = [row["name"] for row in said]
    keys = [skill_key(name) for name in names]
    await db.execute(ADD_SYNONYMS, [row["id"] for row in said], names, keys, SKILL_MAX)
    if given.is_own:
        await db.execute(ADD_MERGED)


SKILL = Extra(
    "skill",
    (
        _text("name", SKILL_MAX, needed=True),
        _text("key", SKILL_MAX * 2, needed=True),
        Column("version", sql="1"),
        CREATED,
    ),
    natural=("key",),
    before=_fold,
    after=_add_names,
)

GUEST = Extra(
    "guest",
    (
        _text("name", NAME_MAX, needed=True),
        _text("email", 320),
        Column("active", "boolean", default="true"),
        _text("location", 200),
        _text("pronouns", 50),
        _text("bio", BIO_MAX, default="''"),
        _text("phone", 50),
        _text("photo", 2000),
        _text("time_zone", 64),
        _list("languages"),
        _list("interests"),
        _list("links"),
        Column("is_guest", sql="true"),
        Column("title", sql="''"),
        Column("auth_epoch", sql="0"),
        Column("version", sql="1"),
        CREATED,
        Column("updated_at", sql="e.now"),
    ),
    natural=("email",),
    own_only=True,
    after=tell_of_guests,
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
        _text("works_from", 5),
        _text("works_to", 5),
        Column("created_at", "timestamptz", default="t.created_at"),
        Column("title", f"varchar({TITLE_MAX})", "last_title", default="t.title"),
        Column("unit_id", "uuid", "last_unit", to=("org_unit",), default="t.unit_id"),
        Column("updated_at", "timestamptz", "changed_at", default="e.now"),
    ),
    natural=("id",),
    own_only=True,
    updates_only=True,
    after=_add_values,
)

PERSON_SKILL = Extra(
    "person_skill",
    (
        ref("person_id", "person", *PERSON, needed=True),
        ref("skill_id", "skill", "skill", needed=True),
        Column("level", one_of=tuple(SkillLevel)),
        CREATED,
    ),
    natural=("person_id", "skill_id"),
    after=tell_of_people,
)
ENDORSEMENT = Extra(
    "endorsement",
    (
        ref("person_skill_id", "person_skill", "person_skill", needed=True),
        ref("endorser_id", "person", *PERSON, needed=True),
        CREATED,
    ),
    natural=("person_skill_id", "endorser_id"),
    refuse="EXISTS (SELECT 1 FROM person_skill s WHERE s.id = e.ref_person_skill AND s.person_id = e.ref_person)",
)
THEMSELVES = "e.ref_person = e.ref_target"
FOLLOW = Extra(
    "follow",
    (ref("follower_id", "person", *PERSON, needed=True), ref("person_id", "target", *PERSON, needed=True), CREATED),
    natural=("follower_id", "person_id"),
    refuse=THEMSELVES,
)
BLOCK = Extra(
    "block",
    (ref("blocker_id", "person", *PERSON, needed=True), ref("person_id", "target", *PERSON, needed=True), CREATED),
    natural=("blocker_id", "person_id"),
    refuse=THEMSELVES,
    own_only=True,
)
ROLE = Extra(
    "role",
    (
        ref("person_id", "person", *PERSON, needed=True),
        Column("role", needed=True, one_of=tuple(Role)),
        ref("unit_id", "org_unit", "org_unit", strict=True),
    ),
    natural=("person_id", "role", "unit_id"),
    null_is_value=True,
    own_only=True,
    after=tell_of_rights,
)
