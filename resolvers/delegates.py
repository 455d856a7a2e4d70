"""Delegates: people who write posts in somebody's name, because that person lets them."""

from __future__ import annotations

import uuid

from auth import sessions
from auth.policies import delegates as policy
from execution.paging import Page
from models.delegates import DELEGATES_MAX, Delegate, allow
from models.errors import Forbidden, Invalid, NotFound
from models.feed import Post
from models.people import Person
from resolvers import lists
from resolvers.blocks import person, refuse_blocked
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.people import BY_NAME
from subscriptions.delegates import DelegateAllowed, DelegateWithdrawn
from subscriptions.events import person_stream

DELEGATES = "r.id IN (SELECT d.delegate_id FROM delegate d WHERE d.person_id = $1)"
PRINCIPALS = "r.active AND r.id IN (SELECT d.person_id FROM delegate d WHERE d.delegate_id = $1)"


async def allow_delegate(ctx: Context, id: uuid.UUID) -> Person:
    """Let somebody write in the viewer's name; twice is once. Raises `NotFound`, `Forbidden` or `Invalid`."""
    me = ctx.me.person_id
    found = await person(ctx, id)
    if id == me:
        raise Invalid("You write in your own name anyway. Name somebody else.", ["personId"])
    await ctx.ensure(policy.can_be_delegate, found, "let this person write in your name")
    async with ctx.transaction(person_stream(me)):
        await refuse_blocked(ctx, id, "personId")
        if await allow(me, id, ctx.now()):
            if await Delegate.filter(person_id=me).count() > DELEGATES_MAX:
                raise Invalid(f"At most {DELEGATES_MAX} people can write in your name. Withdraw one.", ["personId"])
            ctx.emit(DelegateAllowed(me, id))
    return found


async def withdraw_delegate(ctx: Context, id: uuid.UUID) -> uuid.UUID:
    """Let somebody write in the viewer's name no longer; what they have written stays.

    Raises `Forbidden`, and `NotFound` for who never could and whom the viewer does not see.
    """
    me = ctx.me.person_id
    ctx.reach("feed:write")
    async with ctx.transaction(person_stream(me)):
        if await Delegate.filter(person_id=me, delegate_id=id).delete():
            ctx.emit(DelegateWithdrawn(me, id))
        else:
            await person(ctx, id)
    return id


async def delegates(ctx: Context, args: PageArgs) -> Page:
    """The people who may write in the viewer's name, by name; also those who have left."""
    return await lists.page(ctx, Person, BY_NAME, args, where=DELEGATES, params=[ctx.me.person_id])


async def principals(ctx: Context, args: PageArgs) -> Page:
    """The people in whose name the viewer may write, by name."""
    return await lists.page(ctx, Person, BY_NAME, args, where=PRINCIPALS, params=[ctx.me.person_id])


async def writing_for(ctx: Context, id: uuid.UUID | None) -> Context:
    """The context of whose post it will be: the viewer's own, or that of who lets them write in their name.

    Raises `NotFound` for whom they do not see, `Forbidden` where they may not, or that person has left.
    """
    if id is None or id == ctx.me.person_id:
        return ctx
    ctx.reach("feed:write")
    await _seen(ctx, id)
    if not await Delegate.filter(person_id=id, delegate_id=ctx.me.person_id).exists():
        raise Forbidden("You may not write in this person's name. Ask them to allow it.", ["onBehalfOfId"])
    author = await acting(ctx, id)
    if author is None:
        raise Forbidden("This person has left. Write in your own name.", ["onBehalfOfId"])
    return author


async def author_of(ctx: Context, post: Post) -> Context | None:
    """The context of whose post it is; None where they have left, or no longer let its writer write for them."""
    if post.author_id is None:
        return None
    if ctx.viewer and ctx.viewer.person_id == post.author_id:
        return ctx
    if post.written_by and not await Delegate.filter(person_id=post.author_id, delegate_id=post.written_by).exists():
        return None
    return await acting(ctx, post.author_id)


async def acting(ctx: Context, id: uuid.UUID) -> Context | None:
    """A context of somebody else; None where they have left."""
    viewer = await sessions.acting(id)
    return ctx.as_viewer(viewer) if viewer else None


async def _seen(ctx: Context, id: uuid.UUID) -> None:
    try:
        await person(ctx, id)
    except NotFound:
        raise NotFound(path=["onBehalfOfId"]) from None
