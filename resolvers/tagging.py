"""Tags on posts: given by whoever writes, or found in the text as `#words`."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from auth.policies import feed
from models import tags as table
from models.errors import Forbidden, Invalid
from models.feed import Post, PostStatus
from models.tags import TAGS_MAX, PostTag, tag_key
from resolvers.client_ids import expect
from resolvers.context import Context
from resolvers.delegates import author_of
from resolvers.markdown import rendered
from resolvers.post_rows import held, post_to
from resolvers.tags import tag_name
from subscriptions.feed import PostEdited
from subscriptions.tags import TagAdded

RESTRICTED = "The tag “{}” is for those who may announce things here. Leave it out, or ask one of them."
TOO_MANY = f"A post has at most {TAGS_MAX} tags, those in its text included. Remove some."


async def set_tags(ctx: Context, id: uuid.UUID, names: Sequence[str], *, expected_version: int | None) -> Post:
    """Replace the tags that a post was given; those in its text stay. The post.

    Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`.
    """
    may = feed.can_edit_post, "edit this post"
    found = await post_to(ctx, id, *may)
    keys = _keys(names, ["tags"])
    async with held(ctx, found, *may) as edited:
        expect(edited, expected_version)
        before = {row.tag_id for row in await PostTag.filter(post_id=id, given=True)}
        await table.share()
        tags = await _meant(ctx, edited, keys, ["tags"])
        if set(tags) == before:
            return edited
        await table.drop(id, tags, given=True)
        await _put(edited, tags, given=True)
        # What was given may stand in the text as well.
        await _read(ctx, edited)
        edited.version += 1
        await edited.save(update_fields=["version"])
        if edited.status is PostStatus.PUBLISHED:
            ctx.emit(PostEdited(edited.id, edited.audience_id, 0))
    return edited


async def attach(ctx: Context, post: Post, names: Sequence[str]) -> None:
    """Give a new post its tags; an unknown one is made. Wants its transaction. Raises `Invalid` or `Forbidden`."""
    keys = _keys(names, ["tags"])
    if keys:
        await table.share()
        await _put(post, await _meant(ctx, post, keys, ["tags"]), given=True)


async def text_changed(ctx: Context, post: Post) -> None:
    """Have the tags of a text follow it. Wants the transaction of the change. Raises `Invalid` or `Forbidden`."""
    if rendered(post.body).tags or (post.version > 1 and await PostTag.filter(post_id=post.id, given=False).exists()):
        await table.share()
        await _read(ctx, post)


async def published(post: Post) -> None:
    """Have a post's tags follow it into its publication. Wants the transaction of that."""
    if post.published_at != post.created_at:  # else they were put on it as it is
        await moved(post)


async def moved(post: Post) -> None:
    """Have a post's tags follow it into its audience. Wants the transaction of that."""
    if await PostTag.filter(post_id=post.id).exists():
        await table.share()
        await table.sync(post.id)


async def refused_tag(author: Context, post: Post, audience: uuid.UUID) -> str | None:
    """Why the author may not have a post with its tags there, though they may post there; None where they may."""
    name = await table.restricted_on(post.id)
    if name is None or (await author.holds(feed.can_announce, [{"audience_id": audience}]))[0]:
        return None
    return RESTRICTED.format(name)


async def removed_with(post: Post) -> None:
    """A post that is gone has no tags. Wants the transaction of its removal."""
    await table.share()
    await PostTag.filter(post_id=post.id).delete()


async def _read(ctx: Context, post: Post) -> None:
    tags = await _meant(ctx, post, rendered(post.body).tags, ["body"])
    await table.drop(post.id, tags, given=False)
    if tags:
        await _put(post, tags, given=False)
        if await PostTag.filter(post_id=post.id).count() > TAGS_MAX:
            raise Invalid(TOO_MANY, ["body"])


def _keys(names: Sequence[str], path: Sequence[str]) -> list[str]:
    """The folded names, each once. Raises `Invalid`."""
    if len(names) > TAGS_MAX:
        raise Invalid(TOO_MANY, path)
    return list(dict.fromkeys(tag_key(tag_name(name, [*path, i])) for i, name in enumerate(names)))


async def _put(post: Post, tags: Sequence[uuid.UUID], *, given: bool) -> None:
    published = post.published_at if post.status is PostStatus.PUBLISHED else None
    await table.put(post.id, tags, audience=post.audience_id, published_at=published, given=given)


async def _meant(ctx: Context, post: Post, keys: Sequence[str], path: Sequence[str]) -> list[uuid.UUID]:
    """The tags that these names mean, those begun that nobody has used; the names are shared by the transaction.

    A word that others use where the viewer cannot see it is theirs to use as any other, and nothing tells. A guest
    begins no tags: in a text their words stay words.
    """
    if not keys:
        return []
    if len(keys) > TAGS_MAX:
        raise Invalid(TOO_MANY, path)
    found = await table.named(keys)
    if ctx.me.is_guest:
        seen = await ctx.loaders["tags"].load_batch([row["id"] for row in found.values()])
        found = {key: row for (key, row), tag in zip(found.items(), seen, strict=True) if tag is not None}
        if path == ["tags"] and len(found) < len(keys):
            raise Invalid("Guests use tags that are there already. Choose among those of posts that you see.", path)
    elif missing := [key for key in keys if key not in found]:
        for id in await table.begin(missing, ctx.me.person_id, ctx.now()):
            ctx.emit(TagAdded(id, post.audience_id))
        found = await table.named(keys)
    await _let(ctx, post, {row["id"]: key for key, row in found.items() if row["restricted"]}, path)
    return list(dict.fromkeys(found[key]["id"] for key in keys if key in found))


async def _let(ctx: Context, post: Post, restricted: dict[uuid.UUID, str], path: Sequence[str]) -> None:
    """Raise `Forbidden` for restricted tags that are new on the post, unless its author may announce there."""
    if not restricted:
        return
    author = await author_of(ctx, post) or ctx
    if (await author.holds(feed.can_announce, [post]))[0]:
        return
    there = {row.tag_id for row in await PostTag.filter(post_id=post.id, tag_id__in=list(restricted))}
    for id, key in restricted.items():
        if id not in there:
            raise Forbidden(RESTRICTED.format(key), path)
