"""Streams: what has happened, as the subscriber may see it at that moment."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from auth.scope import scope
from execution.cursors import InvalidCursor
from models.errors import ErrorCode, Forbidden, Invalid, NotFound
from models.groups import Group
from models.log import Position, horizon
from models.survey_hearing import circle
from models.surveys import Survey
from resolvers.context import Context
from resolvers.live.activity import Activity
from resolvers.live.ends import EndReason, StreamEnded
from resolvers.live.kinds import (
    ABOUT_ONESELF,
    CONVERSATION,
    DIRECTORY,
    FEED,
    GROUP,
    INBOX,
    PEOPLE,
    SCOPES,
    TO_ANSWER,
    EventKind,
    told_as,
)
from resolvers.live.survey import OfSurvey
from resolvers.live.topics import Kinds, Own, Topic, Within, among
from subscriptions.chat import OwnReadPointerMoved
from subscriptions.events import Logged
from subscriptions.presence import SPOKEN

CURSOR = "log"


@dataclass(frozen=True)
class Stream:
    """What a subscriber follows, and from where on. Iterated it serves them alone; the fan-out serves many together."""

    ctx: Context
    topic: Topic
    position: Position

    async def __aiter__(self) -> AsyncGenerator[Logged | StreamEnded]:
        ctx, position = self.ctx, self.position
        if self.topic.is_passing:
            portions = ctx.services.presence.overhear(self.topic.wants)
        else:
            portions = ctx.services.hub.follow(self.topic.wants, position, among=among(self.topic))
        async with aclosing(portions):
            async for events in portions:
                for event in events:
                    await ctx.renew()
                    if ctx.viewer is None or not await self.topic.remain([ctx.viewer.person_id]):
                        yield StreamEnded(EndReason.REVOKED, position, ctx.now())
                        return
                    if (await self.topic.hear([ctx.viewer.person_id], [event]))[0]:
                        yield event
                    position = event.position


async def take_stand(ctx: Context) -> None:
    """Note where the log stands, before an operation reads anything: what it reads is then no older than that."""
    ctx.stands = await horizon()


async def event_cursor(ctx: Context) -> str:
    """Where the log stood when this operation began: a stream `after` it continues what the operation has read."""
    return seal(ctx, ctx.stands or await horizon())


async def feed_updated(ctx: Context, after: str | None) -> Stream:
    """What happens in the feed, in the viewer's audiences. Raises `Forbidden` or `Invalid`."""
    ctx.reach("feed:read")
    return opened(ctx, Kinds("feed", FEED), after)


async def conversation_updated(ctx: Context, id: uuid.UUID, after: str | None) -> Stream:
    """What happens in a conversation that the viewer is in. Raises `NotFound`, `Forbidden` or `Invalid`."""
    ctx.reach("chat:read")
    topic = Within("conversation", id, CONVERSATION)
    if not await topic.remain([ctx.me.person_id]):
        raise NotFound(path=["conversationId"])
    return opened(ctx, topic, after)


async def group_updated(ctx: Context, id: uuid.UUID, after: str | None) -> Stream:
    """What happens in a group whose posts the viewer may read. Raises `NotFound`, `Forbidden` or `Invalid`."""
    ctx.reach("groups:read")
    if await scope(Group, ctx.me).filter(id=id).first() is None:
        raise NotFound(path=["groupId"])
    topic = Within("group", id, GROUP + FEED if ctx.me.allows("feed:read") else GROUP)
    if not await topic.remain([ctx.me.person_id]):
        raise Forbidden("What happens in this group is for its members. Join it first.")
    return opened(ctx, topic, after)


async def survey_updated(ctx: Context, id: uuid.UUID, after: str | None) -> Stream:
    """What happens to a survey by which the viewer is asked, or which is theirs.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    ctx.reach("surveys:read")
    if not await scope(Survey, ctx.me).filter(id=id).exists():
        raise NotFound(path=["surveyId"])
    topic = OfSurvey(id, await circle(id))
    if not await topic.remain([ctx.me.person_id]):
        raise Forbidden("What happens to this survey is told to who is asked and to its author. Read it instead.")
    return opened(ctx, topic, after)


async def directory_updated(ctx: Context, after: str | None) -> Stream:
    """What happens to people and the org chart. Raises `Forbidden` or `Invalid`."""
    ctx.reach("people:read")
    return opened(ctx, Kinds("directory", DIRECTORY if ctx.me.allows("org:read") else PEOPLE), after)


async def inbox_updated(ctx: Context, after: str | None) -> Stream:
    """What the viewer's badges hang on: talks, mentions, invitations, surveys. Raises `Forbidden` or `Invalid`."""
    ctx.reach("chat:read")
    kinds = INBOX + TO_ANSWER if ctx.me.allows("surveys:read") else INBOX
    return opened(ctx, Own("inbox", kinds, personal=ABOUT_ONESELF), after)


async def conversation_activity(ctx: Context, id: uuid.UUID) -> Stream:
    """Who writes in a conversation that the viewer is in, and who comes and goes. Raises `NotFound` or `Forbidden`."""
    ctx.reach("chat:read")
    topic = Activity(id)
    if not await topic.remain([ctx.me.person_id]):
        raise NotFound(path=["conversationId"])
    return Stream(ctx, topic, ctx.services.presence.position)


async def events(ctx: Context, kinds: Sequence[EventKind], after: str | None) -> Stream:
    """What happens of these kinds, wherever the viewer may hear of it. Raises `Forbidden` or `Invalid`."""
    if not kinds:
        raise Invalid("Say which kinds of events to follow: at least one.", ["kinds"])
    for kind in kinds:
        ctx.reach(SCOPES[kind])
    wanted = tuple(cls for kind in EventKind if kind in kinds for cls in told_as(kind))
    return opened(ctx, Own("events", wanted, personal=(OwnReadPointerMoved,)), after)


def opened(ctx: Context, topic: Topic, after: str | None) -> Stream:
    """A topic from behind a cursor, or from now on; what the client's last event was counts before that."""
    position = position_of(ctx, ctx.request.last_event_id or after)
    return Stream(ctx, topic, ctx.services.hub.position if position is None else position)


def seal(ctx: Context, position: Position) -> str:
    """The cursor of a position in the log."""
    return ctx.sealer.seal(CURSOR, "", position)


def position_of(ctx: Context, cursor: str | None) -> Position | None:
    """The position that a cursor of a stream stands for. Raises `Invalid`."""
    if cursor is None:
        return None
    try:
        generation, xid, id = ctx.sealer.open(CURSOR, "", cursor)
        if generation == SPOKEN:
            raise InvalidCursor("what was said in passing has no place in the log")
    except (InvalidCursor, ValueError):
        message = "This is no cursor of a stream. Take it from an event's `cursor`, or from `eventCursor`."
        raise Invalid(message, ["after"], code=ErrorCode.INVALID_CURSOR) from None
    return (generation, xid, id)
