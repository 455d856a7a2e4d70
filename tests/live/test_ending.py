"""The end of a stream is told whatever happens around it."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from auth.viewer import Viewer
from resolvers.live.ends import StreamEnded
from resolvers.live.followers import Operation
from tests.conftest import Ask
from tests.factories.chat import a_conversation
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.live.following import SOON, Live, Told, until


@dataclass
class Thoughtful:
    """An operation that takes its time over the last words, or never finds them."""

    operation: Operation
    fails: bool = False
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def key(self) -> Hashable:
        return self.operation.key

    def is_shared(self, event: Any) -> bool:
        return self.operation.is_shared(event)

    async def answers(self, viewer: Viewer, events: Sequence[Any]) -> list[bytes]:
        if isinstance(events[0], StreamEnded):
            self.begun.set()
            await self.may_end.wait()
            if self.fails:
                raise RuntimeError("no words")
        return await self.operation.answers(viewer, events)


async def test_who_leaves_meanwhile_does_not_take_the_end_from_another(ask: Ask, fan: Live) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    room = global_id(await a_conversation(ann, bob))
    others = await fan(ann, "streams/conversation_updated", conversation_id=room)
    full = await fan(bob, "streams/conversation_updated", Told(most=0), conversation_id=room)
    thoughtful = full.follower.operation = Thoughtful(full.follower.operation)

    await ask(ann, "messages/send_message", conversation_id=room, body="Hello")
    async with asyncio.timeout(SOON):
        await thoughtful.begun.wait()
    fan.fanout.leave(others.follower)  # the last one who still follows: there would be nobody left to serve
    thoughtful.may_end.set()
    await until(lambda: full.told.is_over)

    assert full.told.types == ["StreamEnded"]


async def test_a_stream_ends_though_nobody_finds_words_for_it(ask: Ask, fan: Live) -> None:
    ann = await a_person("Ann")
    room = global_id(await a_conversation(ann))
    full = await fan(ann, "streams/conversation_updated", Told(most=0), conversation_id=room)
    thoughtful = full.follower.operation = Thoughtful(full.follower.operation, fails=True)
    thoughtful.may_end.set()

    await ask(ann, "messages/send_message", conversation_id=room, body="Hello")
    await until(lambda: full.told.is_over)

    assert full.told.said == []
