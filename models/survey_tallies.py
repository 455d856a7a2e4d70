"""Tallies: answers counted by the blocks that they were given in, and written down as what is told of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from models import db
from models.survey_sums import SLOTS, Layout, Part, Told
from models.surveys import Anonymity

AT_ONCE = 500_000  # answers that one statement counts
WRITTEN_AT_ONCE = 1_000  # parts that one statement writes down
DESTROYED_AT_ONCE = 250_000  # answers that one statement deletes

# Of several attempts at a quiz one counts: the best where the best is scored, else the last.
CHOSEN = """
chosen AS MATERIALIZED (
    SELECT DISTINCT ON (r.survey_id, r.person_id) r.id, r.survey_id, r.block
    FROM survey_response r JOIN survey s ON s.id = r.survey_id
    WHERE r.survey_id = ANY($1::uuid[]) AND r.submitted_at IS NOT NULL
    ORDER BY r.survey_id, r.person_id, CASE s.scoring WHEN 'BEST' THEN r.points END DESC NULLS LAST, r.attempt DESC
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
    answers="chosen c JOIN survey_answer a ON a.response_id = c.id WHERE TRUE",
    people=f"WITH {CHOSEN} SELECT block FROM chosen",
)

_PEOPLE = "SELECT block, count(*) FROM ({people}) p GROUP BY block"

# Like answers are counted first, then what they are made of: -2 for the answer, -1 for its text, and its slots.
_NUMBERS = f"""
WITH {{tables}}alike AS (
    SELECT a.question_id, a.block, a.slots, a.text IS NOT NULL AS is_written, count(*) AS people
    FROM {{answers}} AND a.question_id = ANY($2::uuid[]) GROUP BY 1, 2, 3, 4
), counted AS (
    SELECT a.block, q.place + {SLOTS} + made.mark AS place, sum(a.people)::int AS number
    FROM alike a JOIN unnest($2::uuid[], $3::int[], $4::int[]) AS q(id, place, slots) ON q.id = a.question_id
    CROSS JOIN LATERAL unnest(CASE WHEN a.is_written THEN ARRAY[-2, -1] ELSE ARRAY[-2] END || a.slots::int[]) made(mark)
    WHERE made.mark < q.slots GROUP BY 1, 2
)
SELECT block, array_agg(place), array_agg(number) FROM counted GROUP BY block
"""

# As they were let in when the survey opened: all values of a kind, then the next kind, and what is crossed in the end.
_SEGMENTS = """
SELECT g.id, g.blocks FROM survey_segment g JOIN survey s ON s.id = g.survey_id
WHERE g.survey_id = $1 AND g.blocks IS NOT NULL
ORDER BY g.other_kind IS NOT NULL, array_position(s.segments, g.kind::text),
    array_position(s.segments, g.other_kind::text), g.population DESC, g.value, g.other_value
"""

_TELL = """
INSERT INTO survey_tally (id, survey_id, segment_id, took_part, questions, answered, counts, written, pools)
SELECT gen_random_uuid(), $1, x.* FROM jsonb_to_recordset($2::text::jsonb) AS x(
    segment uuid, took_part int, questions uuid[], answered int[], counts int[], written int[], pools int[])
"""

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


async def rows(survey: uuid.UUID, anonymity: Anonymity, layout: Layout) -> dict[int, list[int]]:
    """The numbers of each block in which anybody took part, laid out as `layout` says."""
    source = _source(anonymity)
    people = await db.rows(_PEOPLE.format(people=source.people), [survey])
    found = {row[0]: [row[1], *[0] * (layout.width - 1)] for row in people}
    for questions in portions(layout, sum(row[1] for row in people)):
        places, slots = [layout.places[one] for one in questions], [layout.slots[one] for one in questions]
        sql = _NUMBERS.format(tables=source.tables, answers=source.answers)
        for block, at, numbers in await db.rows(sql, [survey], questions, places, slots):
            row = found.setdefault(block, [0] * layout.width)
            for place, number in zip(at, numbers, strict=True):
                row[place] = number
    return found


async def segments(survey: uuid.UUID) -> dict[uuid.UUID, list[int]]:
    """The blocks of each segment that is not hidden from the start, in the order in which they were let in."""
    return {row[0]: row[1] for row in await db.rows(_SEGMENTS, survey)}


async def tell(survey: uuid.UUID, told: Mapping[Part, Told]) -> None:
    """Write down what is told of each part."""
    records = [_record(part, one) for part, one in told.items()]
    for start in range(0, len(records), WRITTEN_AT_ONCE):
        await db.execute(_TELL, survey, orjson.dumps(records[start : start + WRITTEN_AT_ONCE]).decode())


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


def _source(anonymity: Anonymity) -> _Source:
    return _OF_NOBODY if anonymity is Anonymity.ANONYMOUS else _OF_PEOPLE


def portions(layout: Layout, people: int) -> Iterator[list[uuid.UUID]]:
    """The questions, so many together that a statement counts no more than `AT_ONCE` answers."""
    questions, size = list(layout.slots), max(1, AT_ONCE // max(1, people))
    for start in range(0, len(questions), size):
        yield questions[start : start + size]


def _record(part: Part, told: Told) -> dict[str, Any]:
    return {
        "segment": part and str(part),
        "took_part": told.took_part,
        "questions": [str(question) for question in told.answers],
        "answered": [one.answered for one in told.answers.values()],
        "counts": [count for one in told.answers.values() for count in one.counts],
        "written": [one.written for one in told.answers.values()],
        "pools": told.pools,
    }
