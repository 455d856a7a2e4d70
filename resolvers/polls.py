"""Polls: put into a post, voted in, closed. Who voted what is told to nobody."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from auth.policies import feed as policy
from execution.rows import read
from models import polls as table
from models.errors import Forbidden, Invalid, NotFound, Path
from models.feed import Post, PostKind, PostStatus
from models.polls import OPTION_MAX, OPTIONS_MAX, OPTIONS_MIN, Poll, PollOption, PollResults, PollVote
from models.text import clean_line, line_key
from resolvers.context import Context
from resolvers.subjects import held
from subscriptions.polls import PollChanged, PollClosed, PollVoted


@dataclass(frozen=True)
class NewPoll:
    """A poll to be, as a client describes it."""

    options: Sequence[str]
    is_multiple: bool = False
    closes_at: datetime | None = None
    results: PollResults = PollResults.AFTER_VOTE


@dataclass(frozen=True)
class PollChange:
    """What is to be otherwise; None leaves it, and so does an end that is not given."""

    options: Sequence[str] | None = None
    is_multiple: bool | None = None
    results: PollResults | None = None
    has_end: bool = False
    closes_at: datetime | None = None


@dataclass(frozen=True)
class ShownOption:
    """An option as the viewer may see it: without its votes where they are not told."""

    id: uuid.UUID
    text: str
    vote_count: int | None
    viewer_has_voted: bool


@dataclass(frozen=True)
class ShownPoll:
    """A poll as the viewer may see it now."""

    id: uuid.UUID
    is_multiple: bool
    closes_at: datetime | None
    results: PollResults
    is_closed: bool
    voter_count: int
    viewer_has_voted: bool
    options: list[ShownOption]


async def shown(ctx: Context, posts: list[uuid.UUID]) -> list[ShownPoll]:
    """The polls of posts that the viewer sees; for the loader."""
    polls = await table.polls(posts, ctx.me.person_id)
    options: dict[uuid.UUID, list[asyncpg.Record]] = {poll["id"]: [] for poll in polls}
    for option in await table.options(list(options), ctx.me.person_id) if polls else ():
        options[option["poll_id"]].append(option)
    return [_shown(poll, options[poll["id"]], ctx.now()) for poll in polls]


async def votable(ctx: Context, polls: Sequence[ShownPoll]) -> list[bool]:
    """Whether the viewer may vote in each of these polls."""
    posts = [post for post in await ctx.loaders["posts"].load_many([poll.id for poll in polls]) if post is not None]
    held_of = dict(zip((read(post, "id") for post in posts), await ctx.holds(policy.can_take_part, posts), strict=True))
    return [held_of.get(poll.id, False) and not poll.is_closed for poll in polls]


async def attach(ctx: Context, post: Post, new: NewPoll | None) -> None:
    """Give a post that has just been created its poll. Raises `Invalid`."""
    if (post.kind is PostKind.POLL) != (new is not None):
        missing = "A poll needs options: say in `poll` what people choose from."
        raise Invalid(missing if new is None else "Only a post of the kind POLL has a poll.", ["poll"])
    if new is None:
        return
    texts = _options(new.options, ["poll", "options"])
    _ends_later(new.closes_at, _seen_from(ctx, post), ["poll", "closesAt"])
    await Poll.create(id=post.id, is_multiple=new.is_multiple, results=new.results, closes_at=new.closes_at)
    await table.offer(post.id, texts)


async def complete(post: Post, at: datetime) -> None:
    """Raise `Invalid` where a draft's poll would be closed by the time that it is read, `at`."""
    if post.kind is PostKind.POLL and await Poll.filter(id=post.id, closes_at__lte=at).exists():
        raise Invalid("The poll would be closed by then. Give it a later end first.", ["postId"])


async def vote_poll(ctx: Context, post_id: uuid.UUID, options: Sequence[uuid.UUID]) -> Post:
    """Vote for these options and no others; for none: withdraw. The post.

    Raises `NotFound` (also for another poll's option), `Forbidden` or `Invalid`.
    """
    if len(options) > OPTIONS_MAX:
        raise Invalid(f"A poll has at most {OPTIONS_MAX} options. Choose among these.", ["optionIds"])
    async with held(ctx, Post, post_id, policy.can_take_part, "vote here", path="postId") as post:
        poll = await _open_poll(ctx, post)
        chosen = list(dict.fromkeys(options))
        if len(chosen) > 1 and not poll.is_multiple:
            raise Invalid("Only one option can be chosen in this poll.", ["optionIds"])
        known = {option.id for option in await PollOption.filter(poll_id=poll.id).only("id")}
        for i, option in enumerate(options):
            if option not in known:
                raise NotFound("This poll has no such option.", ["optionIds", i])
        if await table.vote(poll.id, ctx.me.person_id, chosen):
            ctx.emit(PollVoted(post.id, post.audience_id))
    return post


