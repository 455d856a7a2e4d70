"""Tags, their other names and who follows them, as files hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, Given, ref, text
from atrium.imports.extras.telling import tell
from models import db
from models.tags import TAG_MAX, tag_key
from subscriptions.tags import TagChanged

ABOUT_MAX = 1_000  # characters


async def _fold(_: Given) -> None:
    """The key of each tag's name, by which it is found however it is written."""
    names = [row[0] for row in await db.rows("SELECT DISTINCT f->>'name' FROM extra WHERE f->>'name' IS NOT NULL")]
    await db.execute(
        "UPDATE extra e SET f = e.f || jsonb_build_object('key', k.key)"
        " FROM unnest($1::text[], $2::text[]) k(name, key) WHERE e.f->>'name' = k.name AND k.key <> ''",
        names,
        [tag_key(name) for name in names],
    )


SAID_SYNONYMS = """
SELECT e.id, y AS name FROM extra e, jsonb_array_elements_text(e.f->'synonyms') y
WHERE e.id IS NOT NULL AND NOT e.deleted AND jsonb_typeof(e.f->'synonyms') = 'array'
"""
DROP_SYNONYMS = "DELETE FROM tag_synonym y USING extra e WHERE y.tag_id = e.id AND e.f ? 'synonyms'"
# A name means one tag only: what is taken stays what it is.
ADD_SYNONYMS = """
INSERT INTO tag_synonym (id, tag_id, name, key)
SELECT uuidv7(), s.* FROM unnest($1::uuid[], $2::text[], $3::text[]) s(tag_id, name, key)
WHERE s.key <> '' AND length(s.name) <= $4 AND NOT EXISTS (SELECT 1 FROM tag t WHERE t.key = s.key)
ON CONFLICT (key) DO NOTHING
"""
ADD_MERGED = """
INSERT INTO merged_tag (id, tag_id, merged_at)
SELECT m.id, e.id, m.merged_at
FROM extra e, jsonb_to_recordset(e.f->'merged') AS m(id uuid, merged_at timestamptz)
WHERE e.id IS NOT NULL AND NOT e.deleted AND NOT EXISTS (SELECT 1 FROM tag t WHERE t.id = m.id)
ON CONFLICT (id) DO NOTHING
"""


async def _add_names(given: Given) -> None:
    said = await db.rows(SAID_SYNONYMS)
    await db.execute(DROP_SYNONYMS)
    names = [row["name"] for row in said]
    await db.execute(ADD_SYNONYMS, [row["id"] for row in said], names, [tag_key(name) for name in names], TAG_MAX)
    if given.is_own:
        await db.execute(ADD_MERGED)
    rows = await db.rows("SELECT id FROM extra WHERE id IS NOT NULL ORDER BY id")
    await tell([TagChanged(row["id"]) for row in rows], given)


TAG = Extra(
    "tag",
    (
        text("name", TAG_MAX, needed=True),
        text("key", TAG_MAX * 2, needed=True),
        Column("description", f"varchar({ABOUT_MAX})", "about", default="''"),
        Column("restricted", "boolean", default="false"),
        Column("priority", "boolean", default="false"),
        Column("kept", "boolean", default="false"),
        ref("created_by", "created_by", *PERSON),
        Column("version", "integer", default="1"),
        CREATED,
    ),
    natural=("key",),
    before=_fold,
    after=_add_names,
)
TAG_FOLLOW = Extra(
    "tag_follow",
    (ref("person_id", "person", *PERSON, needed=True), ref("tag_id", "tag", "tag", needed=True), CREATED),
    natural=("person_id", "tag_id"),
    keyless=True,
)
