"""Fields that can be asked as of another day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import strawberry

from execution.fields import Batch, Siblings
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

    def resolve(root: Any, info: Info, as_of: AsOf = None) -> Any:
        siblings: Siblings = info.context.loaders.own((dated, fn), lambda ctx: Siblings(ctx, fn))  # pyright: ignore[reportAssignmentType]
        if as_of is None:
            return siblings.load_for(root)
        return _on(info.context, root, as_of, siblings)

    async def _on(ctx: Context, root: Any, as_of: Any, siblings: Siblings) -> Any:
        row = await days.again(ctx, model, root, days.day(ctx, as_of))
        return empty() if row is None else await siblings.load_for(row)

    return strawberry.field(resolver=resolve, description=description, metadata=at_most(most))
