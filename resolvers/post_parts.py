"""What hangs on a post: each domain adds its line where a post is made, edited, published, moved or removed.

All of these are called inside the transaction of their cause, with the row of the post locked or just created and the
stream of its audience held. Modules named here read posts by `resolvers.post_rows`, since `resolvers.posts` needs this.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.feed import Comment, Post, PostKind, PostStatus
from resolvers import mentions, pins, polls, praise, reactions, readings, revisions, survey_posts, tagging
from resolvers.audiences import AudienceChoice
from resolvers.context import Context
from resolvers.polls import NewPoll
from resolvers.praise import NewPraise
from subscriptions.feed import PostPublished


@dataclass(frozen=True)
class NewPost:
    """A post to be, as a client describes it. No audience means the company; no time and no draft means now.

    `on_behalf_of` is the person whose post it will be, `shared` the post that it passes on, `survey` the one that it
    announces. `poll` and `praise` are what posts of these kinds have.
    """

    kind: PostKind
    body: str
    title: str | None = None
    audience: AudienceChoice | None = None
    client_id: str | None = None
    tags: Sequence[str] = ()
    scheduled_at: datetime | None = None
    is_draft: bool = False
    on_behalf_of: uuid.UUID | None = None
    shared: uuid.UUID | None = None
    poll: NewPoll | None = None
    praise: NewPraise | None = None
    survey: uuid.UUID | None = None


async def attach(ctx: Context, post: Post, new: NewPost) -> None:
    """Give a post that has just been created its parts, as `new` describes them.

    Raises `Invalid`, `NotFound` or `Forbidden`.
    """
    await survey_posts.attach(ctx, post, new.survey)
    await polls.attach(ctx, post, new.poll)
    await praise.attach(ctx, post, new.praise)
    await tagging.attach(ctx, post, new.tags)


async def complete(post: Post, at: datetime) -> None:
    """Raise `Invalid` where a draft's parts are not fit to be read from `at` on."""
    await polls.complete(post, at)
    await survey_posts.complete(post)


async def text_changed(ctx: Context, post: Post) -> None:
    """Have what is read out of a post's title and text follow them: after it was created, and after each edit."""
    await tagging.text_changed(ctx, post)
    await mentions.follow(ctx, post)


async def reopened(ctx: Context, post: Post) -> None:
    """Have those who have read a post read it again: its text has become another one."""
    await readings.ask_again(ctx, post)


async def published(ctx: Context, post: Post) -> None:
    """Tell that a post can be seen now: its status is PUBLISHED and its `published_at` set."""
    ctx.emit(PostPublished(post.id, post.audience_id))
    await tagging.published(post)
    await mentions.reached(ctx, post)


async def moved(ctx: Context, post: Post) -> None:
    """Have what hangs on a post follow it into the audience that it has now. Both audiences' streams are held."""
    await Comment.filter(post_id=post.id).update(audience_id=post.audience_id)
    await pins.loosen(post)
    await tagging.moved(post)
    if post.status is PostStatus.PUBLISHED:
        await mentions.reached(ctx, post, is_moved=True)


async def removed(ctx: Context, post: Post) -> None:
    """Wipe what hangs on a post that has just been removed."""
    await reactions.removed_with(post)
    await polls.removed_with(post)
    await praise.removed_with(post)
    await pins.loosen(post)
    await tagging.removed_with(post)
    await mentions.removed_with(post)
    await revisions.wipe_post(post.id)
    await Comment.filter(post_id=post.id).update(removed=True, kept=False, body="")
