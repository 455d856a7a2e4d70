"""Facets: how many of the hits have which author, tag, unit …, counted over what the viewer may see alone."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from execution.ids import encode_id
from execution.loaders import settled
from execution.rows import read
from resolvers.context import Context
from search.engine import Hit

VALUES_MAX = 20  # of one facet, those of most hits
UNNAMED = "A conversation without a title"

PLAIN = {"kind": "KIND", "post": "POST_KIND", "location": "LOCATION", "language": "LANGUAGE"}
"""Facets whose values are words, by the name of their terms."""


@dataclass(frozen=True)
class Thing:
    """A field whose values are things: each loader that may read them has the type and the column of a name."""

    field: str
    sources: Mapping[str, tuple[str, str]]

    @property
    def loaders(self) -> Iterable[str]:
        return self.sources.keys()


PLACES = {"groups": ("Group", "name"), "units": ("OrgUnit", "name"), "conversations": ("Conversation", "title")}
THINGS = {
    "author": Thing("AUTHOR", {"people": ("Person", "name")}),
    "audience": Thing("PLACE", PLACES),
    "tag": Thing("TAG", {"tags": ("Tag", "name")}),
    "unit": Thing("UNIT", {"units": ("OrgUnit", "name")}),
    "skill": Thing("SKILL", {"skills_of_people": ("Skill", "name")}),
}
"""Facets whose values are things, by the name of their terms."""

FACETS_MAX = len(PLAIN) + len(THINGS)


@dataclass(frozen=True)
class Value:
    """A value of a facet: what a filter takes, what people read, and how many of the hits have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    """The values of one field among the hits, those of most hits first."""

    field: str
    values: Sequence[Value]


async def facets(ctx: Context, hits: Iterable[Hit]) -> list[Facet]:
    """The facets of these hits, all of which the viewer may see; fields without a value are left out."""
    counts = _counted(hits)
    plain = [Facet(field, [Value(v, v, n) for v, n in _most(counts[name])]) for name, field in PLAIN.items()]
    things = await asyncio.gather(*(_things(ctx, name, _most(counts[name])) for name in THINGS))
    return [facet for facet in (*plain, *things) if facet.values]


def _counted(hits: Iterable[Hit]) -> dict[str, Counter[str]]:
    found = list(hits)
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*PLAIN, *THINGS)}
    counts["kind"].update(hit.kind for hit in found)
    for term, count in Counter(chain.from_iterable(hit.terms for hit in found)).items():
        name, _, value = term.partition(":")
        if name in counts:
            counts[name][value] = count
    return counts


def _most(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:VALUES_MAX]


async def _things(ctx: Context, name: str, counted: Sequence[tuple[str, int]]) -> Facet:
    """The values as the things that they stand for, without those that the viewer may not see."""
    thing = THINGS[name]
    left = {uuid.UUID(value): count for value, count in counted}
    values: list[Value] = []
    for loader, (type_name, column) in thing.sources.items():
        rows = settled(await ctx.loaders[loader].load_batch(list(left))) if left else []
        for id, row in zip(list(left), rows, strict=True):
            if row is not None:
                values.append(Value(encode_id(type_name, id), read(row, column) or UNNAMED, left.pop(id)))
    return Facet(thing.field, sorted(values, key=lambda value: (-value.count, value.label, value.value)))
