"""The home feed: posts of everything that the viewer belongs to, the newest first or ranked."""

from __future__ import annotations

from auth.conditions import Params
from execution.paging import Keyset, Page
from execution.wanted import WHOLE, Wanted
from models import feed_pages
from resolvers import lists
from resolvers.context import Context
from resolvers.feeds import RECENT, Told
from resolvers.lists import PageArgs


async def home(ctx: Context, args: PageArgs, wanted: Wanted = WHOLE) -> Page:
    """The newest posts of everything that the viewer belongs to, newest first."""
    ctx.reach("feed:read")
    window, keyset = args.window(), Keyset(RECENT, ctx.sealer)
    params = Params([list(ctx.me.audiences), ctx.me.person_id, window.limit])
    after = lists.behind(keyset, window, "p", params)
    told = Told(ctx, wanted, RECENT, params)
    rows = await feed_pages.home(params, after=after, order=keyset.order_by(window, "p"), also=told.also)
    told.tell(rows)
    return keyset.page(window, rows)
