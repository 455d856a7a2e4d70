"""Posts that somebody who moderates there looks at before their audience does."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from auth.conditions import Params
from auth.policies import feed as policy
from auth.scope import scope
from execution.paging import Order, Page
from execution.rows import read
from models.errors import Conflict, Invalid, NotFound
from models.feed import RETURNED_MAX, Post, PostStatus
from models.org import OrgUnit
from models.text import clean
from resolvers import audiences, lists
from resolvers import post_parts as parts
from resolvers import publishing as life
from resolvers.audiences import AudienceChoice
from resolvers.client_ids import expect
from resolvers.context import Context
from resolvers.delegates import author_of
from resolvers.lists import PageArgs
from resolvers.post_rows import held, post_to
from resolvers.publishing import Place
from subscriptions.events import audience_stream
from subscriptions.feed import UnitModerationSet

QUEUE = Order("posts:review", ("id",))
WHAT = "judge this post: only those who moderate there do, and nobody their own"


class Verdict(StrEnum):
    """What becomes of a post that waits."""

    APPROVE = "APPROVE"
    RETURN = "RETURN"


async def review_post(
    ctx: Context, id: uuid.UUID, verdict: Verdict, *, reason: str | None, expected_version: int | None
) -> Post:
    """Let a post pass, or send it back with a reason. Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`.

    Approved again, it stays as it is.
    """
    why = clean(reason or "", most=RETURNED_MAX, path=["reason"], what="The reason") if _sends_back(verdict) else ""
    may = policy.can_judge_post | policy.was_judged, WHAT
    found = await post_to(ctx, id, *may)
    async with held(ctx, found, *may) as post:
        if post.status is PostStatus.PUBLISHED:
            if _sends_back(verdict):
                raise Conflict("Somebody else has let this post pass already.", ["postId"], current=post)
            return post
        expect(post, expected_version)
        if _sends_back(verdict):
            await life.send_back(ctx, post, why)
        else:
            await _approve(ctx, post)
    return post


async def review_queue(ctx: Context, choice: AudienceChoice | None, args: PageArgs) -> Page:
    """The posts that wait for the viewer's judgement, the longest waiting first; of one audience, or of all.

    Raises `NotFound` for an audience that they do not know of.
    """
    ctx.reach("feed:read")
    params = Params()
    where = policy.can_judge_post.sql(ctx.me, params, "r")
    if choice is not None:
        if choice.people is not None:
            raise Invalid("Lists of people have nobody who moderates them. Name a group or a unit.", ["audience"])
        audience, _ = await audiences.named(ctx, choice)
        where += f" AND r.audience_id = {params.add(audience)}"
    return await lists.page(ctx, Post, QUEUE, args, where=where, params=params)


async def set_unit_moderation(ctx: Context, id: uuid.UUID, *, moderated: bool) -> OrgUnit:
    """Have posts to a unit looked at first, or no longer; as it is already is fine. Raises `NotFound`, `Forbidden`.

    What waits already goes on waiting.
    """
    found = await scope(OrgUnit, ctx.me).get_or_none(id=id)
    if found is None:
        raise NotFound(path=["unitId"])
    await ctx.ensure(policy.can_moderate_unit, found, "decide this: the unit's head and moderators do")
    async with ctx.transaction(audience_stream(id)):
        if await OrgUnit.filter(id=id, moderated=not moderated).update(moderated=moderated):
            ctx.emit(UnitModerationSet(id, int(moderated)))
    found.moderated = moderated
    return found


async def are_moderated(ctx: Context, units: Sequence[Any]) -> list[bool]:
    """Whether posts to each of these units are looked at first."""
    ids = [read(unit, "id") for unit in units]
    found = {unit.id for unit in await scope(OrgUnit, ctx.me).filter(id__in=ids, moderated=True).only("id")}
    return [id in found for id in ids]


async def _approve(ctx: Context, post: Post) -> None:
    """Publish it, if its author could still publish it themselves. Raises `Conflict`."""
    if await life.lost_right(await author_of(ctx, post), post):
        raise Conflict("Its author may no longer post there. Send it back to them.", ["postId"], current=post)
    await parts.complete(post, ctx.now())
    await life.put(ctx, post, Place(PostStatus.PUBLISHED, ctx.now()))


def _sends_back(verdict: Verdict) -> bool:
    return verdict is Verdict.RETURN
