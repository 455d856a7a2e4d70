"""The feed: posts and comments, read within the viewer's audiences and changed by those who may."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.exceptions import IntegrityError

from auth.policies import feed as policy
from auth.scope import scope
from execution.paging import InvalidPage, Keyset, Order, Page
from models import audiences, db
from models import feed as table
from models.audiences import COMPANY
from models.errors import Conflict, Forbidden, Invalid, NotFound
from models.feed import BODY_MAX, COMMENT_MAX, TITLE_MAX, Comment, Post, PostKind, PostStatus
from models.org import OrgUnit
from models.people import Person
from models.text import clean, clean_optional
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import PageArgs
from subscriptions.events import audience_stream
from subscriptions.feed import CommentAdded, CommentEdited, CommentRemoved, PostEdited, PostPublished, PostRemoved

CLIENT_ID_MAX = 100  # characters
PEOPLE_MAX = 200  # people of one list
RECENT = Order("feed:recent", ("published_at", "id"), "DESC")
THREAD = Order("comments", ("id",))


@dataclass(frozen=True)
class AudienceChoice:
    """Whom a post is for: exactly one of these; none at all means the company."""

    company: bool | None = None
    unit: uuid.UUID | None = None
    location: str | None = None
    people: Sequence[uuid.UUID] | None = None


async def post(ctx: Context, id: uuid.UUID, *, lock: bool = False) -> Post:
    """A post that the viewer may see. Raises `NotFound`. `lock` holds its row for the transaction."""
    query = scope(Post, ctx.me).filter(id=id)
    found = await (query.select_for_update() if lock else query).first()
    if found is None:
        raise NotFound(path=["postId"])
    return found


async def comment(ctx: Context, id: uuid.UUID, *, lock: bool = False) -> Comment:
    """A comment that the viewer may see. Raises `NotFound`. `lock` holds its row for the transaction."""
    query = scope(Comment, ctx.me).filter(id=id)
    found = await (query.select_for_update() if lock else query).first()
    if found is None:
        raise NotFound(path=["commentId"])
    return found


async def home(ctx: Context, args: PageArgs) -> Page:
    """The newest posts of everything that the viewer belongs to, newest first."""
    ctx.reach("feed:read")
    window, keyset = args.window(), Keyset(RECENT, ctx.sealer)
    try:
        after, params = keyset.after(window, "p", 4)
    except InvalidPage as error:
        raise lists.refused(error) from None
    rows = await table.home(
        list(ctx.me.audiences),
        ctx.me.person_id,
        limit=window.limit,
        after=after,
        order=keyset.order_by(window, "p"),
        params=params,
    )
    return keyset.page(window, rows)


async def create_post(
    ctx: Context,
    *,
    kind: PostKind,
    body: str,
    title: str | None = None,
    audience: AudienceChoice | None = None,
    client_id: str | None = None,
) -> Post:
    """Publish a post. The same `client_id` of the same author again is the same post. Raises `Invalid`, `NotFound`."""
    body = clean(body, most=BODY_MAX, path=["body"], what="The text of a post")
    title = clean_optional(title, most=TITLE_MAX, path=["title"], what="The title") or None if title else None
    client_id = _client_id(client_id)
    if earlier := await _earlier(Post, ctx, client_id):
        return earlier
    for_whom = await _audience(ctx, audience or AudienceChoice())
    try:
        async with ctx.transaction(*([audience_stream(for_whom)] if for_whom else [])):
            new = await Post.create(
                author_id=ctx.me.person_id,
                audience_id=for_whom or await _new_audience(ctx, audience),
                kind=kind,
                title=title,
                body=body,
                client_id=client_id,
                created_at=ctx.now(),
                published_at=ctx.now(),
            )
            ctx.emit(PostPublished(new.id, new.audience_id))
    except IntegrityError:
        return await _same(Post, ctx, client_id)
    return new


async def edit_post(
    ctx: Context, id: uuid.UUID, *, body: str | None, title: str | None, expected_version: int | None
) -> Post:
    """Replace a post's text, title or both. Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`."""
    found = await post(ctx, id)
    await ctx.ensure(policy.can_edit_post, found, "edit this post")
    if body is not None:
        body = clean(body, most=BODY_MAX, path=["body"], what="The text of a post")
    if title is not None:
        title = clean_optional(title, most=TITLE_MAX, path=["title"], what="The title")
    async with ctx.transaction(audience_stream(found.audience_id)):
        edited = await post(ctx, id, lock=True)
        _expect(edited, expected_version)
        edited.body = edited.body if body is None else body
        edited.title = edited.title if title is None else title or None
        edited.version += 1
        edited.edited_at = ctx.now()
        await edited.save(update_fields=["body", "title", "version", "edited_at"])
        ctx.emit(PostEdited(edited.id, edited.audience_id))
    return edited


