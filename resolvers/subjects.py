"""What people do something to: a post or a comment, found, locked and judged in one go."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from tortoise.models import Model

from auth.conditions import Condition, Params, in_audience
from auth.policies import feed as policy
from auth.policies.audiences import is_live
from auth.scope import picked, reached, readable
from models.errors import Conflict, Forbidden, NotFound
from models.feed import Comment, Post
from resolvers.context import Context
from subscriptions.events import audience_stream

S = TypeVar("S", Post, Comment)

ARCHIVED = "This group is archived: it can be read, and nothing in it changes any more."
CHANGED = "It has changed at this very moment. Try again."
MOVED = "It was moved to another audience at this very moment. Try again."
NOT_JOINED = "Join the group first: everybody of the company reads it, its members alone take part."
CLOSED = "The comments on this post are closed. Its author, or who moderates there, can open them again."
TAKING_PART = (policy.can_take_part, policy.can_take_part_in_comment, policy.can_comment)


@asynccontextmanager
async def held(
    ctx: Context, model: type[S], id: uuid.UUID, may: Condition, what: str, *, path: str
) -> AsyncGenerator[S]:
    """A transaction with the subject in it, whom the viewer may do `what` to ("vote here").

    Its row is locked, and so is the stream of its audience. Raises `NotFound`, `Forbidden` or `Conflict`; `path` is the
    input that names it.
    """
    audience = (await placed(ctx, model, id, "audience_id", path=path))["audience_id"]
    async with ctx.transaction(audience_stream(audience)):
        row = await _visible(ctx, model, id, path, lock=True)
        if row.audience_id != audience:
            raise Conflict(MOVED, [path])
        await ensure(ctx, may, row, what)
        yield row


async def placed(ctx: Context, model: type[Model], id: uuid.UUID, *columns: str, path: str) -> asyncpg.Record:
    """These columns of a subject of the viewer's, which say whose stream is to be held for a change of it.

    Raises `NotFound`; `path` is the input that names it.
    """
    found = await picked(model, ctx.me, id, *columns)
    if found is None:
        raise NotFound(path=[path])
    return found


def reachable(ctx: Context, model: type[Model], may: Condition, params: Params, alias: str) -> str:
    """The condition over the table `alias` that the viewer sees a row of `model`, and that `may` holds of it."""
    return f"{readable(model, ctx.me, params, alias)} AND {may.sql(ctx.me, params, alias)}"


async def look_again(
    ctx: Context, model: type[S], id: uuid.UUID, audience: uuid.UUID, may: Condition, what: str, *, path: str
) -> None:
    """Say why a subject of this audience was not `reachable`. Wants the transaction in which it was not.

    Raises `NotFound`, `Forbidden` or `Conflict`; nothing where it is so now.
    """
    row = await _visible(ctx, model, id, path, lock=False)
    if row.audience_id != audience:
        raise Conflict(MOVED, [path])
    await ensure(ctx, may, row, what)


async def ensure(ctx: Context, may: Condition, row: Any, what: str) -> None:
    """As `ctx.ensure`, telling whom a group alone keeps from it what to do. Raises `Forbidden`."""
    if (await ctx.holds(may, [row]))[0]:
        return
    if not (await ctx.holds(is_live, [row]))[0]:
        raise Forbidden(ARCHIVED)
    if any(may is one for one in TAKING_PART) and not (await ctx.holds(in_audience, [row]))[0]:
        raise Forbidden(NOT_JOINED)
    if may is policy.can_comment and row.comments_closed:
        raise Forbidden(CLOSED)
    raise Forbidden(f"You may not {what}.")


async def _visible(ctx: Context, model: type[S], id: uuid.UUID, path: str, *, lock: bool) -> S:
    found = await reached(model, ctx.me, id, lock=lock)
    if found is None:
        raise NotFound(path=[path])
    return found
