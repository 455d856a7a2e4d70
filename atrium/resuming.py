"""Timers that follow from rows, set for rows that came in otherwise than by the actions that set them."""

from __future__ import annotations

from datetime import datetime

from models import db
from resolvers.admissions import INVITATION
from resolvers.group_ends import PURGE
from resolvers.guests import EXPIRY
from resolvers.publishing import PUBLISH
from resolvers.readings import EARLY, REMINDER
from resolvers.retention import EXPIRE
from resolvers.survey_life import CLOSING, OPENING
from resolvers.survey_moving import COUNT, MOVE
from resolvers.survey_quizzes import ATTEMPT_DUE
from resolvers.survey_reminders import EARLY as DAY_BEFORE
from resolvers.survey_reminders import LONG
from resolvers.survey_reminders import REMINDER as SURVEY_REMINDER
from resolvers.survey_series import ROUND

SET = """
INSERT INTO timer (id, kind, key, subject_id, due_at, tries, error)
SELECT uuidv7(), t.kind, t.kind || ':' || t.key, t.subject_id, t.due_at, 0, '' FROM ({due}) t
ON CONFLICT (key) DO NOTHING
"""


async def resume_timers(now: datetime) -> None:
    """Set what is to happen by what the rows say. Wants the transaction that wrote them."""
    await db.execute(SET.format(due=SCHEDULED), PUBLISH)
    await db.execute(SET.format(due=READINGS), REMINDER, now, EARLY)
    await db.execute(SET.format(due=INVITATIONS), INVITATION)
    await db.execute(SET.format(due=STAYS), EXPIRY)
    await db.execute(SET.format(due=PURGES), PURGE)
    await db.execute(SET.format(due=RETENTIONS), EXPIRE, now)
    await _resume_surveys(now)


async def _resume_surveys(now: datetime) -> None:
    """What has passed meanwhile is done at once, but for reminders."""
    await db.execute(SET.format(due=SURVEY_OPENINGS), OPENING)
    await db.execute(SET.format(due=SURVEY_CLOSINGS), CLOSING)
    await db.execute(SET.format(due=SURVEY_REMINDERS), SURVEY_REMINDER, now, DAY_BEFORE, LONG)
    await db.execute(SET.format(due=SURVEY_MOVES), MOVE, now)
    await db.execute(SET.format(due=SURVEY_COUNTS), COUNT, now)
    await db.execute(SET.format(due=ATTEMPTS), ATTEMPT_DUE)
    await db.execute(SET.format(due=ROUNDS), ROUND)


# Each as kind, key, subject and moment, with the keys that the actions give them; where an invitation has a second
# timer all the same, it finds nothing left to end.
SCHEDULED = """
SELECT $1::text AS kind, id::text AS key, id AS subject_id, scheduled_at AS due_at FROM post WHERE status = 'SCHEDULED'
"""
READINGS = """
SELECT $1::text AS kind, m.id || w.which AS key, m.id AS subject_id, m.due_at - w.before AS due_at
FROM must_read m CROSS JOIN (VALUES (':due', interval '0'), (':early', $3::interval)) w(which, before)
WHERE m.waived_at IS NULL AND m.due_at - w.before > $2::timestamptz
"""
INVITATIONS = """
SELECT DISTINCT $1::text AS kind, group_id || ':' || expires_at AS key, group_id AS subject_id, expires_at AS due_at
FROM membership WHERE status = 'INVITED' AND expires_at IS NOT NULL
"""
STAYS = """
SELECT $1::text AS kind, id::text AS key, id AS subject_id, expires_at AS due_at
FROM person WHERE is_guest AND active AND expires_at IS NOT NULL
"""
PURGES = """
SELECT $1::text AS kind, id::text AS key, id AS subject_id, purge_at AS due_at FROM groups WHERE purge_at IS NOT NULL
"""
RETENTIONS = """
SELECT $1::text AS kind, id::text AS key, id AS subject_id, $2::timestamptz AS due_at
FROM conversation WHERE retention_days IS NOT NULL
"""
SURVEY_OPENINGS = """
SELECT $1::text AS kind, id::text AS key, id AS subject_id, opens_at AS due_at FROM survey
WHERE status = 'SCHEDULED' AND opens_at IS NOT NULL
"""
SURVEY_CLOSINGS = """
SELECT $1::text AS kind, id::text AS key, id AS subject_id, closes_at AS due_at FROM survey
WHERE status = 'OPEN' AND closes_at IS NOT NULL
"""
SURVEY_REMINDERS = """
SELECT $1::text AS kind, id::text AS key, id AS subject_id, closes_at - $3::interval AS due_at FROM survey
WHERE status = 'OPEN' AND closes_at - opened_at > $4::interval AND closes_at - $3::interval > $2::timestamptz
"""
SURVEY_MOVES = """
SELECT $1::text AS kind, s.id::text AS key, s.id AS subject_id, $2::timestamptz AS due_at
FROM survey s JOIN survey_key k ON k.id = s.id WHERE s.status = 'OPEN'
"""
SURVEY_COUNTS = """
SELECT $1::text AS kind, id::text AS key, id AS subject_id, $2::timestamptz AS due_at
FROM survey WHERE status IN ('CLOSED', 'ARCHIVED') AND counted_at IS NULL
"""
ATTEMPTS = """
SELECT $1::text AS kind, r.id::text AS key, r.id AS subject_id, least(r.due_at, s.closes_at) AS due_at
FROM survey_response r JOIN survey s ON s.id = r.survey_id
WHERE s.status = 'OPEN' AND s.kind = 'QUIZ' AND r.submitted_at IS NULL AND r.due_at IS NOT NULL
"""
ROUNDS = """
SELECT $1::text AS kind, id::text AS key, id AS subject_id, next_at AS due_at FROM survey_series
WHERE next_at IS NOT NULL
"""
