"""Posts: written, edited and removed. What hangs on them has its seams in `resolvers/post_parts.py`."""

from __future__ import annotations

import uuid

from tortoise.exceptions import IntegrityError

from auth.policies import feed as policy
from models.errors import Forbidden
from models.feed import Post, PostStatus
from resolvers import post_parts as parts
from resolvers import post_texts as texts
from resolvers import publishing as life
from resolvers import revisions, survey_posts
from resolvers.client_ids import client_id_of, earlier, expect, same
from resolvers.context import Context
from resolvers.delegates import writing_for
from resolvers.post_audiences import for_whom
from resolvers.post_parts import NewPost
from resolvers.post_rows import held, post, post_to
from resolvers.survey_posts import Announced
from subscriptions.events import audience_stream
from subscriptions.feed import PostEdited, PostRemoved

__all__ = ["NewPost", "create_post", "delete_post", "edit_post", "post"]


async def create_post(ctx: Context, new: NewPost) -> Post:
    """Write a post, and publish it unless `new` says otherwise. The same `client_id` of an author is the same post.

    Raises `Invalid`, `NotFound`, `Forbidden` or `Conflict`.
    """
    body, title = texts.body_of(new.body), texts.title_of(new.title)
    texts.check(new.kind, title, body, is_draft=new.is_draft, is_share=new.shared is not None)
    client_id = client_id_of(new.client_id)
    author = await writing_for(ctx, new.on_behalf_of)
    whose = author.me.person_id
    if found := await earlier(Post, ctx, client_id, whose=whose):
        return found
    audience = await for_whom(ctx, author, new.audience)
    if refused := await life.refused_kind(author, new.kind, audience):
        raise Forbidden(refused, ["kind"])
    try:
        async with ctx.transaction(audience_stream(audience)):
            where = await life.planned(ctx, author, audience, draft=new.is_draft, at=new.scheduled_at)
            created = await Post.create(
                author_id=whose,
                written_by=None if author is ctx else ctx.me.person_id,
                audience_id=audience,
                kind=new.kind,
                status=where.status,
                title=title,
                body=body,
                shared_id=new.shared,
                client_id=client_id,
                created_at=ctx.now(),
                scheduled_at=where.scheduled_at,
                published_at=where.published_at,
            )
            await parts.attach(ctx, created, new)
            await parts.text_changed(ctx, created)
            await life.told(ctx, created)
    except IntegrityError:
        return await same(Post, ctx, client_id, whose=whose)
    return created


async def edit_post(
    ctx: Context,
    id: uuid.UUID,
    *,
    body: str | None,
    title: str | None,
    expected_version: int | None,
    is_major: bool = False,
    announced: Announced | None = None,
) -> Post:
    """Replace a post's text, title or both, or the survey in it; what is None stays.

    What they were stays in its history once others have seen it. `is_major` where whoever has read it should read it
    again. The same again changes nothing. Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`.
    """
    may = policy.can_edit_post, "edit this post"
    found = await post_to(ctx, id, *may)
    body = None if body is None else texts.body_of(body)
    async with held(ctx, found, *may) as edited:
        expect(edited, expected_version)
        before = edited.title, edited.body
        after = edited.title if title is None else texts.title_of(title), edited.body if body is None else body
        if not await survey_posts.change(ctx, edited, announced) and after == before:
            return edited
        is_draft, is_share = edited.status is PostStatus.DRAFT, edited.shared_id is not None
        texts.check(edited.kind, *after, is_draft=is_draft, is_share=is_share)
        if edited.status is PostStatus.PUBLISHED:
            if after != before:
                await revisions.keep(ctx, edited, edited.published_at or edited.created_at)
                edited.edited_at = ctx.now()
            ctx.emit(PostEdited(edited.id, edited.audience_id, int(is_major)))
            if is_major:
                await parts.reopened(ctx, edited)
        edited.title, edited.body = after
        edited.version += 1
        await edited.save(update_fields=["body", "title", "survey_id", "version", "edited_at"])
        await parts.text_changed(ctx, edited)
    return edited


async def delete_post(ctx: Context, id: uuid.UUID) -> uuid.UUID:
    """Remove a post with its comments, and wipe their texts. Raises `NotFound` or `Forbidden`."""
    may = policy.can_delete_post, "remove this post"
    found = await post_to(ctx, id, *may)
    async with held(ctx, found, *may) as removed:
        if removed.status is PostStatus.PUBLISHED:  # nobody has heard of it before
            ctx.emit(PostRemoved(removed.id, removed.audience_id))
        removed.status, removed.version = PostStatus.REMOVED, removed.version + 1
        removed.body, removed.title, removed.returned, removed.praise_value = "", None, None, None
        removed.scheduled_at, removed.pinned_at, removed.shared_id, removed.accepted_id = None, None, None, None
        removed.survey_id = None
        await removed.save()
        await parts.removed(ctx, removed)
    return id
