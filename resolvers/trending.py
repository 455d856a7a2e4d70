"""What the viewer's part of the company talks about in these days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from auth.conditions import Params
from auth.policies.audiences import may_read
from models import tag_pages
from models.errors import Invalid
from resolvers.context import Context

TRENDING_MAX = 50
SPAN = timedelta(days=7)
USES_MAX = 20_000  # tags on posts that are looked at, the newest
AUTHORS_LEAST = 3  # different people


async def trending_tags(ctx: Context, first: int) -> list[Any]:
    """The tags of the posts of the last week that the viewer may read, by how many people wrote of them and how lately.

    Those that fewer than `AUTHORS_LEAST` people used are left out. Raises `Invalid`.
    """
    ctx.reach("feed:read")
    if not 0 <= first <= TRENDING_MAX:
        raise Invalid(f"`first` is {first}, and must be between 0 and {TRENDING_MAX}.", ["first"])
    now = ctx.now()
    params = Params([now - SPAN, now, first])
    condition = may_read.sql(ctx.me, params, "a")
    return await tag_pages.trending(
        condition, params[3:], since=now - SPAN, now=now, first=first, most=USES_MAX, least=AUTHORS_LEAST
    )
