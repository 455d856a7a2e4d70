"""Followers: one stream of one client each, with who it is for, what is executed for them, and where it goes."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from auth.policies.org import sees_future
from auth.viewer import Viewer
from models.log import Position

if TYPE_CHECKING:
    import asyncio

    from resolvers.live.topics import Topic


class Payload:
    """What an event has become for those who get the same: JSON, and the frames that transports make of it."""

    __slots__ = ("frames", "json")

    def __init__(self, json: bytes) -> None:
        self.json = json
        self.frames: dict[str, Any] = {}


class Sink(Protocol):
    """Where a stream goes."""

    async def room(self) -> None:
        """Until there is room for some dozens of payloads."""
        ...

    def put(self, payload: Payload, position: Position) -> bool:
        """Have it sent, without waiting for that; False where too much is waiting already."""
        ...

    def end(self, payload: Payload | None, position: Position) -> None:
        """Have the last payload sent, however much is waiting, and the stream completed behind it."""
        ...


class Operation(Protocol):
    """What a client asks to be told of each event. Operations with equal keys ask for the same."""

    @property
    def key(self) -> Hashable: ...

    def is_shared(self, event: Any) -> bool:
        """Whether everybody of one kind of viewer who may hear of such an event is told the same."""
        ...

    async def answers(self, viewer: Viewer, events: Sequence[Any]) -> list[bytes]:
        """What the viewer is told of each event, as JSON."""
        ...


@dataclass(eq=False, slots=True)
class Follower:
    """One who follows a topic. `position` is of the last event that they were given, or of where they begin."""

    topic: Topic
    viewer: Viewer
    operation: Operation
    sink: Sink
    position: Position
    structure: int = -1  # of the org chart that the viewer was read with
    is_over: bool = False  # nothing more is to be put
    has_left: bool = False  # and nobody is there who could be told why
    task: asyncio.Task[None] | None = field(default=None, repr=False)  # brings them up to the present
    person: uuid.UUID = field(init=False)
    access: uuid.UUID = field(init=False)
    together: Hashable = field(init=False)
    """Equal for those who are told the same of whatever is shared."""

    def __post_init__(self) -> None:
        self.see_as(self.viewer, self.structure)

    def see_as(self, viewer: Viewer, structure: int) -> None:
        """From now on as this viewer, who was read with that org chart."""
        assert viewer.access_id is not None
        self.viewer, self.structure = viewer, structure
        self.person, self.access = viewer.person_id, viewer.access_id
        self.together = intern((self.operation.key, sort_of(viewer)))


def intern(key: Hashable) -> Hashable:
    """An equal key that is quickly told from others, however long it is."""
    return hashlib.blake2b(repr(key).encode(), digest_size=16).digest()


def sort_of(viewer: Viewer) -> Hashable:
    """Equal for viewers to whom the shared fields of what both may see are the same."""
    # Guests see people one by one, and a token that reads no people sees its own person alone.
    sees_all = not viewer.is_guest and viewer.allows("people:read")
    scopes = None if viewer.scopes is None else tuple(sorted(viewer.scopes))
    return (None if sees_all else viewer.person_id, scopes, sees_future(viewer))
