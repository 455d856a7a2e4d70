"""Shaping: what the types of the schema are made with: scalars, inputs, permissions, extensions, connections."""

# Strawberry reads the annotations when it builds the types, so there are no deferred ones in this module.

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, NewType, Optional, TypeAlias, TypeVar, cast

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from execution.fields import Batched, column, identity, siblings
from execution.rows import read
from execution.sources import tried
from tests.execution.equality.things import Color, World
from tests.execution.equality.weather import choice

Info = strawberry.Info[World, Any]
T = TypeVar("T")

Token = NewType("Token", object)
strawberry.enum(Color, name="Mood")
Mood: TypeAlias = Color


def _token(value: Any) -> str | None:
    """A scalar that knows pairs alone; of a pair of nothing it makes nothing."""
    head, tail = value
    return f"{head}/{tail}" if head else None


SCALARS: Any = {Token: strawberry.scalar(name="Token", serialize=_token, parse_value=lambda text: ("t", text))}


def at(one: Any, name: str) -> str:
    """The place of a field in the weather."""
    return f"{read(one, 'kind')}.{name} of {read(one, 'id')}"


def told(one: Any, info: Info, name: str, value: Any) -> Any:
    """What a resolver gives, as the weather is."""
    info.context.weather.resolver(f"{at(one, name)} (called)")
    return info.context.weather.given(at(one, name), value)


# Inputs.


@strawberry.input
class Span:
    low: int = 0
    high: int | None = None
    token: Token | None = None


@strawberry.input
class Filter:
    words: list[str]
    spans: list[Span] | None = None
    mood: Mood = Color.RED
    name: strawberry.Maybe[str]
    title: strawberry.Maybe[str | None]


@strawberry.input(one_of=True)
class Pick:
    id: strawberry.Maybe[strawberry.ID]
    span: strawberry.Maybe[Span]
    moods: strawberry.Maybe[list[Mood]]


# What comes between a field and its function.


class Young(BasePermission):
    message = "too old"

    def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:
        return source is None or choice((True, True, False), info.context.weather.seed, read(source, "id"))


class Kind(BasePermission):
    message = "not kind"

    async def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:
        await asyncio.sleep(0)
        return source is None or choice((True, True, False), "kind", info.context.weather.seed, read(source, "id"))


class Loud(FieldExtension):
    """Takes part in resolving, and may change the arguments."""

    def resolve(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        if "word" in kwargs:
            kwargs["word"] += "?"
        found = next_(source, info, **kwargs)
        return found.upper() if isinstance(found, str) else found

    async def resolve_async(self, next_: Any, source: Any, info: Any, **kwargs: Any) -> Any:
        found = await next_(source, info, **kwargs)
        return found.upper() if isinstance(found, str) else found


class Paged(FieldExtension):
    """Only maps arguments, as connections do."""

    def apply(self, field: StrawberryField) -> None:
        field.arguments = [
            StrawberryArgument(name, None, StrawberryAnnotation(kind), default=None)
            for name, kind in {"first": Optional[int], "after": Optional[str]}.items()  # noqa: UP045
        ]

    def map_arguments(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        if (kwargs.get("first") or 0) < 0:
            raise ValueError("A page has no less than no entry.")
        return {"page": (kwargs.get("first"), kwargs.get("after"))}


# Connections.


@strawberry.type
class PageInfo:
    has_next_page: bool = column("x")
    end_cursor: str | None = column("x")


@strawberry.type
class Edge(Generic[T]):
    cursor: str = column("x")
    node: T = column("x")


@strawberry.type
class Connection(Generic[T]):
    edges: list[Edge[T]] = column("x")
    nodes: list[T | None] | None = column("x")
    page_info: PageInfo = column("x")

    @strawberry.field
    async def total_count(self) -> int | None:
        return len(cast(Any, self).edges)


@dataclass
class Page:
    """What a connection is made of."""

    edges: list[Any]
    nodes: list[Any]
    page_info: dict[str, Any]


def page_of(world: World, place: str, ids: list[str], first: int | None) -> Page:
    rows = [world.weather.given(f"{place}/{i}", world.row(id)) for i, id in enumerate(ids[:first])]
    edges = [{"cursor": f"c{i}", "node": row} for i, row in enumerate(rows)]
    return Page(edges, rows, {"has_next_page": bool(ids), "end_cursor": None})


# Batched fields.


async def lucks(world: World, rows: list[Any]) -> list[Any]:
    await asyncio.sleep(0)
    world.weather.resolver("luck of all")
    return [world.weather.given(f"luck of {read(row, 'id')}", len(read(row, "id"))) for row in rows]


async def partners(world: World, rows: list[Any]) -> list[Any]:
    return [tried(_partner, world, row) for row in rows]


def _partner(world: World, row: Any) -> Any:
    return world.weather.given(at(row, "partner"), world.row(read(row, "maker_id")))


def lucks_known(world: World, rows: Sequence[Any]) -> Sequence[Any] | None:
    """As `lucks` in fair weather, to some; sometimes the answer is of no use, and once in a while there is none."""
    if any(isinstance(tried(_key, row), Exception) for row in rows):
        return None  # it cannot be loaded for one of them
    if any(world.weather.strikes(place) for place in ("luck of all", *(f"luck of {read(row, 'id')}" for row in rows))):
        return choice((None, []), world.weather.seed)
    known = [len(read(row, "id")) for row in rows]
    return known if world.weather.seed % 3 else None


def _key(row: Any) -> int:
    return hash(identity(row))


async def bosses(world: World, rows: list[Any]) -> list[Any]:
    """Others than today's."""
    return [tried(_boss, world, row) for row in rows]


def _boss(world: World, row: Any) -> Any:
    return world.weather.given(at(row, "boss of yesterday"), world.row(read(row, "maker_id")))


async def no_stones(world: World, rows: list[Any]) -> list[Any]:
    return [[] for _ in rows]


DATED = Batched(bosses)


def chosen(root: Any, info: Info, of: str | None = None) -> Any:
    """A field that is declared where it has no argument."""
    return siblings(info.context, DATED).load_for(root) if of is None else info.context.row(of)


async def too_few(world: World, rows: list[Any]) -> list[Any]:
    return []


async def _late(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


def awaited(row: Any) -> Any:
    """A value, or sometimes an awaitable of it."""
    return _late(read(row, "title")) if read(row, "age") % 2 else read(row, "title")


def awaited_twin(row: Any) -> Any:
    return _late(row)


def shouted(row: Any) -> str:
    return read(row, "title").upper()


def twin(row: Any) -> Any:
    return row


def pair(row: Any) -> list[Any]:
    return [row, None, 5] if read(row, "age") > 80 else [row, row]
