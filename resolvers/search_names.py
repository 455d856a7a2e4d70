"""What the operators of a search name: people, places and tags that the viewer may know; for others there are no names.

The index proposes, and the names that the rows have at this moment decide.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence

from asyncpg import Record

from auth.scope import visible
from models import search_sight as table
from models import tags
from models.groups import Group
from models.org import OrgUnit
from models.people import Person
from models.profiles import BuiltIn
from models.tags import Tag, tag_key
from resolvers import sight
from resolvers.context import Context
from search import lexemes, names
from search.engine import Sight
from search.words import tokens, words

NAMED_MAX = 200  # people, groups, units or conversations that a name may mean
UNITS_MAX = 500  # units below those

Terms = list[str]


async def authors(ctx: Context, seen: Sight, name: str) -> Terms:
    """What the people of this name have said, or of this e-mail address as far as everybody may see it."""
    if name.lower() == "me":
        return [f"author:{ctx.me.person_id}"]
    weight = lexemes.TITLE + lexemes.KEYWORDS if "@" in name else lexemes.TITLE
    people = await visible(Person, ctx.me, await _titled("PERSON", seen, name, weight))
    if "@" in name:
        shown = await sight.shows(ctx, BuiltIn.EMAIL, people)
        meant = [row for row, shows in zip(people, shown, strict=True) if shows and row["email"] == name.lower()]
    else:
        meant = _called(name, people)
    return [f"author:{row['id']}" for row in meant]


async def places(ctx: Context, seen: Sight, name: str) -> Terms:
    """What was said in the groups, units (with all below) and conversations of this name, and who is in such units."""
    wanted = words(name)
    if not wanted:
        return []
    longest = max(wanted, key=len)
    groups = _called(name, await visible(Group, ctx.me, await _titled("GROUP", seen, name, lexemes.TITLE)))
    units = _called(name, await visible(OrgUnit, ctx.me, await table.units(longest, NAMED_MAX)))
    below = await table.below([row["id"] for row in units], UNITS_MAX) if units else []
    talks: Sequence[Record] = []
    if ctx.me.allows("chat:read"):
        talks = _called(name, await table.conversations(ctx.me.person_id, longest, NAMED_MAX))
    found = [*(row["id"] for row in groups), *below, *(row["id"] for row in talks)]
    return [*(f"audience:{place}" for place in found), *(f"unit:{unit}" for unit in below)]


async def tagged(ctx: Context, seen: Sight, name: str) -> Terms:
    """What has the tag of this name or synonym."""
    key = tag_key(name.removeprefix("#"))
    found = (await tags.named([key])).get(key)
    return [f"tag:{row['id']}" for row in await visible(Tag, ctx.me, [found["id"]])] if found else []


NAMED: dict[str, Callable[[Context, Sight, str], Awaitable[Terms]]] = {"from": authors, "in": places, "tag": tagged}
"""What an operator may mean: terms, none for what there is not or the viewer may not know of."""


async def _titled(kind: str, seen: Sight, name: str, weight: str) -> list[uuid.UUID]:
    """What the index has under all words of a name, of what the viewer may find."""
    named = [f"({_weighted((token.word, *token.others), weight)})" for token in tokens(name)]
    if not named:
        return []
    called = "&".join([lexemes.quoted(f"/kind:{kind}"), *named])
    return await table.found(called, lexemes.seen(seen), seen.people, NAMED_MAX)


def _weighted(forms: Iterable[str], weight: str) -> str:
    return "|".join(f"{lexemes.quoted(form)}:{weight}" for form in forms)


def _called(name: str, rows: Iterable[Record]) -> list[Record]:
    """Those whose name has all these words, in any order and spelling."""
    wanted = [{token.word, *token.others} for token in tokens(name)]
    return [row for row in rows if (known := set(names.spelt([row["name"]]))) and all(known & one for one in wanted)]
