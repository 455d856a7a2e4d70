"""The loaders of a context: one table, each within the viewer's scope or with its reason for needing none."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import asyncpg
from tortoise.models import Model

from auth.scope import visible
from execution.loaders import by_id
from models import audiences, db
from models.feed import Comment, Post
from models.org import OrgUnit
from models.people import Person
from resolvers.context import Context
from resolvers.lists import Counts


def rows_of(model: type[Model]) -> Callable[[Context, list[uuid.UUID]], Awaitable[list[asyncpg.Record]]]:
    async def fetch(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
        return await visible(model, ctx.me, keys)

    return fetch


async def audience_names(ctx: Context, keys: list[uuid.UUID]) -> list[asyncpg.Record]:
    # No scope: an audience is reached only through a row of it that the viewer sees, and so belongs to it.
    return await db.rows(audiences.NAMES, keys)


DECLARED: dict[str, Any] = {
    "people": by_id(rows_of(Person)),
    "units": by_id(rows_of(OrgUnit)),
    "posts": by_id(rows_of(Post)),
    "comments": by_id(rows_of(Comment)),
    "audiences": by_id(audience_names),
    "comment_counts": partial(Counts, model=Comment, parent="post_id"),
    "report_counts": partial(Counts, model=Person, parent="manager_id", where="r.active"),
}
