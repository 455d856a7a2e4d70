"""Who gains and who loses sight of something that goes from one audience to another."""

from __future__ import annotations

import uuid

import asyncpg

from models import belonging, db
from models.audiences import COMPANY

DIFFERENCE = """
SELECT count(*) FILTER (WHERE x.after AND NOT x.before) AS gaining,
    count(*) FILTER (WHERE x.before AND NOT x.after) AS losing,
    coalesce(bool_or(x.before AND NOT x.after AND x.id = $3), false) AS one_loses
FROM (SELECT r.id, ({before}) AS before, ({after}) AS after FROM person r) x
"""
OPEN = "SELECT id FROM audience WHERE id = ANY($1::uuid[]) AND open"


async def difference(before: uuid.UUID, after: uuid.UUID, one: uuid.UUID | None = None) -> asyncpg.Record:
    """How many people are `gaining` and `losing` sight between two audiences, and whether `one_loses` it."""
    opened = {record["id"] for record in await db.rows(OPEN, [before, after])} | {COMPANY}
    conditions = {
        "before": belonging.readers(before, open=before in opened),
        "after": belonging.readers(after, open=after in opened).replace("$1", "$2"),
    }
    found = await db.row(DIFFERENCE.format(**conditions), before, after, one)
    assert found is not None
    return found
