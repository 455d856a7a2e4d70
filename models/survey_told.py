"""What is told of surveys, read: of those who meet a filter, of the parts that they fall into, and their texts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import asyncpg

from models import db
from models.survey_sums import Told
from models.survey_tallies import CHOSEN
from models.surveys import CROSSED_MAX, SegmentKind

PARTS_MAX = 200  # segments of one kind, those of most people
UNITS_DEEP = 100  # levels of units that are walked down

T = TypeVar("T")

Value: TypeAlias = "tuple[SegmentKind, str]"
"""A kind of segment, and one of its values."""


@dataclass(frozen=True)
class Wanted:
    """The people of a survey who have all of these values: at most two, in the order in which it declares the kinds."""

    survey: uuid.UUID
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Division:
    """The parts of a survey by a kind; of units those right below `above`, else the topmost that are several.

    Of those people only who have the value `within`, of another kind.
    """

    survey: uuid.UUID
    kind: SegmentKind
    above: str | None = None
    within: Value | None = None


@dataclass(frozen=True)
class Found:
    """A segment as it was found, with its tally. `blocks` are for what is counted live; None where it is hidden."""

    record: asyncpg.Record

    @property
    def blocks(self) -> list[int] | None:
        return self.record["blocks"]

    @property
    def population(self) -> int | None:
        return self.record["population"]

    def told(self, slots: Mapping[uuid.UUID, int]) -> Told | None:
        """What is told of it; `slots` are those of each question. None where it is hidden."""
        row = self.record
        if row["took_part"] is None:
            return None
        numbers = (row[column] for column in ("answered", "counts", "written", "pools"))
        return Told(row["took_part"], tuple(row["questions"]), *numbers, slots=slots)


_TALLY = "t.took_part, t.questions, t.answered, t.counts, t.written, t.pools"

_WANTED = f"""
SELECT w.number, s.blocks, s.population, {_TALLY}
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
    WITH ORDINALITY AS w(survey_id, kind, value, other_kind, other_value, number)
LEFT JOIN survey_segment s ON s.survey_id = w.survey_id AND s.kind = w.kind AND s.value = w.value
    AND (s.other_kind, s.other_value) IS NOT DISTINCT FROM (w.other_kind, w.other_value)
LEFT JOIN LATERAL (
    SELECT * FROM survey_tally t WHERE t.survey_id = w.survey_id AND t.segment_id IS NULL AND w.kind IS NULL
    UNION ALL
    SELECT * FROM survey_tally t WHERE t.survey_id = w.survey_id AND t.segment_id = s.id
) t ON TRUE
ORDER BY w.number
"""

_BELOW = """
ARRAY(
    SELECT s.value FROM survey_segment s WHERE s.survey_id = {survey} AND s.kind = 'ORG_UNIT' AND s.other_kind IS NULL
    AND s.parent {is_above}
)
"""
# From the top down for as long as there is but one unit.
_DIVIDED = f"""
WITH RECURSIVE w AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
        WITH ORDINALITY AS w(survey_id, kind, above, other_kind, other_value, number)
), level AS (
    SELECT w.number, w.survey_id, w.above IS NULL AS is_walked, 0 AS depth, CASE WHEN w.above IS NULL
        THEN {_BELOW.format(survey="w.survey_id", is_above="IS NULL")}
        ELSE {_BELOW.format(survey="w.survey_id", is_above="= w.above")} END AS units
    FROM w WHERE w.kind = 'ORG_UNIT'
    UNION ALL
    SELECT l.number, l.survey_id, l.is_walked, l.depth + 1,
        {_BELOW.format(survey="l.survey_id", is_above="= l.units[1]")}
    FROM level l WHERE l.is_walked AND cardinality(l.units) = 1 AND l.depth < {UNITS_DEEP}
), units AS (
    SELECT DISTINCT ON (number) number, units FROM level WHERE cardinality(units) > 0 ORDER BY number, depth DESC
)
SELECT w.number, s.kind, s.value, s.label, part.blocks, part.population, {_TALLY}
FROM w LEFT JOIN units u ON u.number = w.number
CROSS JOIN LATERAL (
    SELECT * FROM survey_segment s WHERE s.survey_id = w.survey_id AND s.kind = w.kind AND s.other_kind IS NULL
    AND (w.kind <> 'ORG_UNIT' OR s.value = ANY(u.units)) ORDER BY s.population DESC, s.value LIMIT {PARTS_MAX}
) s
LEFT JOIN LATERAL (
    SELECT s.id, s.blocks, s.population WHERE w.other_kind IS NULL
    UNION ALL
    SELECT c.id, c.blocks, c.population FROM survey_segment c WHERE c.survey_id = w.survey_id AND (
        (c.kind, c.value, c.other_kind, c.other_value) = (s.kind, s.value, w.other_kind, w.other_value)
        OR (c.kind, c.value, c.other_kind, c.other_value) = (w.other_kind, w.other_value, s.kind, s.value))
) part ON TRUE
LEFT JOIN survey_tally t ON t.survey_id = w.survey_id AND t.segment_id = part.id
"""

# The units with this key and those above them, as they were on the day.
_WITHIN = """
WITH RECURSIVE up AS (
    SELECT w.number, w.survey_id, w.unit AS value FROM unnest($1::uuid[], $2::text[])
        WITH ORDINALITY AS w(survey_id, unit, number)
    UNION
    SELECT u.number, u.survey_id, s.parent FROM up u JOIN survey_segment s ON s.survey_id = u.survey_id
        AND s.kind = 'ORG_UNIT' AND s.value = u.value AND s.other_kind IS NULL AND s.parent IS NOT NULL
)
SELECT DISTINCT number FROM up WHERE value = ANY($3::text[])
"""
_ASKED_UNITS = """
SELECT survey_id, value FROM survey_segment
WHERE survey_id = ANY($1::uuid[]) AND kind = 'ORG_UNIT' AND other_kind IS NULL AND value = ANY($2::text[])
ORDER BY survey_id, population DESC, value
"""

_TOOK_PART = """
SELECT s.id, CASE WHEN s.anonymity = 'ANONYMOUS'
    THEN (SELECT count(*) FROM survey_ballot b WHERE b.survey_id = s.id)
    ELSE (SELECT count(DISTINCT r.person_id) FROM survey_response r
          WHERE r.survey_id = s.id AND r.submitted_at IS NOT NULL) END
