"""Messages that a conversation keeps at hand."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from auth.conditions import Params
from auth.policies import chat as policy
from auth.scope import readable
from execution.rows import read
from models import messages as table
from models.errors import Invalid
from models.messages import PINNED_MAX, Message
from resolvers.context import Context
from resolvers.message_rows import held
from subscriptions.chat import MessagePinned


async def pin_message(ctx: Context, id: uuid.UUID) -> Message:
    """Pin a message; one that is pinned stays as it is. The message.

    Raises `NotFound`, `Forbidden`, or `Invalid` where `PINNED_MAX` others are.
    """
    async with _pinnable(ctx, id) as message:
        if message.pinned_at is None:
            if await _pinned_in(message.conversation_id) >= PINNED_MAX:
                raise Invalid(f"At most {PINNED_MAX} messages are pinned. Unpin one of them first.", ["messageId"])
            message.pinned_at, message.pinned_by = ctx.now(), ctx.me.person_id
            await _keep(ctx, message)
    return message


async def unpin_message(ctx: Context, id: uuid.UUID) -> Message:
    """Pin a message no longer, also one that was not. The message. Raises `NotFound` or `Forbidden`."""
    async with _pinnable(ctx, id) as message:
        if message.pinned_at is not None:
            message.pinned_at = message.pinned_by = None
            await _keep(ctx, message)
    return message


async def pinned(ctx: Context, conversations: Sequence[Any]) -> list[list[Any]]:
    """The pinned messages of each conversation that the viewer may read: the latest pinned first."""
    found: dict[uuid.UUID, list[Any]] = {read(one, "id"): [] for one in conversations}
    params = Params([list(found)])
    for row in await table.pinned(readable(Message, ctx.me, params, "r"), params):
        found[row["conversation_id"]].append(row)
    return [found[read(one, "id")] for one in conversations]


def _pinnable(ctx: Context, id: uuid.UUID) -> Any:
    return held(ctx, id, policy.can_take_part_in_message, "pin messages here")


async def _keep(ctx: Context, message: Message) -> None:
    await message.save(update_fields=["pinned_at", "pinned_by"])
    ctx.emit(MessagePinned(message.conversation_id, message.id))


async def _pinned_in(conversation: uuid.UUID) -> int:
    return await Message.filter(conversation_id=conversation, pinned_at__isnull=False).count()
