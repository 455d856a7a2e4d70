"""The lines and units as they will be, put together from what is stored and what an import changes; loops opened."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from atrium.imports.lines import Loop, Span, loops
from atrium.imports.records import Type
from atrium.imports.report import Code, Report
from atrium.imports.reporting import told_by
from models import db, timeline
from models.timeline import Fact


@dataclass(frozen=True)
class Tree:
    """A table in which things stand under each other; `changes` and `ends` name its rows in the table of changes."""

    fact: Fact
    child: str
    parent: str
    changes: str
    ends: str
    only: str = "true"

    @property
    def table(self) -> str:
        return self.fact.table


CHART = Tree(timeline.SOLID_LINES, "position_id", "manager_id", "solid", "end_position", "l.kind = 'SOLID'")
UNITS = Tree(timeline.UNITS, "unit_id", "parent_id", "unit", "end_unit")


# What the import states takes the place of what was stored for those days.
def _spans(tree: Tree) -> str:
    same = f"l.{tree.child} = f.{tree.child} AND {tree.only}"
    return f"""
WITH stated AS MATERIALIZED (
    SELECT f.id, f.external_id, f.{tree.child} AS child, f.{tree.parent} AS parent, f.gone, f.day,
        NOT f.held OR f.until IS NOT NULL OR f.old->>'{tree.parent}' IS DISTINCT FROM f.{tree.parent}::text AS moves,
        coalesce(f.until,
        (SELECT l.valid_to FROM {tree.table} l WHERE {same} AND l.valid_from <= f.day AND f.day < l.valid_to),
        (SELECT min(l.valid_from) FROM {tree.table} l WHERE {same} AND l.valid_from > f.day), 'infinity') AS until
    FROM import_fact f WHERE f.run_id = $1 AND f.fact = '{tree.changes}'
), taken AS (
    SELECT child, range_agg(days) AS days FROM (
        SELECT child, daterange(day, until) AS days FROM stated
        UNION ALL
        SELECT {tree.child}, daterange(day, 'infinity') FROM import_fact WHERE run_id = $1 AND fact = '{tree.ends}'
    ) x GROUP BY child
), stored AS (
    SELECT l.{tree.child} AS child, l.{tree.parent} AS parent,
        unnest(datemultirange(daterange(l.valid_from, l.valid_to)) - coalesce(t.days, '{{}}')) AS days
    FROM {tree.table} l LEFT JOIN taken t ON t.child = l.{tree.child}
    WHERE {tree.only} AND l.{tree.parent} IS NOT NULL
)
SELECT child, parent, lower(days) AS valid_from, upper(days) AS valid_to, NULL::bigint AS change, '' AS external_id,
    false AS moves
FROM stored WHERE upper(days) > $2
UNION ALL
SELECT child, parent, day, until, id, external_id, moves FROM stated WHERE NOT gone AND parent IS NOT NULL
ORDER BY valid_from
"""


FIRST = "SELECT least($2::date, min(day)) FROM import_fact WHERE run_id = $1 AND fact = $3"
LINE_OF = "SELECT line FROM import_fact WHERE id = $1"
DROP_LINES = """
UPDATE import_fact f SET gone = true, manager_id = NULL, same = CASE
    WHEN f.until IS NULL THEN NOT f.held
    ELSE NOT EXISTS (SELECT 1 FROM reporting_line l WHERE l.position_id = f.position_id AND l.kind = 'SOLID'
        AND l.valid_from < f.until AND f.day < l.valid_to) END
WHERE id = ANY($1::bigint[])
"""
DROP_PARENTS = """
UPDATE import_fact f SET parent_id = NULL, same = f.until IS NULL AND f.held AND f.old->>'parent_id' IS NULL
    AND f.old->>'name' = f.name AND f.old->>'head_id' IS NOT DISTINCT FROM f.head_id::text
    AND f.old->>'deputy_id' IS NOT DISTINCT FROM f.deputy_id::text
WHERE id = ANY($1::bigint[])
"""


async def spans(run: uuid.UUID, tree: Tree, day: date) -> list[Span]:
    """All that stands under something from the first day on that a run speaks of, or `day` if that is before."""
    first = await db.value(FIRST, run, day, tree.changes)
    return [Span(*row) for row in await db.rows(_spans(tree), run, first)]


def first_stated(found: Iterable[Span]) -> date | None:
    """The first day of which the import says anything; None where it says nothing."""
    return min((span.valid_from for span in found if span.change is not None), default=None)


async def open_loops(run: uuid.UUID, tree: Tree, found: list[Span], report: Report) -> set[int]:
    """Leave out one line of each loop that the import would close, and tell of it; the changes that are left out."""
    first = first_stated(found)
    closed = loops(found, first) if first else []
    for loop in closed:
        await _tell(run, tree, loop, report)
    left_out = {loop.opened_by.change for loop in closed if loop.opened_by.change is not None}
    if left_out:
        await db.execute(DROP_LINES if tree is CHART else DROP_PARENTS, sorted(left_out))
    return left_out


async def _tell(run: uuid.UUID, tree: Tree, loop: Loop, report: Report) -> None:
    span = loop.opened_by
    line = await db.value(LINE_OF, span.change)
    if tree is UNITS:
        message = f"This parent closes a loop of {loop.size} units: the unit became a root. Correct one."
        report.error(line, span.external_id, Code.UNIT_CYCLE, "parent", message, type=Type.ORG_UNIT)
        return
    type = await told_by(run, span.child)
    what = "people" if type is Type.PERSON else "positions"
    message = f"This manager closes a loop of {loop.size} {what}: the manager was left out. Correct one."
    field = "reports_to" if type is Type.POSITION else "manager"
    report.error(line, span.external_id, Code.MANAGER_CYCLE, field, message, type=type)
