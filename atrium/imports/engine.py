"""The import engine: records of any reader are staged, compared with what is stored, and what differs is written."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from typing import Any

from atrium.imports import following, runs
from atrium.imports.depth import leave_out_deep_units
from atrium.imports.endings import end_people, end_positions, end_units
from atrium.imports.extras.declaring import Given
from atrium.imports.extras.order import may_hold, write_extras
from atrium.imports.facts import compare_facts
from atrium.imports.files import opened
from atrium.imports.intake import Intake
from atrium.imports.judging import judge
from atrium.imports.matching import match, match_positions
from atrium.imports.opening import CHART, UNITS, open_loops, spans
from atrium.imports.profiles import OWN
from atrium.imports.records import FIELDS, Mode, Record, Type
from atrium.imports.report import NotDone, Progress, Reason, Report, unwatched
from atrium.imports.reporting import state_lines
from atrium.imports.runs import Run
from atrium.imports.settling import settle_managers, settle_unique
from atrium.imports.staging import ensure_few_errors, stage
from atrium.imports.writing import FOLLOWING, Writing, marked
from models import consequences, db
from models.clock import Clock
from models.errors import Invalid
from models.imports import ImportPhase
from models.text import storable
from models.timers import set_timer
from resolvers.changes.making import AHEAD_MAX, FIRST_DAY

SOURCE_MAX = 200  # characters
ABSENT_SHARE = 0.10  # of the people of a source, whom a full import may find absent
DAY_BEGINS = "org_day"  # the kind of timer that has today follow what begins with a day

Records = Callable[[Report], Iterable[Record]]
"""Reads records, and notes in the report what cannot be read."""

OWNS = """
INSERT INTO import_source (name, owns, updated_at) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET owns = (
    SELECT array_agg(DISTINCT field ORDER BY field)
    FROM unnest(excluded.owns || CASE WHEN $4 THEN '{}' ELSE import_source.owns END) AS field
), updated_at = excluded.updated_at
WHERE NOT import_source.owns @> excluded.owns OR $4 AND NOT import_source.owns <@ excluded.owns
"""
MARK_ABSENT = """
UPDATE import_map m SET content_hash = '' FROM import_fact f
WHERE f.run_id = $1 AND f.fact = 'absent' AND NOT f.same AND m.source = $2 AND m.type = 'person'
  AND m.subject_id = f.person_id AND m.content_hash <> ''
