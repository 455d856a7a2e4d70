"""Who follows whom, and who wants nothing to do with whom."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models import db
from models.keys import uuid7


class Follow(Model):
    """`follower_id` wants to hear of what `person_id` publishes."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    follower_id = fields.UUIDField()
    person_id = fields.UUIDField(db_index=True)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "follow"
        unique_together = (("follower_id", "person_id"),)


class Block(Model):
    """`blocker_id` has blocked `person_id`, who is not told."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    blocker_id = fields.UUIDField()
    person_id = fields.UUIDField(db_index=True)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "block"
        unique_together = (("blocker_id", "person_id"),)


FOLLOW = """
INSERT INTO follow (id, follower_id, person_id, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (follower_id, person_id) DO NOTHING
"""
BLOCK = """
INSERT INTO block (id, blocker_id, person_id, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (blocker_id, person_id) DO NOTHING
"""
UNFOLLOW_BETWEEN = """
DELETE FROM follow WHERE follower_id = $1 AND person_id = $2 OR follower_id = $2 AND person_id = $1
"""


async def follow(follower: uuid.UUID, person: uuid.UUID, now: datetime) -> bool:
    """Follow somebody; False where they did so before."""
    return await db.execute(FOLLOW, uuid7(), follower, person, now) == 1


async def block(blocker: uuid.UUID, person: uuid.UUID, now: datetime) -> bool:
    """Block somebody; False where they had done so before."""
    return await db.execute(BLOCK, uuid7(), blocker, person, now) == 1


async def unfollow_between(one: uuid.UUID, other: uuid.UUID) -> None:
    """Neither of two people follows the other any more."""
    await db.execute(UNFOLLOW_BETWEEN, one, other)


async def followed(follower: uuid.UUID, people: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Whom of these people somebody follows."""
    sql = "SELECT person_id FROM follow WHERE follower_id = $1 AND person_id = ANY($2::uuid[])"
    return {r["person_id"] for r in await db.rows(sql, follower, people)}


async def blocked(blocker: uuid.UUID, people: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Whom of these people somebody has blocked."""
    sql = "SELECT person_id FROM block WHERE blocker_id = $1 AND person_id = ANY($2::uuid[])"
    return {r["person_id"] for r in await db.rows(sql, blocker, people)}


async def blockers(one: uuid.UUID, other: uuid.UUID) -> set[uuid.UUID]:
    """Who of two people has blocked the other."""
    sql = "SELECT blocker_id FROM block WHERE blocker_id = $1 AND person_id = $2 OR blocker_id = $2 AND person_id = $1"
    return {r["blocker_id"] for r in await db.rows(sql, one, other)}
