"""Fields that can be asked as of another day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any

import strawberry

from execution.fields import DECLARED, Bare, Batch, Batched, Relation, relation, siblings
from execution.lengths import at_most
from resolvers import days
from resolvers.context import Context
from schema.nodes import Info

AsOf = Annotated[
    date | None,
    strawberry.argument(
        description="As of this day; absent: the day as of which the parent was asked for, else today. To whom the"
        " future is not shown, it looks as today does."
    ),
]


def dated(
    model: type[Any], fn: Batch, *, description: str, empty: Callable[[], Any] = lambda: None, most: int | None = None
) -> Any:
    """A field that `fn(ctx, parents)` answers for all siblings at once, each as of its day; or of `asOf`, where asked.

    `empty` is the answer where the parent, a row of `model`, was not there on that day.
    """
    declared = Batched(fn)
    return _dated(model, declared, declared, description, empty, at_most(most))


def dated_relation(model: type[Any], to: type[Any], key: str, *, description: str) -> Any:
    """The same of one row of `to`, which the parent's `key` names."""
    on_day = Batched(_following(to, key))
    bare = Relation(days.PLAIN[to], key, many=False, on_day=on_day)
    return _dated(model, on_day, bare, description, lambda: None, {})


def followed(to: type[Any], key: str, *, description: str) -> Any:
    """A row of `to` that the parent's `key` names, as of the parent's day."""
    return relation(days.PLAIN[to], key=key, on_day=_following(to, key), description=description)


def _following(to: type[Any], key: str) -> Batch:
    async def follow(ctx: Context, rows: list[Any]) -> Sequence[Any]:
        return await days.follow(ctx, to, rows, key)

    return follow


def _dated(
    model: type[Any],
    declared: Batched,
    bare: Relation | Batched,
    description: str,
    empty: Callable[[], Any],
    lengths: dict[str, Any],
) -> Any:
    def resolve(root: Any, info: Info, as_of: AsOf = None) -> Any:
        if as_of is None:
            return siblings(info.context, declared).load_for(root)
        return _on(info.context, root, as_of)

    async def _on(ctx: Context, root: Any, as_of: Any) -> Any:
        row = await days.again(ctx, model, root, days.day(ctx, as_of))
        return empty() if row is None else await siblings(ctx, declared).load_for(row)

    return strawberry.field(resolver=resolve, description=description, metadata={DECLARED: Bare(bare), **lengths})
