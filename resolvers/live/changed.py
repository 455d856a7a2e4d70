"""What events are about, where their kind alone does not say: the subject of a reaction, the place of a mention."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable
from typing import Any

from resolvers.context import Context
from subscriptions.chat import MessageReacted, NamedInMessage
from subscriptions.events import Logged


def reacted_to(ctx: Context, event: Logged) -> Awaitable[Any]:
    """The post, comment or message that somebody reacted to; None where the viewer does not see it any more."""
    if isinstance(event.event, MessageReacted):
        return ctx.loaders["messages"].load(event.message)
    loader = "posts" if event.reacted_to == event.post else "comments"
    return ctx.loaders[loader].load(event.reacted_to)


def mentioned_in(event: Logged) -> tuple[str, uuid.UUID]:
    """The type and the key of the text that a mention is in."""
    if isinstance(event.event, NamedInMessage):
        return "Message", event.message
    return ("Post" if event.mentioned_in == event.post else "Comment"), event.mentioned_in


async def mentioned_in_post(ctx: Context, event: Logged) -> Any:
    """The post that a mention is in or under; None for that in a message."""
    return None if isinstance(event.event, NamedInMessage) else await ctx.loaders["posts"].load(event.post)


async def mentioned_in_comment(ctx: Context, event: Logged) -> Any:
    """The comment that a mention is in; None for that in anything else."""
    if isinstance(event.event, NamedInMessage) or event.mentioned_in == event.post:
        return None
    return await ctx.loaders["comments"].load(event.mentioned_in)


async def mentioned_in_message(ctx: Context, event: Logged) -> Any:
    """The message that a mention is in; None for that in anything else."""
    return await ctx.loaders["messages"].load(event.message) if isinstance(event.event, NamedInMessage) else None
