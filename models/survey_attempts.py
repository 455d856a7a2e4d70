"""Attempts at quizzes: the seat that one takes them in, what was saved of them, and handing them in."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import orjson

from models import db
from models.questionnaires import Given, Questionnaire, from_document
from models.survey_scores import QuizScore
from models.surveys import SurveyAnswer, SurveyResponse

Edition = tuple[uuid.UUID, int]
"""A survey, and which of its questionnaires."""

# The survey is shared, so that its closing waits; the place is one's own, so that all one does comes one by one.
SEAT = """
SELECT s.*, p.block FROM survey s JOIN survey_place p ON p.survey_id = s.id AND p.person_id = $2
WHERE s.id = $1 FOR SHARE OF s FOR UPDATE OF p
"""
EDITIONS = """
SELECT e.survey_id, e.edition, e.questionnaire::text
FROM survey_edition e JOIN unnest($1::uuid[], $2::int[]) AS w(survey_id, edition) USING (survey_id, edition)
"""
# Besides its answers each has one row without a question, for having taken part.
HAND_IN = """
WITH done AS (
    UPDATE survey_response r SET edition = h.edition, submitted_at = h.at, points = h.points, maximum = h.maximum
    FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::float8[], $5::float8[])
      AS h(id, edition, at, points, maximum)
    WHERE r.id = h.id AND r.submitted_at IS NULL RETURNING r.id, r.survey_id, r.block
)
INSERT INTO survey_answer (id, survey_id, response_id, block, slots)
SELECT gen_random_uuid(), d.survey_id, d.id, d.block, '{}' FROM done d
"""
# One's own attempt, with all its answers in place of those saved; begun by that where it was not.
TAKE = """
WITH done AS (
    INSERT INTO survey_response AS r
        (id, survey_id, person_id, attempt, edition, block, started_at, submitted_at, points, maximum)
    VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $6, $7, $8)
    ON CONFLICT (survey_id, person_id, attempt) DO UPDATE SET edition = excluded.edition,
        submitted_at = excluded.submitted_at, points = excluded.points, maximum = excluded.maximum
    WHERE r.submitted_at IS NULL RETURNING id, survey_id, block
), gone AS (
    DELETE FROM survey_answer WHERE response_id = (SELECT id FROM done)
)
INSERT INTO survey_answer (id, survey_id, response_id, block, question_id, slots, text)
SELECT gen_random_uuid(), d.survey_id, d.id, d.block, a.question, a.slots, a.text FROM done d CROSS JOIN (
    SELECT NULL::uuid AS question, '{}'::smallint[] AS slots, NULL AS text
    UNION ALL SELECT * FROM jsonb_to_recordset($9::text::jsonb) AS x(question uuid, slots smallint[], text text)
) a
"""
KEEP = """
WITH gone AS (DELETE FROM survey_answer WHERE response_id = $2)
INSERT INTO survey_answer (id, survey_id, response_id, block, question_id, slots, text)
SELECT gen_random_uuid(), $1, $2, $3, a.question, a.slots, a.text
FROM jsonb_to_recordset($4::text::jsonb) AS a(question uuid, slots smallint[], text text)
"""


@dataclass(frozen=True)
class HandedIn:
    """What becomes of an attempt: the edition that was answered, when it was handed in, and what it is worth."""

    attempt: uuid.UUID
    edition: int
    at: datetime
    score: QuizScore


async def seat(survey: uuid.UUID, person: uuid.UUID) -> asyncpg.Record | None:
    """The survey with the person's `block`, their place locked; None for who is not asked. Wants a transaction.

    Until that ends the survey does not close, and nobody else starts, saves or hands in for this person.
    """
    return await db.row(SEAT, survey, person)


async def of_person(surveys: Collection[uuid.UUID], person: uuid.UUID) -> dict[uuid.UUID, list[SurveyResponse]]:
    """Somebody's attempts at quizzes, the first first."""
    found = defaultdict[uuid.UUID, list[SurveyResponse]](list)
    for one in await SurveyResponse.filter(survey_id__in=surveys, person_id=person).order_by("attempt"):
        found[one.survey_id].append(one)
    return found


async def running(survey: uuid.UUID, most: int) -> list[SurveyResponse]:
    """Attempts at a quiz that are not handed in, at most so many, their rows locked. Wants a transaction."""
    query = SurveyResponse.filter(survey_id=survey, submitted_at=None).order_by("id").limit(most)
    return await query.select_for_update()


async def begin(
    seat: asyncpg.Record, person: uuid.UUID, number: int, now: datetime, due_at: datetime | None
) -> SurveyResponse:
    """Begin the attempt of this number (from 1). Wants the transaction of the seat."""
    values: dict[str, Any] = {"survey_id": seat["id"], "edition": seat["edition"], "block": seat["block"]}
    return await SurveyResponse.create(person_id=person, attempt=number, started_at=now, due_at=due_at, **values)


async def hand_in(done: Sequence[HandedIn]) -> None:
    """Have attempts be over, unless they were before. Wants the transaction of the seat, or a quiz that is closed."""
    await db.execute(
        HAND_IN,
        [one.attempt for one in done],
        [one.edition for one in done],
        [one.at for one in done],
        [one.score.points for one in done],
        [one.score.maximum for one in done],
    )


async def take(
    seat: asyncpg.Record, person: uuid.UUID, number: int, givens: Iterable[Given], now: datetime, won: QuizScore
) -> None:
    """Hand in the attempt of this number (from 1), begun or not, with these answers.

    Wants the transaction of the seat.
    """
    attempt = seat["id"], person, number, seat["edition"], seat["block"]
    await db.execute(TAKE, *attempt, now, won.points, won.maximum, _rows(givens))


async def keep(attempt: SurveyResponse, givens: Iterable[Given]) -> None:
    """Have these be the answers of an attempt, and no others. Wants the transaction of the seat."""
    await db.execute(KEEP, attempt.survey_id, attempt.id, attempt.block, _rows(givens))


async def saved(attempts: Sequence[SurveyResponse]) -> dict[uuid.UUID, list[Given]]:
    """The answers of attempts, by the attempt."""
    found: dict[uuid.UUID, list[Given]] = {attempt.id: [] for attempt in attempts}
    for row in await SurveyAnswer.filter(response_id__in=list(found)):
        if row.response_id is not None and row.question_id is not None:
            found[row.response_id].append(Given(row.question_id, tuple(row.slots), row.text))
    return found


async def editions(wanted: Collection[Edition]) -> dict[Edition, Questionnaire]:
    """Questionnaires of surveys as they were answered."""
    surveys, numbers = [one[0] for one in wanted], [one[1] for one in wanted]
    return {(row[0], row[1]): from_document(row[2]) for row in await db.rows(EDITIONS, surveys, numbers)}


def _rows(givens: Iterable[Given]) -> str:
    rows = [{"question": one.question, "slots": one.slots, "text": one.text} for one in givens]
    return orjson.dumps(rows).decode()
