"""Delegates: who may write in somebody's name, because that person said so."""

from __future__ import annotations

import uuid
from datetime import datetime

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db

DELEGATES_MAX = 20  # of one person


class Delegate(Model):
    """`delegate_id` may publish posts in the name of `person_id`; the posts keep both."""

    id = fields.BigIntField(primary_key=True, generated=True)
    person_id = fields.UUIDField()
    delegate_id = fields.UUIDField(db_index=True)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "delegate"
        unique_together = (("person_id", "delegate_id"),)


ALLOW = """
INSERT INTO delegate (person_id, delegate_id, created_at) VALUES ($1, $2, $3)
ON CONFLICT (person_id, delegate_id) DO NOTHING
"""


BETWEEN = """
DELETE FROM delegate WHERE person_id = $1 AND delegate_id = $2 OR person_id = $2 AND delegate_id = $1
RETURNING person_id, delegate_id
"""
FORGET = "DELETE FROM delegate WHERE person_id = $1 OR delegate_id = $1"


async def allow(person: uuid.UUID, delegate: uuid.UUID, now: datetime) -> bool:
    """Let somebody write in a person's name; False where they could already."""
    return bool(await db.execute(ALLOW, person, delegate, now))


async def withdraw_between(one: uuid.UUID, other: uuid.UUID) -> list[asyncpg.Record]:
    """Neither of two people may write in the other's name any more; who could: `person_id`, `delegate_id`."""
    return await db.rows(BETWEEN, one, other)


async def forget(person: uuid.UUID) -> None:
    """Nobody writes in this person's name any more, nor this person in anybody's."""
    await db.execute(FORGET, person)
