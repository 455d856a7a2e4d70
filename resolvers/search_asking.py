"""What a search asks for: operators and filters become terms of documents, by names that the viewer may know."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from execution.loaders import settled
from models.errors import Invalid
from models.text import storable, too_long
from resolvers.context import Context
from resolvers.search_facets import THINGS
from resolvers.search_kinds import reached
from resolvers.search_names import NAMED
from search.engine import Sight
from search.query import Operator, Phrase, Query, Typed, typed
from search.words import tokens

LEFT = "person:LEFT"
VALUE_MAX = 400  # characters of a value to filter by
EVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""Moments beyond are as good as these: nothing was said then."""

DAY = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?")


@dataclass(frozen=True)
class Filters:
    """The typed filters of a search: of each list one must apply. Days begin in the organisation's time zone."""

    authors: Sequence[uuid.UUID] = ()
    audiences: Sequence[uuid.UUID] = ()
    units: Sequence[uuid.UUID] = ()
    tags: Sequence[uuid.UUID] = ()
    skills: Sequence[uuid.UUID] = ()
    locations: Sequence[str] = ()
    languages: Sequence[str] = ()
    post_kinds: Sequence[str] = ()
    after: datetime | None = None
    before: datetime | None = None
    with_left: bool = False


@dataclass
class _Asked:
    """A query in the making."""

    terms: list[frozenset[str]]
    without: set[str]
    words: list[Phrase] = field(default_factory=list[Phrase])
    after: datetime | None = None
    before: datetime | None = None

    def query(self, kinds: tuple[str, ...], read: Typed) -> Query:
        """The query as far as it is made."""
        wanted, terms = (*read.wanted, *self.words), tuple(self.terms)
        return Query(kinds, wanted, read.unwanted, terms, frozenset(self.without), self.after, self.before)

    def one_of(self, terms: Iterable[str]) -> bool:
        """Ask for one of these terms; False where there is none, so that nothing can have it."""
        self.terms.append(frozenset(terms))
        return bool(self.terms[-1])

    def later(self, moment: datetime) -> None:
        bounded = _bounded(moment)
        self.after = max(self.after, bounded) if self.after else bounded

    def earlier(self, moment: datetime) -> None:
        bounded = _bounded(moment)
        self.before = min(self.before, bounded) if self.before else bounded


async def asked(ctx: Context, seen: Sight, text: str, kinds: tuple[str, ...], filters: Filters) -> Query | None:
    """The query that a text and filters mean; None where nothing can meet it, or only says what is not wanted.

    Raises `Invalid`.
    """
    read, draft = typed(text), _Asked([], set() if filters.with_left else {LEFT})
    for operator in read.operators:
        if not await _apply(ctx, seen, operator, draft):
            return None
    whole = draft.query(reached(ctx, None), read)
    if not await _filter(ctx, filters, draft):
        return None
    query = draft.query(kinds, read)
    if not (query.wanted or query.terms or query.after or query.before):
        return None
    return query if query == whole else replace(query, whole=whole)


FILTERS = {"authors": "author", "audiences": "audience", "units": "unit", "tags": "tag", "skills": "skill"}
"""Filters by things, and their terms."""

WORDS = {"locations": "location", "languages": "language", "post_kinds": "post"}
"""Filters by words, and their terms."""


async def _filter(ctx: Context, filters: Filters, draft: _Asked) -> bool:
    """Take the typed filters into account; False where nothing can meet them. Raises `Invalid`."""
    for name, term in FILTERS.items():
        ids: Sequence[uuid.UUID] = getattr(filters, name)
        if ids and not draft.one_of(f"{term}:{id}" for id in await _known(ctx, ids, THINGS[term].loaders)):
            return False
    for name, term in WORDS.items():
        values: Sequence[str] = getattr(filters, name)
        for value in values:
            storable(value, path=["filterBy", name], what="This value")
            if len(value) > VALUE_MAX:
                raise Invalid(too_long("This value", len(value), VALUE_MAX), ["filterBy", name])
        if values:
            draft.one_of(f"{term}:{value}" for value in values)
    if filters.after:
        draft.later(filters.after)
    if filters.before:
        draft.earlier(filters.before)
    return True


async def _known(ctx: Context, ids: Sequence[uuid.UUID], loaders: Iterable[str]) -> list[uuid.UUID]:
    """Those that the viewer may know of: what they may not is as what there is not."""
    known: set[uuid.UUID] = set()
    for loader in loaders:
        rows = settled(await ctx.loaders[loader].load_batch(list(ids)))
        known.update(id for id, row in zip(ids, rows, strict=True) if row is not None)
    return [id for id in ids if id in known]


async def _apply(ctx: Context, seen: Sight, operator: Operator, draft: _Asked) -> bool:
    """Take an operator into account; False where nothing can meet it. One that makes no sense is words."""
    if operator.name in NAMED:
        terms = await NAMED[operator.name](ctx, seen, operator.value)
        if operator.negated:
            draft.without.update(terms)
            return True
        return draft.one_of(terms)
    span = _span(ctx, operator.value)
    if span is None:
        draft.words.extend(Phrase((token,)) for token in tokens(f"{operator.name} {operator.value}"))
        return True
    first, last = span
    if operator.name == "before":
        draft.later(first) if operator.negated else draft.earlier(first)
    else:
        draft.earlier(last) if operator.negated else draft.later(last)
    return True


def _bounded(moment: datetime) -> datetime:
    return max(EVER[0], min(moment, EVER[1]))


def _span(ctx: Context, value: str) -> tuple[datetime, datetime] | None:
    """Where a day, a month or a year begins and ends; None for what is none."""
    today = ctx.today()
    days = {"today": today, "yesterday": today - timedelta(days=1)}
    if value.lower() in days:
        return _moments(ctx, days[value.lower()], days[value.lower()] + timedelta(days=1))
    match = DAY.fullmatch(value)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            return _moments(ctx, first, first + timedelta(days=1))
        last = date(first.year + (not month or month == 12), (first.month % 12) + 1 if month else 1, 1)
        return _moments(ctx, first, last)
    except (ValueError, OverflowError):
        return None


def _moments(ctx: Context, first: date, last: date) -> tuple[datetime, datetime]:
    zone = ctx.services.zone
    return datetime.combine(first, time(), zone), datetime.combine(last, time(), zone)
