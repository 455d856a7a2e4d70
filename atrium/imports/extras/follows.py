"""Whom people follow and whom they block, as files hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Extra, ref

THEMSELVES = "e.ref_person = e.ref_target"
FOLLOW = Extra(
    "follow",
    (ref("follower_id", "person", *PERSON, needed=True), ref("person_id", "target", *PERSON, needed=True), CREATED),
    natural=("follower_id", "person_id"),
    refuse=THEMSELVES,
)
BLOCK = Extra(
    "block",
    (ref("blocker_id", "person", *PERSON, needed=True), ref("person_id", "target", *PERSON, needed=True), CREATED),
    natural=("blocker_id", "person_id"),
    refuse=THEMSELVES,
    own_only=True,
)
