"""The context of one operation: who asks, what has been loaded for them, and the way to change things."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any, TypeVar

from auth import sessions
from auth.conditions import Condition
from auth.facts import Facts
from auth.identities import Identities
from auth.passwords import Hasher
from auth.vault import Vault
from auth.viewer import Viewer
from execution.cursors import Sealer
from execution.declared_loaders import Declaration, Loaders
from execution.loaders import Loader
from models.clock import Clock
from models.errors import Forbidden, Unauthenticated
from models.log import Entry, Position, holding
from resolvers.memory import Memory, Small
from search.choice import Search
from search.engine import Engine
from subscriptions import log
from subscriptions.bus import Bus
from subscriptions.events import Event
from subscriptions.live import Hub
from subscriptions.presence import Presence
from subscriptions.session import whose_rights

T = TypeVar("T")


@dataclass(frozen=True)
class Services:
    """What the process offers to every operation; put together in `atrium/`."""

    clock: Clock
    sealer: Sealer
    vault: Vault
    bus: Bus
    hub: Hub
    presence: Presence
    search: Search
    hasher: Hasher
    declared: dict[str, Declaration]
    public_url: str
    zone: tzinfo = UTC  # the organisation's: where its days begin
    min_group: int = 5  # people: numbers of fewer could tell of single ones
    identities: Identities = field(default_factory=Identities)
    memory: Memory = field(default_factory=Memory)

    @property
    def engine(self) -> Engine:
        """The index that is always there."""
        return self.search.fallback


@dataclass(frozen=True)
class Request:
    """Where an operation comes from."""

    ip: str = ""
    user_agent: str = ""
    id: str = ""
    last_event_id: str | None = None  # the cursor of the last event that a client of server-sent events has had


@dataclass
class Context:
    """Lives as long as one operation, or one event of a subscription."""

    services: Services
    viewer: Viewer | None
    request: Request = field(default_factory=Request)
    session_secret: str | None = field(
        default=None, repr=False
    )  # set by signing in or out: what the cookie must become ("" ends it)

    stands: Position | None = None  # where the log stood before anything was read, where the operation asks for it

    def __post_init__(self) -> None:
        self.loaders = Loaders(self, self.services.declared)
        self.facts = Facts()
        self._events: list[Event] | None = None
        self._noted: list[Event] = []
        self._streams: frozenset[str] = frozenset()
        self._tell_the_day()

    @property
    def me(self) -> Viewer:
        """The viewer; raises `Unauthenticated` where nobody is signed in."""
        if self.viewer is None:
            raise Unauthenticated("Sign in first: this is for people of the company and their guests.")
        return self.viewer

    @property
    def sealer(self) -> Sealer:
        return self.services.sealer

    def reach(self, scope: str) -> None:
        """Raise `Forbidden` unless the viewer's session or token reaches as far as `scope` ("people:read")."""
        if not self.me.allows(scope):
            raise Forbidden(f"This token does not carry the scope {scope}. Make one that does.")

    def now(self) -> datetime:
        return self.services.clock.now()

    def today(self) -> date:
        """The organisation's day."""
        return self.now().astimezone(self.services.zone).date()

    def remembered(self, what: Small[T]) -> T | None:
        """A small thing as the process remembers it; None where it has to be read, as within a transaction."""
        return self.services.memory.known(what, self.now()) if self._events is None else None

    async def recall(self, what: Small[T]) -> T:
        """A small thing, as the process remembers it or as it is read once for the operation."""
        if (known := self.remembered(what)) is not None:
            return known
        return await self.loaders.own(Recalled, Recalled).load(what)

    async def read_small(self, what: Small[T]) -> T:
        """It as it is stored: within a transaction what that has made of it, which nobody else is to be told."""
        return await (what.read() if self._events is not None else self.services.memory.read(what, self.now()))

    def forget(self) -> None:
        """Drop all that was loaded: after a change, and before each event of a stream."""
        self.loaders.clear()
        self.facts.clear()

    def done(self) -> None:
        """The operation is over: what was loaded for it goes at once, and is not left for the garbage collector."""
        self.loaders.release()
        self.facts.clear()

    async def renew(self) -> None:
        """Look again at who asks, and forget what was loaded: nobody once their session or token has ended."""
        self.forget()
        if self.viewer and self.viewer.access_id:
            self.viewer = await sessions.again(self.viewer.access_id, self.now())
            self._tell_the_day()

    async def holds(self, condition: Condition, rows: Sequence[Any]) -> list[bool]:
        """Whether a policy's condition holds of each row, in a statement for each kind of fact it needs."""
        viewer = self.me
        left = condition.settled(viewer)
        if isinstance(left, bool):
            return [left] * len(rows)
        await self.facts.learn(viewer, left.wanted(viewer, rows))
        return [left.test(viewer, row, self.facts) for row in rows]

    async def ensure(self, condition: Condition, row: Any, what: str) -> None:
        """Raise `Forbidden` unless the viewer, who may see the row, may also do `what` ("edit this post")."""
        if not (await self.holds(condition, [row]))[0]:
            raise Forbidden(f"You may not {what}.")

    @asynccontextmanager
    async def transaction(self, *streams: str) -> AsyncGenerator[None]:
        """One action: its changes and the events it emits commit together, or not at all.

        The locks of `streams` come before any write, in one order for everybody, so that the events of a stream are
        ordered as their commits are and two actions never wait for each other in a ring.
        """
        wanted = frozenset(streams)
        if self._events is not None:
            if not wanted <= self._streams:
                raise RuntimeError("an action within another one takes no streams that the outer one has not taken")
            yield
            return
        self._events, self._noted, self._streams = [], [], wanted
        try:
            async with holding(sorted(wanted)):
                yield
                if self._events:
                    await log.append(self._events, actor=self._actor, now=self.now())
            if happened := self._events + self._noted:
                if people := [who for event in happened if (who := whose_rights(event))]:
                    self.services.identities.forget(people)
                self.services.memory.forget(happened)
                self.services.bus.poke()
        finally:
            self._events = None
            self.forget()

    def emit(self, event: Event) -> None:
        """Have an event committed with the running transaction."""
        if self._events is None:
            raise RuntimeError("an event belongs to the transaction of its cause: emit inside ctx.transaction()")
        self._events.append(event)

    def entry(self, event: Event) -> Entry:
        """What a statement needs to note an event beside its cause (`models.log.noted`) in place of `emit`."""
        return log.entry(event, actor=self._actor)

    def noted(self, event: Event) -> None:
        """A statement of the running transaction has noted this event: it is told of once that is committed."""
        if self._events is None:
            raise RuntimeError("an event belongs to the transaction of its cause: note it inside ctx.transaction()")
        self._noted.append(event)

    @property
    def _actor(self) -> uuid.UUID | None:
        return self.viewer.person_id if self.viewer else None

    def _tell_the_day(self) -> None:
        if self.viewer and self.viewer.today != (today := self.today()):
            self.viewer = replace(self.viewer, today=today)

    def as_viewer(self, viewer: Viewer | None) -> Context:
        """A context of its own for another viewer, or for the same one as they are now."""
        return Context(self.services, viewer, self.request)


class Recalled(Loader[Context, Small[Any], Any]):
    """Small things that are not remembered, each read once in an operation. Everybody's: they need no scope."""

    async def batch_load_fn(self, keys: list[Small[Any]]) -> Sequence[Any]:
        return [await self.ctx.read_small(key) for key in keys]
