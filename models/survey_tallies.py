"""Tallies: answers counted by the blocks that they were given in, and written down as what is told of them."""

from __future__ import annotations

import asyncio
import uuid
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from models import db
from models.survey_sums import ANSWERED, SLOTS, WRITTEN, Layout, Part, Rows, Told, numbers_for
from models.surveys import Anonymity

AT_ONCE = 500_000  # answers that one statement counts
TOLD_AT_ONCE = 1_000_000  # numbers that one statement writes down, of whole parts
NONE: Mapping[int, int] = MappingProxyType({})
DESTROYED_AT_ONCE = 250_000  # answers that one statement deletes

# Of several attempts at a quiz one counts: the best where the best is scored, which is the one that gives somebody
# their points (`survey_scores.counting`), else the last.
CHOSEN = """
chosen AS MATERIALIZED (
    SELECT DISTINCT ON (r.survey_id, r.person_id) r.id, r.survey_id, r.block
    FROM survey_response r JOIN survey s ON s.id = r.survey_id
    WHERE r.survey_id = ANY($1::uuid[]) AND r.submitted_at IS NOT NULL
    ORDER BY r.survey_id, r.person_id,
        CASE s.scoring WHEN 'BEST' THEN coalesce(r.points / nullif(r.maximum, 0), 0) END DESC,
        CASE s.scoring WHEN 'BEST' THEN r.attempt END, r.attempt DESC
)
"""


@dataclass(frozen=True)
class _Source:
    """Where the answers `a` to the surveys $1 lie that count, and those who took part."""

    tables: str
    answers: str
    people: str


_OF_NOBODY = _Source(
    tables="",
    answers="survey_answer a WHERE a.survey_id = ANY($1::uuid[])",
    people="SELECT a.block FROM survey_answer a WHERE a.survey_id = ANY($1::uuid[]) AND a.question_id IS NULL",
)
_OF_PEOPLE = _Source(
    tables=f"{CHOSEN}, ",
    answers="survey_answer a WHERE a.survey_id = ANY($1::uuid[]) AND a.response_id IN (SELECT id FROM chosen)",
    people=f"WITH {CHOSEN} SELECT block FROM chosen",
)

_PEOPLE = "SELECT block, count(*) FROM ({people}) p GROUP BY block"

# A number for each slot of an answer: its place in the row of the block, behind the rows of the blocks before that.
# Whoever can answer with several slots counts as one who answered besides; who answers without any does only that.
_SLOTS = """
WITH {tables}q AS (SELECT * FROM unnest($2::uuid[], $3::int[]) AS q(id, place))
SELECT x.places FROM q CROSS JOIN LATERAL (
    SELECT array_agg(r.place) AS places FROM (
        SELECT a.block::bigint * $4 + q.place + {slot} AS place FROM {answers} AND a.question_id = q.id
    ) r
) x WHERE x.places IS NOT NULL
"""
_ONE = f"coalesce(a.slots[1] + {SLOTS}, {ANSWERED})"
_SEVERAL = f"unnest(a.slots || '{{{ANSWERED - SLOTS}}}'::smallint[]) + {SLOTS}"

_TEXTS = """
WITH {tables}q AS (SELECT $2::uuid[] AS ids)
SELECT a.question_id, a.block, count(*) FROM {answers}
AND a.question_id = ANY((SELECT ids FROM q)::uuid[]) AND a.text IS NOT NULL GROUP BY 1, 2
"""

# As they were let in when the survey opened: all values of a kind, then the next kind, and what is crossed in the end.
_SEGMENTS = """
SELECT g.id, g.blocks FROM survey_segment g JOIN survey s ON s.id = g.survey_id
WHERE g.survey_id = $1 AND g.blocks IS NOT NULL
ORDER BY g.other_kind IS NOT NULL, array_position(s.segments, g.kind::text),
    array_position(s.segments, g.other_kind::text), g.population DESC, g.value, g.other_value
"""

# Arrays of several lengths do not go into one parameter, so they are written as PostgreSQL writes them.
_TELL = """
INSERT INTO survey_tally (id, survey_id, segment_id, took_part, questions, answered, counts, written, pools)
SELECT gen_random_uuid(), $1, x.segment, x.took_part, x.questions::uuid[], x.answered::int[], x.counts::int[],
    x.written::int[], x.pools::int[]
FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    AS x(segment, took_part, questions, answered, counts, written, pools)
"""
_NUMBERS = attrgetter("answered"), attrgetter("counts"), attrgetter("written"), attrgetter("pools")

# In a random order, with keys that tell none.
_KEEP_TEXTS = """
WITH {tables}texts AS MATERIALIZED (
    SELECT a.question_id, p.pool, a.text FROM (SELECT a.* FROM {answers} AND a.text IS NOT NULL) a
    JOIN unnest($2::uuid[], $3::int[], $4::int[]) AS p(question, block, pool)
        ON p.question = a.question_id AND p.block = a.block
    ORDER BY random()
)
INSERT INTO survey_text (id, survey_id, question_id, pool, text)
SELECT gen_random_uuid(), ($1::uuid[])[1], question_id, pool, text FROM texts
"""

_DESTROY = """
DELETE FROM survey_answer WHERE ctid = ANY(ARRAY(SELECT ctid FROM survey_answer WHERE survey_id = $1 LIMIT $2))
"""


