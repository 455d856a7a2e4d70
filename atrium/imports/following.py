"""Today's rows as the facts have them, what goes with that, and who is told: the last part of an import."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from atrium.imports.profiles import APPLIES, DIFFERS, NEW_VALUES
from atrium.imports.report import Report
from atrium.imports.settling import UNIQUE
from atrium.imports.sql import DAY, SOURCE
from models import belonging, consequences, conversation_members, db, heirs, today
from models.audiences import AudienceKind
from models.log import lock_stream
from models.positions import on
from models.rules import Changes, follow_reporting
from models.skills import CATALOGUE
from models.today import Followed
from resolvers.conversation_members import parting_told as leaving_told
from resolvers.heirs import parting_told
from subscriptions import log
from subscriptions.events import Event
from subscriptions.org import PositionChanged, UnitChanged, UnitCreated, UnitDissolved
from subscriptions.people import PersonChanged, PersonDeactivated, PersonJoined
from subscriptions.rules import memberships_told
from subscriptions.session import AccessRevoked, RightsChanged

BATCH = 1_000  # events written at a time

# Whom a run may change anything for. Those who only have another manager are told of, though their row stays.
TOUCH = f"""
INSERT INTO import_touch (run_id, person_id, record_id, is_told)
SELECT $1, person_id, max(record_id), bool_or(told) FROM (
    SELECT subject_id AS person_id, id AS record_id, false AS told FROM import_record
    WHERE run_id = $1 AND type = 'person' AND is_thing AND (NOT is_same OR outcome <> 'unchanged')
    UNION ALL
    SELECT person_id, NULL, false FROM import_fact
    WHERE run_id = $1 AND fact IN ('member', 'holding', 'leave', 'absent') AND NOT same AND person_id IS NOT NULL
    UNION ALL
    SELECT h.person_id, NULL, f.fact = 'solid' AND f.day <= $2 AND {on("h", "$2")}
    FROM import_fact f JOIN holding h ON h.position_id = f.position_id
    WHERE f.run_id = $1 AND f.fact IN ('position', 'end_position', 'solid') AND NOT f.same
      AND h.person_id IS NOT NULL AND h.valid_to > least({DAY}, $2)
) x GROUP BY person_id
"""

PEOPLE = "import_touch t JOIN import_record r ON r.id = t.record_id"
THESE = "t.run_id = $1 AND t.id > $3 AND t.id <= $4"
# What changes hands is let go of before it is taken.
LET_GO = f"""
UPDATE person p SET {{field}} = NULL
FROM {PEOPLE}, import_map m JOIN import_record o
  ON o.run_id = $1 AND o.type = 'person' AND o.is_thing AND o.external_id = m.external_id
WHERE {THESE} AND {APPLIES} AND p.{{field}} = r.said->>'{{field}}' AND p.id <> r.subject_id
  AND m.subject_id = p.id AND m.source = {SOURCE} AND m.type = 'person'
  AND o.said ? '{{field}}' AND o.said->>'{{field}}' IS DISTINCT FROM p.{{field}}
"""
DROP_TAKEN = f"""
UPDATE import_record s SET said = s.said - '{{field}}'
FROM {PEOPLE} JOIN person p ON p.{{field}} = r.said->>'{{field}}' AND p.id <> r.subject_id
WHERE {THESE} AND $2::date IS NOT NULL AND s.id = r.id RETURNING s.line, s.external_id, old.said->>'{{field}}' AS value
"""
UPDATE = f"""
UPDATE person p SET {", ".join(f"{column} = {value}" for column, value in NEW_VALUES.items())}, updated_at = $5
FROM {PEOPLE} WHERE {THESE} AND p.id = r.subject_id AND {APPLIES} AND {DIFFERS}
RETURNING p.id, old.location IS DISTINCT FROM new.location AS relocated, r.is_new
"""
REMEMBER = f"""
UPDATE import_map m SET content_hash = CASE WHEN r.is_gone THEN '' ELSE r.content_hash END, effective_on = {DAY}
FROM {PEOPLE} WHERE {THESE} AND {APPLIES} AND NOT r.is_same
  AND m.source = {SOURCE} AND m.type = 'person' AND m.external_id = r.external_id
"""
SKILLS = f"""{PEOPLE}
CROSS JOIN LATERAL jsonb_to_recordset(
    CASE jsonb_typeof(r.said->'skills') WHEN 'array' THEN r.said->'skills' ELSE '[]' END) AS k(name text, key text)
WHERE {THESE} AND NOT r.is_same AND {APPLIES} AND k.key <> ''"""
HAS_SKILLS = f"SELECT EXISTS (SELECT 1 FROM {PEOPLE} WHERE {THESE} AND $2::date IS NOT NULL AND r.said ? 'skills')"
ADD_SKILLS = f"""
INSERT INTO skill (id, name, key, version, created_at)
SELECT DISTINCT ON (k.key) uuidv7(), k.name, k.key, 1, $5 FROM {SKILLS}
  AND NOT EXISTS (SELECT 1 FROM skill_synonym y WHERE y.key = k.key)
  AND NOT EXISTS (SELECT 1 FROM skill s WHERE s.key = k.key)
