"""Following people, and blocking them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from auth.policies import follows as policy
from execution.paging import Page
from execution.rows import read
from models import delegates, skills
from models import follows as table
from models.errors import Forbidden
from models.follows import Block, Follow
from models.people import Person
from resolvers import lists
from resolvers.blocks import person, refuse_blocked
from resolvers.context import Context
from resolvers.lists import Link, PageArgs
from resolvers.people import BY_NAME
from subscriptions.delegates import DelegateWithdrawn
from subscriptions.events import person_stream
from subscriptions.follows import PersonBlocked, PersonFollowed, PersonUnblocked, PersonUnfollowed

FOLLOWERS = Link("r.id IN (SELECT f.follower_id FROM follow f WHERE f.person_id = parent.id)")
FOLLOWED = "r.id IN (SELECT f.person_id FROM follow f WHERE f.follower_id = $1)"
BLOCKED = "r.id IN (SELECT b.person_id FROM block b WHERE b.blocker_id = $1)"


async def follow_person(ctx: Context, id: uuid.UUID, *, follow: bool) -> Any:
    """Follow somebody, or no longer; as it is already is fine. The person. Raises `NotFound` or `Forbidden`.

    Whoever is blocked by the person hears what one hears of somebody who is not there.
    """
    me = ctx.me.person_id
    found = await person(ctx, id)
    if follow and id == me:
        raise Forbidden("Nobody follows themselves. Choose somebody else.", ["personId"])
    what = "follow this person" if follow else "change whom you follow"
    await ctx.ensure(policy.can_follow if follow else policy.can_unfollow, found, what)
    async with ctx.transaction(person_stream(me)):
        if follow:
            await refuse_blocked(ctx, id, "personId")
            if await table.follow(me, id, ctx.now()):
                ctx.emit(PersonFollowed(me, id))
        elif await Follow.filter(follower_id=me, person_id=id).delete():
            ctx.emit(PersonUnfollowed(me, id))
    return await ctx.loaders["people"].load(id)


async def block_person(ctx: Context, id: uuid.UUID, *, block: bool) -> Any:
    """Block somebody, or no longer; as it is already is fine. The person. Raises `NotFound` or `Forbidden`.

    With a block everything between the two goes, whoever it came from: follows, endorsements, and leave to write in the
    other's name. It does not come back when the block ends.
    """
    me = ctx.me.person_id
    found = await person(ctx, id)
    if id == me:
        raise Forbidden("Nobody blocks themselves. Choose somebody else.", ["personId"])
    await ctx.ensure(policy.can_block, found, "block people")
    # Whoever follows or endorses holds one of these locks, so that nothing is written between two who part.
    async with ctx.transaction(person_stream(me), person_stream(id)):
        if not block:
            if await Block.filter(blocker_id=me, person_id=id).delete():
                ctx.emit(PersonUnblocked(me, id))
        elif await table.block(me, id, ctx.now()):
            await table.unfollow_between(me, id)
            await skills.withdraw_between(me, id)
            for gone in await delegates.withdraw_between(me, id):
                ctx.emit(DelegateWithdrawn(gone["person_id"], gone["delegate_id"]))
            ctx.emit(PersonBlocked(me, id))
    return await ctx.loaders["people"].load(id)


async def following(ctx: Context, args: PageArgs) -> Page:
    """The people whom the viewer follows, by name; also those who have left."""
    return await lists.page(ctx, Person, BY_NAME, args, where=FOLLOWED, params=[ctx.me.person_id])


async def blocked_people(ctx: Context, args: PageArgs) -> Page:
    """The people whom the viewer has blocked, by name."""
    return await lists.page(ctx, Person, BY_NAME, args, where=BLOCKED, params=[ctx.me.person_id])


async def followed_by_viewer(ctx: Context, people: Sequence[Any]) -> list[bool]:
    """Whether the viewer follows each of these people."""
    ids = [read(one, "id") for one in people]
    mine = await table.followed(ctx.me.person_id, ids)
    return [id in mine for id in ids]


async def blocked_by_viewer(ctx: Context, people: Sequence[Any]) -> list[bool]:
    """Whether the viewer has blocked each of these people."""
    ids = [read(one, "id") for one in people]
    mine = await table.blocked(ctx.me.person_id, ids)
    return [id in mine for id in ids]


async def followable(ctx: Context, people: Sequence[Any]) -> list[bool]:
    """Whether the viewer may follow each of these people, blocks aside: they are nobody's business."""
    return await ctx.holds(policy.can_follow, people)
