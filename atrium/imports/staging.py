"""The people of a file beside those that are stored: temporary tables, and what follows from comparing them.

All of it wants one transaction, at whose end the tables are gone. Nothing here touches a lasting table.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence

import asyncpg

from atrium.imports.report import Progress
from atrium.imports.rows import ID_MAX, PersonRow
from models import db

BATCH = 1_000  # rows copied at a time
ROOT = "XX"  # written for the manager of whoever has none

# `outcome` is what will become of the person, `moves` whether that changes what they may see.
TABLES = (
    """
CREATE TEMPORARY TABLE staged_unit (
    key text PRIMARY KEY, name text NOT NULL, parent_key text,
    id uuid, parent_id uuid, is_new boolean
) ON COMMIT DROP
""",
    """
CREATE TEMPORARY TABLE staged_person (
    line int NOT NULL, external_id text PRIMARY KEY, name text NOT NULL, email text, title text, bio text,
    pronouns text, location text, says_location boolean NOT NULL, unit_key text, says_unit boolean NOT NULL,
    manager text, says_manager boolean NOT NULL, manager_is_id boolean NOT NULL, active boolean,
    content_hash bytea NOT NULL,
    id uuid, is_same boolean, is_back boolean, is_guest boolean, unit_id uuid, manager_id uuid,
    outcome text NOT NULL DEFAULT 'created', moves boolean NOT NULL DEFAULT false
) ON COMMIT DROP
""",
)
UNIT_COLUMNS = ("key", "name", "parent_key")
PERSON_COLUMNS = (
    *("line", "external_id", "name", "email", "title", "bio", "pronouns", "location", "says_location", "unit_key"),
    *("says_unit", "manager", "says_manager", "manager_is_id", "active", "content_hash"),
)

MATCH_UNITS = """
UPDATE staged_unit s SET id = coalesce(u.id, uuidv7()), is_new = u.id IS NULL
FROM staged_unit t
LEFT JOIN import_map m ON m.source = $1 AND m.type = 'org_unit' AND m.external_id = t.key
LEFT JOIN org_unit u ON u.id = m.subject_id
WHERE t.key = s.key
"""
PLACE_UNITS = "UPDATE staged_unit s SET parent_id = p.id FROM staged_unit p WHERE p.key = s.parent_key"

# An empty hash marks who was absent from a full import: the file had them no more, whatever it had said before.
MATCH_PEOPLE = """
UPDATE staged_person s SET id = coalesce(p.id, uuidv7()), is_guest = coalesce(p.is_guest, false),
    is_same = p.id IS NOT NULL AND m.content_hash = t.content_hash, is_back = p.id IS NOT NULL AND m.content_hash = ''
