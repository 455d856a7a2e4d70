"""Records of one type, from the staged file into their table: set-based, whatever their number.

Their rows stand in the temporary table `extra` meanwhile: what the file says (`f`), its references as keys (`ref_…`),
and the key that the row has or gets (`id`). All of it wants one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg

from atrium.imports.extras.declaring import Column, Extra, Given, found
from atrium.imports.report import Code
from models import db


async def begin(given: Given) -> None:
    """Make a table of what the file's ids mean, so that a dry run knows them too."""
    await db.execute(KNOWN.format(run=given.run))
    await db.execute("CREATE INDEX ON extra_key (external_id, type)")


async def take(extra: Extra, staged: str, given: Given, tables: Mapping[str, str]) -> None:
    """Write the rows of a type from the relation `staged` (line, type, id, fields, deleted), and count what became.

    `tables` are those of the types that are written here; others are kept in a table of their name.
    """
    await _stage(extra, staged, given, tables)
    if extra.before:
        await extra.before(given)
    await _drop_wrong(extra, given)
    await _find_keys(extra, given)
    await _find_siblings(extra, given)
    await _drop_doubles(extra, given)
    if not given.is_dry:
        if extra.ready:
            await extra.ready(given)
        await _write(extra)
        await db.execute(MAP, given.source, extra.type)
        if extra.after:
            await extra.after(given)
    await _count(extra, given)
    await db.execute(REMEMBER, extra.type)
    await db.execute("DROP TABLE extra")


TABLE = """
CREATE TEMPORARY TABLE extra (
    line int, external_id text, f jsonb, deleted boolean, content_hash bytea, known uuid, is_same boolean, id uuid,
    is_new boolean, now timestamptz{refs}
) ON COMMIT DROP
"""
FILL = """
INSERT INTO extra
SELECT s.line, s.id, s.fields, s.deleted, s.hash, m.subject_id, coalesce(m.content_hash = s.hash, false), NULL, NULL,
    $3{refs}
FROM (
    SELECT DISTINCT ON (id) line, id, fields, deleted, sha256(convert_to(fields::text || deleted, 'UTF8')) AS hash
    FROM {staged} WHERE type = $2 ORDER BY id, line DESC
) s LEFT JOIN import_map m ON m.source = $1 AND m.type = $2 AND m.external_id = s.id
"""
OWN = "CASE WHEN pg_input_is_valid({id}, 'uuid') THEN (SELECT o.id FROM {table} o WHERE o.id = ({id})::uuid) END"
KNOWN = """
CREATE TEMPORARY TABLE extra_key ON COMMIT DROP AS
SELECT type::text, external_id::text, subject_id AS id FROM import_record
WHERE run_id = '{run}' AND is_thing AND type IN ('org_unit', 'person')
"""
REMEMBER = "INSERT INTO extra_key SELECT $1, external_id, coalesce(id, known) FROM extra"
MAP = """
INSERT INTO import_map (source, type, external_id, subject_id, content_hash)
SELECT $1, $2, external_id, id, content_hash FROM extra WHERE NOT is_same AND id IS NOT NULL
ON CONFLICT (source, type, external_id) DO UPDATE
SET subject_id = excluded.subject_id, content_hash = excluded.content_hash
"""


async def _stage(extra: Extra, staged: str, given: Given, tables: Mapping[str, str]) -> None:
    names = "".join(f", ref_{column.given} uuid" for column in extra.refs)
    await db.execute(TABLE.format(refs=names))
    found = "".join(_found(column, given, tables) for column in extra.refs)
    await db.execute(FILL.format(staged=staged, refs=found), given.source, extra.type, given.now)
    await db.execute("CREATE INDEX ON extra (external_id)")
    await db.execute("ANALYZE extra")


