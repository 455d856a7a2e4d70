"""Reactions: a person's emoji on a post, a comment or a message; each once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.emoji import EMOJI_MAX

KINDS_MAX = 50  # different emoji on one subject


class Reaction(Model):
    """One emoji of one person on one subject, whose audience it shares."""

    id = fields.BigIntField(primary_key=True, generated=True)
    subject_id = fields.UUIDField()
    person_id = fields.UUIDField()
    emoji = fields.CharField(max_length=EMOJI_MAX)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "reaction"
        unique_together = (("subject_id", "emoji", "person_id"),)


REACT = """
INSERT INTO reaction (subject_id, person_id, emoji, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (subject_id, emoji, person_id) DO NOTHING RETURNING id
"""

COUNTS = """
SELECT subject_id, emoji, count(*) AS count, bool_or(person_id = $2) AS viewer_has_reacted FROM reaction
WHERE subject_id = ANY($1::uuid[]) GROUP BY subject_id, emoji ORDER BY subject_id, count(*) DESC, min(id)
"""

KINDS = """
SELECT count(DISTINCT emoji), coalesce(bool_or(emoji = $2), false) FROM reaction WHERE subject_id = $1
"""


FORGET_THREAD = """
DELETE FROM reaction WHERE subject_id = $1 OR subject_id IN (SELECT c.id FROM comment c WHERE c.post_id = $1)
"""


async def react(subject: uuid.UUID, person: uuid.UUID, emoji: str, now: datetime) -> int | None:
    """React once; the key of the new row, None where the person had done so before."""
    return await db.value(REACT, subject, person, emoji, now)


async def is_room(subject: uuid.UUID, emoji: str) -> bool:
    """Whether a subject may have this emoji: it has it already, or fewer than `KINDS_MAX` others."""
    found = await db.row(KINDS, subject, emoji)
    return found is None or found[1] or found[0] < KINDS_MAX


async def counts(subjects: Sequence[uuid.UUID], viewer: uuid.UUID) -> list[asyncpg.Record]:
    """How often each emoji stands on each subject: the most frequent first, then the one that came first."""
    return await db.rows(COUNTS, subjects, viewer)


async def forget(subject: uuid.UUID) -> None:
    """Delete all reactions to a subject that is gone."""
    await Reaction.filter(subject_id=subject).delete()


async def forget_thread(post: uuid.UUID) -> None:
    """Delete all reactions to a post and to its comments."""
    await db.execute(FORGET_THREAD, post)