async def rows(survey: uuid.UUID, anonymity: Anonymity, layout: Layout, besides: Mapping[int, int] = NONE) -> Rows:
    """The numbers of each block in which anybody took part, laid out as `layout` says.

    `besides` are answers that are written nowhere, by the places that they count at (`survey_sums.places_of`).
    """
    counting = _Counting(survey, _source(anonymity), layout)
    people = Counter[int]()
    for block, number in await db.rows(_PEOPLE.format(people=counting.source.people), [survey]):
        people[block] = number
    people.update({place // layout.width: number for place, number in besides.items() if place % layout.width == 0})
    # One row behind the other: blocks are numbered from 0.
    width = layout.width
    numbers = numbers_for(sum(people.values()), width * (max(people, default=-1) + 1))
    await counting.count(numbers, sum(people.values()))
    for place, number in besides.items():
        numbers[place] += number
    for block, number in people.items():
        numbers[block * width] = number
    for question in layout.slots.keys() - layout.several:
        place, slots = layout.places[question], layout.slots[question]
        columns = [numbers[at::width] for at in (place + ANSWERED, *range(place + SLOTS, place + SLOTS + slots))]
        numbers[place + ANSWERED :: width] = array(numbers.typecode, map(sum, zip(*columns, strict=True)))
    seen = memoryview(numbers)  # of a wide questionnaire each copy would be hundreds of megabytes
    return {block: seen[block * width : (block + 1) * width] for block in people}


async def segments(survey: uuid.UUID) -> dict[uuid.UUID, list[int]]:
    """The blocks of each segment that is not hidden from the start, in the order in which they were let in."""
    return {row[0]: row[1] for row in await db.rows(_SEGMENTS, survey)}


async def tell(survey: uuid.UUID, told: Mapping[Part, Told]) -> None:
    """Write down what is told of each part."""
    columns = map(_columns, bounded(told))
    # In a thread: what is told is summed as it is read, and thousands of numbers become text.
    while some := await asyncio.to_thread(next, columns, None):
        await db.execute(_TELL, survey, *some)


async def keep_texts(survey: uuid.UUID, anonymity: Anonymity, pools: Mapping[tuple[uuid.UUID, int], int]) -> None:
    """Copy the texts that are told, each into the pool of its question and block, shuffled over the survey."""
    if pools:
        source = _source(anonymity)
        sql = _KEEP_TEXTS.format(tables=source.tables, answers=source.answers)
        await db.execute(sql, [survey], [key[0] for key in pools], [key[1] for key in pools], list(pools.values()))


async def destroy_answers(survey: uuid.UUID) -> None:
    """Delete all answers to a survey."""
    while await db.execute(_DESTROY, survey, DESTROYED_AT_ONCE) == DESTROYED_AT_ONCE:
        pass


def _columns(some: Sequence[tuple[Part, Told]]) -> list[list[Any]]:
    """What `_TELL` wants of these parts."""
    questions = {one.questions: "{" + ",".join(map(str, one.questions)) + "}" for _, one in some}
    return [
        [part for part, _ in some],
        [one.took_part for _, one in some],
        [questions[one.questions] for _, one in some],
        *([_array(numbers(one)) for _, one in some] for numbers in _NUMBERS),
    ]


def _array(numbers: Sequence[int | None]) -> str:
    return "{" + str([*numbers])[1:-1].replace("None", "NULL") + "}"


def _source(anonymity: Anonymity) -> _Source:
    return _OF_NOBODY if anonymity is Anonymity.ANONYMOUS else _OF_PEOPLE


class _Counting:
    """The counting of one survey."""

    def __init__(self, survey: uuid.UUID, source: _Source, layout: Layout) -> None:
        self.survey, self.source, self.layout = survey, source, layout

    async def count(self, numbers: array[int], people: int) -> None:
        """Write into the rows of all blocks how often each of their places was chosen, by so many people."""
        layout = self.layout
        for slot, questions in ((_ONE, layout.slots.keys() - layout.several), (_SEVERAL, layout.several)):
            sql = _SLOTS.format(tables=self.source.tables, answers=self.source.answers, slot=slot)
            for portion in portions(questions, people):
                places = [layout.places[question] for question in portion]
                for row in await db.rows(sql, [self.survey], portion, places, layout.width):
                    for place, number in Counter[int](row[0]).items():
                        numbers[place] = number
        sql = _TEXTS.format(tables=self.source.tables, answers=self.source.answers)
        for portion in portions(layout.texts, people):
            for question, block, number in await db.rows(sql, [self.survey], portion):
                numbers[block * layout.width + layout.places[question] + WRITTEN] = number


def bounded(told: Mapping[Part, Told]) -> Iterator[list[tuple[Part, Told]]]:
    """The parts, so many together that a statement writes no more numbers than it has time for."""
    some: list[tuple[Part, Told]] = []
    size = 0
    for part, one in told.items():
        some.append((part, one))
        size += len(one.counts) + len(one.questions)
        if size >= TOLD_AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some


def portions(questions: Collection[uuid.UUID], people: int) -> Iterator[list[uuid.UUID]]:
    """The questions, so many together that a statement counts no more than `AT_ONCE` answers of so many people."""
    left, size = list(questions), max(1, AT_ONCE // max(1, people))
    for start in range(0, len(left), size):
        yield left[start : start + size]
