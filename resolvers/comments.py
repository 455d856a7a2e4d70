"""Comments and replies: written, edited and removed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from tortoise.exceptions import IntegrityError

from auth.policies import feed as policy
from auth.scope import scope
from execution.paging import Order
from execution.rows import read
from models import reactions
from models.errors import Forbidden, NotFound
from models.feed import COMMENT_MAX, Comment, Post
from models.text import clean
from resolvers import answers, lists, mentions, revisions
from resolvers.client_ids import client_id_of, earlier, expect, same
from resolvers.context import Context
from resolvers.lists import PageArgs, Pages
from resolvers.subjects import held
from subscriptions.feed import CommentAdded, CommentEdited, CommentRemoved

THREAD = Order("comments", ("id",))
STANDING = "NOT r.removed"
"""Which comments count: an empty one that is kept for its replies does not."""


def thread(ctx: Context, args: PageArgs) -> Pages:
    """The comments and replies of any number of posts, in the order they were written."""
    return lists.pages(ctx, Comment, "post_id", THREAD, args)


async def add_comment(
    ctx: Context, post_id: uuid.UUID, *, body: str, reply_to: uuid.UUID | None = None, client_id: str | None = None
) -> Comment:
    """Comment on a post, or reply to one of its comments. Raises `NotFound`, `Forbidden` or `Invalid`."""
    body = clean(body, most=COMMENT_MAX, path=["body"], what="A comment")
    client_id = client_id_of(client_id)
    if found := await earlier(Comment, ctx, client_id):
        return found
    try:
        async with held(ctx, Post, post_id, policy.can_comment, "comment on this post", path="postId") as under:
            new = await Comment.create(
                post_id=under.id,
                reply_to_id=await _thread(ctx, under.id, reply_to),
                author_id=ctx.me.person_id,
                audience_id=under.audience_id,
                body=body,
                client_id=client_id,
                created_at=ctx.now(),
            )
            ctx.emit(CommentAdded(under.id, under.audience_id, new.id))
            await mentions.follow(ctx, new)
    except IntegrityError:
        return await same(Comment, ctx, client_id)
    return new


async def edit_comment(ctx: Context, id: uuid.UUID, *, body: str, expected_version: int | None) -> Comment:
    """Replace a comment's text. Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`."""
    body = clean(body, most=COMMENT_MAX, path=["body"], what="A comment")
    async with held(ctx, Comment, id, policy.can_edit_comment, "edit this comment", path="commentId") as edited:
        expect(edited, expected_version)
        if body == edited.body:
            return edited
        await revisions.keep(ctx, edited, edited.created_at)
        edited.body, edited.edited_at = body, ctx.now()
        edited.version += 1
        await edited.save(update_fields=["body", "version", "edited_at"])
        ctx.emit(CommentEdited(edited.post_id, edited.audience_id, edited.id))
        await mentions.follow(ctx, edited)
    return edited


async def delete_comment(ctx: Context, id: uuid.UUID) -> uuid.UUID:
    """Remove a comment and wipe it; an empty one stays in its place for as long as there are replies to it.

    Raises `NotFound` or `Forbidden`.
    """
    async with held(ctx, Comment, id, policy.can_delete_comment, "remove this comment", path="commentId") as removed:
        removed.kept = await _has_replies(id)
        if removed.kept:
            removed.author_id = None  # what is kept is a place in the thread, nobody's any more
        removed.removed, removed.body = True, ""
        removed.version += 1
        await removed.save(update_fields=["removed", "kept", "body", "author_id", "version"])
        await reactions.forget(id)
        await mentions.forget(id)
        await revisions.wipe(id)
        await answers.removed_with(ctx, removed)
        ctx.emit(CommentRemoved(removed.post_id, removed.audience_id, id))
        await _leave_no_empty_thread(ctx, removed)
    return id


async def are_accepted(ctx: Context, comments: Sequence[Any]) -> list[bool]:
    """Whether each comment answers its question."""
    posts = await ctx.loaders["posts"].load_many([read(one, "post_id") for one in comments])
    accepted = {read(post, "accepted_id") for post in posts if post is not None}
    return [read(one, "id") in accepted for one in comments]


async def _thread(ctx: Context, post_id: uuid.UUID, reply_to: uuid.UUID | None) -> uuid.UUID | None:
    """The comment that starts the thread of `reply_to`: replies have one level."""
    if reply_to is None:
        return None
    found = await scope(Comment, ctx.me).filter(id=reply_to, post_id=post_id).first()
    if found is None:
        raise NotFound("There is no such comment under this post.", ["replyToId"])
    if found.removed:
        raise Forbidden("This comment was removed. Reply to another one of its thread.", ["replyToId"])
    return found.reply_to_id or found.id


async def _has_replies(id: uuid.UUID) -> bool:
    return await Comment.filter(reply_to_id=id, removed=False).exists()


async def _leave_no_empty_thread(ctx: Context, removed: Comment) -> None:
    """With the last reply goes the empty comment that was kept for it."""
    start = removed.reply_to_id
    if start is None or await _has_replies(start):
        return
    if await Comment.filter(id=start, kept=True).update(kept=False):
        ctx.emit(CommentRemoved(removed.post_id, removed.audience_id, start))
