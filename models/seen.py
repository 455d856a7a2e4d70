"""What people have seen, and what they have put aside for later."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import asyncpg
from tortoise import fields
from tortoise.models import Model

from models import db
from models.feed_pages import HOME
from models.keys import uuid7

SEEN_MAX = 200  # posts told of at a time
UNREAD_OF = 100  # the newest posts of a feed: what lies behind them is not counted


class Seen(Model):
    """A person has seen a post, first at that moment."""

    id = fields.BigIntField(primary_key=True, generated=True)
    post_id = fields.UUIDField()
    person_id = fields.UUIDField(db_index=True)
    seen_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "seen"
        unique_together = (("post_id", "person_id"),)


class Bookmark(Model):
    """A person has put a post aside, for nobody's eyes but theirs."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    person_id = fields.UUIDField()
    post_id = fields.UUIDField(db_index=True)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "bookmark"
        unique_together = (("person_id", "post_id"),)


NEWEST = "p.published_at DESC, p.id DESC"
NOT_OWN = "{0}.author_id IS DISTINCT FROM $2 AND {0}.written_by IS DISTINCT FROM $2"
UNSEEN = f"""{NOT_OWN.format("n")}
    AND NOT EXISTS (SELECT 1 FROM seen s WHERE s.post_id = n.id AND s.person_id = $2)"""

# In one order for everybody, so that two requests of a person do not wait for each other in a ring.
MARK = f"""
INSERT INTO seen (post_id, person_id, seen_at) SELECT r.id, $2, $3 FROM post r
WHERE r.id = ANY($1::uuid[]) AND r.status = 'PUBLISHED' AND {NOT_OWN.format("r")} AND {{}} ORDER BY r.id
ON CONFLICT (post_id, person_id) DO NOTHING
"""

UNREAD = f"SELECT count(*) FROM ({HOME.format(after='', order=NEWEST)}) n WHERE {UNSEEN}"

UNREAD_WITHIN = f"""
SELECT a.id, (SELECT count(*) FROM (
    SELECT p.id, p.author_id, p.written_by FROM post p WHERE p.audience_id = a.id AND p.status = 'PUBLISHED'
    ORDER BY {NEWEST} LIMIT $3
) n WHERE {UNSEEN}) FROM unnest($1::uuid[]) AS a(id)
"""

KEEP = """
INSERT INTO bookmark (id, person_id, post_id, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_id, post_id) DO NOTHING
"""


async def mark(
    posts: Sequence[uuid.UUID], person: uuid.UUID, now: datetime, *, readable: str, params: Sequence[object]
) -> None:
    """Note that a person has seen those of the posts that are `readable` (on `r`, `params` from $4) and not theirs."""
    await db.execute(MARK.format(readable), posts, person, now, *params)


async def seen_of(posts: Sequence[uuid.UUID], person: uuid.UUID) -> set[uuid.UUID]:
    """Those of the posts that a person has seen."""
    rows = await db.rows("SELECT post_id FROM seen WHERE post_id = ANY($1::uuid[]) AND person_id = $2", posts, person)
    return {row[0] for row in rows}


async def unread(audiences: Sequence[uuid.UUID], person: uuid.UUID) -> int:
    """How many of the newest `UNREAD_OF` posts of a person's home feed they have neither seen nor written."""
    return await db.value(UNREAD, audiences, person, UNREAD_OF)


async def unread_within(audiences: Sequence[uuid.UUID], person: uuid.UUID) -> list[asyncpg.Record]:
    """The same of the newest posts of each audience: pairs of its key and the number."""
    return await db.rows(UNREAD_WITHIN, audiences, person, UNREAD_OF)


async def keep(post: uuid.UUID, person: uuid.UUID, now: datetime) -> None:
    """Put a post aside, once."""
    await db.execute(KEEP, uuid7(), person, post, now)


async def kept_of(posts: Sequence[uuid.UUID], person: uuid.UUID) -> set[uuid.UUID]:
    """Those of the posts that a person has put aside."""
    rows = await db.rows(
        "SELECT post_id FROM bookmark WHERE post_id = ANY($1::uuid[]) AND person_id = $2", posts, person
    )
    return {row[0] for row in rows}
