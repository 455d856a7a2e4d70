"""Who is named where, as our own exports hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, ref

POST = """coalesce((SELECT c.post_id FROM comment c WHERE c.id = e.ref_target),
    (SELECT p.id FROM post p WHERE p.id = e.ref_target))"""
CONVERSATION = "(SELECT m.conversation_id FROM message m WHERE m.id = e.ref_target)"

MENTION = Extra(
    "mention",
    (
        ref("subject_id", "target", "post", "comment", "message", needed=True),
        Column("post_id", sql=POST),
        Column("conversation_id", sql=CONVERSATION),
        ref("person_id", "person", *PERSON, needed=True),
        Column("told", "boolean", default="true"),
        CREATED,
    ),
    natural=("subject_id", "person_id"),
    keyless=True,
    own_only=True,
)