ORDER BY k.key, r.line, k.name
ON CONFLICT (key) DO NOTHING
"""
GIVE_SKILLS = f"""
INSERT INTO person_skill (id, person_id, skill_id, created_at)
SELECT uuidv7(), x.person_id, x.skill_id, $5 FROM (
    SELECT DISTINCT r.subject_id AS person_id, coalesce(
        (SELECT s.id FROM skill s WHERE s.key = k.key),
        (SELECT y.skill_id FROM skill_synonym y WHERE y.key = k.key)) AS skill_id
    FROM {SKILLS}
) x
ON CONFLICT (person_id, skill_id) DO NOTHING
"""
TOUCHED = """
SELECT t.person_id, t.is_told, coalesce(r.is_new, false) AS is_new FROM import_touch t
LEFT JOIN import_record r ON r.id = t.record_id WHERE t.run_id = $1 AND t.id > $2 AND t.id <= $3 ORDER BY t.person_id
"""
RAISE = "UPDATE person SET version = version + 1 WHERE id = ANY($1::uuid[])"

END_ACCESS = "DELETE FROM access WHERE person_id = ANY($1::uuid[]) RETURNING person_id, id"
END_CODES = "DELETE FROM one_time_code WHERE person_id = ANY($1::uuid[])"
# Whoever comes back brings nothing of before: no way in, no role, nothing that was shared with them by name.
FORGET = (
    *(f"DELETE FROM {table} WHERE person_id = ANY($1::uuid[])" for table in ("credential", "access", "one_time_code")),
    "DELETE FROM role_grant WHERE person_id = ANY($1::uuid[])",
    "DELETE FROM membership WHERE person_id = ANY($1::uuid[]) AND status <> 'BANNED'",
    "DELETE FROM delegate WHERE person_id = ANY($1::uuid[]) OR delegate_id = ANY($1::uuid[])",
    "DELETE FROM audience_member m USING audience a WHERE m.person_id = ANY($1::uuid[]) AND a.id = m.audience_id"
    f" AND a.kind NOT IN ('{AudienceKind.LOCATION}', '{AudienceKind.CONVERSATION}')",
)
NEW_EPOCH = "UPDATE person SET auth_epoch = auth_epoch + 1 WHERE id = ANY($1::uuid[])"

CHANGED_UNITS = """
SELECT DISTINCT unit_id FROM import_fact WHERE run_id = $1 AND fact IN ('unit', 'end_unit') AND NOT same
UNION
SELECT u.id FROM org_unit u JOIN import_fact f ON f.person_id IN (u.head_id, u.deputy_id)
WHERE f.run_id = $1 AND f.fact IN ('leave', 'absent') AND NOT f.same
"""
CHANGED_POSITIONS = """
SELECT DISTINCT position_id FROM import_fact
WHERE run_id = $1 AND fact IN ('position', 'holding', 'end_position', 'vacated') AND NOT same AND id > $2 AND id <= $3
"""


async def touch(run: uuid.UUID, day: date) -> None:
    """Note the people for whom a run may change anything. Before anything is written."""
    await db.execute(TOUCH, run, day)


async def follow_units(run: uuid.UUID, day: date, now: datetime) -> None:
    """Today's units and the tree; those who lead them have other rights. Wants a transaction."""
    units = [row[0] for row in await db.rows(CHANGED_UNITS, run)]
    await consequences.keep_members(units, day)
    before = await consequences.active_units(units)
    followed = await today.follow(day, now, units=units)
    changed = [unit["id"] for unit in followed.units]
    after = await consequences.active_units(changed)
    kinds = {(False, True): UnitCreated, (True, False): UnitDissolved, (True, True): UnitChanged}
    events = [kinds[unit in before, unit in after](unit) for unit in changed if unit in before or unit in after]
    await _tell(events, now)
    leaders = {
        id
        for unit in followed.units
        for role in ("head_id", "deputy_id")
        if unit[f"old_{role}"] != unit[role]
        for id in (unit[f"old_{role}"], unit[role])
        if id
    }
    await db.execute(NEW_EPOCH, list(leaders))
    await _tell([RightsChanged(id) for id in sorted(leaders)], now, quiet=False)
    await _tell_of_belonging(followed.belonging, now)


