"""Who is named where, as our own exports hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, ref

MENTION = Extra(
    "mention",
    (
        ref("subject_id", "target", "post", "comment", needed=True),
        Column("post_id", sql="coalesce((SELECT c.post_id FROM comment c WHERE c.id = e.ref_target), e.ref_target)"),
        ref("person_id", "person", *PERSON, needed=True),
        Column("told", "boolean", default="true"),
        CREATED,
    ),
    natural=("subject_id", "person_id"),
    keyless=True,
    own_only=True,
)
