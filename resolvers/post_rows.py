"""A post as the viewer may see it, alone or held for a change."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from auth.conditions import Condition
from auth.policies.audiences import is_live
from auth.scope import scope
from models.errors import Conflict, Forbidden, NotFound
from models.feed import Post
from resolvers.context import Context
from subscriptions.events import audience_stream

ARCHIVED = "This group is archived: it can be read, and nothing in it changes any more."


async def post(ctx: Context, id: uuid.UUID) -> Post:
    """A post that the viewer may see. Raises `NotFound`."""
    found = await scope(Post, ctx.me).get_or_none(id=id)
    if found is None:
        raise NotFound(path=["postId"])
    return found


async def post_to(ctx: Context, id: uuid.UUID, may: Condition, what: str) -> Post:
    """A post that the viewer may do `what` to ("edit this post"). Raises `NotFound` or `Forbidden`."""
    found = await post(ctx, id)
    if not (await ctx.holds(may, [found]))[0]:
        archived = not (await ctx.holds(is_live, [found]))[0]
        raise Forbidden(ARCHIVED if archived else f"You may not {what}.", ["postId"])
    return found


@asynccontextmanager
async def held(ctx: Context, found: Post, may: Condition, what: str, *streams: str) -> AsyncGenerator[Post]:
    """The post `found`, read again and held for a transaction that has its audience's stream, and `streams`.

    What was found by `post_to` may be otherwise by now, and its group archived. Raises as that does, and `Conflict`
    where the post has been moved.
    """
    async with ctx.transaction(audience_stream(found.audience_id), *streams):
        query = scope(Post, ctx.me).filter(may.q(ctx.me), id=found.id)
        again = await query.select_for_update().first()
        if again is None:
            ctx.facts.clear()
            again = await post_to(ctx, found.id, may, what)
        if again.audience_id != found.audience_id:
            raise Conflict("This post has just been moved to another audience. Read it again.", ["postId"])
        yield again
