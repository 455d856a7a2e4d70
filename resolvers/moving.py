"""Moving a post, with all that hangs on it, to another audience."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from auth.policies import feed as policy
from models import sight_changes
from models.errors import DomainError, ErrorCode, Forbidden, Invalid
from models.feed import Comment, Post, PostStatus
from models.groups import Group, Visibility
from models.readings import MustRead
from resolvers import post_parts as parts
from resolvers import publishing as life
from resolvers.audiences import AudienceChoice
from resolvers.context import Context
from resolvers.delegates import author_of
from resolvers.post_audiences import for_whom
from resolvers.post_rows import held, post_to
from subscriptions.events import audience_stream
from subscriptions.feed import PostPublished, PostRemoved

MAY = policy.can_move_post, "move this post"
SECRET = "What others said in a secret group stays there. Write it anew in your own words where it is to be read."
MODERATED = "Posts to this audience are looked at first. Ask somebody who moderates there to move it."


@dataclass(frozen=True)
class SightChange:
    """What moving a post changes: people who `gaining` or `losing` sight counts, and the comments that go with it."""

    gaining: int
    losing: int
    comments: int
    author_loses: bool

    def __str__(self) -> str:
        told = [f"{self.gaining:,} people more will see it", f"{self.losing:,} will no longer see it"]
        told += ["its author among them"] * self.author_loses
        return ", ".join([*told, f"comments that go with it: {self.comments:,}"])


class Unconfirmed(DomainError):
    """Moving would change who sees the post, and nobody has said yet that this is meant."""

    code = ErrorCode.CONFIRMATION_REQUIRED

    def __init__(self, change: SightChange) -> None:
        super().__init__(f"Moving it changes who sees it: {change}. Repeat with confirmed: true.", ["confirmed"])
        self.change = change


async def move_post(
    ctx: Context, id: uuid.UUID, choice: AudienceChoice, *, confirmed: bool
) -> tuple[Post, SightChange | None]:
    """Move a post to another audience that its mover may post to; what that changes, None where nobody noticed.

    What is published wants `confirmed`, unless the same people see it as before. Raises `Unconfirmed`, `NotFound`,
    `Forbidden`, `Invalid` or `Conflict`.
    """
    found = await post_to(ctx, id, *MAY)
    mover = await _mover(ctx, found)
    target = await for_whom(ctx, mover, choice)
    if target == found.audience_id:
        return found, None
    await _check_target(mover, found, target)
    if found.status is not PostStatus.PUBLISHED:
        return await _readdress(ctx, found, target), None
    change = await _change(found, target)
    if change.gaining and await _is_said_in_secret(ctx, found):
        raise Forbidden(SECRET, ["audience"])
    if (change.gaining or change.losing) and not confirmed:
        raise Unconfirmed(change)
    async with held(ctx, found, *MAY, audience_stream(target)) as post:
        if (await life.place(mover, target)).status is not PostStatus.PUBLISHED:
            raise Forbidden(MODERATED, ["audience"])
        await _take(post, target)
        ctx.emit(PostRemoved(post.id, found.audience_id))
        ctx.emit(PostPublished(post.id, target))
        await parts.moved(ctx, post)
    return post, change


async def _is_said_in_secret(ctx: Context, post: Post) -> bool:
    """Whether a secret group holds what others than the mover have written: the post, or comments on it."""
    if not await Group.filter(id=post.audience_id, visibility=Visibility.SECRET).exists():
        return False
    mine = {post.author_id, post.written_by} & {ctx.me.person_id}
    return not mine or await Comment.filter(post_id=post.id, removed=False).exclude(author_id=ctx.me.person_id).exists()


async def _mover(ctx: Context, post: Post) -> Context:
    """Whose audiences are asked: the author's where their delegate moves it, else the viewer's."""
    if post.written_by == ctx.me.person_id != post.author_id:
        return await author_of(ctx, post) or ctx
    return ctx


async def _check_target(mover: Context, post: Post, target: uuid.UUID) -> None:
    if refused := await life.refused_here(mover, post, target):
        raise Forbidden(refused, ["audience"])
    if await MustRead.filter(id=post.id).exists():
        row = {"audience_id": target}
        if not (await mover.holds(policy.can_announce, [row]))[0]:
            raise Forbidden("It must be read, and you may not require that of this audience.", ["audience"])


async def _readdress(ctx: Context, found: Post, target: uuid.UUID) -> Post:
    """Give a post that nobody else has seen another audience."""
    async with held(ctx, found, *MAY, audience_stream(target)) as post:
        if post.status not in (PostStatus.DRAFT, PostStatus.SCHEDULED):
            raise Invalid("It has been handed in. Take it back first (unschedulePost).", ["postId"])
        await life.state(target)
        await _take(post, target)
        await parts.moved(ctx, post)
    return post


async def _take(post: Post, target: uuid.UUID) -> None:
    post.audience_id, post.version = target, post.version + 1
    await post.save(update_fields=["audience_id", "version"])


async def _change(post: Post, target: uuid.UUID) -> SightChange:
    people = await sight_changes.difference(post.audience_id, target, post.author_id)
    comments = await Comment.filter(post_id=post.id, removed=False).count()
    return SightChange(people["gaining"], people["losing"], comments, people["one_loses"])
