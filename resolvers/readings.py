"""Must-reads: required, waived, acknowledged, and reminded of."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from auth.policies import feed as policy
from execution.fields import Parent
from execution.loaders import Loader, settled
from execution.paging import Order, Page
from execution.rows import read
from models import readings as table
from models import timers
from models.errors import Conflict, Invalid
from models.feed import Post, PostStatus
from models.readings import OWED, MustRead
from resolvers import lists
from resolvers.context import Context, Services
from resolvers.lists import PageArgs
from resolvers.post_rows import post
from resolvers.subjects import ensure, held
from subscriptions.events import person_stream
from subscriptions.readings import PostAcknowledged, ReadingDue, ReadingRequired, ReadingWaived, reading_stream

BY_DUE = Order("readings:due", ("due_key", "id"))

REMINDER = "reading_reminder"
"""The kind of timer that has people reminded of a must-read."""
EARLY = timedelta(days=1)  # before it is due

REQUIRE = "have this post be read by all: ask communicators, or who moderates there"


@dataclass(frozen=True)
class Reading:
    """That a post must be read, as it is shown under the post; it has the post's `id`."""

    id: uuid.UUID
    due_at: datetime | None
    round: int
    required_by: uuid.UUID | None
    is_overdue: bool
    post: Any


@dataclass(frozen=True)
class Tally:
    """How many people a must-read is for, and how many of them have acknowledged it as it stands."""

    audience: int
    acknowledged: int


async def require_reading(ctx: Context, id: uuid.UUID, due_at: datetime | None) -> Post:
    """Have a post be read by all of its audience, or by another time than before. The post.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    async with held(ctx, Post, id, policy.can_require_reading, REQUIRE, path="postId") as kept:
        if due_at is not None and due_at <= ctx.now():
            raise Invalid("This time has passed. Choose one to come.", ["dueAt"])
        if await table.require(id, due_at, ctx.me.person_id, ctx.now()):
            await _remind_later(id, due_at, ctx.now())
            ctx.emit(ReadingRequired(id, kept.audience_id))
    return kept


async def waive_reading(ctx: Context, id: uuid.UUID) -> Post:
    """Have nobody need to read a post any more, also where nobody had to. The post. Raises `NotFound`, `Forbidden`.

    Who has acknowledged it stays told, should it be required again.
    """
    async with held(ctx, Post, id, policy.can_require_reading, "waive that this post be read", path="postId") as kept:
        if await table.waive(id, ctx.now()):
            ctx.emit(ReadingWaived(id, kept.audience_id))
    return kept


async def ask_again(ctx: Context, post: Post) -> None:
    """Have all acknowledge a post anew, whose text is another; nothing where it is no must-read.

    Wants the transaction of the edit, with the stream of the post's audience.
    """
    if await table.ask_again(post.id):
        ctx.emit(ReadingRequired(post.id, post.audience_id))


async def acknowledge_post(ctx: Context, id: uuid.UUID, round: int | None = None) -> Post:
    """Say that one has read a post; twice is once. The post.

    With the `round` that was read it is refused where the text is another by now. Raises `NotFound`, `Forbidden`,
    `Conflict` or `Invalid`.
    """
    found = await post(ctx, id)
    await ensure(ctx, policy.can_take_part, found, "acknowledge this post")
    me = ctx.me.person_id
    async with ctx.transaction(person_stream(me)):
        required = await MustRead.get_or_none(id=id, waived_at=None)
        if required is None:
            raise Invalid("Nobody has to acknowledge this post. There is nothing to do.", ["postId"])
        if round is not None and round != required.round:
            raise Conflict("The text has changed since you read it. Read it again.", ["round"])
        if await table.acknowledge(id, me, required.round, ctx.now()):
            ctx.emit(PostAcknowledged(id, me))
    return found


async def owed(ctx: Context, args: PageArgs) -> Page:
    """A page of what the viewer has yet to acknowledge: what is due first, in the end what is due by no time."""
    ctx.reach("feed:read")
    source = OWED.format(person="$1", moment="'infinity'")
    return await lists.page(ctx, Post, BY_DUE, args, source=source, where="$1::uuid IS NOT NULL", params=[_me(ctx)])


async def must_reads(ctx: Context, posts: Sequence[Any]) -> list[Reading | None]:
    """For each post that it must be read; None where it need not be."""
    found = await table.required([read(one, "id") for one in posts])
    return [_reading(ctx, found[id], one) if (id := read(one, "id")) in found else None for one in posts]


async def acknowledged_by_viewer(ctx: Context, readings: Sequence[Reading]) -> list[bool]:
    """Whether the viewer has acknowledged each as it stands."""
    mine = await table.acknowledged([one.id for one in readings], _me(ctx))
    return [one.id in mine for one in readings]


async def overseen(ctx: Context, readings: Sequence[Reading]) -> list[bool]:
    """Whether the viewer learns of everybody whether they have read: also who required it."""
    held = await ctx.holds(policy.can_oversee_reading, [one.post for one in readings])
    return [may or one.required_by == _me(ctx) for one, may in zip(readings, held, strict=True)]


async def audience_counts(ctx: Context, readings: Sequence[Reading]) -> list[int | None]:
    """How many people each is for; None for those who do not oversee it."""
    return [tally and tally.audience for tally in await _tallies(ctx, readings)]


async def acknowledged_counts(ctx: Context, readings: Sequence[Reading]) -> list[int | None]:
    """How many of them have acknowledged it; None for those who do not oversee it."""
    return [tally and tally.acknowledged for tally in await _tallies(ctx, readings)]


async def remind(services: Services, timer: asyncpg.Record) -> None:
    """Tell that a must-read is due, or will be within a day. Wants a transaction without a write so far."""
    ctx, id = Context(services, viewer=None), timer["subject_id"]
    async with ctx.transaction(reading_stream(id)):
        found = await MustRead.get_or_none(id=id, waived_at=None)
        if found is None or found.due_at is None or not await Post.filter(id=id, status=PostStatus.PUBLISHED).exists():
            return
        left = found.due_at - ctx.now()
        if left <= EARLY:  # it may have been put off since
            ctx.emit(ReadingDue(id, days=1 if left > timedelta() else 0))


class Tallies(Loader[Context, Parent, Tally | None]):
    """The counts of must-reads, asked once for both of them."""

    async def batch_load_fn(self, keys: list[Parent]) -> Sequence[Tally | None]:
        readings: list[Reading] = [key.row for key in keys]
        may = await overseen(self.ctx, readings)
        wanted = [one.id for one, held in zip(readings, may, strict=True) if held]
        found = await table.counts(wanted) if wanted else {}
        return [Tally(row["audience"], row["acknowledged"]) if (row := found.get(one.id)) else None for one in readings]


async def _tallies(ctx: Context, readings: Sequence[Reading]) -> list[Tally | None]:
    return settled(await ctx.loaders.own(Tallies, Tallies).load_batch([Parent(one.id, one) for one in readings]))


async def _remind_later(id: uuid.UUID, due_at: datetime | None, now: datetime) -> None:
    if due_at is None:
        return
    await timers.set_timer(REMINDER, f"{id}:due", due_at, id)
    if due_at - EARLY > now:
        await timers.set_timer(REMINDER, f"{id}:early", due_at - EARLY, id)


def _reading(ctx: Context, record: asyncpg.Record, post: Any) -> Reading:
    due_at: datetime | None = record["due_at"]
    is_overdue = due_at is not None and due_at <= ctx.now()
    return Reading(record["id"], due_at, record["round"], record["required_by"], is_overdue, post)


def _me(ctx: Context) -> uuid.UUID:
    return ctx.me.person_id
