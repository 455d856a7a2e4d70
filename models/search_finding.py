"""Finding search documents: a bounded number of rows, however many hold the commonest of words.

What was said is looked for from the newest to the oldest in windows of time, each eight times as long as the one
before, until there is enough. A window is a set of lexemes (`days`), so that the index alone finds what lies in it.
What has no time (people, groups, tags) is looked for beside that, all at once.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import asyncpg

from models import db

TIMELESS_MAX = 1_500  # rows looked at of what has no time
COLLECTED_MAX = 1_500  # rows looked at of what was said
SPAN = 8  # how many blocks a window is long, and how many of the smaller ones a block holds
EPOCH = date(1970, 1, 1)
PERSON = "'/kind:PERSON'"
YEAR = 365 * 86_400.0  # seconds: what is so old counts half


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: tsqueries as text, each empty where nothing is asked.

    All of `wanted`, none of `unwanted`, in what the viewer has `seen`, or of `people` whom they know besides. How well
    it fits is told by `exact` (any of the words as they were typed) and `near` (in any form), each with the number of
    its lexemes, and by `adjacent` (the words side by side). `timeless` and `said` ask for the two sorts of things.
    """

    wanted: str
    unwanted: tuple[str, ...]
    seen: str
    exact: tuple[str, int]
    near: tuple[str, int]
    adjacent: str
    timeless: str
    said: str
    people: tuple[uuid.UUID, ...] = ()
    after: datetime | None = None
    before: datetime | None = None

    def within(self, positive: str) -> str:
        """What is not wanted, beside something that is: alone it would have the whole index read."""
        return "&".join([f"({positive})", *(f"!{query}" for query in self.unwanted)])


WEIGHTS = "ARRAY[0.1, 0.3, 0.6, 1.0]::real[]"  # of a word in a body, -, among what a thing is known by, in its name

# How well it fits: the words as they are count most, in a name most of all.
FIT = f"""
{{exact}} * ts_rank({WEIGHTS}, d.words, $1::text::tsquery, 1)
+ 0.3 * {{near}} * ts_rank({WEIGHTS}, d.words, $2::text::tsquery, 1)
+ CASE WHEN d.words @@ $3::text::tsquery THEN 0.1 ELSE 0 END
"""
FIND = """
SELECT d.kind, d.subject_id, d.version, d.edition, d.terms,
       ({fit}) / (1 + coalesce(greatest(extract(epoch FROM $4::timestamptz - d.moment), 0) / {year}, 0)) AS score
FROM ({parts}) d ORDER BY score DESC, d.subject_id DESC LIMIT $5
"""
# Conditions apart: of a long query the index would look at every part for each row that any part is true of.
PART = "(SELECT * FROM search_document w WHERE {conditions} LIMIT {most})"
MATCHES = "w.words @@ ${}::text::tsquery"

BY_INDEX = "SELECT set_config('enable_seqscan', 'off', true)"


@asynccontextmanager
async def by_index() -> AsyncGenerator[None]:
    """Have what is found within the block be found by indexes.

    Of queries as long as ours the planner believes that much is found, so that it would rather read the whole table.
    """
    async with db.transaction():
        await db.execute(BY_INDEX)
        yield


async def find(sought: Sought, now: datetime, most: int) -> tuple[list[asyncpg.Record], bool]:
    """The best of what is found, and whether there is no more: kind, subject_id, version, edition, terms, score."""
    if (asked := statement(sought, now, most)) is None:
        return [], True
    sql, values = asked
    found = await db.rows(sql, *values)
    return found[:most], len(found) <= most


def statement(sought: Sought, now: datetime, most: int) -> tuple[str, list[object]] | None:
    """What finds the best and one more, and the values of its parameters; None where nothing can be found."""
    values: list[object] = [sought.exact[0], sought.near[0], sought.adjacent, now, most + 1]
    groups: list[str] = []
    if sought.timeless and sought.after is None and sought.before is None:
        if sought.seen:
            queries = sought.wanted, sought.within(sought.seen), sought.timeless
            groups.append(_part(values, queries, "", TIMELESS_MAX))
        if sought.people:
            values.append(list(sought.people))
            known = f" AND w.subject_id = ANY(${len(values)}::uuid[])"
            groups.append(_part(values, (sought.wanted, sought.within(PERSON)), known, TIMELESS_MAX))
    if sought.said and sought.seen:
        groups.append(_limited(list(_windows(values, sought, now)), COLLECTED_MAX))
    if not groups:
        return None
    fit = FIT.format(exact=sought.exact[1], near=sought.near[1])
    return FIND.format(fit=fit, year=YEAR, parts=" UNION ALL ".join(groups)), values


def _windows(values: list[object], sought: Sought, now: datetime) -> Iterator[str]:
    """The parts of the statement that look at one window each, from the newest one."""
    queries = sought.wanted, sought.within(sought.seen), sought.said
    end = min(sought.before or now + timedelta(days=1), now + timedelta(days=1))
    for name, size in BLOCKS:
        last = _day(end) // size
        first = last - SPAN + 1
        start = datetime.combine(EPOCH + timedelta(days=first * size), datetime.min.time(), UTC)
        window = "|".join(f"'{name}{block}'" for block in range(first, last + 1))
        bounds = _bounds(values, max(start, sought.after) if sought.after else start, end)
        yield _part(values, (*queries, window), bounds, COLLECTED_MAX)
        end = start
        if sought.after and sought.after >= start:
            return
    yield _part(values, queries, _bounds(values, sought.after, end), COLLECTED_MAX)


def days(moment: datetime) -> Sequence[str]:
    """The lexemes of the day on which something was said, and of the longer blocks around it."""
    day = _day(moment)
    return [f"{name}{day // size}" for name, size in BLOCKS]


BLOCKS = (("/d", 1), ("/e", SPAN), ("/f", SPAN * SPAN))
"""Blocks of time, in days: one, about a week, about two months."""


def _day(moment: datetime) -> int:
    return (moment.astimezone(UTC).date() - EPOCH).days


def _bounds(values: list[object], start: datetime | None, end: datetime) -> str:
    values.append(end)
    bounds = f" AND w.moment < ${len(values)}"
    if start:
        values.append(start)
        bounds += f" AND w.moment >= ${len(values)}"
    return bounds


def _part(values: list[object], queries: Sequence[str], more: str, most: int) -> str:
    conditions: list[str] = []
    for query in filter(None, queries):
        if query not in values:
            values.append(query)
        conditions.append(MATCHES.format(values.index(query) + 1))
    return PART.format(conditions=" AND ".join(conditions) + more, most=most)


def _limited(parts: Sequence[str], most: int) -> str:
    """The parts one after the other, only as long as there is not enough."""
    return f"(SELECT * FROM ({' UNION ALL '.join(parts)}) u LIMIT {most})"
