"""Events: frozen, past tense, ids only. A domain declares its own in `subscriptions/<domain>.py`."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, get_type_hints

import asyncpg
import orjson

from models.log import Position

KINDS: dict[str, type[Event]] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened. Subclasses add ids (or small integers) and say where they are heard.

    `audience` is who may hear of it, `recipient` the one person who does (neither: only readers inside the house).
    Order is kept within `stream`.
    """

    told_as: ClassVar[str] = ""
    """The name of its type to clients, where several events are one to them; else its own name."""
    nameless: ClassVar[bool] = False
    """Whether nobody is told who did it."""

    def __init_subclass__(cls) -> None:
        KINDS[cls.__name__] = cls

    @property
    def stream(self) -> str:
        raise NotImplementedError

    @property
    def subject(self) -> uuid.UUID:
        raise NotImplementedError

    @property
    def audience(self) -> uuid.UUID | None:
        return None

    @property
    def recipient(self) -> uuid.UUID | None:
        return None

    def refs(self) -> str:
        """The fields as JSON, as the log holds them."""
        return orjson.dumps({f.name: getattr(self, f.name) for f in dataclasses.fields(self)}, default=str).decode()


@dataclass(frozen=True, slots=True)
class Logged:
    """An event as read from the log, with its place in the order of all events."""

    position: Position
    event: Event
    stream: str
    audience: uuid.UUID | None
    actor: uuid.UUID | None
    occurred_at: datetime
    quiet: bool

    def __getattr__(self, name: str) -> Any:
        """The event's own ids read as if they were columns, so that fields are declared on it like on any row."""
        return getattr(object.__getattribute__(self, "event"), name)


def audience_stream(audience: uuid.UUID) -> str:
    """The stream of what happens within one audience."""
    return f"audience:{audience}"


def person_stream(person: uuid.UUID) -> str:
    """The stream of what happens to one person's row, rights and line."""
    return f"person:{person}"


def logged(record: asyncpg.Record) -> Logged | None:
    """An event of the log; None for one that this version cannot read: of an unknown kind, or without a field.

    A field with a default may be missing: the log was written before there was such a field.
    """
    kind = KINDS.get(record["kind"])
    if kind is None:
        return None
    refs = orjson.loads(record["refs"])
    if any(name not in refs for name, _, required in _fields(kind) if required):
        return None
    return Logged(
        position=(record["generation"], record["xid"], record["id"]),
        event=_event(kind, refs),
        stream=record["stream"],
        audience=record["audience_id"],
        actor=None if kind.nameless else record["actor_id"],
        occurred_at=record["occurred_at"],
        quiet=record["quiet"],
    )


def _event(kind: type[Event], refs: Mapping[str, object]) -> Event:
    given = ((name, is_id) for name, is_id, _ in _fields(kind) if name in refs)
    return kind(**{name: uuid.UUID(str(refs[name])) if is_id else refs[name] for name, is_id in given})


@cache
def _fields(kind: type[Event]) -> tuple[tuple[str, bool, bool], ...]:
    """Each field's name, whether it is an id, and whether it has no default."""
    hints = get_type_hints(kind)
    missing = dataclasses.MISSING
    return tuple((f.name, hints[f.name] is uuid.UUID, f.default is missing) for f in dataclasses.fields(kind))
