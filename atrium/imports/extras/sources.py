"""What other systems call the things that came from them, as our own exports hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import Given
from models import db

TYPES = frozenset({"import_source", "imported"})

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
