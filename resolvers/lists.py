"""Lists in pages: one statement for a list, one for the same list under any number of parents."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from tortoise.models import Model

from auth.conditions import Params
from auth.scope import readable
from execution.loaders import Loader
from execution.paging import InvalidPage, Keyset, Order, Page, Window
from execution.paging import window as checked_window
from execution.wanted import WHOLE, Wanted
from models import db
from models.errors import ErrorCode, Invalid
from models.text import storable, too_long
from resolvers.companions import Companions, chosen
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


def behind(keyset: Keyset, window: Window, alias: str, params: Params) -> str:
    """As `Keyset.after`, its parameters added to `params`. Raises `Invalid`."""
    try:
        after, position = keyset.after(window, alias, len(params) + 1)
    except InvalidPage as error:
        raise refused(error) from None
    params += position
    return after


TEXT_MAX = 100  # characters to look for


def sought(text: str | None) -> str:
    """The `text` of a `filterBy` as it is looked for; empty for none. Raises `Invalid`."""
    if text is None:
        return ""
    path = ["filterBy", "text"]
    storable(text, path=path, what="The text to look for")
    if len(text) > TEXT_MAX:
        raise Invalid(too_long("The text to look for", len(text), TEXT_MAX), path)
    return " ".join(text.split())


WIDE = 1_000  # rows under one parent


@dataclass(frozen=True)
class Link:
    """How rows `r` belong to a `parent.id`: a condition, and what it needs: common tables, a relation, parameters.

    $1 are the parents' keys, `params` begin at $2. `source` stands in for the table, such as its rows of another day.
    A parent with more rows than `WIDE` may be read by another condition: `span` counts them up to there, and `walked`
    says of one row at a time whether it belongs, so that a page is found in the list's own order.
    """

    condition: str
    tables: str = ""
    source: str = ""
    params: tuple[object, ...] = ()
    span: str = ""
    walked: str = ""


async def page(
    ctx: Context,
    model: type[Model],
    order: Order,
    args: PageArgs,
    *,
    where: str = "TRUE",
    params: Sequence[object] = (),
    tables: str = "",
    source: str = "",
) -> Page:
    """A page of the rows of `model` that the viewer may see and that meet `where` on `r` (parameters from $1).

    `tables` are common tables that `where` reads; `source` stands in for the table.
    """
    window = args.window()
    keyset = Keyset(order, ctx.sealer, binding=_binding(where, params))
    values = Params(params)
    rows_of = f"FROM {source or db.table(model)} r WHERE ({where}) AND {readable(model, ctx.me, values, 'r')}"
    counted = tuple(values)
    after = behind(keyset, window, "r", values)
    select = f"{_with(tables)} SELECT r.*, '{model.__name__}' AS _type{_extra(order)} {rows_of}{after}"
    rows = await db.rows(f"{select} ORDER BY {keyset.order_by(window, 'r')} LIMIT {window.limit}", *values)

    async def count() -> int:
        return await db.value(f"{_with(tables)} SELECT count(*) {rows_of}", *counted)

    return keyset.page(window, rows, count)


class Pages(Loader[Context, uuid.UUID, Page]):
    """The pages that a list has under each of many parents: rows of `model` that are linked to the key."""

    def __init__(
        self,
        ctx: Context,
        model: type[Model],
        link: Link,
        order: Order,
        args: PageArgs,
        where: str = "TRUE",
        wanted: Wanted = WHOLE,
    ) -> None:
        super().__init__(ctx)
        self.model, self.link, self.order, self.args, self.where = model, link, order, args, where
        self.window, self._wanted = args.window(), wanted

    def only(self, wanted: Wanted) -> Loader[Any, Any, Any]:
        if wanted == WHOLE:
            return self
        made = (self.model, self.link, self.order, self.args, self.where, wanted)
        return self.ctx.loaders.own((self, wanted), lambda ctx: Pages(ctx, *made))

    async def batch_load_fn(self, keys: list[uuid.UUID]) -> Sequence[Page | Exception]:
        link = self.link
        keyset = Keyset(self.order, self.ctx.sealer, binding=_binding(f"{self.where}|{link.condition}", link.params))
        params = Params([keys, *link.params])
        condition = readable(self.model, self.ctx.me, params, "r")
        after = behind(keyset, self.window, "r", params)
        select = f"SELECT {self._chosen()}{_extra(self.order)}{self.beside(params)} FROM"
        select += f" {link.source or db.table(self.model)} r WHERE {self.where} AND {condition}{after} AND"
        end = f"ORDER BY {keyset.order_by(self.window, 'r')} LIMIT {self.window.limit}"
        parents, listed = "unnest($1::uuid[]) AS parent(id)", f"{select} {link.condition} {end}"
        if link.walked:
            parents = f"(SELECT p.id, {link.span} > {WIDE} AS wide FROM unnest($1::uuid[]) AS p(id)) AS parent"
            listed = (
                f"({select} NOT parent.wide AND {link.condition} {end})"
                f" UNION ALL ({select} parent.wide AND {link.walked} {end})"
            )
        coming = Companions(self.ctx, self._wanted.companions, params, "r")
        rows = await db.rows(
            f"{_with(link.tables)} SELECT parent.id AS _parent, r.*{coming.select} FROM {parents}"
            f" CROSS JOIN LATERAL ({listed}) r{coming.joined}",
            *params,
        )
        coming.tell(rows)
        found: dict[uuid.UUID, list[Any]] = {key: [] for key in keys}
        for row in rows:
            found[row["_parent"]].append(row)
        self.learn(rows)
        return [keyset.page(self.window, of, self._counter(key)) for key, of in found.items()]

    def _chosen(self) -> str:
        return chosen(self._wanted, self.order, "r") or f"r.*, '{self.model.__name__}' AS _type"

    def beside(self, params: Params) -> str:
        """What is selected of each row `r` besides its columns: expressions with names, each behind a comma."""
        return ""

    def learn(self, rows: Sequence[asyncpg.Record]) -> None:
        """Look at all the rows that were read: what they tell besides needs no statement of its own."""

    def _counter(self, key: uuid.UUID) -> Callable[[], Awaitable[int]]:
        def count() -> Awaitable[int]:
            kind = ("count", self.model, self.link, self.where)
            counts = self.ctx.loaders.own(kind, lambda ctx: Counts(ctx, self.model, self.link, self.where))
            return counts.load(key)

        return count


class Counts(Loader[Context, uuid.UUID, int]):
    """How many rows of `model` that the viewer may see are linked to the key."""

    def __init__(self, ctx: Context, model: type[Model], link: Link | str, where: str = "TRUE") -> None:
        super().__init__(ctx)
        self.model, self.link, self.where = model, link, where

    async def batch_load_fn(self, keys: list[uuid.UUID]) -> Sequence[int | Exception]:
        link = self.link if isinstance(self.link, Link) else child(self.link)
        params = Params([keys, *link.params])
        condition = readable(self.model, self.ctx.me, params, "r")
        rows = await db.rows(
            f"{_with(link.tables)} SELECT parent.id, (SELECT count(*) FROM {link.source or db.table(self.model)} r"
            f" WHERE {link.condition} AND {self.where} AND {condition}) FROM unnest($1::uuid[]) AS parent(id)",
            *params,
        )
        counts = {row[0]: row[1] for row in rows}
        return [counts[key] for key in keys]


def child(column: str) -> Link:
    """The link of rows whose `column` is their parent's key."""
    return Link(f"r.{column} = parent.id")


def pages(
    ctx: Context, model: type[Model], link: Link | str, order: Order, args: PageArgs, where: str = "TRUE"
) -> Pages:
    """The loader of these pages in this context, of rows linked to the key or whose column of that name is the key.

    Siblings with the same arguments share it.
    """
    linked = link if isinstance(link, Link) else child(link)
    made = ctx.loaders.own(
        ("pages", model, linked, order, args, where), lambda c: Pages(c, model, linked, order, args, where)
    )
    assert isinstance(made, Pages)
    return made


def _with(tables: str) -> str:
    return f"WITH RECURSIVE {tables}" if tables else ""


def _extra(order: Order) -> str:
    """The expressions of an order, selected so that cursors can be made of them."""
    return "".join(f", {column.replace('{}', 'r')}" for column in order.columns if " AS " in column)


def _binding(where: str, params: Sequence[object]) -> str:
    return f"{where}|{[str(p) for p in params]}"
