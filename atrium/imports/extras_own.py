"""What only our own exports hold: drafts of re-orgs, and what other systems call the things that came from them."""

from __future__ import annotations

from atrium.imports.extras_table import PERSON, Column, Extra, Given, ref
from models import db
from models.drafts import DRAFT_NAME_MAX, DraftStatus

DROP_CHANGES = "DELETE FROM org_draft_change c USING extra e WHERE c.draft_id = e.id"
ADD_CHANGES = """
INSERT INTO org_draft_change (id, draft_id, rank, kind, refs)
SELECT uuidv7(), e.id, c.rank, c.said->>'kind', c.said->'refs'
FROM extra e CROSS JOIN jsonb_array_elements(e.f->'changes') WITH ORDINALITY c(said, rank)
WHERE e.id IS NOT NULL AND NOT e.deleted
"""


async def _add_changes(_: Given) -> None:
    await db.execute(DROP_CHANGES)
    await db.execute(ADD_CHANGES)


DRAFT = Extra(
    "org_draft",
    (
        Column("name", f"varchar({DRAFT_NAME_MAX})", needed=True),
        Column("effective_on", "date", needed=True),
        Column("status", one_of=tuple(DraftStatus), default=f"'{DraftStatus.DRAFT}'"),
        ref("author_id", "author", *PERSON),
        Column("version", sql="1"),
        Column("created_at", "timestamptz", default="e.now"),
        Column("applied_at", "timestamptz"),
    ),
    own_only=True,
    after=_add_changes,
)

SOURCES = """
INSERT INTO import_source (name, owns, updated_at)
SELECT staged.id, ARRAY(SELECT jsonb_array_elements_text(staged.fields->'owns')),
       (staged.fields->>'changed_at')::timestamptz
FROM {staged} WHERE staged.type = 'import_source'
ON CONFLICT (name) DO NOTHING
"""
# What another system's import has come to know here stays as it is known here.
IMPORTED = """
INSERT INTO import_map (source, type, external_id, subject_id, effective_on, content_hash)
SELECT staged.fields->>'source', staged.fields->>'of', staged.fields->>'external_id', m.subject_id,
       (staged.fields->>'effective_on')::date, decode(staged.fields->>'hash', 'hex')
FROM {staged}
JOIN import_map m ON m.source = $1 AND m.type = staged.fields->>'of' AND m.external_id = staged.fields->>'subject'
WHERE staged.type = 'imported'
ON CONFLICT (source, type, external_id) DO NOTHING
"""


async def remember_imports(staged: str, given: Given) -> None:
    """Know again what other systems call things, so that their next import finds them."""
    await db.execute(SOURCES.format(staged=staged))
    await db.execute(IMPORTED.format(staged=staged), given.source)
