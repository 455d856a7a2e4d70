"""Passing a post on to others: they see the original only where they may see it anyway."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from auth.policies import feed as policy
from models import sight_changes
from models.errors import Invalid, NotFound
from models.feed import Post, PostKind, PostStatus
from resolvers.audiences import AudienceChoice
from resolvers.context import Context
from resolvers.post_parts import NewPost
from resolvers.post_rows import post, post_to
from resolvers.posts import create_post


class ShareWarningCode(StrEnum):
    """What one should know of having passed a post on."""

    NOT_VISIBLE_TO_ALL = "NOT_VISIBLE_TO_ALL"


@dataclass(frozen=True)
class ShareWarning:
    """One of them, in words."""

    code: ShareWarningCode
    message: str


async def share_post(
    ctx: Context, id: uuid.UUID, *, body: str, audience: AudienceChoice | None, client_id: str | None
) -> tuple[Post, list[ShareWarning]]:
    """Pass a post on in a post of one's own, which may have no text; a share passes on what it passes on itself.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    original = await _original(ctx, id)
    new = NewPost(PostKind.DISCUSSION, body, audience=audience, client_id=client_id, shared=original.id)
    shared = await create_post(ctx, new)
    return shared, await _warnings(original, shared)


async def _original(ctx: Context, id: uuid.UUID) -> Post:
    found = await post(ctx, id)
    if found.shared_id is not None:
        found = await _passed_on(ctx, found.shared_id)
    if found.status is not PostStatus.PUBLISHED:
        raise Invalid("Only what has been published can be passed on. Publish it first.", ["postId"])
    return await post_to(ctx, found.id, policy.can_share_post, "pass this post on")


async def _passed_on(ctx: Context, id: uuid.UUID) -> Post:
    try:
        return await post(ctx, id)
    except NotFound:
        raise NotFound("What this post passes on is not here any more, or not visible to you.", ["postId"]) from None


async def _warnings(original: Post, shared: Post) -> list[ShareWarning]:
    if original.audience_id == shared.audience_id:
        return []
    hidden = (await sight_changes.difference(original.audience_id, shared.audience_id))["gaining"]
    return [_hidden_from(hidden)] if hidden else []


def _hidden_from(people: int) -> ShareWarning:
    return ShareWarning(
        ShareWarningCode.NOT_VISIBLE_TO_ALL,
        f"Of those you share it with, {people:,} do not see the original: they see your words alone.",
    )
