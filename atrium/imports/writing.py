"""From the temporary tables into the lasting ones: units, people, their audiences, what ends, and the events of it all.

All of it wants the transaction that has staged and judged the rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from atrium.imports.report import Progress
from atrium.imports.staging import NEW_VALUES
from models import audiences, db, org
from subscriptions import log
from subscriptions.events import Event
from subscriptions.people import PersonChanged, PersonDeactivated, PersonJoined
from subscriptions.session import AccessRevoked, RightsChanged

BATCH = 1_000  # events written at a time

INSERT_UNITS = """
INSERT INTO org_unit (id, name, parent_id, version, created_at)
SELECT id, name, parent_id, 1, $1 FROM staged_unit WHERE is_new
"""
MAP_UNITS = """
INSERT INTO import_map (source, type, external_id, subject_id, content_hash)
SELECT $1, 'org_unit', key, id, sha256(convert_to(key, 'UTF8')) FROM staged_unit WHERE is_new
ON CONFLICT (source, type, external_id) DO UPDATE SET subject_id = excluded.subject_id
"""

# Addresses that change hands are let go of before they are taken.
FREE_EMAILS = """
UPDATE person p SET email = NULL FROM staged_person s
WHERE p.id = s.id AND s.email IS NOT NULL AND p.email IS NOT NULL AND p.email <> s.email
"""
INSERT_PEOPLE = """
INSERT INTO person (id, name, email, title, bio, pronouns, location, unit_id, manager_id, is_guest, active, auth_epoch,
                    version, created_at, updated_at)
SELECT id, name, email, coalesce(title, ''), coalesce(bio, ''), pronouns, location, unit_id, manager_id, false,
       coalesce(active, true), 0, 1, $1, $1
FROM staged_person WHERE outcome = 'created'
"""
UPDATE_PEOPLE = f"""
UPDATE person p SET {", ".join(f"{column} = {value}" for column, value in NEW_VALUES.items())},
    version = p.version + 1, updated_at = $1, auth_epoch = p.auth_epoch + (s.outcome = 'deactivated')::int
FROM staged_person s WHERE p.id = s.id AND s.outcome IN ('updated', 'deactivated')
"""
MAP_PEOPLE = """
INSERT INTO import_map (source, type, external_id, subject_id, content_hash)
SELECT $1, 'person', external_id, id, content_hash FROM staged_person WHERE NOT is_same
ON CONFLICT (source, type, external_id) DO UPDATE
SET subject_id = excluded.subject_id, content_hash = excluded.content_hash
"""
CHANGED = "SELECT id, outcome, moves FROM staged_person WHERE outcome <> 'unchanged' ORDER BY line"

DEACTIVATE = """
UPDATE person SET active = false, version = version + 1, updated_at = $2, auth_epoch = auth_epoch + 1
WHERE id = ANY($1::uuid[]) AND active RETURNING id
"""
MARK_ABSENT = """
UPDATE import_map SET content_hash = '' WHERE source = $1 AND type = 'person' AND subject_id = ANY($2::uuid[])
"""
END_ACCESS = "DELETE FROM access WHERE person_id = ANY($1::uuid[]) RETURNING person_id, id"
END_CODES = "DELETE FROM one_time_code WHERE person_id = ANY($1::uuid[])"


async def write(source: str, absent: Sequence[uuid.UUID], now: datetime, progress: Progress) -> None:
    """Make the lasting tables as the staged ones say; `absent` people of the source have their accounts closed."""
    progress(0, 1, "writing")
    await _write_units(source, now)
    await db.execute(FREE_EMAILS)
    await db.execute(INSERT_PEOPLE, now)
    await db.execute(UPDATE_PEOPLE, now)
    await db.execute(MAP_PEOPLE, source)
    closed = [row["id"] for row in await db.rows(DEACTIVATE, absent, now)]
    await db.execute(MARK_ABSENT, source, absent)
    changed = await db.rows(CHANGED)
    await audiences.follow_locations([*(row["id"] for row in changed), *closed])
    closed += [row["id"] for row in changed if row["outcome"] == "deactivated"]
    await _tell([PersonJoined(row["id"]) for row in changed if row["outcome"] == "created"], now)
    await _tell([PersonChanged(row["id"]) for row in changed if row["outcome"] == "updated"], now)
    await _tell([PersonDeactivated(id) for id in closed], now)
    moved = [row["id"] for row in changed if row["outcome"] == "updated" and row["moves"]]
    # Not quiet: whoever is signed in must not keep sight of what they have just lost.
    await _tell([RightsChanged(id) for id in moved], now, quiet=False)
    await _tell(await _end_access(closed), now, quiet=False)
    progress(1, 1, "writing")


async def _write_units(source: str, now: datetime) -> None:
    if await db.execute(INSERT_UNITS, now):
        await db.execute(MAP_UNITS, source)
        await org.rebuild_closure()


async def _end_access(people: Collection[uuid.UUID]) -> list[Event]:
    """Close the sessions, tokens and codes of these people; the events that tell of it."""
    await db.execute(END_CODES, people)
    return [AccessRevoked(row["person_id"], row["id"]) for row in await db.rows(END_ACCESS, people)]


async def _tell(events: Sequence[Event], now: datetime, *, quiet: bool = True) -> None:
    for start in range(0, len(events), BATCH):
        await log.append(events[start : start + BATCH], actor=None, now=now, quiet=quiet)
