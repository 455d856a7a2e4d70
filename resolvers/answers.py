"""Questions: the comment that is accepted as their answer, one at most."""

from __future__ import annotations

import uuid

from auth.policies import feed as policy
from auth.scope import scope
from models.errors import Invalid, NotFound
from models.feed import Comment, Post, PostKind
from resolvers.context import Context
from resolvers.subjects import held
from subscriptions.answers import AnswerAccepted, AnswerWithdrawn


async def accept_answer(ctx: Context, post_id: uuid.UUID, comment_id: uuid.UUID | None) -> Post:
    """Say which comment answers a question, in place of any other; None: none does. The post.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    async with held(ctx, Post, post_id, policy.can_close_post, "accept an answer here", path="postId") as post:
        if post.kind is not PostKind.QUESTION:
            raise Invalid("Only a question has an answer that is accepted.", ["postId"])
        if comment_id is not None:
            under = scope(Comment, ctx.me).filter(id=comment_id, post_id=post_id, removed=False)
            if not await under.exists():
                raise NotFound("There is no such comment under this post.", ["commentId"])
        if post.accepted_id == comment_id:
            return post
        post.accepted_id = comment_id
        await post.save(update_fields=["accepted_id"])
        ctx.emit(
            AnswerWithdrawn(post.id, post.audience_id)
            if comment_id is None
            else AnswerAccepted(post.id, post.audience_id, comment_id)
        )
    return post


async def removed_with(ctx: Context, comment: Comment) -> None:
    """Let a question go without its answer when that is removed. Wants the transaction that removes it."""
    if await Post.filter(id=comment.post_id, accepted_id=comment.id).update(accepted_id=None):
        ctx.emit(AnswerWithdrawn(comment.post_id, comment.audience_id))
