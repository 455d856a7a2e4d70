"""Companions: visible rows that come along with those that name them, and need no statement of their own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
from tortoise.models import Model

from auth.conditions import Params
from auth.scope import readable, visible
from execution.builders import picker
from execution.declared_loaders import Rows
from execution.paging import Order
from execution.rows import read_all
from execution.wanted import Companion, Wanted
from models import db
from resolvers.context import Context


@dataclass(frozen=True)
class RowsOf(Rows[Context, uuid.UUID, asyncpg.Record]):
    """The loader of the visible rows of a model, which may come along with rows that name them, too."""

    model: type[Model]


def rows_of(model: type[Model]) -> RowsOf:
    """The loader of the visible rows of `model`."""

    async def fetch(ctx: Context, keys: list[uuid.UUID], columns: Sequence[str] | None) -> list[asyncpg.Record]:
        return await visible(model, ctx.me, keys, columns=columns)

    return RowsOf(fetch, model)


def chosen(wanted: Wanted, order: Order, alias: str, *others: str) -> str:
    """Those columns of a list's rows `alias` that are read of them, by cursors, or as `others`; empty for all."""
    if wanted.columns is None:
        return ""
    ordering = [column for column in order.columns if " AS " not in column]
    return ", ".join(f'{alias}."{name}"' for name in dict.fromkeys(["id", *ordering, *others, *wanted.columns]))


class Companions:
    """Those of some that are not to be loaded in another way; `select` and `joined` bring them into a statement."""

    def __init__(self, ctx: Context, wanted: Sequence[Companion], params: Params, alias: str) -> None:
        """`params` get the parameters; each row `alias` of the statement must have the companions' keys."""
        self._ctx = ctx
        self._coming: list[tuple[Companion, dict[str, str]]] = []  # with the names of their columns in the rows
        self.select = self.joined = ""
        for companion in wanted:
            declared = ctx.services.declared.get(companion.loader)
            if isinstance(declared, RowsOf) and not ctx.loaders.has(companion.loader):
                self._join(companion, declared, params, alias)

    def tell(self, rows: Sequence[asyncpg.Record]) -> None:
        """Give what has come to those who would load it."""
        for companion, names in self._coming:
            having = dict(zip(read_all(rows, companion.key), rows, strict=True))
            having.pop(None, None)
            found = picker(tuple(names.items()))(having)
            self._ctx.loaders.only(companion.loader, Wanted(companion.columns)).prime_all(found)

    def _join(self, companion: Companion, declared: RowsOf, params: Params, alias: str) -> None:
        name = f"c{len(self._coming)}"
        names = {column: f"{name}_{column}" for column in ("id", *companion.columns)}
        picked = ", ".join(f'x."{column}" AS "{told}"' for column, told in names.items())
        condition = readable(declared.model, self._ctx.me, params, "x")
        # OFFSET 0: looked up for each row, so that the rows stay in their order.
        self.joined += (
            f" LEFT JOIN LATERAL (SELECT {picked} FROM {db.table(declared.model)} x"
            f" WHERE x.id = {alias}.{companion.key} AND {condition} OFFSET 0) {name} ON TRUE"
        )
        self.select += f", {name}.*"
        self._coming.append((companion, names))
