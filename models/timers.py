"""What must happen later, kept in the database until it has happened."""

from __future__ import annotations

import uuid
from datetime import datetime

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7


class Timer(Model):
    """One thing to do at `due_at`. `key` makes setting it twice the same as once."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    kind = fields.CharField(max_length=60)
    key = fields.CharField(max_length=200, unique=True)
    subject_id = fields.UUIDField(null=True)
    due_at = fields.DatetimeField(db_index=True)
    tries = fields.IntField(default=0)
    error = fields.TextField(default="")

    class Meta(Model.Meta):
        table = "timer"


SET = """
INSERT INTO timer (id, kind, key, subject_id, due_at, tries, error) VALUES ($1, $2, $3, $4, $5, 0, '')
ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at, tries = 0, error = ''
"""

# Whoever takes a timer has it for a while; if they die with it, it is due again then.
TAKE = """
UPDATE timer SET due_at = $2, tries = tries + 1
WHERE id IN (SELECT id FROM timer WHERE due_at <= $1 ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING new.*, old.due_at AS was_due_at
"""

# Only of the try that was taken: set anew it has no tries, taken by another worker it has more.
FINISH = "DELETE FROM timer WHERE id = $1 AND tries = $2"
PUT_OFF = "UPDATE timer SET error = $3, due_at = $4 WHERE id = $1 AND tries = $2"
TRIES = "SELECT tries FROM timer WHERE id = $1"


async def set_timer(kind: str, key: str, due_at: datetime, subject: uuid.UUID | None = None) -> None:
    """Have `kind` done at `due_at`; the same key again moves it. Wants the transaction of its cause."""
    await db.execute(SET, uuid7(), kind, f"{kind}:{key}", subject, due_at)


async def take(now: datetime, until: datetime, limit: int) -> list[asyncpg.Record]:
    """Timers whose time has come, for the caller alone until `until`; `tries` counts this one."""
    return sorted(await db.rows(TAKE, now, until, limit), key=lambda timer: timer["was_due_at"])


async def finish(timer: asyncpg.Record) -> bool:
    """Delete a timer that was taken, unless it was set anew meanwhile; False where another worker has taken it since.

    Wants the transaction of its effect.
    """
    return bool(await db.execute(FINISH, timer["id"], timer["tries"])) or await db.value(TRIES, timer["id"]) == 0


async def put_off(timer: asyncpg.Record, error: str, due_at: datetime) -> None:
    """Have a timer that failed tried again at `due_at`."""
    await db.execute(PUT_OFF, timer["id"], timer["tries"], error, due_at)
