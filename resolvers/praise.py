"""Praise: a post that thanks people for something, each seen as far as the viewer sees them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import asyncpg

from auth.conditions import Params
from auth.scope import readable, scope
from execution.paging import Order
from execution.rows import read
from models import db
from models.errors import Forbidden, Invalid, NotFound
from models.feed import PRAISE_VALUE_MAX, PRAISED_MAX, Post, PostKind, PraisedPerson
from models.mentions import standing
from models.people import Person
from models.text import clean_line
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import Link, PageArgs

NEWEST = Order("praises:newest", ("published_at", "id"), "DESC")
PRAISING = Link("r.id IN (SELECT x.post_id FROM praised_person x WHERE x.person_id = parent.id)")

PRAISED = """
SELECT x.post_id, r.*, 'Person' AS _type FROM praised_person x JOIN person r ON r.id = x.person_id
WHERE x.post_id = ANY($1::uuid[]) AND {} ORDER BY x.id
"""


@dataclass(frozen=True)
class NewPraise:
    """Whom a praise is for, and what for."""

    people: Sequence[uuid.UUID]
    value: str


class PostWarningCode(StrEnum):
    """What one should know of a post that one has just written."""

    PRAISED_CANNOT_SEE = "PRAISED_CANNOT_SEE"


@dataclass(frozen=True)
class PostWarning:
    """One of them, in words, and whom it is about."""

    code: PostWarningCode
    message: str
    person: Any


async def attach(ctx: Context, post: Post, new: NewPraise | None) -> None:
    """Give a post that has just been created those whom it praises. Raises `Invalid`, `NotFound` or `Forbidden`."""
    if (post.kind is PostKind.PRAISE) != (new is not None):
        missing = "A praise is for somebody: say in `praise` for whom, and what for."
        raise Invalid(missing if new is None else "Only a post of the kind PRAISE praises people.", ["praise"])
    if new is None:
        return
    value = clean_line(new.value, most=PRAISE_VALUE_MAX, path=["praise", "value"], what="What the praise is for")
    people = await _people(ctx, post, new.people)
    post.praise_value = value
    await post.save(update_fields=["praise_value"])
    await PraisedPerson.bulk_create(PraisedPerson(post_id=post.id, person_id=person) for person in people)


async def warnings(ctx: Context, post: Post | None) -> list[PostWarning]:
    """Which of those whom a post of the viewer's praises are not in its audience, and so cannot see it."""
    if post is None or post.kind is not PostKind.PRAISE:
        return []
    people = {read(one, "id"): one for one in await praised(ctx, [post.id])}
    stands = await standing(list(people), post.audience_id, ctx.me.person_id)
    outside = {row["id"] for row in stands if not row["sees"]}
    return [_outside(one) for id, one in people.items() if id in outside]


async def removed_with(post: Post) -> None:
    """Wipe whom a post praised that is removed."""
    if post.kind is PostKind.PRAISE:
        await PraisedPerson.filter(post_id=post.id).delete()


async def praised(ctx: Context, posts: list[uuid.UUID]) -> list[asyncpg.Record]:
    """Those whom posts praise and whom the viewer may see, in the order they were named; for the loader."""
    params = Params([posts])
    return await db.rows(PRAISED.format(readable(Person, ctx.me, params, "r")), *params)


def praises_of(ctx: Context, person: Any, args: PageArgs) -> Any:
    """A page of the posts that praise somebody and that the viewer may see, newest first."""
    published = "r.status = 'PUBLISHED'"
    return lists.pages(ctx, Post, PRAISING, NEWEST, args, where=published).load(read(person, "id"))


def _outside(person: Any) -> PostWarning:
    message = f"{read(person, 'name')} is not in the audience of this praise, and cannot see it."
    return PostWarning(PostWarningCode.PRAISED_CANNOT_SEE, message, person)


async def _people(ctx: Context, post: Post, people: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those to praise, each once."""
    path = ["praise", "personIds"]
    wanted = list(dict.fromkeys(people))
    if not 1 <= len(wanted) <= PRAISED_MAX:
        raise Invalid(f"A praise is for 1 to {PRAISED_MAX} people; these are {len(wanted)}.", path)
    for i, person in enumerate(people):
        if person in (post.author_id, ctx.me.person_id):
            raise Forbidden("Nobody praises themselves. Leave yourself out.", [*path, i])
    seen = {one.id for one in await scope(Person, ctx.me).filter(id__in=wanted, active=True).only("id")}
    for i, person in enumerate(people):
        if person not in seen:
            raise NotFound("This person does not exist, has left, or is not visible to you.", [*path, i])
    return wanted
