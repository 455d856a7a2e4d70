"""What the viewer has seen of what they may read, and how much is left."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from auth.conditions import Params, granted, in_audience
from auth.scope import readable
from execution.rows import read
from models import seen as table
from models.errors import Invalid
from models.feed import Post
from models.seen import SEEN_MAX
from resolvers.context import Context

BELONGS = granted("feed:read") & in_audience


async def mark_seen(ctx: Context, posts: Sequence[uuid.UUID | None]) -> None:
    """Note that the viewer has seen these posts; None stands for an id that is none of a post.

    What is unknown, not visible, their own or noted before makes no difference to the answer. Raises `Invalid` for more
    than `SEEN_MAX`, `Forbidden` for a token that does not reach so far.
    """
    ctx.reach("feed:write")
    if len(posts) > SEEN_MAX:
        raise Invalid(f"Tell of at most {SEEN_MAX} posts at a time; these are {len(posts)}.", ["postIds"])
    me, now = ctx.me.person_id, ctx.now()
    ids = sorted({post for post in posts if post is not None})
    params = Params([ids, me, now])
    condition = readable(Post, ctx.me, params, "r")
    await table.mark(ids, me, now, readable=condition, params=params[3:])
    ctx.forget()


async def seen_by_viewer(ctx: Context, posts: Sequence[Any]) -> list[bool]:
    """Whether the viewer has seen each of these posts; their own they have."""
    me = ctx.me.person_id
    seen = await table.seen_of([read(post, "id") for post in posts], me)
    return [read(post, "id") in seen or me in (read(post, "author_id"), read(post, "written_by")) for post in posts]


async def unread_count(ctx: Context) -> int | None:
    """How much of the viewer's home feed is new to them; None for a token that does not read it."""
    if not ctx.me.allows("feed:read"):
        return None
    return await table.unread(list(ctx.me.audiences), ctx.me.person_id)


async def unread_within(ctx: Context, sources: Sequence[Any]) -> list[int]:
    """The same of groups and units, whose audiences have their keys; 0 where the viewer does not belong to one."""
    ids: list[uuid.UUID] = [read(source, "id") for source in sources]
    held = await ctx.holds(BELONGS, [{"audience_id": id} for id in ids])
    mine = [id for id, belongs in zip(ids, held, strict=True) if belongs]
    counts = {row[0]: row[1] for row in await table.unread_within(mine, ctx.me.person_id)} if mine else {}
    return [counts.get(id, 0) for id in ids]
