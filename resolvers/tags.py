"""Tags: found by name, followed, and the posts that have them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import asyncpg

from auth.conditions import Params
from auth.policies import tags as policy
from auth.policies.audiences import may_read
from auth.scope import readable
from execution.loaders import Loader
from execution.paging import InvalidPage, Keyset, Order, Page
from execution.rows import read
from models import db, tag_pages
from models import tags as table
from models.emoji import SEQUENCE
from models.errors import Invalid, NotFound
from models.people import Person
from models.tags import TAG_MAX, MergedTag, Tag, TagFollow, tag_key
from models.text import clean_line, storable, too_long
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import PageArgs
from subscriptions.events import person_stream
from subscriptions.tags import TagFollowed, TagUnfollowed

BY_NAME = Order("tags:name", ("key", "id"))
NEWEST = Order("tag:posts", ("published_at", "post_id"), "DESC")

BEGINS = """starts_with(r.key, $1)
OR EXISTS (SELECT 1 FROM tag_synonym y WHERE y.tag_id = r.id AND starts_with(y.key, $1))
"""
FOLLOWED = "r.id IN (SELECT f.tag_id FROM tag_follow f WHERE f.person_id = $1)"


def tag_name(name: str, path: Sequence[str | int]) -> str:
    """A tag's name as it is stored. Raises `Invalid`."""
    cleaned = clean_line(name, most=TAG_MAX, path=path, what="A tag")
    key = tag_key(cleaned)
    if "#" in cleaned:
        raise Invalid("A tag is written without “#” here. Leave it out.", path)
    if not any(c.isalnum() for c in key) and not SEQUENCE.search(key):
        raise Invalid("A tag needs a letter, a figure or an emoji.", path)
    if len(key) > TAG_MAX:
        raise Invalid(too_long("A tag in its plain form", len(key), TAG_MAX), path)
    return cleaned


async def tag(ctx: Context, id: uuid.UUID | None) -> asyncpg.Record | None:
    """A tag that the viewer may know of, or the one that it has become part of; else None."""
    ctx.reach("feed:read")
    if id is None:
        return None
    found = await ctx.loaders["tags"].load(id)
    merged = None if found else await MergedTag.get_or_none(id=id)
    return await ctx.loaders["tags"].load(merged.tag_id) if merged else found


async def tag_by_name(ctx: Context, name: str) -> asyncpg.Record | None:
    """The tag with this name or synonym that the viewer may know of, or None. Raises `Invalid`."""
    ctx.reach("feed:read")
    key = _folded(name, ["by", "name"])
    found = (await table.named([key])).get(key)
    return await ctx.loaders["tags"].load(found["id"]) if found else None


async def tags(ctx: Context, query: str | None, args: PageArgs) -> Page:
    """The tags that the viewer may know of, by name, as far as a name or synonym begins so. Raises `Invalid`."""
    ctx.reach("feed:read")
    wanted = _folded((query or "").removeprefix("#"), ["query"])
    if not wanted:
        return await lists.page(ctx, Tag, BY_NAME, args)
    return await lists.page(ctx, Tag, BY_NAME, args, where=BEGINS, params=[wanted])


async def followed_tags(ctx: Context, args: PageArgs) -> Page:
    """The tags that the viewer follows, by name."""
    ctx.reach("feed:read")
    return await lists.page(ctx, Tag, BY_NAME, args, where=FOLLOWED, params=[ctx.me.person_id])


async def follow_tag(ctx: Context, id: uuid.UUID, *, follow: bool) -> Any:
    """Follow a tag, or no longer; as it is already is fine. The tag. Raises `NotFound` or `Forbidden`."""
    me = ctx.me.person_id
    found = await visible_tag(ctx, id)
    await ctx.ensure(policy.can_follow, found, "follow tags")
    async with ctx.transaction(person_stream(me)):
        await table.share()
        if follow:
            if not await Tag.filter(id=found["id"]).exists():
                raise NotFound(path=["tagId"])
            if await table.follow(me, found["id"], ctx.now()):
                ctx.emit(TagFollowed(me, found["id"]))
        elif await TagFollow.filter(person_id=me, tag_id=found["id"]).delete():
            ctx.emit(TagUnfollowed(me, found["id"]))
    return await ctx.loaders["tags"].load(found["id"])


