"""Pieces of the statements that compare a run's records with what is stored. Of all of them $1 is the run."""

from __future__ import annotations

import asyncpg

from atrium.imports.records import Type
from models import db

RUN = "(SELECT {} FROM import_run WHERE id = $1)"
SOURCE = RUN.format("source")
DAY = RUN.format("effective_on")
LATER = """EXISTS (
    SELECT 1 FROM import_run n
    JOIN import_run o ON o.source = n.source AND o.phase = 'DONE' AND NOT o.is_dry AND o.effective_on > n.effective_on
    WHERE n.id = $1 AND o.effective_on <= o.started_at::date)"""
"""A condition: a file of a later day, which was no day to come, is in already: this one adds to history only."""

TABLES = {Type.ORG_UNIT: "org_unit", Type.PERSON: "person", Type.POSITION: "position"}


def things(type: Type, alias: str = "r") -> str:
    """A condition: the row `alias` of the staging table tells of a thing of this type."""
    return f"{alias}.run_id = $1 AND {alias}.type = '{type}' AND {alias}.is_thing"


def facts(type: Type, alias: str = "r") -> str:
    """A condition: the row `alias` of the staging table tells what holds of a thing of this type, or between things."""
    return f"{alias}.run_id = $1 AND {alias}.type = '{type}' AND {alias}.is_fact"


def known(type: Type) -> str:
    """A relation of all that a reference to this type may mean: `ref`, and our `id`."""
    table = TABLES[type]
    mapped = f"import_map m JOIN {table} x ON x.id = m.subject_id"
    unless = f"""NOT EXISTS (
        SELECT 1 FROM import_record t WHERE {things(type, "t")} AND t.external_id = {{ref}})"""
    crossing = "m.source || ':' || m.external_id"
    # Grouped, so that the planner knows that each is there once.
    return f"""(
    SELECT ref, any_value(id) AS id FROM (
        SELECT external_id AS ref, subject_id AS id FROM import_record r WHERE {things(type)}
        UNION ALL
        SELECT m.external_id, x.id FROM {mapped}
        WHERE m.source = {SOURCE} AND m.type = '{type}' AND {unless.format(ref="m.external_id")}
        UNION ALL
        SELECT {crossing}, x.id FROM {mapped}
        WHERE m.source = ANY(ARRAY(SELECT unnest(others) FROM import_run WHERE id = $1)) AND m.type = '{type}'
          AND {unless.format(ref=crossing)}
    ) every_ref GROUP BY ref
)"""


# Of texts inside JSON the planner knows nothing, and takes a file of any size for a few rows: what joins such rows is
# told not to go through them one by one.
NOT_ONE_BY_ONE = "SET LOCAL enable_nestloop = off"


async def execute(sql: str, *args: object) -> int:
    """Run a statement that joins staged rows; how many rows it touched."""
    async with db.transaction():
        await db.execute(NOT_ONE_BY_ONE)
        return await db.execute(sql, *args)


async def rows(sql: str, *args: object) -> list[asyncpg.Record]:
    """The records of a statement that joins staged rows."""
    async with db.transaction():
        await db.execute(NOT_ONE_BY_ONE)
        return await db.rows(sql, *args)