def _found(column: Column, given: Given, tables: Mapping[str, str]) -> str:
    """An expression for the key of what a field names."""
    id = f"(s.fields->>'{column.given}')"
    if not given.is_own:
        return ", " + found(id, *column.to)
    table = tables.get(column.to[0], column.to[0])
    return f", coalesce({found(id, *column.to)}, {OWN.format(id=id, table=table)})"


async def _drop_wrong(extra: Extra, given: Given) -> None:
    """Tell of what does not fit. A row goes with it, unless it is a reference that it can do without."""
    for column in extra.columns:
        if extra.type in column.to or column.sql:
            continue  # rows of the same type get their keys later
        missing = f"e.f->>'{column.given}' IS NULL" if column.needed else "false"
        wrong = await db.rows(
            f"SELECT e.line, e.external_id, {missing} AS is_missing, left(e.f->>'{column.given}', 80) AS said"
            f" FROM extra e WHERE NOT e.deleted AND NOT e.is_same AND ({missing} OR {column.wrong})"
        )
        drops = column.strict or not column.to
        for row in wrong:
            _tell_wrong(extra, column, row, given, drops=drops)
        if wrong and drops:
            await db.execute("DELETE FROM extra WHERE external_id = ANY($1::text[])", [r["external_id"] for r in wrong])
    if extra.refuse:
        for row in await db.rows(f"{REFUSE} AND {extra.refuse} RETURNING e.line, e.external_id"):
            message = "Nobody does that to themselves: the record was left out. Correct it."
            given.report.error(row["line"], row["external_id"], Code.BAD_VALUE, "person", message, type=extra.type)


REFUSE = "DELETE FROM extra e WHERE NOT e.deleted AND NOT e.is_same"


def _tell_wrong(extra: Extra, column: Column, row: asyncpg.Record, given: Given, *, drops: bool) -> None:
    left_out = "the record" if drops else column.given
    if row["is_missing"]:
        code, message = Code.MISSING_FIELD, f"It has no {column.given}: the record was left out. Give it one."
    elif column.to:
        code, message = (
            Code.UNKNOWN_REF,
            f"There is no {column.to[0]} {row['said']}: {left_out} was left out. Correct it.",
        )
    else:
        code = Code.BAD_VALUE
        message = f"“{row['said']}” is no {column.given}, or is too long: the record was left out. Correct it."
    given.report.error(row["line"], row["external_id"], code, column.given, message, type=extra.type)


KEYS = """
UPDATE extra e SET id = coalesce(e.known, {natural}{own}uuidv7())
WHERE NOT e.is_same AND (NOT e.deleted OR e.known IS NOT NULL)
"""
GIVEN_KEYS = """
UPDATE extra e SET id = CASE WHEN e.deleted THEN e.known ELSE {key} END
WHERE NOT e.is_same AND (NOT e.deleted OR e.known IS NOT NULL)
"""
NEW = "UPDATE extra e SET is_new = NOT EXISTS (SELECT 1 FROM {table} t WHERE {same}) WHERE e.id IS NOT NULL"


async def _find_keys(extra: Extra, given: Given) -> None:
    """The row that each one was before, or is by nature; else its own key, where ids are keys, or a new one."""
    columns = {column.name: column for column in extra.columns}
    equal = "IS NOT DISTINCT FROM" if extra.null_is_value else "="
    same = " AND ".join(f"t.{name} {equal} {columns[name].value}" for name in extra.natural)
    natural = f"(SELECT t.id FROM {extra.table} t WHERE {same} LIMIT 1), " if extra.natural else ""
    own = "CASE WHEN pg_input_is_valid(e.external_id, 'uuid') THEN e.external_id::uuid END, " if given.is_own else ""
    key = extra.given_key
    await db.execute(GIVEN_KEYS.format(key=key) if key else KEYS.format(natural=natural, own=own))
    await db.execute(
        NEW.format(table=extra.table, same=extra.same)
        if not extra.updates_only
        else "UPDATE extra SET is_new = false WHERE id IS NOT NULL"
    )


