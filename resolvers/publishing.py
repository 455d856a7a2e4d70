"""When a post is seen: at once, at a time, or once somebody who moderates there has looked at it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from auth.conditions import Params
from auth.policies import feed as policy
from execution.paging import Order, Page
from models import feed as table
from models import timers
from models.errors import Forbidden, Invalid, NotFound
from models.feed import Post, PostKind, PostStatus
from resolvers import lists
from resolvers import post_parts as parts
from resolvers import post_texts as texts
from resolvers.context import Context, Services
from resolvers.delegates import author_of
from resolvers.lists import PageArgs
from resolvers.post_rows import ARCHIVED, held, post_to
from resolvers.tagging import refused_tag
from subscriptions.events import audience_stream
from subscriptions.feed import PostReturned, PostSubmitted

PUBLISH = "publish_post"
"""The kind of timer that publishes a post."""
NEWEST = Order("posts:drafts", ("id",), "DESC")
AHEAD_MAX = timedelta(days=366)

GONE = "Its author has left, or no longer lets whoever wrote it write in their name."
NOT_IN_AUDIENCE = "You no longer belong to the audience that it was for. Move it to another one."
NO_ANNOUNCEMENTS = (
    "Announcements are for communicators, and for who leads the group or unit. Choose another audience or kind."
)


@dataclass(frozen=True)
class Place:
    """Where a post is in its life: `at` is when it is to be published, or was, as its status says."""

    status: PostStatus
    at: datetime | None = None

    @property
    def scheduled_at(self) -> datetime | None:
        return self.at if self.status is PostStatus.SCHEDULED else None

    @property
    def published_at(self) -> datetime | None:
        return self.at if self.status is PostStatus.PUBLISHED else None


async def publish_post(ctx: Context, id: uuid.UUID) -> Post:
    """Publish a draft or scheduled post now, or hand it in where posts are looked at first; again changes nothing.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    may = policy.can_publish_post | policy.was_published, "publish this post"
    found = await post_to(ctx, id, *may)
    async with held(ctx, found, *may) as post:
        if post.status in (PostStatus.DRAFT, PostStatus.SCHEDULED):
            author = await _allowed(ctx, post)
            texts.complete(post)
            await parts.complete(post, ctx.now())
            await put(ctx, post, await place(author, post.audience_id))
    return post


async def schedule_post(ctx: Context, id: uuid.UUID, at: datetime) -> Post:
    """Have a draft published at a time, or a scheduled post at another. Raises `NotFound`, `Forbidden` or `Invalid`."""
    may = policy.can_publish_post | policy.was_published, "schedule this post"
    found = await post_to(ctx, id, *may)
    _check_moment(ctx, at)
    async with held(ctx, found, *may) as post:
        if post.status not in (PostStatus.DRAFT, PostStatus.SCHEDULED):
            raise Invalid("Only drafts are scheduled. This post has been handed in or published already.", ["postId"])
        await _allowed(ctx, post)
        texts.complete(post)
        await parts.complete(post, at)
        await put(ctx, post, Place(PostStatus.SCHEDULED, at))
    return post


async def unschedule_post(ctx: Context, id: uuid.UUID) -> Post:
    """Make a draft again of a post that is scheduled, or waits to be looked at. Raises `NotFound` or `Forbidden`."""
    may = policy.can_publish_post | policy.was_published, "take this post back"
    found = await post_to(ctx, id, *may)
    async with held(ctx, found, *may) as post:
        if post.status is PostStatus.PUBLISHED:
            raise Invalid("It is published already. Remove it, if it should not be seen.", ["postId"])
        if post.status is not PostStatus.DRAFT:
            await put(ctx, post, Place(PostStatus.DRAFT))
    return post


async def publish_due(services: Services, timer: asyncpg.Record) -> None:
    """Publish a scheduled post whose time has come, if its author still may; else they have it back with the reason.

    Wants a transaction without a write so far. A post that was published, put off or removed meanwhile is left alone.
    """
    found = await Post.get_or_none(id=timer["subject_id"])
    if found is None:
        return
    house = Context(services, viewer=None)
    author = await author_of(house, found)
    ctx = author or house
    async with ctx.transaction(audience_stream(found.audience_id)):
        post = await Post.filter(id=found.id).select_for_update().get()
        if post.status is not PostStatus.SCHEDULED or post.scheduled_at is None or post.scheduled_at > ctx.now():
            return
        if post.audience_id != found.audience_id:
            raise TimeoutError("it was moved meanwhile, to an audience whose stream is not held: try again")
        lost = await lost_right(author, post)
        if author is None or lost:
            await send_back(ctx, post, lost or GONE)
            return
        try:
            await parts.complete(post, ctx.now())
        except Invalid as late:
            await send_back(ctx, post, late.message)
            return
        await put(ctx, post, await place(author, post.audience_id))


