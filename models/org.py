"""Org units: a tree with its closure, so that a unit moves without touching a person's row."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7

UNIT_NAME_MAX = 200  # characters
UNIT_DEPTH_MAX = 50  # levels, roots being the first


class OrgUnit(Model):
    """A unit as it is today. Its audience has the same key. Without a parent it is a root; there may be several."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=UNIT_NAME_MAX)
    parent_id = fields.UUIDField(null=True, db_index=True)
    head_id = fields.UUIDField(null=True, db_index=True)
    deputy_id = fields.UUIDField(null=True, db_index=True)
    active = fields.BooleanField(default=True, db_default=True)  # false: dissolved, or not begun yet
    planned = fields.BooleanField(default=False, db_default=False)  # it has not begun yet: only HR may know of it
    moderated = fields.BooleanField(default=False, db_default=False)  # posts to it wait for its head or a moderator
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "org_unit"


class UnitTerm(Model):
    """What a unit was called, where it stood and who led it on some days. Without a term it did not exist then."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    unit_id = fields.UUIDField()
    name = fields.CharField(max_length=UNIT_NAME_MAX)
    parent_id = fields.UUIDField(null=True, db_index=True)
    head_id = fields.UUIDField(null=True)  # a person
    deputy_id = fields.UUIDField(null=True)  # a person
    valid_from = fields.DateField()
    valid_to = fields.DateField()

    class Meta(Model.Meta):
        table = "unit_term"
        unique_together = (("unit_id", "valid_from"),)


class UnitClosure(Model):
    """`ancestor` contains `descendant`, `depth` levels down; each unit contains itself at depth 0."""

    id = fields.BigIntField(primary_key=True, generated=True)
    ancestor_id = fields.UUIDField(db_index=True)
    descendant_id = fields.UUIDField()
    depth = fields.SmallIntField()

    class Meta(Model.Meta):
        table = "unit_closure"
        unique_together = (("descendant_id", "ancestor_id"),)


# Only what is different is written: moving one unit leaves the pairs of all others as they are. Nothing stops the walk
# half-way, as whoever changes the tree keeps it free of rings and within `UNIT_DEPTH_MAX`; a ring that came about all
# the same would be an error, its depth being too large a number.
REBUILD_CLOSURE = """
WITH RECURSIVE walk AS (
    SELECT id AS ancestor_id, id AS descendant_id, 0::smallint AS depth FROM org_unit
    UNION ALL
    SELECT walk.ancestor_id, u.id, walk.depth + 1::smallint FROM walk JOIN org_unit u
      ON u.parent_id = walk.descendant_id AND u.active
), gone AS (
    DELETE FROM unit_closure c WHERE NOT EXISTS (
        SELECT 1 FROM walk w WHERE w.descendant_id = c.descendant_id AND w.ancestor_id = c.ancestor_id)
)
INSERT INTO unit_closure (ancestor_id, descendant_id, depth) SELECT ancestor_id, descendant_id, depth FROM walk
ON CONFLICT (descendant_id, ancestor_id) DO UPDATE SET depth = excluded.depth WHERE unit_closure.depth <> excluded.depth
"""


async def rebuild_closure() -> None:
    """Make the closure and the units' audiences what the tree says. Wants the transaction that changed it."""
    await db.execute(REBUILD_CLOSURE)
    await db.execute("INSERT INTO audience (id, kind) SELECT id, 'UNIT' FROM org_unit ON CONFLICT (id) DO NOTHING")
