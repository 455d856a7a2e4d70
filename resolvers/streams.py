"""Streams: what has happened, as the subscriber may see it at that moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from auth.conditions import in_audience
from execution.cursors import InvalidCursor
from models.errors import ErrorCode, Invalid
from models.log import Position, horizon
from resolvers.context import Context
from subscriptions.events import Event, Logged
from subscriptions.feed import CommentAdded, PostEdited, PostPublished, PostRemoved
from subscriptions.live import Lagged

CURSOR = "log"
FEED: tuple[type[Event], ...] = (PostPublished, PostEdited, PostRemoved, CommentAdded)


class EndReason(StrEnum):
    """Why a stream stops."""

    LAGGED = "LAGGED"
    REVOKED = "REVOKED"
    TOO_OLD = "TOO_OLD"


@dataclass(frozen=True)
class StreamEnded:
    """The last event of a stream that did not simply go on."""

    reason: EndReason
    position: Position
    occurred_at: datetime
    actor: None = None


async def take_stand(ctx: Context) -> None:
    """Note where the log stands, before an operation reads anything: what it reads is then no older than that."""
    ctx.stands = await horizon()


async def event_cursor(ctx: Context) -> str:
    """Where the log stood when this operation began: a stream `after` it continues what the operation has read."""
    return seal(ctx, ctx.stands or await horizon())


async def feed_updated(ctx: Context, after: str | None) -> AsyncIterator[Logged | StreamEnded]:
    """What happens in the feed, in the viewer's audiences."""
    ctx.reach("feed:read")
    position = _open(ctx, after) or ctx.services.hub.position
    try:
        async with aclosing(ctx.services.hub.listen(_shown, position)) as events:
            async for event in events:
                await ctx.renew()
                if ctx.viewer is None:
                    yield StreamEnded(EndReason.REVOKED, position, ctx.now())
                    return
                if await _concerns(ctx, event):
                    yield event
                position = event.position
    except Lagged as error:
        yield StreamEnded(EndReason.LAGGED, error.position, ctx.now())


def seal(ctx: Context, position: Position) -> str:
    """The cursor of a position in the log."""
    return ctx.sealer.seal(CURSOR, "", position)


def _shown(event: Logged) -> bool:
    return isinstance(event.event, FEED) and not event.quiet


async def _concerns(ctx: Context, event: Logged) -> bool:
    """Whether the viewer may hear of it."""
    return ctx.me.allows("feed:read") and (await ctx.holds(in_audience, [{"audience_id": event.audience}]))[0]


def _open(ctx: Context, after: str | None) -> Position | None:
    if after is None:
        return None
    try:
        generation, xid, id = ctx.sealer.open(CURSOR, "", after)
    except (InvalidCursor, ValueError):
        message = "This is no cursor of a stream. Take it from an event's `cursor`, or from `eventCursor`."
        raise Invalid(message, ["after"], code=ErrorCode.INVALID_CURSOR) from None
    return (generation, xid, id)
