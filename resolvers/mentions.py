"""Mentions: whom a text names, who of them can see it, and where somebody was mentioned.

A mention never widens sight. Whom the writer cannot see is nobody to them: the text stays, and nothing tells whether
there is such a person.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from html import escape
from typing import Any

from asyncpg import Record

from auth.scope import scope
from execution.ids import encode_id
from execution.loaders import settled
from execution.paging import Order, Page
from execution.rows import read, read_if_there
from models import mentions as table
from models.errors import Invalid
from models.feed import Post
from models.mentions import MENTIONS_MAX, Mention
from models.people import Person
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.markdown import SOMEONE, Place, named_in, rendered
from subscriptions.mentions import PersonMentioned

NEWEST = Order("mentions:newest", ("created_at", "id"), "DESC")


class MentionReason(StrEnum):
    """Why somebody would not hear of a mention."""

    NONE = "NONE"
    SELF = "SELF"
    CANNOT_SEE = "CANNOT_SEE"
    GUEST_OUTSIDE = "GUEST_OUTSIDE"
    DEACTIVATED = "DEACTIVATED"
    BLOCKED = "BLOCKED"
    UNKNOWN = "UNKNOWN"


Reason = MentionReason
Standing = Callable[[list[uuid.UUID]], Awaitable[Sequence[Record]]]


@dataclass(frozen=True)
class MentionContract:
    """What a mention does: for whom the writer cannot see `person` is None. `person_id` is the id as written."""

    person_id: str
    person: Any
    can_see: bool
    would_be_notified: bool
    reason: MentionReason


async def follow(ctx: Context, subject: Any) -> None:
    """Keep in step whom a post or a comment names, after it was written or edited, and tell those who are new.

    Wants the transaction of the change, with the stream of its audience. Raises `Invalid`.
    """
    people, id = named(read(subject, "body")), read(subject, "id")
    if read(subject, "version") > 1:
        await table.drop(id, people)
    if not people:
        return
    post = read_if_there(subject, "post_id") or id
    await table.add(id, await seen(ctx, people), ctx.now(), post=post)
    await _tell(ctx, post, read(subject, "audience_id"))


def named(body: str) -> tuple[uuid.UUID, ...]:
    """Whom a text names, in that order. Raises `Invalid` where they are too many."""
    people = named_in(body)
    if len(people) > MENTIONS_MAX:
        raise Invalid(f"This text mentions {len(people)} people; at most {MENTIONS_MAX} are allowed.", ["body"])
    return people


async def seen(ctx: Context, people: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those of these people whom the viewer may see, in the same order."""
    found = {one.id for one in await scope(Person, ctx.me).filter(id__in=list(people)).only("id")}
    return [id for id in people if id in found]


async def reached(ctx: Context, post: Post, *, is_moved: bool = False) -> None:
    """Tell those whom a post names and who can see it only now. Wants the transaction that publishes or moves it.

    With one that `is_moved` go its comments, and whom they name.
    """
    if is_moved or named_in(post.body):
        await _tell(ctx, post.id, post.audience_id)


async def forget(subject: uuid.UUID) -> None:
    """A comment or a message that is gone names nobody. Wants the transaction of its removal."""
    await Mention.filter(subject_id=subject).delete()


async def removed_with(post: Post) -> None:
    """A post that is gone names nobody, nor does what was said under it. Wants the transaction of its removal."""
    await Mention.filter(post_id=post.id).delete()


async def contracts(ctx: Context, subject: Any) -> list[MentionContract]:
    """For each person whom a text of the viewer's names, in that order, what becomes of it as things stand now.

    A post that is not published yet is looked at as if it were.
    """
    if subject is None:
        return []
    standing = partial(table.standing, audience=read(subject, "audience_id"), writer=ctx.me.person_id)
    return await contracts_of(ctx, subject, standing)


async def contracts_of(ctx: Context, subject: Any, standing: Standing) -> list[MentionContract]:
    """The same for a text of any kind; `standing` tells how people stand to it."""
    people = named_in(read(subject, "body"))[:MENTIONS_MAX]
    if not people:
        return []
    rows = settled(await ctx.loaders["people"].load_batch(people))
    found = {read(row, "id"): row for row in rows if row is not None}
    stands = {row["id"]: row for row in await standing(list(found))}
    own = {ctx.me.person_id, read(subject, "author_id")}
    return [_contract(id, found.get(id), stands.get(id), is_own=id in own) for id in people]