async def _find_siblings(extra: Extra, given: Given) -> None:
    """References to rows of the same type, which have got their keys by now."""
    for column in extra.refs:
        if extra.type not in column.to:
            continue
        here = f"ref_{column.given}"
        await db.execute(
            f"UPDATE extra e SET {here} = coalesce(o.id, o.known) FROM extra o"
            f" WHERE o.external_id = e.f->>'{column.given}'"
        )
        for row in await db.rows(
            f"SELECT line, external_id, false AS is_missing, left(e.f->>'{column.given}', 80) AS said FROM extra e"
            f" WHERE e.id IS NOT NULL AND NOT e.deleted AND {column.wrong}"
        ):
            _tell_wrong(extra, column, row, given, drops=False)


DOUBLES = """
DELETE FROM extra e USING (
    SELECT external_id, row_number() OVER (PARTITION BY {by} ORDER BY line DESC) AS place FROM extra e
    WHERE id IS NOT NULL AND NOT deleted{given}
) d
WHERE d.external_id = e.external_id AND d.place > 1 RETURNING e.line, e.external_id
"""


async def _drop_doubles(extra: Extra, given: Given) -> None:
    """Of several rows that are the same thing the last is taken."""
    columns = {column.name: column for column in extra.columns}
    named = [columns[name].value for name in extra.natural]
    found = await db.rows(DOUBLES.format(by="e.id", given=""))
    if named:
        is_given = "" if extra.null_is_value else "".join(f" AND {value} IS NOT NULL" for value in named)
        found += await db.rows(DOUBLES.format(by=", ".join(named), given=is_given))
    for row in found:
        message = "Another record further down says the same: that one was taken, this one left aside."
        given.report.warn(row["line"], row["external_id"], Code.DUPLICATE_ID, None, message, type=extra.type)
        given.report.of(extra.type).skipped += 1


async def _write(extra: Extra) -> None:
    """What a record does not say stays as it is; of a new row it is the default."""
    columns = [column for column in extra.columns if column.name not in ("", "id")]
    new = ", ".join(f"{c.name} = {_or(c, f't.{c.name}')}" for c in columns)
    await db.execute(
        f"UPDATE {extra.table} t SET {new} FROM extra e WHERE {extra.same} AND NOT e.is_new AND NOT e.deleted"
    )
    if not extra.updates_only:
        own = {} if extra.keyless else {"id": "e.id"}
        new_row = own | {column.name: _or(column, column.default) for column in columns}
        names, values = ", ".join(new_row), ", ".join(new_row.values())
        await db.execute(
            f"INSERT INTO {extra.table} ({names}) SELECT {values} FROM extra e WHERE e.is_new AND NOT e.deleted"
            " ORDER BY e.line"
        )
    gone = f"UPDATE {extra.table} t SET {extra.end} FROM" if extra.end else f"DELETE FROM {extra.table} t USING"
    await db.execute(f"{gone} extra e WHERE {extra.gone} AND e.deleted")


def _or(column: Column, otherwise: str) -> str:
    """What a record says of a column, where it says anything."""
    if column.sql:
        return column.sql
    if column.default == "NULL":  # then null is something to say, too
        return f"CASE WHEN e.f ? '{column.given}' THEN {column.value} ELSE {otherwise} END"
    return f"CASE WHEN e.f->>'{column.given}' IS NULL THEN {otherwise} ELSE {column.value} END"


COUNT = """
SELECT count(*) FILTER (WHERE is_new AND NOT deleted), count(*) FILTER (WHERE NOT is_new AND NOT deleted),
       count(*) FILTER (WHERE is_same), count(*) FILTER (WHERE deleted AND id IS NOT NULL) FROM extra
"""


async def _count(extra: Extra, given: Given) -> None:
    row, counts = await db.row(COUNT), given.report.of(extra.type)
    assert row is not None
    created, updated, unchanged, ended = row
    counts.created += created
    counts.updated += updated
    counts.unchanged += unchanged
    counts.deactivated += ended
