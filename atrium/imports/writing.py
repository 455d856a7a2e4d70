"""From the staging tables into the lasting ones, step by step, in transactions of some thousand rows each.

First come the rows of new things, asleep; then what holds of them, with its days; then today's rows follow from that,
and people hear of it. A run that is stopped between two transactions goes on with the next one.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import asyncpg

from atrium.imports import following
from atrium.imports.depth import lift_deep_units
from atrium.imports.opening import CHART, UNITS, Tree, open_loops, spans
from atrium.imports.report import Progress, Report
from atrium.imports.runs import Run, reach
from atrium.imports.sql import DAY, SOURCE
from models import db, timeline
from models.log import lock_stream
from models.positions import on
from models.spans import put_between
from models.timeline import ORG, Fact
from resolvers.changes.accounts import ADMINS

BATCH = 2_000  # rows of one transaction: while it is open it holds back every reader of the log
ALL = 10**9
FEW = 4  # batches

NEW = "r.run_id = $1 AND r.id > $2 AND r.id <= $3 AND r.is_thing AND r.is_new AND r.type = "
CREATED = "coalesce((said->>'created_at')::timestamptz, $4)"
INSERT = (
    f"""
INSERT INTO org_unit (id, name, active, planned, version, created_at)
SELECT subject_id, said->>'name', false, true, 0, {CREATED} FROM import_record r WHERE {NEW} 'org_unit'
""",
    f"""
INSERT INTO person (id, name, title, bio, is_guest, active, planned, auth_epoch, version, created_at, updated_at)
SELECT subject_id, said->>'name', coalesce(said->>'title', ''), '', false, false, true, 0, 0, $4, $4
FROM import_record r WHERE {NEW} 'person'
""",
    f"""
INSERT INTO position (id, title, active, planned, filled, created_at)
SELECT subject_id, coalesce(said->>'title', ''), false, true, false, {CREATED} FROM import_record r
WHERE {NEW} 'position'
""",
)
NEW_THINGS = f"""import_record WHERE run_id = $1 AND is_thing AND type IN ('org_unit', 'person', 'position')
    AND (is_new OR type <> 'person' AND NOT is_same AND NOT is_old AND NOT is_gone OR NOT EXISTS (
        SELECT 1 FROM import_map m
        WHERE m.source = {SOURCE} AND m.type = import_record.type AND m.external_id = import_record.external_id))"""
# What the file says of people is remembered when it is written to their rows.
MAP = f"""
INSERT INTO import_map (source, type, external_id, subject_id, content_hash, effective_on)
SELECT {SOURCE}, type, external_id, subject_id, CASE type WHEN 'person' THEN '\\x00' ELSE content_hash END, {DAY}
FROM {NEW_THINGS} AND id > $2 AND id <= $3
ON CONFLICT (source, type, external_id) DO UPDATE
SET subject_id = excluded.subject_id, content_hash = excluded.content_hash, effective_on = excluded.effective_on
"""
EXTEND = f"""
UPDATE person_term t SET valid_from = f.since FROM import_fact f
WHERE f.run_id = $1 AND f.fact = 'member' AND f.id > $2 AND f.id <= $3 AND f.since IS NOT NULL
  AND t.person_id = f.person_id AND {on("t", "f.day")} AND f.since < t.valid_from
"""
BETWEEN = "SELECT EXISTS (SELECT 1 FROM {} x)"
ENDS = """
SELECT fact, day, coalesce(position_id, person_id, unit_id) AS id FROM import_fact
WHERE run_id = $1 AND id > $2 AND id <= $3 AND NOT same AND fact = ANY($4::text[]) ORDER BY fact, day
"""
# Whoever leaves leads no unit any more.
LED = f"""(
    SELECT t.unit_id, t.name, t.parent_id, CASE WHEN t.head_id <> ALL($1::uuid[]) THEN t.head_id END AS head_id,
        CASE WHEN t.deputy_id <> ALL($1::uuid[]) THEN t.deputy_id END AS deputy_id, d.day, false AS gone
    FROM unit_term t CROSS JOIN LATERAL (SELECT greatest(t.valid_from, $2) AS day) d
    WHERE (t.head_id = ANY($1::uuid[]) OR t.deputy_id = ANY($1::uuid[])) AND {on("t", "d.day")}
)"""
LEAD_LATER = """
UPDATE unit_term SET head_id = CASE WHEN head_id <> ALL($1::uuid[]) THEN head_id END,
    deputy_id = CASE WHEN deputy_id <> ALL($1::uuid[]) THEN deputy_id END