async def follow_people(run: uuid.UUID, after: int, last: int, day: date, now: datetime, report: Report) -> None:
    """Today's people of a stretch of those who were noted, and all that goes with them. Wants a transaction."""
    these = (run, day, after, last)
    if await db.value(HAS_SKILLS, *these):
        await lock_stream(CATALOGUE)
    # Nobody else may take an address meanwhile; readers are not held up.
    await db.execute("LOCK TABLE person IN SHARE ROW EXCLUSIVE MODE")
    await _settle_unique(these, report)
    updated = await db.rows(UPDATE, *these, now)
    await db.execute(ADD_SKILLS, *these, now)
    await db.execute(GIVE_SKILLS, *these, now)
    await db.execute(REMEMBER, *these)
    touched = await db.rows(TOUCHED, run, after, last)
    followed = await today.follow(day, now, people=[row["person_id"] for row in touched])
    seen = {person["id"] for person in followed.people}
    changed = {row["id"] for row in updated if not row["is_new"]} - seen
    await db.execute(RAISE, list(changed))
    relocated = {row["id"] for row in updated if row["relocated"]}
    await _tell_of_belonging(await belonging.follow([*relocated], day, now, placed=[*relocated]), now)
    new = {row["person_id"] for row in touched if row["is_new"]}
    told = {row["person_id"] for row in touched if row["is_told"]}
    await _tell_of_people(followed, new, changed | told, relocated, day, now)
    await _tell([PositionChanged(position["id"]) for position in followed.positions], now)


async def follow_positions(run: uuid.UUID, after: int, last: int, day: date, now: datetime) -> None:
    """Today's positions of a stretch of the changes. Those who hold them have followed by then. Wants a transaction."""
    positions = [row[0] for row in await db.rows(CHANGED_POSITIONS, run, after, last)]
    changed = await db.rows(today.POSITIONS, day, positions)
    await _tell([PositionChanged(row["id"]) for row in changed], now)


async def follow_reports(day: date, now: datetime) -> None:
    """The rules that ask who leads people, after all lines and holders have changed. Wants a transaction."""
    await _tell_of_belonging(await belonging.renewed(await follow_reporting(day, now)), now)


async def _settle_unique(these: tuple[uuid.UUID, date, int, int], report: Report) -> None:
    for field, code in UNIQUE.items():
        await db.execute(LET_GO.format(field=field), *these)
        for row in await db.rows(DROP_TAKEN.format(field=field), *these):
            message = f"{row['value']} has become somebody else's meanwhile: it was left out."
            report.warn(row["line"], row["external_id"], code, field, message)


async def _tell_of_people(
    followed: Followed,
    new: set[uuid.UUID],
    changed: set[uuid.UUID],
    relocated: set[uuid.UUID],
    day: date,
    now: datetime,
) -> None:
    joined = [person["id"] for person in followed.people if person["joined"]]
    others = {person["id"] for person in followed.people if not person["joined"] and not person["left"]}
    back = [id for id in joined if id not in new]
    for statement in FORGET if back else ():
        await db.execute(statement, back)
    # What they belong to by what they are now was forgotten, too, with what was theirs before.
    returned = await belonging.follow(back, day, now, placed=back, joined=back) if back else []
    await _tell([PersonJoined(id) for id in sorted(joined)], now)
    await _tell([PersonChanged(id) for id in sorted((others | changed) - {*joined, *followed.left})], now)
    await _tell([PersonDeactivated(id) for id in sorted(followed.left)], now)
    # Not quiet: whoever is signed in must not keep sight of what they have just lost.
    moved = {person["id"] for person in followed.people if person["moved"]} | relocated
    await _tell([RightsChanged(id) for id in sorted(moved - new)], now, quiet=False)
    await _tell_of_belonging([*followed.belonging, *returned], now)
    if followed.left:
        await db.execute(END_CODES, followed.left)
        ended = await db.rows(END_ACCESS, followed.left)
        await _tell([AccessRevoked(row["person_id"], row["id"]) for row in ended], now, quiet=False)
        await _inherit(followed.left, now)


async def _inherit(left: Sequence[uuid.UUID], now: datetime) -> None:
    """Let the groups and conversations of those who have left go on without them."""
    await _tell(leaving_told(await conversation_members.part(left, now)), now)
    parted = await heirs.part(left, now)
    inheriting = sorted({heir["person_id"] for heir in parted.heirs})
    await db.execute(NEW_EPOCH, inheriting)
    await _tell(parting_told(parted), now)
    await _tell([RightsChanged(id) for id in inheriting], now, quiet=False)


async def _tell_of_belonging(changes: Changes, now: datetime) -> None:
    await _tell(memberships_told(changes), now)
    await _tell([RightsChanged(id) for id in sorted({one["person_id"] for one in changes})], now, quiet=False)


async def _tell(events: Iterable[Event], now: datetime, *, quiet: bool = True) -> None:
    told: Sequence[Event] = list(events)
    for start in range(0, len(told), BATCH):
        await log.append(told[start : start + BATCH], actor=None, now=now, quiet=quiet)