async def visible_tag(ctx: Context, id: uuid.UUID, argument: str = "tagId") -> Any:
    """A tag that the viewer may know of, also under the key that it had before a merge. Raises `NotFound`."""
    found = await ctx.loaders["tags"].load(id)
    if found is None:
        merged = await MergedTag.get_or_none(id=id)
        found = await ctx.loaders["tags"].load(merged.tag_id) if merged else None
    if found is None:
        raise NotFound(path=[argument])
    return found


async def of_posts(ctx: Context, posts: Sequence[Any]) -> list[list[Any]]:
    """The tags of each post, which are known to whoever sees it; in the order in which they were put on it."""
    found: dict[uuid.UUID, list[Any]] = {read(post, "id"): [] for post in posts}
    for row in await tag_pages.of_posts(list(found)):
        found[row["post_id"]].append(row)
    return [found[read(post, "id")] for post in posts]


async def followed_by_viewer(ctx: Context, tags: Sequence[Any]) -> list[bool]:
    """Whether the viewer follows each of these tags."""
    ids = [read(one, "id") for one in tags]
    mine = set(await TagFollow.filter(tag_id__in=ids, person_id=ctx.me.person_id).values_list("tag_id", flat=True))
    return [id in mine for id in ids]


async def follower_counts(ctx: Context, tags: Sequence[Any]) -> list[int]:
    """How many active people whom the viewer may see follow each tag, since the viewer could know of it."""
    params = Params([[read(one, "id") for one in tags], ctx.me.person_id])
    people = readable(Person, ctx.me, params, "r")
    sql = tag_pages.FOLLOWERS.format(people=people, may_read=may_read.sql(ctx.me, params, "a"))
    counts = {row["id"]: row["followers"] for row in await db.rows(sql, *params)}
    return [counts.get(read(one, "id"), 0) for one in tags]


async def synonyms(ctx: Context, tags: Sequence[Any]) -> list[list[str]]:
    """The other names of each tag, in alphabetical order."""
    found: dict[uuid.UUID, list[str]] = {read(one, "id"): [] for one in tags}
    sql = "SELECT tag_id, name FROM tag_synonym WHERE tag_id = ANY($1::uuid[]) ORDER BY key"
    for row in await db.rows(sql, list(found)):
        found[row["tag_id"]].append(row["name"])
    return [found[read(one, "id")] for one in tags]


def posts_of(ctx: Context, tag: Any, args: PageArgs) -> Any:
    """A page of the published posts with a tag that the viewer may read, the newest first."""
    return ctx.loaders.own(("tag posts", args), lambda c: TagPosts(c, args)).load(read(tag, "id"))


class TagPosts(Loader[Context, uuid.UUID, Page]):
    """The pages of posts of many tags."""

    def __init__(self, ctx: Context, args: PageArgs) -> None:
        super().__init__(ctx)
        self.window = args.window()

    async def batch_load_fn(self, keys: list[uuid.UUID]) -> Sequence[Page | Exception]:
        keyset = Keyset(NEWEST, self.ctx.sealer)
        params = Params([keys])
        condition = may_read.sql(self.ctx.me, params, "a")
        try:
            after, position = keyset.after(self.window, "t", len(params) + 1)
        except InvalidPage as error:
            raise lists.refused(error) from None
        sql = tag_pages.PAGES.format(
            may_read=condition, after=after, order=keyset.order_by(self.window, "t"), limit=self.window.limit
        )
        found: dict[uuid.UUID, list[Any]] = {key: [] for key in keys}
        for row in await db.rows(sql, *params, *position):
            found[row["_parent"]].append(row)
        return [keyset.page(self.window, found[key], self._counter(key)) for key in keys]

    def _counter(self, key: uuid.UUID) -> Any:
        counts = self.ctx.loaders.own(TagPostCounts, TagPostCounts)
        return lambda: counts.load(key)


class TagPostCounts(Loader[Context, uuid.UUID, int]):
    """How many published posts with each tag the viewer may read."""

    async def batch_load_fn(self, keys: list[uuid.UUID]) -> Sequence[int | Exception]:
        params = Params([keys])
        sql = tag_pages.COUNTS.format(may_read=may_read.sql(self.ctx.me, params, "a"))
        counts = {row["id"]: row["posts"] for row in await db.rows(sql, *params)}
        return [counts[key] for key in keys]


def _folded(text: str, path: Sequence[str]) -> str:
    storable(text, path=path, what="The name of a tag")
    if len(text) > TAG_MAX:
        raise Invalid(too_long("The name of a tag", len(text), TAG_MAX), path)
    return tag_key(text)
