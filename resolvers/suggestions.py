"""Suggestions as one types: people, groups and tags whose names begin so, those near to the viewer first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from tortoise.models import Model

from auth.conditions import Params
from auth.scope import readable
from models import db
from models import suggestions as table
from models.errors import Invalid
from models.groups import Group
from models.people import Person
from models.suggestions import Asker, Sort, Words
from models.tags import Tag
from models.text import clean
from resolvers.context import Context
from search import names

PREFIX_MAX = 100  # characters
WORDS_MAX = 8  # of a prefix; what is typed beyond them makes no difference
SUGGESTIONS_MAX = 20
SPARE = 5  # rows more than are asked for: the name of one may have changed since it was indexed

SHARES = (5, 2, 1)
"""How many of eight suggestions people, groups and tags have for certain; what one does not use goes to the others."""


async def suggest(ctx: Context, prefix: str, first: int) -> list[Any]:
    """What the viewer may know of and whose name has a word for each of the prefix's, beginning so. Raises `Invalid`.

    People come first, then groups, then tags; of each kind those that are nearest to the viewer.
    """
    ctx.reach("search:read")
    text = clean(prefix, most=PREFIX_MAX, path=["prefix"], what="The beginning of a name")
    if not 1 <= first <= SUGGESTIONS_MAX:
        raise Invalid(f"`first` is {first}, and must be between 1 and {SUGGESTIONS_MAX}.", ["first"])
    words = names.typed(text, WORDS_MAX)
    if not words:
        return []
    return mixed(
        await asyncio.gather(_people(ctx, words, first), _groups(ctx, words, first), _tags(ctx, words, first)), first
    )


def mixed(found: Sequence[Sequence[Any]], first: int) -> list[Any]:
    """The best `first` of all kinds, in the order of these: each has its share, what is left goes by the order."""
    places = [min(len(rows), first * share // sum(SHARES)) for rows, share in zip(found, SHARES, strict=True)]
    for i, rows in enumerate(found):
        places[i] += min(len(rows) - places[i], first - sum(places))
    return [row for rows, most in zip(found, places, strict=True) for row in rows[:most]]


async def _people(ctx: Context, words: Words, first: int) -> list[Any]:
    me = ctx.me
    if not me.allows("people:read"):
        return []
    circles = [table.MYSELF, table.AROUND if me.is_guest else table.FOLLOWED]
    if me.allows("chat:read"):
        circles += [table.PARTNERS, table.NAMED_IN_MESSAGES]
    if me.allows("feed:read"):
        circles.append(table.NAMED_IN_POSTS)
    if me.allows("org:read") and not me.is_guest:  # who is in which unit, and above whom, is told by the chart alone
        circles += [table.COLLEAGUES, table.LINE]
    return await _found(ctx, Person, table.PEOPLE, circles, words, first)


async def _groups(ctx: Context, words: Words, first: int) -> list[Any]:
    if not ctx.me.allows("groups:read"):
        return []
    return await _found(ctx, Group, table.GROUPS, [table.JOINED, table.INVITED], words, first)


async def _tags(ctx: Context, words: Words, first: int) -> list[Any]:
    if not ctx.me.allows("feed:read"):
        return []
    return await _found(ctx, Tag, table.TAGS, [table.FOLLOWED_TAGS], words, first)


async def _found(
    ctx: Context, model: type[Model], sort: Sort, circles: list[str], words: Words, first: int
) -> list[Any]:
    """The rows of one kind, best first; a name that has changed since it was indexed must begin so, too."""
    me = ctx.me
    unit = me.unit_path[0] if me.unit_path and me.allows("org:read") else None
    asker = Asker(me.person_id, ctx.today(), unit, me.joined, me.audiences)
    params = Params(table.params(asker, words))
    condition = readable(model, me, params, "r")
    rows = await db.rows(table.statement(sort, circles, words, condition, first + SPARE), *params)
    return [row for row in rows if names.begin(words, [row["name"], *row["_names"]])][:first]