async def drafts(ctx: Context, args: PageArgs) -> Page:
    """What the viewer has written and nobody sees yet: drafts, scheduled posts, and those that wait; newest first."""
    ctx.reach("feed:read")
    params = Params()
    where = (policy.is_unpublished & policy.is_own).sql(ctx.me, params, "r")
    return await lists.page(ctx, Post, NEWEST, args, where=where, params=params)


async def planned(ctx: Context, author: Context, audience: uuid.UUID, *, draft: bool, at: datetime | None) -> Place:
    """Where a new post of the author's begins. Raises `Invalid`, and as `place` does."""
    if at is None and not draft:
        return await place(author, audience)
    if draft and at:
        raise Invalid("A draft has no time. Leave out either isDraft or scheduledAt.", ["scheduledAt"])
    if at:
        _check_moment(ctx, at)
    await state(audience)
    return Place(PostStatus.SCHEDULED, at) if at else Place(PostStatus.DRAFT)


async def place(author: Context, audience: uuid.UUID) -> Place:
    """Where a post is once its author lets go of it: with its audience, or first with who moderates there.

    Raises as `state` does, and `Forbidden` for an archived group.
    """
    now = await state(audience)
    if now["read_only"]:
        raise Forbidden(ARCHIVED, ["audience"])
    if now["moderated"] and not (await author.holds(policy.moderates, [{"audience_id": audience}]))[0]:
        return Place(PostStatus.IN_REVIEW)
    return Place(PostStatus.PUBLISHED, author.now())


async def state(audience: uuid.UUID) -> asyncpg.Record:
    """How an audience stands whose stream is held. Raises `NotFound` for a rule or group that has just been deleted."""
    found = await table.audience_state(audience)
    if found is None:
        raise NotFound(path=["audience"])
    return found


async def put(ctx: Context, post: Post, where: Place) -> None:
    """Have a post be there, and tell whom it concerns. Wants its transaction."""
    post.status, post.returned = where.status, None
    post.scheduled_at, post.published_at = where.scheduled_at, where.published_at
    post.version += 1
    await post.save(update_fields=["status", "returned", "scheduled_at", "published_at", "version"])
    await told(ctx, post)


async def told(ctx: Context, post: Post) -> None:
    """Tell whom it concerns where a post now is. Wants its transaction."""
    match post.status:
        case PostStatus.PUBLISHED:
            await parts.published(ctx, post)
        case PostStatus.IN_REVIEW:
            ctx.emit(PostSubmitted(post.id, post.audience_id))
        case PostStatus.SCHEDULED if post.scheduled_at:
            await timers.set_timer(PUBLISH, str(post.id), post.scheduled_at, post.id)
        case _:
            pass


async def send_back(ctx: Context, post: Post, why: str) -> None:
    """Make a post a draft of its author's again, who is told why. Wants its transaction."""
    post.status, post.returned, post.scheduled_at = PostStatus.DRAFT, why, None
    post.version += 1
    await post.save(update_fields=["status", "returned", "scheduled_at", "version"])
    ctx.emit(PostReturned(post.id, post.audience_id))


async def lost_right(author: Context | None, post: Post) -> str | None:
    """Why the author may not publish the post where it is; None where they may."""
    if author is None:
        return GONE
    if not (await author.holds(policy.can_post, [post]))[0]:
        now = await table.audience_state(post.audience_id)
        return ARCHIVED if now and now["read_only"] else NOT_IN_AUDIENCE
    return await refused_here(author, post, post.audience_id)


async def refused_here(author: Context, post: Post, audience: uuid.UUID) -> str | None:
    """Why the author may not have a post as it is there, though they may write there; None where they may."""
    return await refused_kind(author, post.kind, audience) or await refused_tag(author, post, audience)


async def refused_kind(author: Context, kind: PostKind, audience: uuid.UUID) -> str | None:
    """Why the author may not write such a post there, though they may write there; None where they may."""
    if kind is not PostKind.ANNOUNCEMENT:
        return None
    return None if (await author.holds(policy.can_announce, [{"audience_id": audience}]))[0] else NO_ANNOUNCEMENTS


async def _allowed(ctx: Context, post: Post) -> Context:
    """The context of the post's author, who may publish it. Raises `Forbidden`."""
    author = await author_of(ctx, post)
    lost = await lost_right(author, post)
    if author is None or lost:
        raise Forbidden(lost or GONE, ["postId"])
    return author


def _check_moment(ctx: Context, at: datetime) -> None:
    if at <= ctx.now():
        raise Invalid("This moment has passed. Choose one to come, or publish it now.", ["scheduledAt"])
    if at > ctx.now() + AHEAD_MAX:
        raise Invalid("That is more than a year ahead. Choose an earlier moment.", ["scheduledAt"])
