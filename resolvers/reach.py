"""What became of a post, in numbers, for those who answer for it; never so few that somebody could be meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from auth.policies import feed as policy
from execution.rows import read
from models import reach as table
from resolvers.context import Context


@dataclass(frozen=True)
class Reach:
    """How many can see a post, have seen it, and did something about it; None for what is not told."""

    audience_count: int | None = None
    seen_count: int | None = None
    engaged_count: int | None = None
    is_suppressed: bool = False


HIDDEN = Reach(is_suppressed=True)


async def reach(ctx: Context, posts: Sequence[Any]) -> list[Reach | None]:
    """What became of each post; None for whom that is not for."""
    held = await ctx.holds(policy.can_see_reach, posts)
    mine = [read(post, "id") for post, may in zip(posts, held, strict=True) if may]
    rows = await table.of_posts(mine) if mine else []
    found = {row["id"]: told(row, ctx.services.min_group) for row in rows}
    return [found.get(read(post, "id")) for post in posts]


def told(row: Any, least: int) -> Reach:
    """What may be told of a post's numbers: nothing of an audience below `least`, and no part of one below it."""
    audience = read(row, "audience_count")
    if audience < least:
        return HIDDEN
    seen, engaged = (_part(read(row, name), audience, least) for name in ("seen_count", "engaged_count"))
    return Reach(audience, seen, engaged)


def _part(count: int, whole: int, least: int) -> int | None:
    """A part of a whole, unless it or the rest is so small, or so nearly nothing, that it would tell of single people.

    Nothing and all are not told either: the step away from them would be one person's.
    """
    return count if min(count, whole - count) >= least else None
