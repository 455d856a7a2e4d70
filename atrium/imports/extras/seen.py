"""What people have seen and put aside, as our own exports hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Column, Extra, ref

SEEN = Extra(
    "seen",
    (
        ref("post_id", "post", "post", needed=True),
        ref("person_id", "person", *PERSON, needed=True),
        Column("seen_at", "timestamptz", default="e.now"),
    ),
    natural=("post_id", "person_id"),
    keyless=True,
    own_only=True,
)
BOOKMARK = Extra(
    "bookmark",
    (ref("post_id", "post", "post", needed=True), ref("person_id", "person", *PERSON, needed=True), CREATED),
    natural=("person_id", "post_id"),
    own_only=True,
)
