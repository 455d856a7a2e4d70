"""Presence and typing: who is here and who writes just now. It is said in passing, kept nowhere, and may be lost."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from models.log import Position
from models.tasks import end
from subscriptions.bus import Bus
from subscriptions.live import Listener

HERE_EVERY = 30.0  # seconds after which a process says again who is here
HERE_FOR = 75.0  # seconds that its word is taken
GRACE = 5.0  # seconds that somebody may be gone for and come back, unnoticed
TYPING_EVERY = 3.0  # seconds between two words of the same person in the same conversation
SPOKEN = 2**62  # a generation that no log reaches: what is said in passing has no place in it
PORTION = 150  # people of one word, which the bus bounds

PRESENCE, TYPING = "presence", "typing"


class PresenceState(StrEnum):
    """Whether somebody is connected."""

    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"


@dataclass(frozen=True, slots=True)
class PersonTyping:
    """Somebody writes in a conversation just now."""

    conversation: uuid.UUID
    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """Somebody has come or gone."""

    person: uuid.UUID
    presence: PresenceState


@dataclass(frozen=True, slots=True)
class Said:
    """Something said in passing, in the order in which this process heard it; reads like an event of the log."""

    position: Position
    event: PersonTyping | PresenceChanged
    occurred_at: datetime
    stream: str = ""
    audience: uuid.UUID | None = None
    actor: uuid.UUID | None = None
    quiet: bool = False

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "event"), name)


class Presence:
    """Who is connected to any process, as far as this one has heard."""

    def __init__(self, bus: Bus, grace: float = GRACE) -> None:
        self.bus, self._grace = bus, grace
        self.spoken = 0
        self._me = uuid.uuid4().hex
        self._mine: set[uuid.UUID] = set()
        self._where: dict[uuid.UUID, dict[str, float]] = {}  # person → process → until when its word is taken
        self._typed: dict[tuple[uuid.UUID, uuid.UUID], float] = {}
        self._listeners: set[Listener] = set()
        self._leaving: dict[uuid.UUID, asyncio.TimerHandle] = {}

    @property
    def position(self) -> Position:
        """Of the last thing said."""
        return (SPOKEN, 0, self.spoken)

    @property
    def people(self) -> Collection[uuid.UUID]:
        """Who is connected to any process, whether they want it known or not."""
        return self._where.keys()

    def arrive(self, person: uuid.UUID) -> None:
        """Somebody's first connection to this process."""
        if leaving := self._leaving.pop(person, None):
            leaving.cancel()
        self._mine.add(person)
        self._tell([person], here=True)

    def leave(self, person: uuid.UUID) -> None:
        """Somebody's last connection to this process is gone. They have a moment to come back."""
        self._leaving[person] = asyncio.get_running_loop().call_later(self._grace, self._gone, person)

    def type(self, person: uuid.UUID, conversation: uuid.UUID) -> None:
        """Somebody writes. Whoever says so all the time is heard every few seconds."""
        now = asyncio.get_running_loop().time()
        if now - self._typed.get((person, conversation), 0.0) < TYPING_EVERY:
            return
        self._typed[person, conversation] = now
        self.bus.whisper(TYPING, {"person": str(person), "conversation": str(conversation)})

    async def overhear(self, wants: Callable[[Any], bool]) -> AsyncGenerator[list[Any]]:
        """What `wants` chooses of what is said from now on, in portions; what comes too fast is lost."""
        while True:
            listener = Listener(wants)
            self._listeners.add(listener)
            try:
                while said := await listener.take():
                    yield list(said)
            finally:
                self._listeners.discard(listener)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[Presence]:
        """Listening, and saying who is here, for as long as the block runs."""
        stop = self.bus.overhear(self._hear)
        telling = asyncio.create_task(self._keep_telling(), name="presence")
        try:
            yield self
        finally:
            stop()
            for leaving in self._leaving.values():
                leaving.cancel()
            self._tell(self._mine, here=False)
            await end(telling)

    def _gone(self, person: uuid.UUID) -> None:
        self._leaving.pop(person, None)
        self._mine.discard(person)
        self._tell([person], here=False)

    def _tell(self, people: Iterable[uuid.UUID], *, here: bool) -> None:
        everybody = list(people)
        self._note(self._me, everybody, here=here)
        for start in range(0, len(everybody), PORTION):
            portion = [str(person) for person in everybody[start : start + PORTION]]
            self.bus.whisper(PRESENCE, {"process": self._me, "people": portion, "here": here})

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(HERE_EVERY)
            self._tell(self._mine, here=True)
            now = asyncio.get_running_loop().time()
            self._typed = {key: at for key, at in self._typed.items() if now - at < TYPING_EVERY}
            late = [(person, p) for person, where in self._where.items() for p, until in where.items() if until < now]
            for person, process in late:
                self._note(process, [person], here=False)

    def _hear(self, topic: str, said: Mapping[str, Any]) -> None:
        if topic == TYPING:
            self._say(PersonTyping(uuid.UUID(said["conversation"]), uuid.UUID(said["person"])))
        elif topic == PRESENCE and said["process"] != self._me:
            self._note(said["process"], [uuid.UUID(person) for person in said["people"]], here=said["here"])

    def _note(self, process: str, people: Iterable[uuid.UUID], *, here: bool) -> None:
        until = asyncio.get_running_loop().time() + HERE_FOR
        for person in people:
            was = person in self._where
            where = self._where.setdefault(person, {})
            if here:
                where[process] = until
            else:
                where.pop(process, None)
            if not where:
                del self._where[person]
            if was != (person in self._where):
                self._say(PresenceChanged(person, PresenceState.OFFLINE if was else PresenceState.ONLINE))

    def _say(self, event: PersonTyping | PresenceChanged) -> None:
        self.spoken += 1
        said: Any = Said(self.position, event, datetime.now(UTC))
        for listener in self._listeners:
            listener.offer(said)
