"""One-time codes: they bring a new person, an invited guest or a reset to choosing a password."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from auth import secrets
from models import db
from models.keys import uuid7
from models.session import CodePurpose

LIFETIMES = {CodePurpose.ACTIVATE: timedelta(days=14), CodePurpose.RESET: timedelta(minutes=30)}

_LOCK = "SELECT 1 FROM person WHERE id = $1 FOR NO KEY UPDATE"
_VOID = "DELETE FROM one_time_code WHERE person_id = $1"
_ISSUE = """
INSERT INTO one_time_code (id, person_id, purpose, code_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
_LOOK = "SELECT person_id, purpose FROM one_time_code WHERE code_hash = $1 AND expires_at > $2"
_REDEEM = "DELETE FROM one_time_code WHERE code_hash = $1 AND expires_at > $2 RETURNING person_id, purpose"
_PURGE = "DELETE FROM one_time_code WHERE expires_at <= $1"


@dataclass(frozen=True, slots=True)
class Coded:
    """Whom a code is for, and to do what."""

    person: uuid.UUID
    purpose: CodePurpose


async def issue(person: uuid.UUID, purpose: CodePurpose, now: datetime) -> str:
    """A new code, to be shown once; older ones of the person are void from now on."""
    code = secrets.new_code()
    async with db.transaction():
        await db.execute(_LOCK, person)  # two issued at once: only the later one stays
        await db.execute(_VOID, person)
        await db.execute(_ISSUE, uuid7(), person, purpose, _digest(code), now, now + LIFETIMES[purpose])
    return code


async def look(code: str, now: datetime) -> Coded | None:
    """Whom a live code is for, without using it up."""
    return _coded(await db.row(_LOOK, _digest(code), now))


async def redeem(code: str, now: datetime) -> Coded | None:
    """Use a code up: of any number of tries at the same time one succeeds. Undone with the caller's transaction."""
    return _coded(await db.row(_REDEEM, _digest(code), now))


async def purge(now: datetime) -> int:
    """Delete expired codes; how many."""
    return await db.execute(_PURGE, now)


def _coded(found: asyncpg.Record | None) -> Coded | None:
    return Coded(found["person_id"], CodePurpose(found["purpose"])) if found else None


def _digest(code: str) -> str:
    return secrets.digest(secrets.typed_code(code) or "")  # no code is empty, so none has this digest
