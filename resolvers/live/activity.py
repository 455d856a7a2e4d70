"""The topic of what goes on in a conversation just now: who writes, who comes and goes. Only its members hear of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from models import hearing as table
from subscriptions.events import Event
from subscriptions.presence import PersonTyping, PresenceChanged


@dataclass(frozen=True)
class Activity:
    """Typing in one conversation, and the presence of those who are in it; ephemeral."""

    conversation: uuid.UUID
    is_passing = True

    @property
    def key(self) -> tuple[Hashable, ...]:
        return ("activity", self.conversation)

    @property
    def streams(self) -> Sequence[str] | None:
        return None

    @property
    def kinds(self) -> tuple[type[Event], ...]:
        return ()

    def wants(self, event: Any) -> bool:
        said = event.event
        return isinstance(said, PresenceChanged) or (
            isinstance(said, PersonTyping) and said.conversation == self.conversation
        )

    def ends(self, event: Any) -> bool:
        return False

    async def hear(self, people: Collection[uuid.UUID], events: Sequence[Any]) -> list[set[uuid.UUID]]:
        """Nobody hears of themselves, nor of those who are not in the conversation or do not want it known."""
        about = {event.person for event in events}
        members = await self.remain({*people, *about})
        open_ones = await table.showing_presence(about & members)
        hears = members.intersection(people)
        return [hears - {event.person} if event.person in open_ones else set[uuid.UUID]() for event in events]

    async def remain(self, people: Collection[uuid.UUID]) -> set[uuid.UUID]:
        return (await table.belonging([self.conversation], people)).get(self.conversation, set[uuid.UUID]())