WHERE (head_id = ANY($1::uuid[]) OR deputy_id = ANY($1::uuid[])) AND valid_from > $2
"""
# Nor does whoever is said to lead one, and is known to leave or to have left.
STEP_DOWN = """(
    SELECT t.unit_id, t.name, t.parent_id, {head} AS head_id, {deputy} AS deputy_id,
        greatest(t.valid_from, l.day) AS day, t.valid_to AS until, false AS gone
    FROM unit_term t
    CROSS JOIN LATERAL (SELECT max(e.valid_to) AS day FROM person_term e WHERE e.person_id = t.{leader}) l
    WHERE l.day < t.valid_to AND t.unit_id IN (
        SELECT unit_id FROM import_fact
        WHERE run_id = $1 AND fact = 'unit' AND NOT same AND id > $2 AND id <= $3)
)"""
STEPS_DOWN = (
    STEP_DOWN.format(leader="head_id", head="NULL::uuid", deputy="t.deputy_id"),
    STEP_DOWN.format(leader="deputy_id", head="t.head_id", deputy="NULL::uuid"),
)
MARK = "SELECT count(*) AS rows, max(xmin::text::bigint) AS writer FROM {}"

Work = Callable[["Writing", int, int], Awaitable[None]]


@dataclass(frozen=True)
class Step:
    """A part of the writing: the rows that it goes through by id, in batches, and what it does with one."""

    name: str
    rows: str
    work: Work
    size: int = BATCH
    fills: str = ""  # tables that the planner must not think empty


@dataclass
class Writing:
    """The writing of a run. `marks` tell whether anybody else has changed lines or units since they were compared."""

    run: Run
    report: Report
    today: date
    now: datetime
    marks: dict[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])

    async def go(self, progress: Progress) -> None:
        """Write all that is not written yet."""
        begun = self.run.step
        for number, step in itertools.islice(enumerate(STEPS), begun, None):
            progress(number, len(STEPS), "writing")
            reached = self.run.reached if number == begun else 0
            for batch in itertools.count(1):
                last = await db.value(
                    f"SELECT max(id) FROM (SELECT id FROM {step.rows} AND id > $2 ORDER BY id LIMIT {step.size}) x",
                    self.run.id,
                    reached,
                )
                if last is None:
                    break
                async with db.transaction():
                    await lock_stream(ORG)
                    if step.name == "people":
                        await lock_stream(ADMINS)
                    await step.work(self, reached, last)
                    await reach(self.run, number, last)
                reached = last
                progress(number, len(STEPS), "writing")
                if step.fills and batch >= FEW and batch.bit_count() == 1:  # each time that it is twice as much
                    await db.execute(f"ANALYZE {step.fills}")
        progress(len(STEPS), len(STEPS), "writing")

    async def things(self, after: int, last: int) -> None:
        """New units, people and positions: nobody sees them yet."""
        for statement in INSERT:
            await db.execute(statement, self.run.id, after, last, self.now)
        await db.execute(MAP, self.run.id, after, last)

    async def put(self, fact: Fact, name: str, after: int, last: int) -> None:
        """The changes of a table of facts."""
        await _put(fact, f"fact = '{name}' AND NOT same AND id > $2 AND id <= $3", self.run.id, after, last)

    async def units(self, after: int, last: int) -> None:
        await self.keep_open(UNITS)
        await self.put(timeline.UNITS, "unit", after, last)

    async def members(self, after: int, last: int) -> None:
        await self.put(timeline.MEMBERS, "member", after, last)
        await db.execute(EXTEND, self.run.id, after, last)

    async def positions(self, after: int, last: int) -> None:
        await self.put(timeline.POSITIONS, "position", after, last)

    async def holdings(self, after: int, last: int) -> None:
        await self.put(timeline.HOLDINGS, "holding", after, last)

    async def lines(self, after: int, last: int) -> None:
        """Solid lines: first, in one go, those that replace others, so that there is no loop on the way either."""
        await self.keep_open(CHART)
        await self.put(timeline.SOLID_LINES, "solid", after, last)
        self.marks[CHART.table] = await marked(CHART)

    async def other_lines(self, after: int, last: int) -> None:
        await self.put(timeline.OTHER_LINES, "other", after, last)

    async def ends(self, after: int, last: int) -> None:
        """Positions that end and people who leave, for good."""
        for fact, day, ids in await self.ending(("end_position", "leave", "absent"), after, last):
            if fact == "end_position":
                for ended in (timeline.POSITIONS, timeline.HOLDINGS, timeline.SOLID_LINES):
                    await timeline.cease(ended, "position_id", ids, day)
                continue
            for ended in (timeline.MEMBERS, timeline.HOLDINGS):
                await timeline.cease(ended, "person_id", ids, day)
            if await db.value(BETWEEN.format(LED), ids, day):
                await timeline.put(timeline.UNITS, LED, ids, day)
            await db.execute(LEAD_LATER, ids, day)

    async def leaders(self, after: int, last: int) -> None:
        """Nobody leads the changed units on days on which they do not belong to the company any more."""
        for leaving in STEPS_DOWN:
            if await db.value(BETWEEN.format(leaving), self.run.id, after, last):
                await put_between(timeline.UNITS, leaving, self.run.id, after, last)

    async def unit_ends(self, after: int, last: int) -> None:
        for _, day, ids in await self.ending(("end_unit",), after, last):
            await timeline.cease(timeline.UNITS, "unit_id", ids, day)

    async def ending(self, kinds: Sequence[str], after: int, last: int) -> list[tuple[str, date, list[uuid.UUID]]]:
        """What ends, by kind and day."""
        rows = await db.rows(ENDS, self.run.id, after, last, list(kinds))

        def by(row: asyncpg.Record) -> tuple[str, date]:
            return row["fact"], row["day"]

        return [(*key, [row["id"] for row in group]) for key, group in itertools.groupby(rows, key=by)]

    async def keep_open(self, tree: Tree) -> None:
        """Leave out what would close a loop by now, or nest too deep, where anybody has changed the tree meanwhile."""
        if self.marks.get(tree.table) == await marked(tree):
            return
        left_out = await open_loops(self.run.id, tree, await spans(self.run.id, tree, self.run.day), self.report)
        if tree is UNITS:
            left_out |= await lift_deep_units(self.run.id, self.run.day, self.report)
        if left_out:  # some of them may be written already
            await _put(tree.fact, "id = ANY($2::bigint[])", self.run.id, sorted(left_out))

    async def follow_units(self, after: int, last: int) -> None:
        await following.follow_units(self.run.id, self.today, self.now)

    async def follow_people(self, after: int, last: int) -> None:
        await following.follow_people(self.run.id, after, last, self.today, self.now, self.report)

    async def follow_reports(self, after: int, last: int) -> None:
        await following.follow_reports(self.today, self.now)

    async def follow_positions(self, after: int, last: int) -> None:
        await following.follow_positions(self.run.id, after, last, self.today, self.now)


async def _put(fact: Fact, which: str, *args: object) -> None:
    rows = f"""(SELECT {", ".join(fact.columns)}, day, until, gone FROM import_fact
        WHERE run_id = $1 AND {which} AND until IS {{}} NULL)"""
    await timeline.put(fact, rows.format(""), *args)
    if await db.value(BETWEEN.format(rows.format("NOT")), *args):
        await put_between(fact, rows.format("NOT"), *args)


async def marked(tree: Tree) -> tuple[Any, ...]:
    """A mark that changes whenever a table does."""
    found = await db.row(MARK.format(tree.table))
    assert found is not None
    return tuple(found)


def _changes(*names: str) -> str:
    listed = ", ".join(f"'{name}'" for name in names)
    return f"import_fact WHERE run_id = $1 AND fact IN ({listed}) AND NOT same"


FILLED_BY_PEOPLE = "person, position, import_map, person_skill, audience_member"
STEPS: Sequence[Step] = (
    Step("things", NEW_THINGS, Writing.things, fills="org_unit, person, position, import_map"),
    Step("units", _changes("unit"), Writing.units, ALL),
    Step("members", _changes("member"), Writing.members, fills="person_term"),
    Step("positions", _changes("position"), Writing.positions, fills="position_term"),
    Step("holdings", _changes("holding"), Writing.holdings, fills="holding"),
    Step("ends", _changes("end_position", "leave", "absent"), Writing.ends),
    Step("leaders", _changes("unit"), Writing.leaders, ALL),
    Step("changed lines", f"{_changes('solid')} AND (held OR gone)", Writing.lines, ALL),
    Step("lines", f"{_changes('solid')} AND NOT (held OR gone)", Writing.lines, fills="reporting_line"),
    Step("other lines", _changes("other"), Writing.other_lines),
    Step("ends of units", _changes("end_unit"), Writing.unit_ends),
    Step("today's units", _changes("unit", "end_unit", "leave", "absent"), Writing.follow_units, ALL),
    Step("people", "import_touch WHERE run_id = $1", Writing.follow_people, 1_000, FILLED_BY_PEOPLE),
    Step("today's positions", _changes("position", "holding", "end_position", "vacated"), Writing.follow_positions),
    Step("who leads", _changes("solid", "position", "holding", "end_position", "leave"), Writing.follow_reports, ALL),
)
FOLLOWING = next(number for number, step in enumerate(STEPS) if step.name == "today's units")
"""The step from which on today's rows follow what is written."""
