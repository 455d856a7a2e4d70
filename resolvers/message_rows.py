"""A message as the viewer may see it, alone or held for a change."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from auth.conditions import Condition
from auth.policies import chat as policy
from auth.scope import reached
from execution.rows import read
from models.errors import Forbidden, NotFound
from models.messages import Message
from resolvers.context import Context
from resolvers.conversations import ARCHIVED
from subscriptions.events import audience_stream

LEFT = "Somebody of this conversation has left the company: it can be read, and nothing in it changes any more."
NOT_JOINED = "Join the channel first: its members alone write in it."
REMOVED = "This message was removed: only its place is left."


async def message(ctx: Context, id: uuid.UUID, path: str = "messageId") -> Message:
    """A message that the viewer may see, also one that is removed. Raises `NotFound`."""
    found = await reached(Message, ctx.me, id)
    if found is None:
        raise NotFound(path=[path])
    return found


@asynccontextmanager
async def held(
    ctx: Context, id: uuid.UUID, may: Condition, what: str, *, path: str = "messageId"
) -> AsyncGenerator[Message]:
    """A transaction with the message in it, with which the viewer may do `what` ("edit this message").

    It has the stream of its conversation, in which nothing else changes meanwhile. Raises `NotFound` or `Forbidden`;
    `path` is the input that names it.
    """
    found = await message(ctx, id, path)
    async with ctx.transaction(audience_stream(found.conversation_id)):
        row = await message(ctx, id, path)
        if not (await ctx.holds(may, [row]))[0]:
            await refuse(ctx, row, what)
        yield row


async def refuse(ctx: Context, row: Message, what: str) -> NoReturn:
    """Say why the viewer may not do `what` with a message that they see. Raises `Forbidden`."""
    if row.removed:
        raise Forbidden(REMOVED)
    conversation = await ctx.loaders["conversations"].load(row.conversation_id)
    if conversation is not None and not (await ctx.holds(policy.can_write, [conversation]))[0]:
        await refuse_writing(ctx, conversation)
    raise Forbidden(f"You may not {what}.")


async def refuse_writing(ctx: Context, conversation: Any) -> NoReturn:
    """Say why the viewer may not write in a conversation that they see. Raises `Forbidden`."""
    ctx.reach("chat:write")
    if not (await ctx.holds(policy.in_conversation, [conversation]))[0]:
        raise Forbidden(NOT_JOINED)
    raise Forbidden(LEFT if read(conversation, "archived_at") is None else ARCHIVED)
