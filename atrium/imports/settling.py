"""What only one person can have, and whom a name means: settled before anything is compared."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from atrium.imports.records import Type
from atrium.imports.report import Code, Report
from atrium.imports.sql import SOURCE, known, things
from models import db

UNIQUE = {"email": Code.SHARED_EMAIL, "employee_id": Code.SHARED_EMPLOYEE_ID}
PEOPLE = things(Type.PERSON)

# Whoever has it already keeps it.
DROP_SHARED = f"""
UPDATE import_record s SET said = s.said - '{{field}}' FROM (
    SELECT r.id, r.said->>'{{field}}' AS value FROM import_record r
    WHERE {PEOPLE} AND r.said->>'{{field}}' IN (
        SELECT r.said->>'{{field}}' FROM import_record r WHERE {PEOPLE} GROUP BY 1 HAVING count(*) > 1)
) r
WHERE s.id = r.id AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = s.subject_id AND p.{{field}} = r.value)
RETURNING s.line, s.external_id, r.value
"""

# Taken is what somebody has who gets no other from this file; who is refused it keeps what they have, and so may stand
# in the way of a third.
DROP_TAKEN = f"""
WITH RECURSIVE wanted AS MATERIALIZED (
    SELECT r.id, r.subject_id, r.said->>'{{field}}' AS value, r.said ? '{{field}}' AS is_said
    FROM import_record r WHERE {PEOPLE}
), refused (id, subject_id, value) AS (
    SELECT s.id, s.subject_id, s.value FROM wanted s JOIN person p ON p.{{field}} = s.value AND p.id <> s.subject_id
    WHERE NOT EXISTS (SELECT 1 FROM wanted o WHERE o.subject_id = p.id AND o.is_said)
    UNION
    SELECT s.id, s.subject_id, s.value FROM refused r JOIN person p ON p.id = r.subject_id
    JOIN wanted s ON s.value = p.{{field}} AND s.id <> r.id
)
UPDATE import_record s SET said = s.said - '{{field}}' FROM refused r WHERE r.id = s.id
RETURNING s.line, s.external_id, r.value
"""

BY_ID = f"""
UPDATE import_record r SET manager_id = k.id FROM {known(Type.PERSON)} k
WHERE {PEOPLE} AND r.said->>'manager_name' IS NOT NULL AND k.ref = r.said->>'manager_name'
"""
BY_EMAIL = f"""
UPDATE import_record r SET manager_id = f.id
FROM (
    SELECT t.said->>'email' AS email, t.subject_id AS id FROM import_record t
    WHERE {things(Type.PERSON, "t")} AND t.said->>'email' IS NOT NULL
    UNION ALL
    SELECT p.email, p.id FROM person p WHERE p.email IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM import_record t WHERE {things(Type.PERSON, "t")} AND t.said->>'email' IS NOT NULL
          AND (t.said->>'email' = p.email OR t.subject_id = p.id))
) f
WHERE {PEOPLE} AND r.manager_id IS NULL AND f.email = lower(r.said->>'manager_name')
"""
BY_NAME = f"""
WITH named AS (
    SELECT lower(t.said->>'name') AS name, t.subject_id AS id FROM import_record t WHERE {things(Type.PERSON, "t")}
    UNION
    SELECT lower(p.name), p.id FROM import_map m JOIN person p ON p.id = m.subject_id
    WHERE m.source = {SOURCE} AND m.type = 'person' AND p.active
      AND NOT EXISTS (SELECT 1 FROM import_record t WHERE {things(Type.PERSON, "t")} AND t.subject_id = p.id)
), only_one AS (
    SELECT name, (array_agg(id))[1] AS id, count(*) AS bearers FROM named GROUP BY name
)
UPDATE import_record r SET manager_id = CASE WHEN o.bearers = 1 THEN o.id END
FROM only_one o
WHERE {PEOPLE} AND r.manager_id IS NULL AND o.name = lower(r.said->>'manager_name')
RETURNING r.line, r.external_id, r.said->>'manager_name' AS manager, o.bearers
"""
UNNAMED = f"""
SELECT r.line, r.external_id, r.said->>'manager_name' AS manager FROM import_record r
WHERE {PEOPLE} AND r.said->>'manager_name' IS NOT NULL AND r.manager_id IS NULL AND r.external_id <> ALL($2::text[])
"""


async def settle_unique(run: uuid.UUID, fields: Collection[str], report: Report) -> None:
    """Leave out addresses and employee ids that several records have, or somebody else."""
    for field, code in UNIQUE.items():
        if field not in fields:
            continue
        for statement in (DROP_SHARED, DROP_TAKEN):
            for row in await db.rows(statement.format(field=field), run):
                what = "An address" if field == "email" else "An employee id"
                message = f"{row['value']} is somebody else's too: it was left out. {what} belongs to one person."
                report.warn(row["line"], row["external_id"], code, field, message)


async def settle_managers(run: uuid.UUID, fields: Collection[str], report: Report) -> None:
    """Find out whom people mean who name a manager by id, address or name."""
    if "manager_name" not in fields:
        return
    await db.execute(BY_ID, run)
    await db.execute(BY_EMAIL, run)
    ambiguous = [row for row in await db.rows(BY_NAME, run) if row["bearers"] > 1]
    for row in ambiguous:
        message = f"{row['bearers']} people are called {row['manager']}: the manager was left out. Name them by id."
        report.error(row["line"], row["external_id"], Code.AMBIGUOUS_REF, "manager", message)
    for row in await db.rows(UNNAMED, run, [row["external_id"] for row in ambiguous]):
        report.error(row["line"], row["external_id"], Code.UNKNOWN_REF, "manager", unknown(row["manager"], "manager"))


def unknown(ref: str, what: str) -> str:
    """The sentence for a reference that leads nowhere."""
    return f"There is no {ref}, in the file or from before: the {what} was left out. Correct it."
