"""Reactions, as files hold them."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Extra, Given, ref, text
from models import db
from models.emoji import EMOJI_MAX, emoji

FIT = """
UPDATE extra e SET f = CASE WHEN k.emoji IS NULL THEN f - 'emoji' ELSE f || jsonb_build_object('emoji', k.emoji) END
FROM unnest($1::text[], $2::text[]) k(said, emoji) WHERE e.f->>'emoji' = k.said
"""


async def _fit(_: Given) -> None:
    """Bring each emoji into the one form that it is kept in; what is none is as if it were not there."""
    said = [row[0] for row in await db.rows("SELECT DISTINCT f->>'emoji' FROM extra WHERE f->>'emoji' IS NOT NULL")]
    await db.execute(FIT, said, [emoji(text) for text in said])


REACTION = Extra(
    "reaction",
    (
        ref("subject_id", "target", "post", "comment", "message", needed=True),
        ref("person_id", "person", *PERSON, needed=True),
        text("emoji", EMOJI_MAX, needed=True),
        CREATED,
    ),
    natural=("subject_id", "emoji", "person_id"),
    keyless=True,
    before=_fit,
)
