"""Skills, who has them and who agrees, as files hold them."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, Given, ref, text
from atrium.imports.extras.telling import tell, tell_of_people
from models import db
from models.skills import SKILL_MAX, SkillLevel, skill_key
from subscriptions.skills import PersonSkillsRenamed


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

WHO_HAS = """
SELECT DISTINCT s.person_id FROM extra e JOIN person_skill s ON s.skill_id = e.id WHERE NOT e.is_new ORDER BY 1
"""


async def _add_names(given: Given) -> None:
    said = await db.rows(SAID_SYNONYMS)
    await db.execute(DROP_SYNONYMS)
    names = [row["name"] for row in said]
    keys = [skill_key(name) for name in names]
    await db.execute(ADD_SYNONYMS, [row["id"] for row in said], names, keys, SKILL_MAX)
    if given.is_own:
        await db.execute(ADD_MERGED)
    people = await db.rows(WHO_HAS)
    await tell([PersonSkillsRenamed(row["person_id"]) for row in people], given)


SKILL = Extra(
    "skill",
    (
        text("name", SKILL_MAX, needed=True),
        text("key", SKILL_MAX * 2, needed=True),
        Column("version", sql="1"),
        CREATED,
    ),
    natural=("key",),
    before=_fold,
    after=_add_names,
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
