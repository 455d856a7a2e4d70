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

DUE = "SELECT * FROM timer WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED"


async def set_timer(kind: str, key: str, due_at: datetime, subject: uuid.UUID | None = None) -> None:
    """Have `kind` done at `due_at`; the same key again moves it. Wants the transaction of its cause."""
    await db.execute(SET, uuid7(), kind, f"{kind}:{key}", subject, due_at)


async def due(now: datetime, limit: int) -> list[asyncpg.Record]:
    """Timers whose time has come, locked for this transaction; those that another worker holds are passed over."""
    return await db.rows(DUE, now, limit)
