"""Topics: what one may follow. Those who follow the same one are served together."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from models import hearing as table
from resolvers.live.hearing import hearers, hearers_within
from subscriptions.chat import ConversationLeft
from subscriptions.events import Event, Logged, audience_stream
from subscriptions.groups import BannedFromGroup, GroupChanged, GroupPurged, MemberLeft
from subscriptions.live import Among

LOSSES = (ConversationLeft, MemberLeft, BannedFromGroup, GroupChanged, GroupPurged)
"""Events of an audience by which somebody may have lost the sight of it."""


class Topic(Protocol):
    """Something whose events one may follow; equal keys are one topic."""

    @property
    def key(self) -> tuple[Hashable, ...]: ...

    @property
    def is_passing(self) -> bool:
        """Whether its events are said in passing, and stand in no log."""
        ...

    @property
    def streams(self) -> Sequence[str] | None:
        """The streams in which its events stand; None where they may stand in any."""
        ...

    @property
    def kinds(self) -> tuple[type[Event], ...]:
        """What its events are."""
        ...

    def wants(self, event: Logged) -> bool:
        """Whether an event is one of the topic's, whoever may hear of it. Pure and quick."""
        ...

    def ends(self, event: Logged) -> bool:
        """Whether, by one of its events, somebody may have lost the right to follow it."""
        ...

    async def hear(self, people: Collection[uuid.UUID], events: Sequence[Logged]) -> list[set[uuid.UUID]]:
        """For each event those of these people who may hear of it now."""
        ...

    async def remain(self, people: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """Those of these people who may follow the topic at all, now."""
        ...


@dataclass(frozen=True)
class Kinds:
    """Events of some kinds, wherever they happen: the feed, the directory, what automation asks for."""

    name: str
    kinds: tuple[type[Event], ...]
    is_passing = False

    @property
    def key(self) -> tuple[Hashable, ...]:
        return (self.name, self.kinds)

    @property
    def streams(self) -> Sequence[str] | None:
        return None

    def wants(self, event: Logged) -> bool:
        return isinstance(event.event, self.kinds) and not event.quiet

    def ends(self, event: Logged) -> bool:
        return False

    async def hear(self, people: Collection[uuid.UUID], events: Sequence[Logged]) -> list[set[uuid.UUID]]:
        return await hearers(people, events)

    async def remain(self, people: Collection[uuid.UUID]) -> set[uuid.UUID]:
        return set(people)


@dataclass(frozen=True)
class Own(Kinds):
    """Of these kinds what concerns each follower: of `personal` ones, which name a person, those that name them."""

    personal: tuple[type[Event], ...] = ()

    async def hear(self, people: Collection[uuid.UUID], events: Sequence[Logged]) -> list[set[uuid.UUID]]:
        heard = await hearers(people, events)
        return [
            {event.person}.intersection(people) if isinstance(event.event, self.personal) else who
            for event, who in zip(events, heard, strict=True)
        ]


@dataclass(frozen=True)
class Within:
    """Events of some kinds within one audience: a conversation's, a group's. Who may read it may follow it."""

    name: str
    audience: uuid.UUID
    kinds: tuple[type[Event], ...]
    is_passing = False

    @property
    def key(self) -> tuple[Hashable, ...]:
        return (self.name, self.audience, self.kinds)

    @property
    def streams(self) -> Sequence[str] | None:
        return [audience_stream(self.audience)]

    def wants(self, event: Logged) -> bool:
        return event.stream == audience_stream(self.audience) and isinstance(event.event, self.kinds + LOSSES)

    def ends(self, event: Logged) -> bool:
        return isinstance(event.event, LOSSES)

    async def hear(self, people: Collection[uuid.UUID], events: Sequence[Logged]) -> list[set[uuid.UUID]]:
        heard = await hearers_within(self.audience, people, events)
        return [
            who if isinstance(event.event, self.kinds) and event.audience and not event.quiet else set[uuid.UUID]()
            for event, who in zip(events, heard, strict=True)
        ]

    async def remain(self, people: Collection[uuid.UUID]) -> set[uuid.UUID]:
        return (await table.reading([self.audience], people)).get(self.audience, set[uuid.UUID]())


def among(topic: Topic) -> Among:
    """What a topic chooses from, by which the log is read for it."""
    kinds = topic.kinds if topic.streams is None else ()
    return Among(sorted(_names(kinds)) if kinds else None, topic.streams)


def _names(kinds: Iterable[type[Event]]) -> Iterator[str]:
    """The names of events of these kinds, those of their subclasses included."""
    for kind in kinds:
        yield kind.__name__
        yield from _names(kind.__subclasses__())
