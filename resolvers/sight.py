"""What the viewer sees of people's profiles: each field as its definition says, decided once for a whole batch."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import asyncpg

from auth.conditions import Condition, Params
from auth.policies.profiles import SEEN_BY, readable_fields
from execution.fields import Parent
from execution.loaders import Loader, settled
from execution.rows import read, read_all_if_there, read_if_there
from models import profiles as table
from models.profiles import BuiltIn, FieldVisibility
from resolvers.context import Context
from resolvers.memory import Small
from subscriptions.profiles import ProfileFieldChanged

Levels = frozenset[FieldVisibility]

ALWAYS: Levels = frozenset({FieldVisibility.PUBLIC, FieldVisibility.HR, FieldVisibility.SELF})
"""Visibilities that are looked at whether a field has them or not: they need no statement."""


@dataclass(frozen=True)
class Definitions:
    """All definitions, by rank, deleted ones too; a built-in field without one is seen by everybody and not locked."""

    rows: list[asyncpg.Record]

    @cached_property
    def built_in(self) -> Mapping[BuiltIn, asyncpg.Record]:
        return {BuiltIn(row["builtin"]): row for row in self.rows if row["builtin"]}

    @cached_property
    def custom(self) -> list[asyncpg.Record]:
        """Those of the company's own that are not deleted."""
        return [row for row in self.rows if not row["builtin"] and row["deleted_at"] is None]

    @cached_property
    def visibilities(self) -> Levels:
        """Those that any field has."""
        return frozenset(FieldVisibility(row["visibility"]) for row in self.rows)

    def visibility(self, field: BuiltIn) -> FieldVisibility:
        row = self.built_in.get(field)
        return FieldVisibility(row["visibility"]) if row else FieldVisibility.PUBLIC


async def _definitions() -> Definitions:
    return Definitions(await table.definitions())


DEFINITIONS = Small(_definitions, (ProfileFieldChanged,))


class Sight(Loader[Context, Parent, Levels]):
    """Of which visibility a person's fields are that the viewer sees."""

    async def batch_load_fn(self, keys: list[Parent]) -> Sequence[Levels]:
        ctx = self.ctx
        used = (await definitions(ctx)).visibilities | {
            FieldVisibility.PUBLIC,
            FieldVisibility.SELF,
            FieldVisibility.HR,
        }
        conditions = {level: SEEN_BY[level].settled(ctx.me) for level in used}
        rows = await _as_today(ctx, [key.row for key in keys])
        known = [row for row in rows if row is not None]
        left = [one for one in conditions.values() if not isinstance(one, bool)]
        await ctx.facts.learn(ctx.me, (want for one in left for want in one.wanted(ctx.me, known)))
        return [self._levels(row, conditions) for row in rows]

    def _levels(self, row: Any, conditions: Mapping[FieldVisibility, Condition | bool]) -> Levels:
        if row is None:
            return frozenset()
        me, facts = self.ctx.me, self.ctx.facts
        return frozenset(
            level
            for level, condition in conditions.items()
            if condition is True or (condition is not False and condition.test(me, row, facts))
        )


async def definitions(ctx: Context) -> Definitions:
    """The definitions of all fields: they govern everybody's view."""
    return await ctx.recall(DEFINITIONS)


async def levels(ctx: Context, people: Sequence[Any]) -> list[Levels]:
    """For each person the visibilities whose fields the viewer sees."""
    return settled(await ctx.loaders.own(Sight, Sight).load_batch([Parent(read(row, "id"), row) for row in people]))


async def shows(ctx: Context, field: BuiltIn, people: Sequence[Any]) -> list[bool]:
    """Whether the viewer sees this field of each person; whatever it shows must look empty otherwise."""
    visibility = (await definitions(ctx)).visibility(field)
    if visibility is FieldVisibility.PUBLIC:
        return [True] * len(people)
    return [visibility in one for one in await levels(ctx, people)]


def shows_at_once(ctx: Context, field: BuiltIn, people: Sequence[Any]) -> bool | None:
    """Whether the viewer sees this field of all of them, or of none; None where that takes a closer look."""
    found = ctx.remembered(DEFINITIONS)
    if found is None:
        return None
    visibility = found.visibility(field)
    if visibility is FieldVisibility.PUBLIC:
        return True
    settled = SEEN_BY[visibility].settled(ctx.me)
    return settled if isinstance(settled, bool) and not any(read_all_if_there(people, "as_of")) else None


async def condition(ctx: Context, field: BuiltIn) -> Condition:
    """What must hold of a person for the viewer to see this field of theirs."""
    return SEEN_BY[(await definitions(ctx)).visibility(field)]


async def seen(ctx: Context, field: BuiltIn, params: Params, alias: str = "r") -> str:
    """The same over the table of people `alias`: whatever filters, sorts or counts by the field must ask for it."""
    return (await condition(ctx, field)).sql(ctx.me, params, alias)


async def own_fields(ctx: Context) -> list[asyncpg.Record]:
    """The company's own fields that the viewer may know of, by rank."""
    custom = (await definitions(ctx)).custom
    held = await ctx.holds(readable_fields, custom)
    return [row for row, may in zip(custom, held, strict=True) if may]


async def holds_today(ctx: Context, condition: Condition, people: Sequence[Any]) -> list[bool]:
    """Whether a policy's condition holds of each person as they are today, whichever day is looked at."""
    rows = await _as_today(ctx, people)
    held = iter(await ctx.holds(condition, [row for row in rows if row is not None]))
    return [row is not None and next(held) for row in rows]


async def _as_today(ctx: Context, rows: Sequence[Any]) -> list[Any]:
    """The rows as they are today: who sees what is no matter of the day that is looked at."""
    past = [id for row in rows if (id := _of_another_day(row))]
    if not past:
        return list(rows)
    current = dict(zip(past, settled(await ctx.loaders["people"].load_batch(past)), strict=True))
    return [current.get(read(row, "id"), row) for row in rows]


def _of_another_day(row: Any) -> uuid.UUID | None:
    return read(row, "id") if read_if_there(row, "as_of") is not None else None
