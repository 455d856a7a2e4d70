"""Reactions: an emoji of a person on a post, a comment or a message."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from auth.conditions import Params
from execution.rows import read, read_all, read_if_there
from models import reactions as table
from models.emoji import emoji as one_emoji
from models.errors import Invalid
from models.feed import Post
from models.people import Person
from models.reactions import KINDS_MAX
from resolvers import lists
from resolvers.context import Context
from resolvers.lists import Link, PageArgs
from resolvers.people import BY_NAME
from resolvers.reactables import reactable
from resolvers.subjects import reachable
from subscriptions.events import audience_stream

REACTED = "r.id IN (SELECT x.person_id FROM reaction x WHERE x.subject_id = parent.id{})"


COUNTED = ("emoji", "count", "viewer_has_reacted")
"""What is told of each emoji on a subject."""


async def add_reaction(ctx: Context, type_name: str, id: uuid.UUID, emoji: str) -> Any:
    """React to a subject of that type; twice is once. The subject. Raises `NotFound`, `Forbidden` or `Invalid`."""
    wanted, kind = _emoji(emoji), reactable(type_name)
    found = await kind.placed(ctx, id)
    place, added = found[kind.place], kind.added(id, found)
    async with ctx.transaction(audience_stream(place)):
        params = Params([id, place, ctx.me.person_id, wanted, ctx.now(), *ctx.entry(added)])
        may = reachable(ctx, kind.model, kind.may, params, "r")
        subject = await table.react(kind.model, kind.place, may, params, refs=kind.refs)
        if subject is None:
            await kind.refuse(ctx, id, place)
        if not subject["_is_room"]:
            raise Invalid(f"Nothing has more than {KINDS_MAX} different reactions. Choose one that it has.", ["emoji"])
        if subject["_is_new"]:
            ctx.noted(added)
    return subject


async def remove_reaction(ctx: Context, type_name: str, id: uuid.UUID, emoji: str) -> Any:
    """Take a reaction back, also one that was not there. The subject. Raises `NotFound`, `Forbidden` or `Invalid`."""
    wanted, kind = _emoji(emoji), reactable(type_name)
    async with kind.held(ctx, id) as subject:
        if await table.take_back(id, ctx.me.person_id, wanted):
            ctx.emit(kind.removed(id, subject))
    return subject


async def counts(ctx: Context, subjects: Sequence[Any]) -> list[list[Any]]:
    """The reactions to each subject, `COUNTED`: the most frequent first, then the one that came first."""
    if len(subjects) == 1 and (told := read_if_there(subjects[0], "_reactions")):
        return [[dict(zip(COUNTED, one, strict=True)) for one in orjson.loads(told)]]  # it has just been reacted to
    keys = read_all(subjects, "id")
    rows = await table.counts(keys, ctx.me.person_id)
    found = {subject: list(of) for subject, of in groupby(rows, key=itemgetter("subject_id"))}
    return [found.get(key, []) for key in keys]


def reactors(ctx: Context, subject: Any, emoji: str | None, args: PageArgs) -> Any:
    """A page of those who have reacted, with this emoji or with any, by name."""
    if emoji is None:
        link = Link(REACTED.format(""))
    else:
        link = Link(REACTED.format(" AND x.emoji = $2"), params=(one_emoji(emoji) or "",))
    return lists.pages(ctx, Person, link, BY_NAME, args).load(read(subject, "id"))


async def removed_with(post: Post) -> None:
    """Wipe the reactions to a post that is removed, and to its comments."""
    await table.forget_thread(post.id)


def _emoji(text: str) -> str:
    found = one_emoji(text)
    if found is None:
        raise Invalid("A reaction is one emoji, and nothing else. Choose one, such as 👍.", ["emoji"])
    return found
