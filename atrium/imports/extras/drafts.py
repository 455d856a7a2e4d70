"""Drafts of re-orgs, as our own exports hold them."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, Given, ref, text
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
        text("name", DRAFT_NAME_MAX, needed=True),
        Column("effective_on", "date", needed=True),
        Column("status", one_of=tuple(DraftStatus), default=f"'{DraftStatus.DRAFT}'"),
        ref("author_id", "author", *PERSON),
        Column("version", sql="1"),
        CREATED,
        Column("applied_at", "timestamptz"),
    ),
    own_only=True,
    after=_add_changes,
)
