"""Lists in pages: one statement for a list, one for the same list under any number of parents."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.models import Model

from auth.conditions import Params
from auth.scope import readable
from execution.loaders import Loader
from execution.paging import InvalidPage, Keyset, Order, Page, Window
from execution.paging import window as checked_window
from models import db
from models.errors import ErrorCode, Invalid
from resolvers.context import Context


@dataclass(frozen=True)
class PageArgs:
    """The arguments of a connection as a client gave them."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def window(self) -> Window:
        """The window they describe. Raises `Invalid`."""
        try:
            return checked_window(self.first, self.after, self.last, self.before)
        except InvalidPage as error:
            raise refused(error) from None


def refused(error: InvalidPage) -> Invalid:
    """A page that cannot be, as a refusal that people understand."""
    is_cursor = error.argument in ("after", "before") and "cursor" in error.message
    code = ErrorCode.INVALID_CURSOR if is_cursor else ErrorCode.BAD_USER_INPUT
    return Invalid(error.message, [error.argument], code=code)


async def page(
    ctx: Context,
    model: type[Model],
    order: Order,
    args: PageArgs,
    *,
    where: str = "TRUE",
    params: Sequence[object] = (),
) -> Page:
    """A page of the rows of `model` that the viewer may see and that meet `where` on `r` (parameters from $1)."""
    window = args.window()
    keyset = Keyset(order, ctx.sealer, binding=_binding(where, params))
    values = Params(params)
    source = f"FROM {db.table(model)} r WHERE ({where}) AND {readable(model, ctx.me, values, 'r')}"
    counted = tuple(values)
    after, position = _after(keyset, window, len(values) + 1)
    values += position
    select = f"SELECT r.*, '{model.__name__}' AS _type{_extra(order)} {source}{after}"
    rows = await db.rows(f"{select} ORDER BY {keyset.order_by(window, 'r')} LIMIT {window.limit}", *values)

    async def count() -> int:
        return await db.value(f"SELECT count(*) {source}", *counted)

    return keyset.page(window, rows, count)


class Pages(Loader[Context, uuid.UUID, Page]):
    """The pages that a list has under each of many parents: rows of `model` whose `parent` column is the key."""

    def __init__(
        self, ctx: Context, model: type[Model], parent: str, order: Order, args: PageArgs, where: str = "TRUE"
    ) -> None:
        super().__init__(ctx)
        self.model, self.parent, self.order, self.window, self.where = model, parent, order, args.window(), where

    async def batch_load_fn(self, keys: list[uuid.UUID]) -> Sequence[Page | Exception]:
        keyset = Keyset(self.order, self.ctx.sealer, binding=self.where)
        params = Params([keys])
        condition = readable(self.model, self.ctx.me, params, "r")
        after, position = _after(keyset, self.window, len(params) + 1)
        params += position
        rows = await db.rows(
            f"SELECT r.* FROM unnest($1::uuid[]) AS parent(id) CROSS JOIN LATERAL ("
            f" SELECT r.*, '{self.model.__name__}' AS _type{_extra(self.order)} FROM {db.table(self.model)} r"
            f" WHERE r.{self.parent} = parent.id AND {self.where} AND {condition}{after}"
            f" ORDER BY {keyset.order_by(self.window, 'r')} LIMIT {self.window.limit}) r",
            *params,
        )
        found: dict[uuid.UUID, list[Any]] = {key: [] for key in keys}
        for row in rows:
            found[row[self.parent]].append(row)
        return [keyset.page(self.window, found[key], self._counter(key)) for key in keys]

    def _counter(self, key: uuid.UUID) -> Any:
        counts = self.ctx.loaders.own(
            ("count", self.model, self.parent, self.where), lambda ctx: Counts(ctx, self.model, self.parent, self.where)
        )
        return lambda: counts.load(key)


class Counts(Loader[Context, uuid.UUID, int]):
    """How many rows of `model` that the viewer may see have `parent` as the key."""

    def __init__(self, ctx: Context, model: type[Model], parent: str, where: str = "TRUE") -> None:
        super().__init__(ctx)
        self.model, self.parent, self.where = model, parent, where

    async def batch_load_fn(self, keys: list[uuid.UUID]) -> Sequence[int | Exception]:
        params = Params([keys])
        condition = readable(self.model, self.ctx.me, params, "r")
        rows = await db.rows(
            f"SELECT r.{self.parent}, count(*) FROM {db.table(self.model)} r"
            f" WHERE r.{self.parent} = ANY($1::uuid[]) AND {self.where} AND {condition} GROUP BY 1",
            *params,
        )
        counts = {row[0]: row[1] for row in rows}
        return [counts.get(key, 0) for key in keys]


def pages(ctx: Context, model: type[Model], parent: str, order: Order, args: PageArgs, where: str = "TRUE") -> Pages:
    """The loader of these pages in this context: siblings with the same arguments share it."""
    made = ctx.loaders.own(
        ("pages", model, parent, order, args, where), lambda c: Pages(c, model, parent, order, args, where)
    )
    assert isinstance(made, Pages)
    return made


def _after(keyset: Keyset, window: Window, number: int) -> tuple[str, list[object]]:
    try:
        return keyset.after(window, "r", number)
    except InvalidPage as error:
        raise refused(error) from None


def _extra(order: Order) -> str:
    """The expressions of an order, selected so that cursors can be made of them."""
    return "".join(f", {column.replace('{}', 'r')}" for column in order.columns if " AS " in column)


def _binding(where: str, params: Sequence[object]) -> str:
    return f"{where}|{[str(p) for p in params]}"
