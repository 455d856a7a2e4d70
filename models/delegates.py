"""Delegates: who may write in somebody's name, because that person said so."""

from __future__ import annotations

import uuid
from datetime import datetime

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


async def allow(person: uuid.UUID, delegate: uuid.UUID, now: datetime) -> bool:
    """Let somebody write in a person's name; False where they could already."""
    return bool(await db.execute(ALLOW, person, delegate, now))
