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


async def post(ctx: Context, id: uuid.UUID, *, lock: bool = False) -> Post:
    """A post that the viewer may see. Raises `NotFound`. `lock` holds its row for the transaction."""
    query = scope(Post, ctx.me).filter(id=id)
    found = await (query.select_for_update() if lock else query).first()
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
async def held(ctx: Context, found: Post, *streams: str) -> AsyncGenerator[Post]:
    """The post `found`, read again and held for a transaction that has its audience's stream, and `streams`.

    Raises `NotFound`, and `Conflict` where it has been moved since it was found.
    """
    async with ctx.transaction(audience_stream(found.audience_id), *streams):
        again = await post(ctx, found.id, lock=True)
        if again.audience_id != found.audience_id:
            raise Conflict("This post has just been moved to another audience. Read it again.", ["postId"])
        yield again
