"""What must be read, and who says that they have, as our own exports hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import PERSON, Column, Extra, ref

MUST_READ = Extra(
    "must_read",
    (
        ref("id", "post", "post", needed=True),
        Column("due_at", "timestamptz"),
        Column("round", "integer", default="1"),
        ref("required_by", "required_by", *PERSON),
        Column("required_at", "timestamptz", default="e.now"),
        Column("waived_at", "timestamptz"),
    ),
    own_only=True,
    key="e.ref_post",
)
ACKNOWLEDGEMENT = Extra(
    "acknowledgement",
    (
        ref("post_id", "post", "must_read", needed=True),
        ref("person_id", "person", *PERSON, needed=True),
        Column("round", "integer", default="1"),
        Column("acknowledged_at", "timestamptz", default="e.now"),
    ),
    natural=("post_id", "round", "person_id"),
    own_only=True,
)
