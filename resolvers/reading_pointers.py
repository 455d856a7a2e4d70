"""How far the viewer has read, what is left, and what of it they let others know."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from auth.policies import chat as policy
from auth.scope import scope
from execution.rows import read
from models import conversation_reading as table
from models.conversations import Conversation
from models.errors import Forbidden, Invalid, NotFound
from models.people import Person
from resolvers.context import Context
from subscriptions.chat import ChatSettingsChanged, ConversationMuted, OwnReadPointerMoved, ReadPointerMoved
from subscriptions.events import audience_stream, person_stream

OUTSIDE = "You are not in this channel: nothing in it is unread. Join it first."


async def mark_read(ctx: Context, id: uuid.UUID, sequence: int) -> Any:
    """Have read a conversation up to a message, the newest at most; where one was further it stays so. It.

    The others hear of it where its policy names readers and the viewer shows how far they have read; else only the
    viewer's own devices do. Raises `NotFound` or `Forbidden`.
    """
    me = ctx.me.person_id
    # It is asked at every glance at a screen: one statement tells who is in it, and whether the others hear of it.
    shown = await table.shows(id, me) if ctx.me.allows("chat:read") and ctx.me.allows("chat:write") else None
    if shown is None:
        await _inside(ctx, id)
    async with ctx.transaction(audience_stream(id) if shown else person_stream(me)):
        moved = await table.advance(id, me, sequence)
        if moved is not None:
            told = ReadPointerMoved if shown and moved["shown"] else OwnReadPointerMoved
            ctx.emit(told(person=me, conversation=id, sequence=moved["read_up_to"]))
    return await ctx.loaders["conversations"].load(id)


async def mark_unread(ctx: Context, id: uuid.UUID, sequence: int) -> Any:
    """Have a message and those behind it be unread again, which the viewer's own devices alone are told. It.

    Raises `NotFound` or `Forbidden`.
    """
    await _inside(ctx, id)
    me = ctx.me.person_id
    async with ctx.transaction(person_stream(me)):
        moved = await table.go_back(id, me, sequence)
        if moved is not None:
            ctx.emit(OwnReadPointerMoved(me, id, moved))
    return await ctx.loaders["conversations"].load(id)


async def mute(ctx: Context, id: uuid.UUID, until: datetime | None) -> Any:
    """Have a conversation not count as unread until then, or again (None). It.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    if until is not None and until <= ctx.now():
        raise Invalid("This moment has passed. Choose a later one, or null to hear of it again.", ["until"])
    await _inside(ctx, id)
    me = ctx.me.person_id
    async with ctx.transaction(person_stream(me)):
        if await table.mute(id, me, until):
            ctx.emit(ConversationMuted(me, id))
    return await ctx.loaders["conversations"].load(id)


async def settings(ctx: Context) -> dict[str, bool]:
    """What the viewer lets others know, by the columns of their row."""
    mine = await Person.get(id=ctx.me.person_id).only("id", "shows_reading", "shows_presence")
    return {"shows_reading": mine.shows_reading, "shows_presence": mine.shows_presence}


async def update_settings(ctx: Context, *, reading: bool | None, presence: bool | None) -> None:
    """Choose what the viewer lets others know; None: stays as it is. Who hides how far they read sees it of nobody.

    Raises `Forbidden`.
    """
    ctx.reach("chat:write")
    me = ctx.me.person_id
    given = {"shows_reading": reading, "shows_presence": presence}
    async with ctx.transaction(person_stream(me)):
        mine = await Person.filter(id=me).select_for_update().get()
        changed = {name: value for name, value in given.items() if value is not None and value != getattr(mine, name)}
        if changed:
            await Person.filter(id=me).update(**changed)
            ctx.emit(ChatSettingsChanged(me))


async def unread_counts(ctx: Context, conversations: Sequence[Any]) -> list[int]:
    """How many messages of each conversation the viewer has not read, `UNREAD_MAX` at most; 0 where they are not in."""
    rows = await table.unread(ctx.me.person_id, [read(one, "id") for one in conversations])
    counts: dict[uuid.UUID, int] = {row[0]: row[1] for row in rows}
    return [counts.get(read(one, "id"), 0) for one in conversations]


async def waiting(ctx: Context) -> int | None:
    """In how many conversations something waits for the viewer; None for a token that does not read them."""
    return await table.waiting(ctx.me.person_id, ctx.now()) if ctx.me.allows("chat:read") else None


async def _inside(ctx: Context, id: uuid.UUID) -> None:
    """Raise `NotFound` for a conversation that the viewer does not find, `Forbidden` for one that they are not in."""
    ctx.reach("chat:write")
    found = await scope(Conversation, ctx.me).filter(id=id).first()
    if found is None:
        raise NotFound(path=["conversationId"])
    if not (await ctx.holds(policy.can_keep_up, [found]))[0]:
        raise Forbidden(OUTSIDE, ["conversationId"])