"""
DAYS_TO_COME = """
SELECT DISTINCT d FROM import_fact f CROSS JOIN LATERAL (VALUES (f.day), (f.until)) AS x(d)
WHERE f.run_id = $1 AND NOT f.same AND d > $2 AND d < 'infinity'
"""
SAYS_NOTHING = "UPDATE import_touch SET record_id = NULL WHERE run_id = $1"
NEW = "SELECT subject_id FROM import_record WHERE run_id = $1 AND type = $2 AND is_thing AND is_new"
EXTRAS = """(
    SELECT r.line, r.type::text AS type, r.external_id::text AS id, r.said AS fields, r.is_gone AS deleted
    FROM import_record r
    WHERE r.run_id = '{run}' AND r.type NOT IN ('org_unit', 'person', 'position', 'holding', 'line')
) staged"""


@dataclass(frozen=True)
class Order:
    """What is to be imported, and how.

    `effective` is the day from which on it holds, None today; a full import may find `absent_share` (0 to 1) of the
    source's people absent, and any import have `errors_max` errors in rows, None any number.
    """

    source: str
    fingerprint: bytes  # of the file, and of how it is read: the same one again goes on where it was stopped
    mode: Mode = Mode.PARTIAL
    effective: date | None = None
    dry_run: bool = False
    absent_share: float = ABSENT_SHARE
    errors_max: int | None = None
    is_own: bool = False  # an export of ours: its ids are our keys


async def run_import(
    records: Records, order: Order, *, clock: Clock, zone: tzinfo = UTC, progress: Progress = unwatched
) -> Report:
    """Make what is stored as the records have it, from a day on; with `dry_run` only tell what would become.

    Raises `NotDone` where nothing could be done, among them `TooManyAbsent`.
    """
    ensure_source(order.source)
    async with runs.alone(order.source):
        return await _Import(records, order, clock.now(), zone, progress).run()


def ensure_source(source: str) -> None:
    """Raises `NotDone` for what cannot be the name of a source."""
    try:
        storable(source, path=[])
    except Invalid:
        source = ""
    if not source.strip() or len(source) > SOURCE_MAX:
        raise NotDone(
            Reason.BAD_SOURCE,
            f"A source has a name of 1 to {SOURCE_MAX} characters, such as the HR system's. Give it one.",
        )


def fingerprint(*files: Path, reading: str = "") -> bytes:
    """A digest of files and of how they are read. Raises `NotDone`."""
    digest = hashlib.sha256(reading.encode())
    for path in files:
        with opened(path) as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.digest()


@dataclass
class _Import:
    records: Records
    order: Order
    now: datetime
    zone: tzinfo
    progress: Progress

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def day(self) -> date:
        return self.order.effective or self.today

    async def run(self) -> Report:
        if not FIRST_DAY <= self.day <= self.today + AHEAD_MAX:
            raise NotDone(
                Reason.BAD_DAY,
                f"{self.day} is too far away: an import takes effect from {FIRST_DAY} on and at most five years ahead."
                " Choose another day.",
            )
        for found in await runs.unfinished(self.order.source):
            if found["phase"] == ImportPhase.STAGING:
                await runs.end(found["id"], ImportPhase.GIVEN_UP, self.now)
            elif self._is_same(found):
                run, report = await runs.resume(found, self.order.source)
                return await self._write(Writing(run, report, self.today, self.now))
            elif not self.order.dry_run:
                await self._give_up(*await runs.resume(found, self.order.source))
        return await self._from_the_start()

    def _is_same(self, found: Any) -> bool:
        wanted = (self.order.fingerprint, self.order.mode, self.day, self.order.dry_run)
        return wanted == (found["fingerprint"], found["mode"], found["effective_on"], found["is_dry"])

    async def _give_up(self, run: Run, report: Report) -> None:
        """Have today follow what another import has written before it was stopped; the rest of it is not done."""
        if run.step < FOLLOWING:
            new = [
                [r[0] for r in await db.rows(NEW, run.id, type)] for type in (Type.PERSON, Type.POSITION, Type.ORG_UNIT)
            ]
            async with db.transaction():
                await consequences.unmake(*new)
            run.step, run.reached = FOLLOWING, 0
        await db.execute(SAYS_NOTHING, run.id)
        await Writing(run, report, self.today, self.now).go(unwatched)
        await runs.end(run.id, ImportPhase.GIVEN_UP, self.now, report)

    async def _from_the_start(self) -> Report:
        order = self.order
        run = await runs.begin(order.source, order.fingerprint, order.mode, self.day, self.now, is_dry=order.dry_run)
        report = Report()
        try:
            writing = await self._compare(run, report)
        except BaseException:
            await runs.end(run.id, ImportPhase.GIVEN_UP, self.now)
            raise
        if order.dry_run:
            await self._write_extras(run.id, report)
            report.settle()
            await runs.end(run.id, ImportPhase.DONE, self.now, report)
            return report
        await runs.begin_writing(run, report)
        return await self._write(writing)

    async def _compare(self, run: Run, report: Report) -> Writing:
        """Stage the records, and find what differs from what is stored."""
        intake = Intake(run.id, self.day, report, is_own=self.order.is_own)
        types = await stage(run.id, self.records(report), intake, self.progress, self.order.errors_max)
        intake.respondents.tell()
        self._ensure_usable(types, report)
        self.progress(0, 5, "comparing")
        await match(run.id, types, report, is_own=self.order.is_own)
        await settle_unique(run.id, intake.person_fields, report)
        await settle_managers(run.id, intake.person_fields, report)
        await match_positions(run.id, types, report, is_own=self.order.is_own)
        self.progress(1, 5, "comparing")
        while not await self._compare_facts(run, types, report):
            pass
        marks = {tree.table: await marked(tree) for tree in (UNITS, CHART)}
        await open_loops(run.id, UNITS, await spans(run.id, UNITS, self.day), report)
        lines = await spans(run.id, CHART, self.day)
        left_out = await open_loops(run.id, CHART, lines, report)
        self.progress(4, 5, "comparing")
        await judge(run.id, lines, left_out, self.day, self.today, report)
        ensure_few_errors(report, self.order.errors_max)
        report.settle()
        if not self.order.dry_run:
            await following.touch(run.id, self.today)
            await self._own(intake.person_fields)
        self.progress(5, 5, "comparing")
        return Writing(run, report, self.today, self.now, marks)

    async def _compare_facts(self, run: Run, types: dict[str, int], report: Report) -> bool:
        """Find what begins and ends; False where rows had to be left out, so that all is to be compared anew."""
        told = Report(rejected=report.rejected)
        await compare_facts(run.id, types, told)
        await state_lines(run.id, types, told)
        await db.execute("ANALYZE import_fact")
        self.progress(2, 5, "comparing")
        await end_positions(run.id, run.mode, types, told)
        await end_people(run.id, run.mode, self.order.absent_share, told)
        await end_units(run.id, run.mode, types, told)
        self.progress(3, 5, "comparing")
        if Type.ORG_UNIT in types and await leave_out_deep_units(run.id, self.day, report):
            return False
        report.join(told)
        return True

    def _ensure_usable(self, types: dict[str, int], report: Report) -> None:
        if not (types or report.rejected or report.unreadable):
            raise NotDone(Reason.NO_ROWS, "There are no rows to import: a header at most. Export the file again.")
        if self.order.mode is Mode.FULL and report.unreadable:
            raise NotDone(
                Reason.UNREADABLE_ROWS,
                f"{report.unreadable:,} rows of the file do not tell whom they are about, so nobody can be called"
                " absent, and nothing was changed. Mend them (a partial dry run lists them), or import with mode"
                " partial.",
            )

    async def _own(self, fields: set[str]) -> None:
        """Remember which fields of people are this source's to write."""
        owned = sorted({"manager" if f == "manager_name" else f for f in fields & FIELDS[Type.PERSON]} - OWN)
        if owned:
            await db.execute(OWNS, self.order.source, owned, self.now, self.order.mode is Mode.FULL)

    async def _write(self, writing: Writing) -> Report:
        await writing.go(self.progress)
        run, report = writing.run, writing.report
        await self._write_extras(run.id, report)
        async with db.transaction():
            await db.execute(MARK_ABSENT, run.id, run.source)
            for row in await db.rows(DAYS_TO_COME, run.id, self.today):
                begins = datetime.combine(row[0], time(), tzinfo=self.zone).astimezone(UTC)
                await set_timer(DAY_BEGINS, row[0].isoformat(), begins)
            await runs.end(run.id, ImportPhase.DONE, self.now, report)
        report.settle()
        return report

    async def _write_extras(self, run: uuid.UUID, report: Report) -> None:
        """Write what the file holds beside the org chart; in a dry run only tell what would become of it."""
        staged = EXTRAS.format(run=run)
        given = Given(run, self.order.source, self.order.is_own, self.order.dry_run, self.now, report)
        if await db.value(f"SELECT EXISTS (SELECT 1 FROM {staged})"):
            async with db.transaction():
                await write_extras(staged, given, self.progress)


def is_known(type: str, *, is_own: bool) -> bool:
    """Whether records of this type can be imported."""
    return type in FIELDS or may_hold(type, is_own=is_own)