FROM staged_person t
LEFT JOIN import_map m ON m.source = $1 AND m.type = 'person' AND m.external_id = t.external_id
LEFT JOIN person p ON p.id = m.subject_id
WHERE t.external_id = s.external_id
"""
PLACE_PEOPLE = "UPDATE staged_person s SET unit_id = u.id FROM staged_unit u WHERE u.key = s.unit_key"
TAKE_OUT_GUESTS = "DELETE FROM staged_person WHERE is_guest RETURNING line, external_id"

# Whoever has the address already keeps it.
DROP_SHARED_EMAILS = """
UPDATE staged_person s SET email = NULL
FROM (SELECT email FROM staged_person WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1) shared
WHERE s.email = shared.email AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = s.id AND p.email = s.email)
RETURNING s.line, s.external_id, old.email
"""

# Taken is the address of somebody who gets no other one from this file; who is refused theirs keeps what they have, and
# so may stand in the way of a third.
DROP_TAKEN_EMAILS = """
WITH RECURSIVE refused (id) AS (
    SELECT s.id FROM staged_person s JOIN person p ON p.email = s.email AND p.id <> s.id
    WHERE NOT EXISTS (SELECT 1 FROM staged_person o WHERE o.id = p.id AND o.email IS NOT NULL)
    UNION
    SELECT s.id FROM refused r JOIN person p ON p.id = r.id JOIN staged_person s ON s.email = p.email AND s.id <> r.id
)
UPDATE staged_person s SET email = NULL FROM refused r WHERE r.id = s.id
RETURNING s.line, s.external_id, old.email
"""

FIND_MANAGERS_BY_ID = """
UPDATE staged_person s SET manager_id = coalesce(t.id, p.id)
FROM staged_person r
LEFT JOIN staged_person t ON t.external_id = r.manager
LEFT JOIN import_map m ON m.source = $1 AND m.type = 'person' AND m.external_id = r.manager
LEFT JOIN person p ON p.id = m.subject_id
WHERE r.external_id = s.external_id AND r.manager IS NOT NULL
"""
FIND_MANAGERS_BY_EMAIL = """
UPDATE staged_person s SET manager_id = f.id
FROM (
    SELECT t.email, t.id FROM staged_person t WHERE t.email IS NOT NULL
    UNION ALL
    SELECT p.email, p.id FROM person p WHERE p.email IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM staged_person t WHERE t.email = p.email OR (t.id = p.id AND t.email IS NOT NULL))
) f
WHERE s.manager IS NOT NULL AND s.manager_id IS NULL AND NOT s.manager_is_id AND f.email = lower(s.manager)
"""
FIND_MANAGERS_BY_NAME = """
WITH named AS (
    SELECT lower(name) AS name, id FROM staged_person
    UNION
    SELECT lower(p.name), p.id FROM import_map m JOIN person p ON p.id = m.subject_id
    WHERE m.source = $1 AND m.type = 'person' AND p.active
      AND NOT EXISTS (SELECT 1 FROM staged_person t WHERE t.id = p.id)
), only_one AS (
    SELECT name, (array_agg(id))[1] AS id, count(*) AS bearers FROM named GROUP BY name
)
UPDATE staged_person s SET manager_id = CASE WHEN o.bearers = 1 THEN o.id END
FROM only_one o
WHERE s.manager IS NOT NULL AND s.manager_id IS NULL AND NOT s.manager_is_id AND o.name = lower(s.manager)
RETURNING s.line, s.external_id, s.manager, o.bearers
"""
UNKNOWN_MANAGERS = """
SELECT line, external_id, manager FROM staged_person
WHERE manager IS NOT NULL AND manager_id IS NULL AND upper(manager) <> $1 AND external_id <> ALL($2::text[])
"""
STATED_LINES = "SELECT line, external_id, id, manager_id FROM staged_person WHERE says_manager"
STORED_LINES = "SELECT id, manager_id FROM person WHERE manager_id IS NOT NULL"
DROP_LINES = "UPDATE staged_person SET manager_id = NULL WHERE id = ANY($1::uuid[])"

OTHERS = """
SELECT m.external_id, p.id, p.active FROM import_map m JOIN person p ON p.id = m.subject_id
WHERE m.source = $1 AND m.type = 'person' AND m.content_hash <> ''
  AND NOT p.is_guest AND NOT EXISTS (SELECT 1 FROM staged_person s WHERE s.id = p.id)
"""
ACTIVE_COUNT = """
SELECT count(*) FROM import_map m JOIN person p ON p.id = m.subject_id
WHERE m.source = $1 AND m.type = 'person' AND p.active AND NOT p.is_guest
"""

# What belongs to HR follows the file at every import. What people write of themselves, and whether an account is open,
# follow it only where the row says something new: a profile's edit outlives the nightly import, and so does a closing.
NEW_VALUES: Mapping[str, str] = {
    "name": "s.name",
    "email": "coalesce(s.email, p.email)",
    "title": "coalesce(s.title, p.title)",
    "location": "CASE WHEN s.says_location THEN s.location ELSE p.location END",
    "unit_id": "CASE WHEN s.says_unit THEN s.unit_id ELSE p.unit_id END",
    "manager_id": "CASE WHEN s.says_manager THEN s.manager_id ELSE p.manager_id END",
    "bio": "CASE WHEN s.is_same THEN p.bio ELSE coalesce(s.bio, p.bio) END",
    "pronouns": "CASE WHEN s.is_same THEN p.pronouns ELSE coalesce(s.pronouns, p.pronouns) END",
    "active": "CASE WHEN s.is_same THEN p.active ELSE coalesce(s.active, s.is_back OR p.active) END",
}
"""What each column of a stored person `p` becomes by its row `s` of the file."""


def _differs(columns: Collection[str]) -> str:
    old = ", ".join(f"p.{column}" for column in columns)
    return f"ROW({old}) IS DISTINCT FROM ROW({', '.join(NEW_VALUES[column] for column in columns)})"


JUDGE = f"""
UPDATE staged_person s SET
    outcome = CASE WHEN p.active AND NOT {NEW_VALUES["active"]} THEN 'deactivated'
                   WHEN {_differs(NEW_VALUES)} THEN 'updated' ELSE 'unchanged' END,
    moves = {_differs(("unit_id", "location", "active"))}
