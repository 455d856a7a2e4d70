"""Conditions of what a row hangs on: a skill is seen by whoever sees its person, a group by whoever it invites."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.expressions import Q, Subquery
from tortoise.models import Model

from auth.conditions import Condition, Params, read
from auth.facts import Facts, Wanted
from auth.lookups import where
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
        inside = where(f"{self.column}__in", keys)
        return Q(~inside, where(f"{self.column}__isnull", True), join_type=Q.OR) if negated else inside

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        o = _below(prefix)
        held = self.holds.sql(viewer, params, o)
        inside = f"EXISTS (SELECT 1 FROM {db.table(self.model)} {o} WHERE {o}.id = {prefix}{self.column} AND {held})"
        return f"NOT {inside}" if negated else inside

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        keys = {key for row in rows if (key := read(row, self.column)) is not None}
        if keys:
            yield Wanted(self._kind, keys, self._ask)

    def tell(self, facts: Facts, known: Mapping[uuid.UUID, bool]) -> None:
        """Have it known of which rows of `model` it holds, by their keys, where another statement has told."""
        facts.tell(self._kind, known)

    @property
    def _kind(self) -> str:
        return f"{db.table(self.model)} {id(self.holds)}"

    async def _ask(self, viewer: Viewer, keys: list[uuid.UUID]) -> set[uuid.UUID]:
        params = Params([keys])
        held = self.holds.sql(viewer, params, "o")
        sql = f"SELECT o.id FROM {db.table(self.model)} o WHERE o.id = ANY($1::uuid[]) AND {held}"
        return {record["id"] for record in await db.rows(sql, *params)}


@dataclass(frozen=True)
class Own(Condition):
    """`model` has a row of the viewer (its `person`) whose `key` is this row's `column`, and `holds` of it."""

    column: str
    model: type[Model]
    key: str
    holds: Condition
    person: str = "person_id"

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        key = read(row, self.column)
        return key is not None and facts.asked(self._kind, key)

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        mine = self.model.filter(where(self.person, viewer.person_id), self.holds.q(viewer))
        inside = where(f"{self.column}__in", Subquery(mine.values(self.key)))
        return Q(~inside, where(f"{self.column}__isnull", True), join_type=Q.OR) if negated else inside

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        o = _below(prefix)
        inside = (
            f"EXISTS (SELECT 1 FROM {db.table(self.model)} {o} WHERE {o}.{self.key} = {prefix}{self.column}"
            f" AND {o}.{self.person} = {params.add(viewer.person_id)} AND {self.holds.sql(viewer, params, o)})"
        )
        return f"NOT {inside}" if negated else inside

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        keys = {key for row in rows if (key := read(row, self.column)) is not None}
        if keys:
            yield Wanted(self._kind, keys, self._ask)

    @property
    def _kind(self) -> str:
        return f"own {db.table(self.model)} {id(self.holds)}"

    async def _ask(self, viewer: Viewer, keys: list[uuid.UUID]) -> set[uuid.UUID]:
        params = Params([keys, viewer.person_id])
        sql = (
            f"SELECT o.{self.key} FROM {db.table(self.model)} o"
            f" WHERE o.{self.key} = ANY($1::uuid[]) AND o.{self.person} = $2 AND {self.holds.sql(viewer, params, 'o')}"
        )
        return {record[0] for record in await db.rows(sql, *params)}


@dataclass(frozen=True)
class Some(Condition):
    """`model` has a row whose `key` is this row's `column`, and `holds` of it."""

    column: str
    model: type[Model]
    key: str
    holds: Condition

    def test(self, viewer: Viewer, row: Any, facts: Facts) -> bool:
        key = read(row, self.column)
        return key is not None and facts.asked(self._kind, key)

    def as_q(self, viewer: Viewer, *, negated: bool) -> Q | bool:
        keys = Subquery(self.model.filter(self.holds.q(viewer)).values(self.key))
        inside = where(f"{self.column}__in", keys)
        return Q(~inside, where(f"{self.column}__isnull", True), join_type=Q.OR) if negated else inside

    def as_sql(self, viewer: Viewer, params: Params, prefix: str, *, negated: bool) -> str:
        inside = self._exists(viewer, params, f"{prefix}{self.column}", _below(prefix))
        return f"NOT {inside}" if negated else inside

    def wanted(self, viewer: Viewer, rows: Sequence[Any]) -> Iterator[Wanted]:
        keys = {key for row in rows if (key := read(row, self.column)) is not None}
        if keys:
            yield Wanted(self._kind, keys, self._ask)

    @property
    def _kind(self) -> str:
        return f"some {db.table(self.model)} {id(self.holds)}"

    async def _ask(self, viewer: Viewer, keys: list[uuid.UUID]) -> set[uuid.UUID]:
        params = Params([keys])
        inside = self._exists(viewer, params, "k.id", "o")
        return {
            row["id"] for row in await db.rows(f"SELECT k.id FROM unnest($1::uuid[]) k(id) WHERE {inside}", *params)
        }

    def _exists(self, viewer: Viewer, params: Params, value: str, o: str) -> str:
        held = self.holds.sql(viewer, params, o)
        return f"EXISTS (SELECT 1 FROM {db.table(self.model)} {o} WHERE {o}.{self.key} = {value} AND {held})"


def _below(prefix: str) -> str:
    """A name for the table that a condition on `prefix` looks at, unlike those of the tables around it."""
    return f"{prefix.removesuffix('.')}o"
