"""What posts, comments and messages said before, as our own exports hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import PERSON, Column, Extra, ref, text
from models.feed import BODY_MAX, TITLE_MAX

REVISION = Extra(
    "revision",
    (
        ref("subject_id", "subject", "post", "comment", "message", needed=True),
        Column("version", "integer", needed=True),
        text("title", TITLE_MAX),
        text("body", BODY_MAX, needed=True),
        Column("written_at", "timestamptz", default="e.now"),
        ref("replaced_by", "replaced_by", *PERSON),
        Column("replaced_at", "timestamptz", default="e.now"),
    ),
    natural=("subject_id", "version"),
    own_only=True,
)