FROM survey s WHERE s.id = ANY($1::uuid[])
"""

_TEXTS = """
SELECT w.number, r.id, r.text FROM unnest($1::uuid[], $2::uuid[], $3::text[])
    WITH ORDINALITY AS w(survey_id, question_id, pools, number)
CROSS JOIN LATERAL (
    SELECT r.id, r.text FROM survey_text r
    WHERE r.survey_id = w.survey_id AND r.question_id = w.question_id
    AND (w.pools IS NULL OR r.pool = ANY(w.pools::int[])){after}
    ORDER BY {order} LIMIT {limit}
) r
"""
_LIVE_TEXTS = f"""
WITH {CHOSEN}
SELECT w.number, r.id, r.text FROM unnest($1::uuid[], $2::uuid[], $3::text[])
    WITH ORDINALITY AS w(survey_id, question_id, blocks, number)
CROSS JOIN LATERAL (
    SELECT r.id, r.text FROM survey_answer r
    WHERE r.survey_id = w.survey_id AND r.question_id = w.question_id AND r.text IS NOT NULL
    AND (w.blocks IS NULL OR r.block = ANY(w.blocks::int[])) AND r.response_id IN (SELECT id FROM chosen){{after}}
    ORDER BY {{order}} LIMIT {{limit}}
) r
"""


@dataclass(frozen=True)
class Pool:
    """Texts to read: those to a question in these pools, or blocks where they are told live; None: all there are."""

    survey: uuid.UUID
    question: uuid.UUID
    numbers: Sequence[int] | None
    is_live: bool = False


async def wanted(of: Sequence[Wanted]) -> list[Found]:
    """What is told of each."""
    return [Found(row) for row in await db.rows(_WANTED, *_columns(of))]


async def divided(of: Sequence[Division]) -> list[list[Found]]:
    """The parts of each, in no order."""
    found: list[list[Found]] = [[] for _ in of]
    columns = (
        [one.survey for one in of],
        [one.kind for one in of],
        [one.above for one in of],
        [one.within[0] if one.within else None for one in of],
        [one.within[1] if one.within else None for one in of],
    )
    for row in await db.rows(_DIVIDED, *columns):
        _of(found, row).append(Found(row))
    return found


async def within(units: Sequence[tuple[uuid.UUID, str]], of: Sequence[str]) -> list[bool]:
    """Whether each unit of a survey was, on its day, one `of` these, or lay below one."""
    rows = await db.rows(_WITHIN, [one[0] for one in units], [one[1] for one in units], list(of))
    inside = {row[0] for row in rows}
    return [number in inside for number in range(1, len(units) + 1)]


async def asked_units(surveys: Sequence[uuid.UUID], units: Sequence[str]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Those of these units in which anybody was asked, by survey; larger ones first."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for survey, unit in await db.rows(_ASKED_UNITS, list(surveys), list(units)):
        found.setdefault(survey, []).append(uuid.UUID(unit))
    return found


async def took_part(surveys: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many have answered surveys that are not counted yet."""
    return {row[0]: row[1] for row in await db.rows(_TOOK_PART, list(surveys))}


async def texts(
    pools: Sequence[Pool], after: str, order: str, limit: int, *position: object
) -> list[list[asyncpg.Record]]:
    """The texts of each in an order, behind a position: a condition on `r` whose parameters begin at $4.

    All are live, or none is.
    """
    sql = (_LIVE_TEXTS if pools[0].is_live else _TEXTS).format(after=after, order=order, limit=limit)
    columns = [one.survey for one in pools], [one.question for one in pools], [_array(one.numbers) for one in pools]
    found: list[list[asyncpg.Record]] = [[] for _ in pools]
    for row in await db.rows(sql, *columns, *position):
        _of(found, row).append(row)
    return found


def _columns(of: Sequence[Wanted]) -> list[Sequence[object]]:
    """The surveys, then two kinds and values each; None where there are fewer."""
    columns: list[Sequence[object]] = [[one.survey for one in of]]
    for i in range(CROSSED_MAX):
        pairs = [one.values[i] if i < len(one.values) else (None, None) for one in of]
        columns += [[kind for kind, _ in pairs], [value for _, value in pairs]]
    return columns


def _array(numbers: Sequence[int] | None) -> str | None:
    return None if numbers is None else "{" + ",".join(map(str, numbers)) + "}"


def _of(lists: list[list[T]], row: asyncpg.Record) -> list[T]:
    """The list that a row belongs to, by the number that its statement gave it."""
    number: int = row["number"]
    return lists[number - 1]