async def delete_post(ctx: Context, id: uuid.UUID) -> uuid.UUID:
    """Remove a post with its comments, and wipe their texts. Raises `NotFound` or `Forbidden`."""
    found = await post(ctx, id)
    await ctx.ensure(policy.can_delete_post, found, "remove this post")
    async with ctx.transaction(audience_stream(found.audience_id)):
        removed = await post(ctx, id, lock=True)
        removed.status = PostStatus.REMOVED
        removed.body, removed.title = "", None
        removed.version += 1
        await removed.save(update_fields=["status", "body", "title", "version"])
        await Comment.filter(post_id=removed.id).update(removed=True, body="")
        ctx.emit(PostRemoved(removed.id, removed.audience_id))
    return id


async def add_comment(
    ctx: Context, post_id: uuid.UUID, *, body: str, reply_to: uuid.UUID | None = None, client_id: str | None = None
) -> Comment:
    """Comment on a post, or reply to one of its comments. Raises `NotFound`, `Forbidden` or `Invalid`."""
    body = clean(body, most=COMMENT_MAX, path=["body"], what="A comment")
    client_id = _client_id(client_id)
    if earlier := await _earlier(Comment, ctx, client_id):
        return earlier
    under = await post(ctx, post_id)
    await ctx.ensure(policy.can_comment, under, "comment on this post")
    try:
        async with ctx.transaction(audience_stream(under.audience_id)):
            under = await post(ctx, post_id)
            new = await Comment.create(
                post_id=under.id,
                reply_to_id=await _thread(ctx, under.id, reply_to),
                author_id=ctx.me.person_id,
                audience_id=under.audience_id,
                body=body,
                client_id=client_id,
                created_at=ctx.now(),
            )
            ctx.emit(CommentAdded(under.id, under.audience_id, new.id))
    except IntegrityError:
        return await _same(Comment, ctx, client_id)
    return new


async def edit_comment(ctx: Context, id: uuid.UUID, *, body: str, expected_version: int | None) -> Comment:
    """Replace a comment's text. Raises `NotFound`, `Forbidden`, `Conflict` or `Invalid`."""
    found = await comment(ctx, id)
    await ctx.ensure(policy.can_edit_comment, found, "edit this comment")
    body = clean(body, most=COMMENT_MAX, path=["body"], what="A comment")
    async with ctx.transaction(audience_stream(found.audience_id)):
        edited = await comment(ctx, id, lock=True)
        _expect(edited, expected_version)
        edited.body, edited.edited_at = body, ctx.now()
        edited.version += 1
        await edited.save(update_fields=["body", "version", "edited_at"])
        ctx.emit(CommentEdited(edited.post_id, edited.audience_id, edited.id))
    return edited


