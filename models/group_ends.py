"""The end of groups: what there would be to delete, and deleting it in portions that end soon."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg

from models import db

COMMENTS_AT_ONCE = 5_000
POSTS_AT_ONCE = 200

PREVIEW = """
SELECT g.id, g.purge_at,
    (SELECT count(*) FROM post p WHERE p.audience_id = g.id AND p.status = 'PUBLISHED') AS posts,
    (SELECT count(*) FROM post p JOIN comment c ON c.post_id = p.id AND NOT c.removed
     WHERE p.audience_id = g.id AND p.status = 'PUBLISHED') AS comments,
    (SELECT count(*) FROM membership m WHERE m.group_id = g.id AND m.status = 'MEMBER') AS members
FROM groups g WHERE g.id = ANY($1::uuid[])
"""

VEIL = """
WITH unruled AS (
    DELETE FROM audience_rule WHERE id = $1
), shut AS (
    UPDATE audience SET open = false, read_only = true WHERE id = $1
), veiled AS (
    UPDATE groups SET visibility = 'SECRET', join_policy = 'INVITE', is_default = false WHERE id = $1
), unread AS (
    DELETE FROM audience_member WHERE audience_id = $1
)
DELETE FROM membership WHERE group_id = $1 RETURNING person_id, status
"""

SOME_POSTS = """
SELECT id, status FROM (
    SELECT id, status FROM post WHERE audience_id = $1 AND status = 'PUBLISHED'
    UNION ALL SELECT id, status FROM post WHERE audience_id = $1 AND status <> 'PUBLISHED'
) p LIMIT $2
"""
# Replies before what they reply to, whose end would take them along unnoticed.
DELETE_COMMENTS = """
WITH doomed AS (
    SELECT id FROM comment WHERE post_id = ANY($1::uuid[]) ORDER BY reply_to_id NULLS LAST LIMIT $2
), unloved AS (
    DELETE FROM reaction WHERE subject_id IN (SELECT id FROM doomed)
), unrevised AS (
    DELETE FROM revision WHERE subject_id IN (SELECT id FROM doomed)
), unnamed AS (
    DELETE FROM mention WHERE subject_id IN (SELECT id FROM doomed)
)
DELETE FROM comment WHERE id IN (SELECT id FROM doomed)
"""
# What else hangs on posts goes with them, by its foreign keys; who has passed one on keeps what they said themselves.
DELETE_POSTS = """
WITH unloved AS (
    DELETE FROM reaction WHERE subject_id = ANY($1::uuid[])
), unrevised AS (
    DELETE FROM revision WHERE subject_id = ANY($1::uuid[])
)
DELETE FROM post WHERE id = ANY($1::uuid[])
"""
# What the group was asked goes with it, answers and all.
FORGET_SURVEYS = """
WITH series AS (
    DELETE FROM survey_series WHERE target_id = $1
)
DELETE FROM audience WHERE id IN (SELECT s.id FROM survey s WHERE s.target_id = $1)
"""
# The group goes with its audience.
FORGET = "DELETE FROM audience WHERE id = $1"


async def previews(groups: Sequence[uuid.UUID]) -> list[asyncpg.Record]:
    """How many `posts`, `comments` and `members` each of `groups` has, and its `purge_at`."""
    return await db.rows(PREVIEW, groups)


async def veil(group: uuid.UUID) -> list[uuid.UUID]:
    """Have nobody know of a group any more, before it goes bit by bit; who was in it."""
    return [row["person_id"] for row in await db.rows(VEIL, group) if row["status"] == "MEMBER"]


async def some_posts(group: uuid.UUID) -> list[asyncpg.Record]:
    """The next posts of a group to delete, of whatever `status`; none when all are gone."""
    return await db.rows(SOME_POSTS, group, POSTS_AT_ONCE)


async def delete_posts(posts: Sequence[uuid.UUID]) -> bool:
    """Delete posts with all that hangs on them; False where some comments were all that could be deleted this time."""
    if await db.execute(DELETE_COMMENTS, posts, COMMENTS_AT_ONCE) >= COMMENTS_AT_ONCE:
        return False
    await db.execute(DELETE_POSTS, posts)
    return True


async def forget(group: uuid.UUID) -> None:
    """Delete a group that has no posts any more, with its surveys and its audience."""
    await db.execute(FORGET_SURVEYS, group)
    await db.execute(FORGET, group)
