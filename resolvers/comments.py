"""Comments and replies: written, edited and removed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from auth.conditions import Params
from auth.policies import feed as policy
from auth.scope import picked, readable, scope
from execution.paging import Order
from execution.rows import read
from models import comments as table
from models import reactions
from models.errors import Conflict, Forbidden, NotFound
from models.feed import COMMENT_MAX, Comment, Post
from models.keys import uuid7
from models.text import clean
from resolvers import answers, lists, mentions, revisions
from resolvers.client_ids import client_id_of, earlier, expect, same
from resolvers.context import Context
from resolvers.lists import PageArgs, Pages
from resolvers.subjects import CHANGED, held, look_again, reachable
from subscriptions.events import audience_stream
from subscriptions.feed import CommentAdded, CommentEdited, CommentRemoved

WHAT = "comment on this post"
THREAD = Order("comments", ("id",))
STANDING = "NOT r.removed"
"""Which comments count: an empty one that is kept for its replies does not."""


def thread(ctx: Context, args: PageArgs) -> Pages:
    """The comments and replies of any number of posts, in the order they were written."""
    return lists.pages(ctx, Comment, "post_id", THREAD, args)


async def add_comment(
    ctx: Context, post_id: uuid.UUID, *, body: str, reply_to: uuid.UUID | None = None, client_id: str | None = None
) -> Any:
    """Comment on a post, or reply to one of its comments. Raises `NotFound`, `Forbidden` or `Invalid`."""
    body = clean(body, most=COMMENT_MAX, path=["body"], what="A comment")
    mentions.named(body)  # read here, where nobody waits for it
    client_id = client_id_of(client_id)
    place = await picked(Post, ctx.me, post_id, "audience_id")
    if place is None:
        return await _earlier(ctx, client_id)
    audience = place["audience_id"]
    async with ctx.transaction(audience_stream(audience)):
        key = uuid7()
        added = CommentAdded(post_id, audience, key)
        params = Params([post_id, audience, key, reply_to, ctx.me.person_id, body, client_id, ctx.now()])
        params += ctx.entry(added)
        may = reachable(ctx, Post, policy.can_comment, params, "r")
        new = await table.add(may, readable(Comment, ctx.me, params, "x"), params)
        if new is None:
            return await _not_added(ctx, post_id, audience, reply_to, client_id)
        ctx.noted(added)
        await mentions.follow(ctx, new)
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


async def _earlier(ctx: Context, client_id: str | None) -> Comment:
    """The viewer's comment of this client's id, under a post that they no longer see. Raises `NotFound`."""
    found = await earlier(Comment, ctx, client_id)
    if found is None:
        raise NotFound(path=["postId"])
    return found


async def _not_added(
    ctx: Context, post_id: uuid.UUID, audience: uuid.UUID, reply_to: uuid.UUID | None, client_id: str | None
) -> Comment:
    """What a request with the same client's id has made; where there is nothing such, it says what was in the way."""
    if found := await earlier(Comment, ctx, client_id):
        return found
    await look_again(ctx, Post, post_id, audience, policy.can_comment, WHAT, path="postId")
    if reply_to is not None:
        await _ensure_open(ctx, post_id, reply_to)
    if client_id is None:
        raise Conflict(CHANGED, ["postId"])
    return await same(Comment, ctx, client_id)


async def _ensure_open(ctx: Context, post_id: uuid.UUID, reply_to: uuid.UUID) -> None:
    """Raise `NotFound` or `Forbidden` unless the viewer may reply to this comment of the post."""
    found = await scope(Comment, ctx.me).filter(id=reply_to, post_id=post_id).first()
    if found is None:
        raise NotFound("There is no such comment under this post.", ["replyToId"])
    if found.removed:
        raise Forbidden("This comment was removed. Reply to another one of its thread.", ["replyToId"])


async def _has_replies(id: uuid.UUID) -> bool:
    return await Comment.filter(reply_to_id=id, removed=False).exists()


async def _leave_no_empty_thread(ctx: Context, removed: Comment) -> None:
    """With the last reply goes the empty comment that was kept for it."""
    start = removed.reply_to_id
    if start is None or await _has_replies(start):
        return
    if await Comment.filter(id=start, kept=True).update(kept=False):
        ctx.emit(CommentRemoved(removed.post_id, removed.audience_id, start))
