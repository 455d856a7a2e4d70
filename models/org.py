"""Org units: a tree with its closure, so that a unit moves without touching a person's row."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7

UNIT_NAME_MAX = 200  # characters
CHART_MAX = 2_000  # entries of one org chart


class OrgUnit(Model):
    """A unit as it is today. Its audience has the same key. Without a parent it is a root; there may be several."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=UNIT_NAME_MAX)
    parent_id = fields.UUIDField(null=True, db_index=True)
    head_id = fields.UUIDField(null=True, db_index=True)
    deputy_id = fields.UUIDField(null=True, db_index=True)
    active = fields.BooleanField(default=True)  # false: dissolved, or not begun yet
    planned = fields.BooleanField(default=False)  # it has not begun yet: only HR may know of it
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


REBUILD_CLOSURE = """
WITH RECURSIVE walk AS (
    SELECT id AS ancestor_id, id AS descendant_id, 0 AS depth FROM org_unit
    UNION ALL
    SELECT walk.ancestor_id, u.id, walk.depth + 1 FROM walk JOIN org_unit u ON u.parent_id = walk.descendant_id
    WHERE walk.depth < 100 AND u.active
)
INSERT INTO unit_closure (ancestor_id, descendant_id, depth) SELECT ancestor_id, descendant_id, depth FROM walk
"""


async def rebuild_closure() -> None:
    """Make the closure and the units' audiences anew from the tree. Wants the transaction that changed it."""
    await db.execute("DELETE FROM unit_closure")
    await db.execute(REBUILD_CLOSURE)
    await db.execute("INSERT INTO audience (id, kind) SELECT id, 'UNIT' FROM org_unit ON CONFLICT (id) DO NOTHING")


CHART = """
WITH RECURSIVE tree AS (
    SELECT p.id, p.name, p.title, p.active, NULL::uuid AS parent_id, 0 AS depth, ARRAY[p.name || p.id::text] AS path
    FROM person p WHERE p.id = ANY($1::uuid[])
    UNION ALL
    SELECT p.id, p.name, p.title, p.active, tree.id, tree.depth + 1, tree.path || (p.name || p.id::text)
    FROM tree JOIN person p ON p.manager_id = tree.id
    WHERE tree.depth < $2
)
SELECT tree.id, tree.name, tree.title, tree.active, tree.parent_id, tree.depth,
       (SELECT count(*) FROM person r WHERE r.manager_id = tree.id) AS report_count
FROM tree ORDER BY depth, path LIMIT $3
"""


async def chart(roots: Sequence[uuid.UUID], depth: int) -> list[asyncpg.Record]:
    """The posts below `roots` to `depth` levels, by level then name: at most `CHART_MAX` + 1 rows.

    Whoever has left (not `active`) leaves a vacant post behind, so that those below keep their line.
    """
    return await db.rows(CHART, roots, depth, CHART_MAX + 1)


TOP_OF_UNIT = """
SELECT p.id FROM person p JOIN unit_closure c ON c.descendant_id = p.unit_id AND c.ancestor_id = $1
WHERE NOT EXISTS (
    SELECT 1 FROM person m JOIN unit_closure mc ON mc.descendant_id = m.unit_id AND mc.ancestor_id = $1
    WHERE m.id = p.manager_id
)
ORDER BY p.id LIMIT 200
"""


async def top_of_unit(unit: uuid.UUID) -> list[uuid.UUID]:
    """The posts of a unit and its sub-units whose manager is not among them: where its chart begins."""
    return [r["id"] for r in await db.rows(TOP_OF_UNIT, unit)]
