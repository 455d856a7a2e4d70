"""What units of the chart have beside their place in it, as our own exports hold it."""

from __future__ import annotations

from atrium.imports.extras.declaring import Column, Extra, ref

UNIT_MODERATION = Extra(
    "unit_moderation",
    (ref("id", "org_unit", "org_unit", needed=True), Column("moderated", "boolean", default="t.moderated")),
    natural=("id",),
    own_only=True,
    updates_only=True,
    kept_in="org_unit",
)
