"""Who may write in whose name, as our own exports hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import CREATED, PERSON, Extra, ref

DELEGATE = Extra(
    "delegate",
    (ref("person_id", "person", *PERSON, needed=True), ref("delegate_id", "delegate", *PERSON, needed=True), CREATED),
    natural=("person_id", "delegate_id"),
    keyless=True,
    own_only=True,
    refuse="e.ref_person = e.ref_delegate",
)
