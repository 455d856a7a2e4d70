"""Retention: a conversation that keeps what was said for some days only loses the rest, day by day."""

from __future__ import annotations

import uuid
from datetime import timedelta

import asyncpg

from models import retention as table
from models.conversations import Conversation
from models.timers import set_timer
from resolvers.context import Context, Services
from subscriptions.chat import MessagesExpired, MessagesForgotten
from subscriptions.events import audience_stream

EXPIRE = "expire_messages"
"""The kind of timer that deletes what a conversation keeps no longer, a portion at a time."""
EVERY = timedelta(days=1)
TOLD_AT_ONCE = 500  # messages of one event


async def follow(ctx: Context, conversation: uuid.UUID) -> None:
    """Have a conversation keep what was said as long as it says now. Wants the transaction that changed that."""
    await set_timer(EXPIRE, str(conversation), ctx.now(), subject=conversation)


async def expire_due(services: Services, timer: asyncpg.Record) -> None:
    """Delete the next portion of what a timer's conversation keeps no longer; the timer rings again for the rest.

    It rings daily for as long as there is something to keep count of. Wants a transaction without a write so far.
    """
    ctx, id = Context(services, viewer=None), timer["subject_id"]
    async with ctx.transaction(audience_stream(id)):
        conversation = await Conversation.get_or_none(id=id)
        if conversation is None or conversation.retention_days is None:
            return
        before = ctx.now() - timedelta(days=conversation.retention_days)
        deleted, newest = await table.expire(id, before)
        if newest is not None:
            ctx.emit(MessagesExpired(id, newest))
        for start in range(0, len(deleted), TOLD_AT_ONCE):
            ctx.emit(MessagesForgotten(id, [str(one) for one in deleted[start : start + TOLD_AT_ONCE]]))
        again = ctx.now() if len(deleted) == table.MESSAGES_AT_ONCE else ctx.now() + EVERY
        await set_timer(EXPIRE, str(id), again, subject=id)
