"""Conditions of what a row hangs on: a skill is seen by whoever sees its person."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.expressions import Q, Subquery
from tortoise.models import Model

from auth.conditions import Condition, Params, read
from auth.facts import Facts, Wanted
from auth.viewer import Viewer
from models import db


@dataclass(frozen=True)
class Of(Condition):
    """`holds` of the row of `model` whose key stands in `column`; of no row where it is null or names none."""

    column: str
    model: type[Model]
    holds: Condition

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        key = read(row, self.column)
        return key is not None and facts.asked(self._kind, key)

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        keys = Subquery(self.model.filter(self.holds.q(viewer)).values("id"))
        inside = _q(f"{self.column}__in", keys)
        return Q(~inside, _q(f"{self.column}__isnull", True), join_type=Q.OR) if negated else inside

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        table, held = db.table(self.model), self.holds.sql(viewer, params, "o")
        inside = f"EXISTS (SELECT 1 FROM {table} o WHERE o.id = {prefix}{self.column} AND {held})"
        return f"NOT {inside}" if negated else inside

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        keys = {key for row in rows if (key := read(row, self.column)) is not None}
        if keys:
            yield Wanted(self._kind, keys, self._ask)

    @property
    def _kind(self) -> str:
        return f"{db.table(self.model)} {id(self.holds)}"

    async def _ask(self, viewer: Viewer, keys: list[uuid.UUID]) -> set[uuid.UUID]:
        params = Params([keys])
        held = self.holds.sql(viewer, params, "o")
        sql = f"SELECT o.id FROM {db.table(self.model)} o WHERE o.id = ANY($1::uuid[]) AND {held}"
        return {record["id"] for record in await db.rows(sql, *params)}


def _q(lookup: str, value: Any) -> Q:
    filters: dict[str, Any] = {lookup: value}
    return Q(**filters)
