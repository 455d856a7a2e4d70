"""Nodes: things with an opaque, stable id, entities of the federation at the same time."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import asyncpg
import strawberry
from strawberry import Info as StrawberryInfo

from execution.fields import computed
from execution.ids import decode_id, encode_id, encoder
from models.errors import NotFound, Path
from resolvers.context import Context
from subscriptions.events import Logged
from subscriptions.presence import Said

Info = StrawberryInfo[Context, None]
T = TypeVar("T")


@strawberry.interface(name="Node", description="Something with an id of its own.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque and stable; the same for everybody.")


LOADERS: dict[str, str] = {}
"""The loader by which each node type is read within the viewer's scope."""


def node(loader: str, *, description: str) -> Callable[[type[T]], type[T]]:
    """A type that `node`, `nodes` and the federation's `_entities` find by id through `loader`."""

    def declare(cls: type[T]) -> type[T]:
        LOADERS[cls.__name__] = loader
        return strawberry.federation.type(cls, keys=["id"], description=description)

    return declare


def identity(type_name: str) -> Any:
    """The id field of a node type."""
    return computed(encoder(type_name), of="id", description="Opaque and stable; the same for everybody.")


def key(type_name: str, id: str, path: Path) -> uuid.UUID:
    """The key that a global id of this type stands for. Another type's id is `NotFound`, as an unknown one is."""
    try:
        found, value = decode_id(id)
    except ValueError:  # no id, or so few of its letters are an id's that they make no key
        raise NotFound(path=path) from None
    if found != type_name:
        raise NotFound(path=path)
    return value


def any_key(id: str, path: Path) -> tuple[str, uuid.UUID]:
    """The type and the key that a global id stands for, for what may be done to several types. Raises `NotFound`."""
    try:
        return decode_id(id)
    except ValueError:
        raise NotFound(path=path) from None


def found_key(type_name: str, id: str) -> uuid.UUID | None:
    """As `key`, None for what is no id of this type: a read whose answer may be null gives null for it, too."""
    try:
        return key(type_name, id, ())
    except NotFound:
        return None


def optional_key(type_name: str, id: str | None, path: Path) -> uuid.UUID | None:
    """As `key`, for an id that may be left out."""
    return None if id is None else key(type_name, id, path)


def access_id(key: uuid.UUID) -> str:
    """The global id of a session or token: one type, so that either is revoked alike. It is no node."""
    return encode_id("Access", key)


def access_key(id: str, path: Path) -> uuid.UUID:
    """The key of a session or token. Raises `NotFound`."""
    return key("Access", id, path)


async def load(ctx: Context, id: str) -> Any:
    """The visible thing of any node type with this id, or None."""
    try:
        type_name, value = decode_id(id)
    except ValueError:  # no id, or so few of its letters are an id's that they make no key
        return None
    loader = LOADERS.get(type_name)
    return None if loader is None else await ctx.loaders[loader].load(value)


def type_name(source: Any) -> str:
    """The GraphQL type of a source object: rows and their types have one name, and loaders' records carry it."""
    if isinstance(source, asyncpg.Record):
        return source["_type"]
    if isinstance(source, Logged):
        return source.event.told_as or type(source.event).__name__
    if isinstance(source, Said):
        return type(source.event).__name__
    return type(source).__name__
