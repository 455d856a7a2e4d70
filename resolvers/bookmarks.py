"""Bookmarks: posts that the viewer has put aside, for nobody's eyes but theirs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from execution.paging import Order, Page
from execution.rows import read
from models import seen as table
from models.feed import Post
from models.seen import Bookmark
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.post_rows import post

NEWEST = Order("bookmarks", ("bookmarked_at", "bookmark_id"), "DESC")
KEPT = """(
    SELECT p.*, b.id AS bookmark_id, b.created_at AS bookmarked_at
    FROM bookmark b JOIN post p ON p.id = b.post_id WHERE b.person_id = $1
)"""


async def bookmark_post(ctx: Context, post_id: uuid.UUID, *, is_bookmarked: bool) -> Post:
    """Put a post aside, or no longer; as it is already is fine. The post. Raises `NotFound` or `Forbidden`.

    No event tells of it: nobody but the viewer knows.
    """
    ctx.reach("feed:write")
    found = await post(ctx, post_id)
    if is_bookmarked:
        await table.keep(post_id, ctx.me.person_id, ctx.now())
    else:
        await Bookmark.filter(person_id=ctx.me.person_id, post_id=post_id).delete()
    ctx.forget()
    return found


async def bookmarks(ctx: Context, args: PageArgs) -> Page:
    """A page of what the viewer has put aside and may still see, the latest first. Raises `Forbidden`."""
    ctx.reach("feed:read")
    return await lists.page(ctx, Post, NEWEST, args, params=[ctx.me.person_id], source=KEPT)


async def bookmarked_by_viewer(ctx: Context, posts: Sequence[Any]) -> list[bool]:
    """Whether the viewer has put each of these posts aside."""
    ids = [read(one, "id") for one in posts]
    kept = await table.kept_of(ids, ctx.me.person_id)
    return [id in kept for id in ids]