async def update_poll(ctx: Context, post_id: uuid.UUID, change: PollChange) -> Post:
    """Change a poll that is open: its end at any time, all else until the first vote. The post.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    async with held(ctx, Post, post_id, policy.can_edit_post, "change this poll", path="postId") as post:
        poll = await _open_poll(ctx, post)
        if change.options is not None or change.is_multiple is not None or change.results is not None:
            await _nobody_has_voted(poll)
        if change.options is not None:
            await table.offer(poll.id, _options(change.options, ["options"]))
        if change.has_end:
            _ends_later(change.closes_at, _seen_from(ctx, post), ["closesAt"])
            poll.closes_at = change.closes_at
        poll.is_multiple = poll.is_multiple if change.is_multiple is None else change.is_multiple
        poll.results = change.results or poll.results
        await poll.save(update_fields=["is_multiple", "results", "closes_at"])
        ctx.emit(PollChanged(post.id, post.audience_id))
    return post


async def close_poll(ctx: Context, post_id: uuid.UUID) -> Post:
    """Let nobody vote any more; a closed one stays closed. The post. Raises `NotFound` or `Forbidden`."""
    async with held(ctx, Post, post_id, policy.can_close_post, "close this poll", path="postId") as post:
        poll = await _poll(post)
        if not _is_closed(poll, ctx.now()):
            await Poll.filter(id=poll.id).update(closes_at=ctx.now())
            ctx.emit(PollClosed(post.id, post.audience_id))
    return post


async def removed_with(post: Post) -> None:
    """Wipe the poll of a post that is removed, votes and all."""
    if post.kind is PostKind.POLL:
        await Poll.filter(id=post.id).delete()


async def _poll(post: Post) -> Poll:
    """The poll of a post, its row locked."""
    found = await Poll.filter(id=post.id).select_for_update().first()
    if found is None:
        raise NotFound("There is no poll in this post.", ["postId"])
    return found


async def _open_poll(ctx: Context, post: Post) -> Poll:
    """The poll of a post, which is not closed; whose time ran out before anybody saw it can have another."""
    poll = await _poll(post)
    if post.status is PostStatus.PUBLISHED and _is_closed(poll, ctx.now()):
        raise Forbidden("This poll is closed.", ["postId"])
    return poll


async def _nobody_has_voted(poll: Poll) -> None:
    if await PollVote.filter(poll_id=poll.id).exists():
        raise Forbidden("People have voted: only the end of this poll can still change. Close it, and start another.")


def _options(texts: Sequence[str], path: Path) -> list[str]:
    if not OPTIONS_MIN <= len(texts) <= OPTIONS_MAX:
        raise Invalid(f"A poll has {OPTIONS_MIN} to {OPTIONS_MAX} options; these are {len(texts)}.", path)
    cleaned = [clean_line(text, most=OPTION_MAX, path=[*path, i], what="An option") for i, text in enumerate(texts)]
    seen: set[str] = set()
    for i, text in enumerate(cleaned):
        if line_key(text) in seen:
            raise Invalid("This option is there already. Write another one.", [*path, i])
        seen.add(line_key(text))
    return cleaned


def _seen_from(ctx: Context, post: Post) -> datetime:
    """The first moment at which others can see a post."""
    return max(ctx.now(), post.scheduled_at or ctx.now())


def _ends_later(closes_at: datetime | None, than: datetime, path: Path) -> None:
    if closes_at is not None and closes_at <= than:
        raise Invalid("A poll closes after it can be seen. Choose a later time.", path)


def _is_closed(poll: Any, now: datetime) -> bool:
    closes_at = read(poll, "closes_at")
    return closes_at is not None and closes_at <= now


def _shown(poll: asyncpg.Record, options: list[asyncpg.Record], now: datetime) -> ShownPoll:
    is_closed, results = _is_closed(poll, now), PollResults(poll["results"])
    has_voted = poll["viewer_has_voted"]
    is_told = is_closed or results is PollResults.ALWAYS or (results is PollResults.AFTER_VOTE and has_voted)
    told = [
        ShownOption(o["id"], o["text"], o["vote_count"] if is_told else None, o["viewer_has_voted"]) for o in options
    ]
    return ShownPoll(
        poll["id"], poll["is_multiple"], poll["closes_at"], results, is_closed, poll["voter_count"], has_voted, told
    )
