"""Records into the staging table, by COPY in small transactions: in memory there are never more than some hundreds."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable

from atrium.imports.intake import COLUMNS, Intake
from atrium.imports.records import Record
from atrium.imports.report import Code, NotDone, Progress, Reason, Report
from models import db

BATCH = 1_000  # records copied at a time: a writing transaction holds back every reader of the log

# Of several records with one id the last is taken, but none goes before one that names an active person.
DROP_DUPLICATES = """
DELETE FROM import_record r USING (
    SELECT id, row_number() OVER same AS place, first_value(line) OVER same AS taken
    FROM import_record
    WHERE run_id = $1 AND (is_thing OR external_id <> '' AND type IN ('holding', 'line')) AND external_id <> ''
    WINDOW same AS (PARTITION BY type, external_id ORDER BY is_named DESC, id DESC)
) d
WHERE d.id = r.id AND d.place > 1 RETURNING r.type, r.external_id, r.line, d.taken
"""
DROP_THEIR_HISTORY = """
DELETE FROM import_record h
WHERE run_id = $1 AND NOT is_thing AND type IN ('org_unit', 'person', 'position') AND NOT EXISTS (
    SELECT 1 FROM import_record t
    WHERE t.run_id = $1 AND t.type = h.type AND t.external_id = h.external_id AND t.is_thing AND t.line = h.line)
"""
TYPES = "SELECT type, count(*) AS count FROM import_record WHERE run_id = $1 GROUP BY type"


async def stage(
    run: uuid.UUID, records: Iterable[Record], intake: Intake, progress: Progress, errors_max: int | None
) -> dict[str, int]:
    """Copy a run's records into the staging table; how many rows there are of each type. Raises `NotDone`."""
    done = 0
    for batch in _batched(records):
        rows = [row for record in batch for row in intake.rows(record)]
        async with db.connection() as con:
            await con.copy_records_to_table("import_record", records=rows, columns=COLUMNS)
        done += len(batch)
        progress(done, done, "staging")
        ensure_few_errors(intake.report, errors_max)
    await db.execute("UPDATE import_run SET others = $2 WHERE id = $1", run, sorted(intake.others))
    await db.execute("ANALYZE import_record")
    await _drop_duplicates(run, intake.report)
    return {row["type"]: row["count"] for row in await db.rows(TYPES, run)}


def ensure_few_errors(report: Report, most: int | None) -> None:
    """Raises `NotDone` where more has been left out than the caller puts up with."""
    if most is not None and report.errors > most:
        raise NotDone(
            Reason.TOO_MANY_ERRORS,
            f"More than {most:,} rows have errors, so nothing was changed. Mend the file (a dry run with --report lists"
            " them), or allow more with --max-errors.",
        )


async def _drop_duplicates(run: uuid.UUID, report: Report) -> None:
    for row in await db.rows(DROP_DUPLICATES, run):
        message = f"The id {row['external_id']} is on line {row['taken']} too: that row was taken, this one left aside."
        report.warn(row["line"], row["external_id"], Code.DUPLICATE_ID, "external_id", message, type=row["type"])
        report.skip(row["type"])
    await db.execute(DROP_THEIR_HISTORY, run)


def _batched(records: Iterable[Record]) -> Iterable[tuple[Record, ...]]:
    given = iter(records)
    while batch := tuple(itertools.islice(given, BATCH)):
        yield batch
