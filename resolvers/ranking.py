"""The home feed by what counts for its reader, and the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import asyncpg

from auth.conditions import Params
from execution.paging import Keyset, Order, Page
from execution.rows import read
from execution.wanted import WHOLE, Wanted
from models import ranking as table
from models.audiences import AudienceKind
from models.ranking import FeedReason
from resolvers import lists
from resolvers.context import Context
from resolvers.feeds import Told
from resolvers.lists import PageArgs

# All rows of a page have one moment: it is here so that cursors hold it, and the next page ranks as of the same.
RANKED = Order("feed:ranked", ("ranked_at", "score", "id"), "DESC")

OF_FACTS = {
    FeedReason.MUST_READ: ("must_read",),
    FeedReason.MENTIONED: ("mentioned",),
    FeedReason.PRIORITY_TAG: ("priority_tag",),
    FeedReason.FOLLOWED_TAG: ("followed_tag",),
    FeedReason.FOLLOWED_PERSON: ("followed_person",),
    FeedReason.CLOSE_COLLEAGUE: ("next_in_line", "same_unit", "in_line"),
    FeedReason.SHARED_GROUPS: ("shared",),
    FeedReason.TOOK_PART: ("took_part",),
}


async def home(ctx: Context, args: PageArgs, wanted: Wanted = WHOLE) -> Page:
    """The newest posts of everything that the viewer belongs to, those that count most for them first."""
    ctx.reach("feed:read")
    window, keyset = args.window(), Keyset(RANKED, ctx.sealer)
    params = Params([list(ctx.me.audiences), ctx.me.person_id, ctx.now(), ctx.today(), window.limit])
    if after := lists.behind(keyset, window, "p", params):
        params[2] = params[5]  # as they ranked on the first page: the cursor tells when that was, and then the rest
    told = Told(ctx, wanted, RANKED, params)
    rows = await table.ranked(params, after=after, order=keyset.order_by(window, "p"), also=told.also)
    told.tell(rows)
    return keyset.page(window, rows)


async def reasons(ctx: Context, posts: Sequence[Any]) -> list[list[FeedReason]]:
    """Why each post counts for the viewer, now."""
    ids = [read(post, "id") for post in posts]
    found = await table.facts(ids, ctx.me.person_id, ctx.now(), ctx.today())
    return [list(_reasons(ctx, found[id])) if id in found else [] for id in ids]


def _reasons(ctx: Context, facts: asyncpg.Record) -> Iterator[FeedReason]:
    for reason, names in OF_FACTS.items():
        if any(facts[name] for name in names):
            yield reason
    kind = facts["audience_kind"]
    # An open group is read by those who have not joined it; it is no reason for them.
    if kind != AudienceKind.GROUP or facts["audience_id"] in ctx.me.joined:
        yield FeedReason(kind)
