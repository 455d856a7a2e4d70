"""Positions: who holds them on a day, and the lines between them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tortoise.models import Model

from auth.policies.org import sees_future
from execution.loaders import Loader
from execution.paging import Order
from execution.rows import read
from models import positions as table
from models.days import on_day
from models.people import Person
from models.positions import FOREVER, LineKind, Position, on
from resolvers import days, lists
from resolvers.context import Context
from resolvers.days import Dated
from resolvers.lists import Link, PageArgs
from resolvers.org import Occupancy

BY_TITLE = Order("positions:title", ("lower({}.title) AS title_key", "id"))
HELD_MAX = 20  # positions of one person, people of one position, lines of one position


async def position(ctx: Context, id: uuid.UUID | None, as_of: date | None) -> Any:
    """A position as of a day, or None."""
    ctx.reach("org:read")
    return None if id is None else await days.load(ctx, Position, id, days.day(ctx, as_of))


@dataclass(frozen=True)
class Held:
    """Who holds a position: the named ones, and whether anybody does."""

    people: list[uuid.UUID]
    is_held: bool


class Holders(Loader[Context, Dated, Held]):
    """Who holds each position on a day."""

    async def batch_load_fn(self, keys: list[Dated]) -> Sequence[Held | Exception]:
        found: dict[Dated, list[uuid.UUID | None]] = {key: [] for key in keys}
        for day in {when for _, when in keys}:
            for r in await table.holders([id for id, when in keys if when == day], day):
                found[r["position_id"], day].append(r["person_id"])
        return [Held([id for id in found[key] if id][:HELD_MAX], bool(found[key])) for key in keys]


class LinesUp(Loader[Context, Dated, list[Any]]):
    """The reporting lines of each position on a day, solid ones first."""

    async def batch_load_fn(self, keys: list[Dated]) -> Sequence[list[Any] | Exception]:
        found: dict[Dated, list[Any]] = {key: [] for key in keys}
        for day in {when for _, when in keys}:
            for r in await table.lines_up([id for id, when in keys if when == day], day):
                found[r["position_id"], day].append(r)
        return [found[key][:HELD_MAX] for key in keys]


class PostsOf(Loader[Context, Dated, list[uuid.UUID]]):
    """The positions that each person holds on a day, the one held longest first."""

    async def batch_load_fn(self, keys: list[Dated]) -> Sequence[list[uuid.UUID] | Exception]:
        found: dict[Dated, list[uuid.UUID]] = {key: [] for key in keys}
        for day in {when for _, when in keys}:
            for r in await table.posts([id for id, when in keys if when == day], day):
                found[r["person_id"], day].append(r["position_id"])
        return [found[key][:HELD_MAX] for key in keys]


async def _held(ctx: Context, positions: Sequence[Any]) -> list[Held]:
    loader = ctx.loaders.own(Holders, Holders)
    return list(await loader.load_many([(read(p, "id"), days.exact(ctx, None, p)) for p in positions]))


async def occupancies(ctx: Context, positions: Sequence[Any]) -> list[Occupancy]:
    """Whether somebody holds each position, as of the day of its row."""
    return [
        Occupancy.FILLED if held.people else Occupancy.UNDISCLOSED if held.is_held else Occupancy.VACANT
        for held in await _held(ctx, positions)
    ]


async def holders(ctx: Context, positions: Sequence[Any]) -> list[list[Any]]:
    """The visible people who hold each position, as of the day of its row."""
    held = [found.people for found in await _held(ctx, positions)]
    return await _each(ctx, Person, held, positions)


async def managers(ctx: Context, positions: Sequence[Any]) -> list[Any]:
    """The position that each reports to by its solid line, filled or not, as of the day of its row."""
    solid = [
        [line["manager_id"] for line in up if line["kind"] == LineKind.SOLID][:1] for up in await lines(ctx, positions)
    ]
    return [found[0] if found else None for found in await _each(ctx, Position, solid, positions)]


async def lines(ctx: Context, positions: Sequence[Any]) -> list[list[Any]]:
    """The reporting lines of each position, solid ones first, as of the day of its row."""
    loader = ctx.loaders.own(LinesUp, LinesUp)
    return list(await loader.load_many([(read(p, "id"), days.exact(ctx, None, p)) for p in positions]))


async def posts(ctx: Context, people: Sequence[Any]) -> list[list[Any]]:
    """The positions that each person holds, the one held longest first, as of the day of their row."""
    loader = ctx.loaders.own(PostsOf, PostsOf)
    held = await loader.load_many([(read(p, "id"), days.exact(ctx, None, p)) for p in people])
    return await _each(ctx, Position, held, people)


async def _each(
    ctx: Context, model: type[Model], ids: Sequence[Sequence[uuid.UUID]], rows: Sequence[Any]
) -> list[list[Any]]:
    """For each of `rows` the visible things of its keys, as of its day: all loaded together."""
    loads = (days.load_many(ctx, model, keys, days.day(ctx, None, row)) for keys, row in zip(ids, rows, strict=True))
    return [[thing for thing in found if thing is not None] for found in await asyncio.gather(*loads)]


def reports(ctx: Context, position: Any, as_of: date | None, args: PageArgs) -> Any:
    """An awaitable page of the positions right below one on a day, by title."""
    day, other = days.exact(ctx, as_of, position), days.day(ctx, as_of, position)
    below = f"""
        SELECT l.position_id FROM reporting_line l
        WHERE l.manager_id = parent.id AND l.kind = 'SOLID' AND {on("l", "$2")}"""
    link = Link(f"r.id IN ({below})", source=on_day(Position, "$2") if other else "", params=(day,))
    return lists.pages(ctx, Position, link, BY_TITLE, args).load(read(position, "id"))


async def line_ends(ctx: Context, found: Sequence[Any]) -> list[date | None]:
    """The day on which each line ends; None for good, and where that is still to come and not the viewer's to know."""
    known = ctx.today() if not sees_future(ctx.me) else FOREVER
    return [
        read(r, "valid_to") if read(r, "valid_to") <= known and read(r, "valid_to") != FOREVER else None for r in found
    ]
