"""The home feed: posts of everything that the viewer belongs to, the newest first or ranked."""

from __future__ import annotations

from execution.paging import Keyset, Page
from execution.wanted import WHOLE, Wanted
from models import feed_pages
from resolvers import feeds
from resolvers.context import Context
from resolvers.feeds import RECENT, Told
from resolvers.lists import PageArgs


async def home(ctx: Context, args: PageArgs, wanted: Wanted = WHOLE) -> Page:
    """The newest posts of everything that the viewer belongs to, newest first."""
    ctx.reach("feed:read")
    window, keyset = args.window(), Keyset(RECENT, ctx.sealer)
    after, params = feeds.behind(keyset, window, "p", 4)
    told = Told(ctx, wanted, RECENT, 3, params)
    rows = await feed_pages.home(
        list(ctx.me.audiences),
        ctx.me.person_id,
        limit=window.limit,
        after=after,
        order=keyset.order_by(window, "p"),
        params=told.params,
        also=told.also,
    )
    told.tell(rows)
    return keyset.page(window, rows)