async def delete_comment(ctx: Context, id: uuid.UUID) -> uuid.UUID:
    """Remove a comment and wipe its text. Raises `NotFound` or `Forbidden`."""
    found = await comment(ctx, id)
    await ctx.ensure(policy.can_delete_comment, found, "remove this comment")
    async with ctx.transaction(audience_stream(found.audience_id)):
        removed = await comment(ctx, id, lock=True)
        removed.removed, removed.body = True, ""
        removed.version += 1
        await removed.save(update_fields=["removed", "body", "version"])
        ctx.emit(CommentRemoved(removed.post_id, removed.audience_id, removed.id))
    return id


async def _audience(ctx: Context, choice: AudienceChoice) -> uuid.UUID | None:
    """The audience that a choice names and the viewer may write to; None where it has yet to be made."""
    if choice.people is not None:
        return None
    if choice.unit is not None:
        wanted, path = choice.unit, ["audience", "orgUnitId"]
        # The units that one is in need no look: a token may write to them without reading the org chart.
        if wanted not in ctx.me.unit_path and not await scope(OrgUnit, ctx.me).filter(id=wanted).exists():
            raise NotFound("There is no such unit.", path)
    elif choice.location is not None:
        path = ["audience", "location"]
        wanted = await db.value("SELECT id FROM audience WHERE location = $1", choice.location)
        if wanted is None or ctx.me.is_guest:
            raise NotFound("Nobody works at this location.", path)
    else:
        wanted, path = COMPANY, ["audience", "company"]
    if not (await ctx.holds(policy.can_post, [{"audience_id": wanted}]))[0]:
        raise Forbidden("You can post only to audiences that you belong to.", path)
    return wanted


async def _new_audience(ctx: Context, choice: AudienceChoice | None) -> uuid.UUID:
    """The audience of a list of people: these and the author. Raises `NotFound` for one whom the viewer cannot see."""
    wanted = set(choice.people if choice and choice.people else ())
    path = ["audience", "personIds"]
    if not 1 <= len(wanted) <= PEOPLE_MAX:
        raise Invalid(f"Name between 1 and {PEOPLE_MAX} people.", path)
    if not ctx.me.allows("feed:write"):
        raise Forbidden("This token may not post. Make one with the scope feed:write.", path)
    seen = {one.id for one in await scope(Person, ctx.me).filter(id__in=list(wanted), active=True).only("id")}
    for i, person in enumerate(choice.people if choice and choice.people else ()):
        if person not in seen:
            raise NotFound("This person does not exist, has left, or is not visible to you.", [*path, i])
    return await audiences.of_people(wanted | {ctx.me.person_id})


async def _thread(ctx: Context, post_id: uuid.UUID, reply_to: uuid.UUID | None) -> uuid.UUID | None:
    """The comment that starts the thread of `reply_to`: replies have one level."""
    if reply_to is None:
        return None
    start = await scope(Comment, ctx.me).filter(id=reply_to, post_id=post_id).first()
    if start is None:
        raise NotFound("There is no such comment under this post.", ["replyToId"])
    return start.reply_to_id or start.id


def _expect(row: Post | Comment, version: int | None) -> None:
    if version is not None and version != row.version:
        raise Conflict(
            f"Somebody has changed this in the meantime: it is at version {row.version}, not {version}. Read it again.",
            ["expectedVersion"],
            current=row,
        )


def _client_id(client_id: str | None) -> str | None:
    if client_id is None:
        return None
    return clean(client_id, most=CLIENT_ID_MAX, path=["clientId"], what="The client's id")


async def _earlier(model: type[Any], ctx: Context, client_id: str | None) -> Any:
    if client_id is None:
        return None
    return await scope(model, ctx.me).filter(author_id=ctx.me.person_id, client_id=client_id).first()


async def _same(model: type[Any], ctx: Context, client_id: str | None) -> Any:
    """The row that a concurrent request with the same client id has made; called while its refusal is handled."""
    if client_id is None:
        raise  # noqa: PLE0704 - not about the client's id: a bug, which must rise
    same = await _earlier(model, ctx, client_id)
    if same is None:
        raise Conflict("This clientId was used for something that is no longer here. Choose a new one.", ["clientId"])
    return same
