"""Fan-out: an event is executed once for all who get the same of it, and each is asked for whether they may hear of it.

All who follow one topic in this process are a channel. It takes the events from the log in portions, asks the database
who is still signed in and who may hear of each, and executes each once for each group of followers whose operations,
variables and sight are the same.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Hashable

import structlog

from models.db import is_unreachable
from models.tasks import end
from resolvers.context import Services
from resolvers.live.channel import Channel
from resolvers.live.ends import EndReason
from resolvers.live.followers import Follower
from resolvers.live.viewers import Viewers
from subscriptions.chat import ConversationLeft
from subscriptions.events import Logged
from subscriptions.org import OrgEvent
from subscriptions.people import PersonDeactivated
from subscriptions.session import AccessRevoked, RightsChanged

RETRY = 1.0  # seconds, while the database is away

out = structlog.get_logger()


class Fanout:
    """Everybody of this process who follows anything."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.viewers = Viewers(services.clock, services.zone)
        self._channels: dict[Hashable, Channel] = {}

    @property
    def followers(self) -> int:
        """How many streams are followed."""
        return sum(len(channel.followers) for channel in self._channels.values())

    def join(self, follower: Follower) -> None:
        """Have somebody follow their topic from their position on. Whether they may is known by their coming here."""
        follower.task = asyncio.create_task(self._join(follower))

    def leave(self, follower: Follower) -> None:
        """They follow no longer, and are told nothing more; one who has been ended has left already."""
        follower.is_over = follower.has_left = True
        if follower.task:
            follower.task.cancel()
        channel = self._channels.get(follower.topic.key)
        if channel:
            channel.followers.discard(follower)
            self._close_if_empty(channel)

    def dismiss(self, follower: Follower) -> None:
        """Their session or token has ended: have their stream say so and end, if it is not about to."""
        if follower.is_over:
            return
        if follower.task:
            follower.task.cancel()
        if channel := self._channels.get(follower.topic.key):
            follower.task = asyncio.create_task(channel.end(follower, EndReason.REVOKED))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[Fanout]:
        """Serving for as long as the block runs."""
        watching = asyncio.create_task(self._watch(), name="rights of followers")
        try:
            yield self
        finally:
            for channel in list(self._channels.values()):
                channel.close()
            await end(watching)

    async def _join(self, follower: Follower) -> None:
        channel = self._channel(follower)
        channel.moving += 1
        try:
            await self._catch_up(channel, follower)
        finally:
            channel.moving -= 1
            self._close_if_empty(channel)

    async def _catch_up(self, channel: Channel, follower: Follower) -> None:
        while True:
            try:
                return await channel.catch_up(follower)
            except Exception as error:
                out.warning("stream_not_resumed", error=repr(error))
                if not is_unreachable(error):
                    return await channel.end(follower, EndReason.LAGGED)
            await asyncio.sleep(RETRY)  # it goes on behind what they have been given

    def _channel(self, follower: Follower) -> Channel:
        key = follower.topic.key
        if key not in self._channels:
            self._channels[key] = Channel(follower.topic, self.services, self.viewers, self._close_if_empty)
        return self._channels[key]

    def _close_if_empty(self, channel: Channel) -> None:
        if not channel.followers and not channel.moving:
            channel.close()
            if self._channels.get(channel.topic.key) is channel:
                del self._channels[channel.topic.key]

    async def _watch(self) -> None:
        """End what somebody may no longer follow, as soon as the log tells that it may be so."""
        position = self.services.hub.position
        while True:
            try:
                async with contextlib.aclosing(self.services.hub.follow(_may_end, position)) as portions:
                    async for events in portions:
                        await self._look_again(events)
                        position = events[-1].position
            except Exception as error:
                out.warning("rights_unheard", error=repr(error))
                await asyncio.sleep(RETRY)

    async def _look_again(self, events: list[Logged]) -> None:
        everybody = any(isinstance(event.event, OrgEvent) for event in events)
        if everybody:
            self.viewers.structure += 1
        people = {event.person for event in events if not isinstance(event.event, OrgEvent)}
        for channel in list(self._channels.values()):
            if everybody or any(follower.person in people for follower in channel.followers):
                await channel.look_again()


def _may_end(event: Logged) -> bool:
    return isinstance(event.event, AccessRevoked | RightsChanged | PersonDeactivated | ConversationLeft | OrgEvent)
