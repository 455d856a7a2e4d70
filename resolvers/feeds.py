"""Feeds of one person, unit or group: published posts, the newest first, a statement for any number of them."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg

from auth.conditions import Params
from auth.policies import feed as policy
from auth.policies.audiences import is_live, is_open
from execution.loaders import Loader
from execution.paging import Keyset, Order, Page
from execution.rows import read
from execution.wanted import Wanted
from models import feed_pages
from models.feed import Post
from models.feed_pages import EVERYTHING, With
from resolvers import lists
from resolvers.companions import Companions, chosen
from resolvers.context import Context
from resolvers.lists import Counts, PageArgs

RECENT = Order("feed:recent", ("published_at", "id"), "DESC")
PUBLISHED = "r.status = 'PUBLISHED'"


def of_person(ctx: Context, person: Any, args: PageArgs) -> Awaitable[Page]:
    """A page of what somebody has published, as far as the viewer may see it."""
    return lists.pages(ctx, Post, "author_id", RECENT, args, where=PUBLISHED).load(read(person, "id"))


def of_audience(ctx: Context, source: Any, args: PageArgs) -> Awaitable[Page]:
    """A page of what was posted to a unit or a group: its audience has the same key."""
    pages = ctx.loaders.own(("posts of audiences", args), lambda c: OfAudiences(c, args))
    return pages.load(read(source, "id"))


class Told:
    """What the rows of a home feed tell besides: nobody asks again."""

    def __init__(self, ctx: Context, wanted: Wanted, order: Order, params: Params) -> None:
        """`wanted` is read of posts in this `order`; what that takes is added to the statement's `params`."""
        self._ctx = ctx
        self._coming = Companions(ctx, wanted.companions, params, "p")
        columns = chosen(wanted, order, "p", "audience_id") or EVERYTHING.columns
        self.also = With(columns, self._coming.select, self._coming.joined)

    def tell(self, rows: Sequence[asyncpg.Record]) -> None:
        """Keep what they tell of their audiences, all of which are the viewer's, and of their companions."""
        ctx, audiences = self._ctx, {row["audience_id"]: row for row in rows}
        named = {id: {"id": id, "kind": row["_kind"], "name": row["_name"]} for id, row in audiences.items()}
        ctx.loaders["audiences"].prime_all(named)
        is_open.tell(ctx.facts, {id: row["_open"] for id, row in audiences.items()})
        is_live.tell(ctx.facts, {id: not row["_read_only"] for id, row in audiences.items()})
        ctx.facts.tell_listed(audiences.keys() - ctx.me.audiences)
        self._coming.tell(rows)


class OfAudiences(Loader[Context, uuid.UUID, Page]):
    """Pages of audiences. Whether the viewer reads one is asked of it, not of each post in it."""

    def __init__(self, ctx: Context, args: PageArgs) -> None:
        super().__init__(ctx)
        self.window, self.keyset = args.window(), Keyset(RECENT, ctx.sealer, binding="audience")

    async def batch_load_fn(self, keys: list[uuid.UUID]) -> Sequence[Page | Exception]:
        params = Params([keys, self.window.limit])
        # The cursor is looked at first, whatever may be read.
        after = lists.behind(self.keyset, self.window, "p", params)
        held = await self.ctx.holds(policy.reads_posts, [{"audience_id": key} for key in keys])
        found: dict[uuid.UUID, list[Any]] = {key: [] for key, may in zip(keys, held, strict=True) if may}
        if found:
            params[0] = list(found)
            rows = await feed_pages.of_audiences(params, after=after, order=self.keyset.order_by(self.window, "p"))
            for row in rows:
                found[row["_parent"]].append(row)
        return [self.keyset.page(self.window, found.get(key, []), self._counter(key)) for key in keys]

    def _counter(self, key: uuid.UUID) -> Callable[[], Awaitable[int]]:
        counts = self.ctx.loaders.own(
            "counts of audiences", lambda ctx: Counts(ctx, Post, "audience_id", where=PUBLISHED)
        )
        return lambda: counts.load(key)
