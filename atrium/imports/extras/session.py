"""What people may do, as files hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import PERSON, Column, Extra, ref
from atrium.imports.extras.telling import tell_of_rights
from models.session import Role

ROLE = Extra(
    "role",
    (
        ref("person_id", "person", *PERSON, needed=True),
        Column("role", needed=True, one_of=tuple(Role)),
        ref("unit_id", "org_unit", "org_unit", strict=True),
    ),
    natural=("person_id", "role", "unit_id"),
    null_is_value=True,
    own_only=True,
    after=tell_of_rights,
    kept_in="role_grant",
)
