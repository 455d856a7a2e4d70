"""Posts that stand on top, and posts whose comments are closed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from auth.conditions import Params
from auth.policies import feed as policy
from auth.scope import readable
from execution.rows import read
from models import db
from models.audiences import COMPANY
from models.errors import Invalid
from models.feed import PINNED_MAX, Post, PostStatus
from resolvers.context import Context
from resolvers.subjects import held
from subscriptions.pins import CommentsClosed, CommentsOpened, PostPinned, PostUnpinned

PINNED = """
SELECT r.*, 'Post' AS _type FROM post r
WHERE r.audience_id = ANY($1::uuid[]) AND r.pinned_at IS NOT NULL AND r.status = 'PUBLISHED' AND {}
ORDER BY r.pinned_at DESC, r.id DESC
"""


async def pin_post(ctx: Context, id: uuid.UUID, *, is_pinned: bool) -> Post:
    """Have a post stand on top of its audience's page, or no longer; as it is already is fine. The post.

    Raises `NotFound`, `Forbidden`, or `Invalid` where `PINNED_MAX` others stand there.
    """
    async with held(ctx, Post, id, policy.can_curate_post, "pin posts here", path="postId") as post:
        if is_pinned == (post.pinned_at is not None):
            return post
        if is_pinned and await _pinned_in(post.audience_id) >= PINNED_MAX:
            raise Invalid(f"At most {PINNED_MAX} posts stand on top of a page. Unpin one of them first.", ["isPinned"])
        post.pinned_at = ctx.now() if is_pinned else None
        await post.save(update_fields=["pinned_at"])
        ctx.emit((PostPinned if is_pinned else PostUnpinned)(post.id, post.audience_id))
    return post


async def close_comments(ctx: Context, id: uuid.UUID, *, are_closed: bool) -> Post:
    """Let nobody comment on a post any more, or let them again; as it is already is fine. The post.

    Raises `NotFound` or `Forbidden`.
    """
    async with held(ctx, Post, id, policy.can_close_post, "close comments here", path="postId") as post:
        if post.comments_closed != are_closed:
            post.comments_closed = are_closed
            await post.save(update_fields=["comments_closed"])
            ctx.emit((CommentsClosed if are_closed else CommentsOpened)(post.id, post.audience_id))
    return post


async def loosen(post: Post) -> None:
    """Unpin a post that leaves its audience. Wants the transaction that moves or removes it."""
    if post.pinned_at is not None:
        post.pinned_at = None
        await post.save(update_fields=["pinned_at"])


async def pinned(ctx: Context, sources: Sequence[Any]) -> list[list[Any]]:
    """The posts that stand on top of units and groups, whose audiences have their keys: the latest pinned first."""
    found: dict[uuid.UUID, list[Any]] = {read(source, "id"): [] for source in sources}
    params = Params([list(found)])
    for row in await db.rows(PINNED.format(readable(Post, ctx.me, params, "r")), *params):
        found[row["audience_id"]].append(row)
    return list(found.values())


async def pinned_for_all(ctx: Context) -> list[Any]:
    """The posts that stand on top for the whole company."""
    return (await pinned(ctx, [{"id": COMPANY}]))[0]


async def _pinned_in(audience: uuid.UUID) -> int:
    return await Post.filter(audience_id=audience, pinned_at__isnull=False, status=PostStatus.PUBLISHED).count()
