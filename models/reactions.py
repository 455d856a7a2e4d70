"""Reactions: a person's emoji on a post, a comment or a message; each once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db, log
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


# The stream of what the subject belongs to is held: what stands there stays so until this is committed.
REACT = """
WITH subject AS MATERIALIZED (
    SELECT r.*, '{type}' AS _type FROM {table} r WHERE r.id = $1 AND r.{place} = $2 AND {reachable} FOR UPDATE OF r
), stood AS MATERIALIZED (
    SELECT emoji, count(*) AS count, bool_or(person_id = $3) AS mine, min(id) AS first
    FROM reaction WHERE subject_id = $1 GROUP BY emoji
), room AS (
    SELECT count(*) < {kinds} OR coalesce(bool_or(emoji = $4), FALSE) AS is_left FROM stood
), added AS (
    INSERT INTO reaction (subject_id, person_id, emoji, created_at)
    SELECT s.id, $3, $4, $5 FROM subject s, room WHERE room.is_left
    ON CONFLICT (subject_id, emoji, person_id) DO NOTHING RETURNING id
), noted AS ({noted}), stands AS (
    SELECT emoji, sum(count)::int AS count, bool_or(mine) AS mine, min(first) AS first
    FROM (TABLE stood UNION ALL SELECT $4, 1, TRUE, id FROM added) x GROUP BY emoji
)
SELECT s.*, room.is_left AS _is_room, EXISTS (SELECT FROM added) AS _is_new, (
    SELECT json_agg(json_build_array(emoji, count, mine) ORDER BY count DESC, first) FROM stands
)::text AS _reactions
FROM subject s, room
"""

TAKE_BACK = "DELETE FROM reaction WHERE subject_id = $1 AND person_id = $2 AND emoji = $3"

COUNTS = """
SELECT subject_id, emoji, count(*) AS count, bool_or(person_id = $2) AS viewer_has_reacted FROM reaction
WHERE subject_id = ANY($1::uuid[]) GROUP BY subject_id, emoji ORDER BY subject_id, count(*) DESC, min(id)
"""

FORGET_THREAD = """
DELETE FROM reaction WHERE subject_id = $1 OR subject_id IN (SELECT c.id FROM comment c WHERE c.post_id = $1)
"""


async def react(
    model: type[Model], place: str, reachable: str, values: Sequence[object], *, refs: str = ""
) -> asyncpg.Record | None:
    """React once to a row of `model`, and note that; the row. None where it is not `reachable`, a condition on `r`.

    The first `values` are the subject, what it belongs to by its column `place`, the person, the emoji, the moment,
    and the event's entry, to which `refs` over the new row's `id` are added. The row tells by `_is_new`
    whether the person had not done so before, by `_is_room` whether it may have this emoji, and by `_reactions` what
    stands there then, as JSON: emoji, how often, and whether by this person. Wants the stream of what it belongs to.
    """
    note = log.noted(6, 5, "added", refs=refs)
    sql = REACT.format(
        type=model.__name__, table=db.table(model), place=place, reachable=reachable, kinds=KINDS_MAX, noted=note
    )
    return await db.row(sql, *values)


async def take_back(subject: uuid.UUID, person: uuid.UUID, emoji: str) -> bool:
    """Take a reaction back; whether it was there."""
    return bool(await db.execute(TAKE_BACK, subject, person, emoji))


async def counts(subjects: Sequence[uuid.UUID], viewer: uuid.UUID) -> list[asyncpg.Record]:
    """How often each emoji stands on each subject, one after the other: the most frequent first, then the oldest."""
    return await db.rows(COUNTS, subjects, viewer)


async def forget(subject: uuid.UUID) -> None:
    """Delete all reactions to a subject that is gone."""
    await Reaction.filter(subject_id=subject).delete()


async def forget_thread(post: uuid.UUID) -> None:
    """Delete all reactions to a post and to its comments."""
    await db.execute(FORGET_THREAD, post)