async def people_of(ctx: Context, subjects: Sequence[Any]) -> list[list[Any]]:
    """The people whom each post, comment or message names and whom the viewer may see, in the order of their names."""
    rows = await table.named_in([read(subject, "id") for subject in subjects])
    found = await _people(ctx, {row["person_id"] for row in rows})
    named: dict[uuid.UUID, list[Any]] = {read(subject, "id"): [] for subject in subjects}
    for row in rows:
        if person := found.get(row["person_id"]):
            named[row["subject_id"]].append(person)
    return [named[read(subject, "id")] for subject in subjects]


async def body_html(ctx: Context, subjects: Sequence[Any]) -> list[str]:
    """The text of each post, comment or message as HTML, in which people have the names of this day."""
    texts = [rendered(read(subject, "body")) for subject in subjects]
    found = await _people(ctx, {person for text in texts for person in text.people})
    return [text.html(lambda place: _name(place, found)) for text in texts]


async def of_viewer(ctx: Context, args: PageArgs) -> Page:
    """Where the viewer was mentioned by name, in what they may read, the newest first."""
    if not ctx.me.allows("chat:read"):
        ctx.reach("feed:read")
    return await lists.page(ctx, Mention, NEWEST, args, where="r.person_id = $1", params=[ctx.me.person_id])


async def subjects_of(ctx: Context, mentions: Sequence[Any]) -> list[Any]:
    """The post, comment or message of each mention; None where it is removed at this very moment."""
    wanted: dict[str, list[uuid.UUID]] = {}
    for row in mentions:
        wanted.setdefault(_loader(row), []).append(row["subject_id"])
    found: dict[uuid.UUID, Any] = {}
    for loader, ids in wanted.items():
        found.update(zip(ids, settled(await ctx.loaders[loader].load_batch(ids)), strict=True))
    return [found[row["subject_id"]] for row in mentions]


def _loader(mention: Any) -> str:
    if mention["post_id"] is None:
        return "messages"
    return "posts" if mention["subject_id"] == mention["post_id"] else "comments"


async def _tell(ctx: Context, post: uuid.UUID, audience: uuid.UUID) -> None:
    for row in await table.tell(post, audience):
        ctx.emit(PersonMentioned(row["person_id"], post, row["subject_id"], audience))


def _contract(id: uuid.UUID, person: Any, stands: Any, *, is_own: bool) -> MentionContract:
    reason = _reason(stands, is_own=is_own)
    can_see = is_own or (stands is not None and stands["sees"])
    return MentionContract(encode_id("Person", id), person, can_see, reason is Reason.NONE, reason)


def _reason(stands: Any, *, is_own: bool) -> MentionReason:
    """Why they would not be notified. Whoever has blocked the writer looks as ever: nobody is told of a block."""
    if stands is None:
        return Reason.UNKNOWN
    if is_own:
        return Reason.SELF
    if not stands["active"]:
        return Reason.DEACTIVATED
    if stands["blocked"]:
        return Reason.BLOCKED
    if not stands["sees"]:
        return Reason.GUEST_OUTSIDE if stands["is_guest"] else Reason.CANNOT_SEE
    return Reason.NONE


async def _people(ctx: Context, ids: set[uuid.UUID]) -> dict[uuid.UUID, Any]:
    """Those of these people whom the viewer may see; no statement where there are none."""
    if not ids:
        return {}
    people = settled(await ctx.loaders["people"].load_batch(list(ids)))
    return {read(person, "id"): person for person in people if person is not None}


def _name(place: Place, people: Mapping[uuid.UUID, Any]) -> str:
    person = people.get(place.person)
    if person is None:
        return SOMEONE
    css = "mention" if read(person, "active") else "mention deactivated"
    name = escape(read(person, "name"))
    if place.in_link:
        return f'<span class="{css}">@{name}</span>'
    return f'<a class="{css}" href="/people/{encode_id("Person", place.person)}">@{name}</a>'
