"""Looking at another day: what a viewer asks as of a date, and rows as they were then.

A row that was read as of a day carries it (`as_of`), and what is read from there on is read as of the same day.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from tortoise.models import Model

from auth.conditions import Params
from auth.policies.org import sees_future
from auth.scope import readable
from execution.loaders import Loader, settled
from execution.rows import read_all, read_all_if_there, read_if_there
from models import db
from models.days import on_day
from models.org import OrgUnit
from models.people import Person
from models.positions import Position
from resolvers.context import Context

PLAIN: dict[type[Model], str] = {Person: "people", OrgUnit: "units", Position: "positions"}
"""The loaders of today's rows."""


def day(ctx: Context, as_of: date | None, row: Any = None) -> date | None:
    """The day that is looked at: as asked, else the row's own; None is today.

    To whom the future is not shown, it looks as today does: what is planned is not there yet.
    """
    asked = as_of or day_of(row)
    if asked is None or asked == ctx.today() or (asked > ctx.today() and not sees_future(ctx.me)):
        return None
    return asked


def exact(ctx: Context, as_of: date | None, row: Any = None) -> date:
    """As `day`, for statements that want a date."""
    return day(ctx, as_of, row) or ctx.today()


def day_of(row: Any) -> date | None:
    """The day as of which a row was read; None: today."""
    return read_if_there(row, "as_of")


Dated = tuple[uuid.UUID, date]


class OnDay(Loader[Context, Dated, Any]):
    """Visible rows as they were on a day, by key and day; what was not there then is None."""

    def __init__(self, ctx: Context, model: type[Model]) -> None:
        super().__init__(ctx)
        self.model = model

    async def batch_load_fn(self, keys: list[Dated]) -> Sequence[Any]:
        found: dict[Dated, Any] = {}
        for when in {asked[1] for asked in keys}:
            params = Params([[id for id, asked in keys if asked == when], when])
            condition = readable(self.model, self.ctx.me, params, "r")
            rows = await db.rows(
                f"SELECT r.*, '{self.model.__name__}' AS _type FROM {on_day(self.model, '$2')} r"
                f" WHERE r.id = ANY($1::uuid[]) AND {condition}",
                *params,
            )
            found.update(((row["id"], when), row) for row in rows)
        return [found.get(key) for key in keys]


def load(ctx: Context, model: type[Model], id: uuid.UUID, when: date | None) -> Any:
    """An awaitable of the visible row with this key, today's or (with `when`) that of another day; None: none."""
    if when is None:
        return ctx.loaders[PLAIN[model]].load(id)
    return _on_day(ctx, model).load((id, when))


async def load_many(ctx: Context, model: type[Model], ids: Sequence[uuid.UUID], when: date | None) -> list[Any]:
    """The same for several, in their order."""
    if when is None:
        return list(await ctx.loaders[PLAIN[model]].load_many(list(ids)))
    return list(await _on_day(ctx, model).load_many([(id, when) for id in ids]))


def _on_day(ctx: Context, model: type[Model]) -> Loader[Any, Any, Any]:
    return ctx.loaders.own(("on day", model), lambda c: OnDay(c, model))


async def again(ctx: Context, model: type[Model], row: Any, when: date | None) -> Any:
    """The same thing on another day than the row's own; None where it was not there."""
    return await load(ctx, model, row["id"], when)


async def follow(ctx: Context, model: type[Model], rows: Sequence[Any], key: str) -> list[Any]:
    """For each row the visible thing that its `key` names, as of the row's day; None where it is null or hidden."""
    ids = read_all(rows, key)
    if not any(read_all_if_there(rows, "as_of")):  # all of today, as most are
        left = iter(await _of_day(ctx, model, None, [id for id in ids if id is not None]))
        return [None if id is None else next(left) for id in ids]
    asked = [(id, day(ctx, None, row)) for id, row in zip(ids, rows, strict=True)]
    of_day: dict[date | None, list[uuid.UUID]] = {}
    for id, when in asked:
        if id is not None:
            of_day.setdefault(when, []).append(id)
    found = await asyncio.gather(*(_of_day(ctx, model, when, ids) for when, ids in of_day.items()))
    things = {when: iter(of) for when, of in zip(of_day, found, strict=True)}
    return [None if id is None else next(things[when]) for id, when in asked]


async def _of_day(ctx: Context, model: type[Model], when: date | None, ids: list[uuid.UUID]) -> list[Any]:
    if when is None:
        return settled(await ctx.loaders[PLAIN[model]].load_batch(ids))
    return settled(await _on_day(ctx, model).load_batch([(id, when) for id in ids]))
