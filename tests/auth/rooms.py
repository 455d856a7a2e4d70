"""Conversations of a world: of every kind, some archived, with people who came late or have left the company."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from hypothesis import strategies as st

from models.conversations import ConversationKind, ConversationRole

KINDS = (*[ConversationKind.DIRECT] * 2, *[ConversationKind.GROUP] * 2, *[ConversationKind.CHANNEL] * 4)


@dataclass(frozen=True)
class Partner:
    """Somebody in a conversation, who reads what was said behind `since`."""

    person: uuid.UUID
    role: ConversationRole
    since: int


@dataclass(frozen=True)
class Room:
    """A conversation; `home` is where a channel is found."""

    id: uuid.UUID
    kind: ConversationKind
    partners: tuple[Partner, ...]
    home: uuid.UUID | None
    archived: bool

    def partner(self, person: uuid.UUID) -> Partner | None:
        return next((one for one in self.partners if one.person == person), None)


@dataclass(frozen=True)
class Saying:
    """A message of a conversation."""

    id: uuid.UUID
    room: Room
    sequence: int
    author: uuid.UUID | None
    removed: bool


@st.composite
def rooms(
    draw: st.DrawFn, ids: Sequence[uuid.UUID], people: Sequence[uuid.UUID], homes: Sequence[uuid.UUID]
) -> tuple[Room, ...]:
    """A conversation for each of `ids`; channels are at one of `homes`, or at none any more."""
    pair = st.tuples(st.sampled_from(people), st.sampled_from(people)).map(lambda two: tuple(sorted(set(two))))
    pairs = iter(draw(st.lists(pair, min_size=2, max_size=2, unique=True)))
    some = st.frozensets(st.sampled_from(people), max_size=5).map(sorted)
    found: list[Room] = []
    for id, kind in zip(ids, KINDS, strict=True):
        inside = next(pairs) if kind is ConversationKind.DIRECT else draw(some)
        home = draw(st.none() | st.sampled_from(homes)) if kind is ConversationKind.CHANNEL else None
        partners = tuple(draw(_partner(person, kind)) for person in inside)
        found.append(Room(id, kind, partners, home, archived=draw(st.sampled_from([False, False, True]))))
    return tuple(found)


def sayings(
    rooms: Sequence[Room], authors: Sequence[uuid.UUID | None]
) -> list[tuple[Room, int, uuid.UUID | None, bool]]:
    """What is said in each of them, by each author, standing and removed."""
    said = list(product(authors, (False, True)))
    return [(room, i, author, removed) for room in rooms for i, (author, removed) in enumerate(said, start=1)]


def _partner(person: uuid.UUID, kind: ConversationKind) -> st.SearchStrategy[Partner]:
    role = st.just(ConversationRole.MEMBER) if kind is ConversationKind.DIRECT else st.sampled_from(ConversationRole)
    since = st.just(0) if kind is ConversationKind.DIRECT else st.sampled_from([0, 0, 3, 6])
    return st.builds(Partner, st.just(person), role, since)