FROM person p WHERE p.id = s.id
"""
OUTCOMES = "SELECT outcome, count(*) AS count FROM staged_person GROUP BY outcome"


async def stage(rows: Sequence[PersonRow], progress: Progress) -> None:
    """Copy a file's people and the units they name into temporary tables."""
    for table in TABLES:
        await db.execute(table)
    units = {unit[0]: unit for path in {row.unit for row in rows} for unit in _units(path)}
    async with db.connection() as con:
        await con.copy_records_to_table("staged_unit", records=units.values(), columns=UNIT_COLUMNS)
        for start in range(0, len(rows), BATCH):
            progress(start, len(rows), "staging")
            records = [_record(row) for row in rows[start : start + BATCH]]
            await con.copy_records_to_table("staged_person", records=records, columns=PERSON_COLUMNS)
    await db.execute("ANALYZE staged_unit, staged_person")
    progress(len(rows), len(rows), "staging")


async def match(source: str) -> list[asyncpg.Record]:
    """Give each staged row the key of what it was before, or a new one; the rows of guests, which are taken out."""
    await db.execute(MATCH_UNITS, source)
    await db.execute(PLACE_UNITS)
    await db.execute(MATCH_PEOPLE, source)
    await db.execute(PLACE_PEOPLE)
    await db.execute("ANALYZE staged_person")
    return await db.rows(TAKE_OUT_GUESTS)


async def drop_emails() -> list[asyncpg.Record]:
    """Leave out addresses that several rows or somebody else has: `line, external_id, email` of the rows."""
    return [*await db.rows(DROP_SHARED_EMAILS), *await db.rows(DROP_TAKEN_EMAILS)]


async def find_managers(source: str) -> tuple[list[asyncpg.Record], list[asyncpg.Record]]:
    """Resolve managers by id, else where the column allows by address or name; rows of ambiguous and unknown ones."""
    await db.execute(FIND_MANAGERS_BY_ID, source)
    await db.execute(FIND_MANAGERS_BY_EMAIL)
    by_name = await db.rows(FIND_MANAGERS_BY_NAME, source)
    ambiguous = [row for row in by_name if row["bearers"] > 1]
    return ambiguous, await db.rows(UNKNOWN_MANAGERS, ROOT, [row["external_id"] for row in ambiguous])


async def lines() -> tuple[dict[uuid.UUID, uuid.UUID], dict[uuid.UUID, asyncpg.Record]]:
    """The reporting lines as the file would have them, over those that stand; and the file's rows, by person."""
    managers: dict[uuid.UUID, uuid.UUID] = dict(map(tuple, await db.rows(STORED_LINES)))
    stated = {row["id"]: row for row in await db.rows(STATED_LINES)}
    for id, row in stated.items():
        if row["manager_id"]:
            managers[id] = row["manager_id"]
        else:
            managers.pop(id, None)
    return managers, stated


async def drop_lines(people: Collection[uuid.UUID]) -> None:
    """Have these people without a manager."""
    await db.execute(DROP_LINES, people)


async def judge() -> dict[str, int]:
    """Decide what becomes of each row; how many of each outcome."""
    await db.execute(JUDGE)
    return {row["outcome"]: row["count"] for row in await db.rows(OUTCOMES)}


async def unit_counts() -> tuple[int, int]:
    """How many of the units that the file names are new, and how many were there."""
    new = await db.value("SELECT count(*) FROM staged_unit WHERE is_new")
    return new, await db.value("SELECT count(*) FROM staged_unit") - new


async def staged_keys() -> set[uuid.UUID]:
    """The keys of all staged people."""
    return {row["id"] for row in await db.rows("SELECT id FROM staged_person")}


async def others(source: str) -> list[asyncpg.Record]:
    """`external_id, id, active` of the source's people who are not staged, nor were absent from a full file already."""
    return await db.rows(OTHERS, source)


async def active_count(source: str) -> int:
    """How many people of the source have an open account."""
    return await db.value(ACTIVE_COUNT, source)


def _units(path: tuple[str, ...]) -> list[tuple[str, str, str | None]]:
    """The units along a path of names: key, name, key of the parent."""
    keys = [unit_key(path[: depth + 1]) for depth in range(len(path))]
    return list(zip(keys, path, [None, *keys], strict=False))


def unit_key(path: tuple[str, ...]) -> str:
    """A unit's external id: the names from its root down, which are one line each; a digest where that is too long."""
    key = "\n".join(path)
    return key if len(key) <= ID_MAX else "sha256:" + hashlib.sha256(key.encode()).hexdigest()


def _record(row: PersonRow) -> tuple[object, ...]:
    return (
        *(row.line, row.external_id, row.name, row.email, row.title, row.bio, row.pronouns, row.location),
        *(row.says_location, unit_key(row.unit) or None, row.says_unit, row.manager, row.says_manager),
        *(row.manager_is_id, row.active, row.content_hash()),
    )
