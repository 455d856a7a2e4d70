"""Records: who has answered what to a named survey. Of any other there are none, whoever asks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import asyncpg

from models import db

# The kind of the survey is asked here as well: it is the last door before names.
_RECORDS = """
SELECT * FROM (
    SELECT r.person_id, r.attempt, r.submitted_at, r.points, a.question_id, a.slots, a.text, row_number() OVER given,
        sum(coalesce(length(a.text), 0)) OVER given - coalesce(length(a.text), 0) AS written_before
    FROM survey s
    JOIN survey_response r ON r.survey_id = s.id AND r.submitted_at IS NOT NULL
    JOIN survey_answer a ON a.response_id = r.id AND a.question_id = ANY($3::uuid[])
    WHERE s.id = $1 AND s.anonymity = 'NAMED' AND s.counted_at IS NOT NULL AND ($2::int[] IS NULL OR r.block = ANY($2))
    WINDOW given AS (ORDER BY r.submitted_at, r.id, array_position($3::uuid[], a.question_id))
) x WHERE x.row_number <= $4 AND x.written_before <= $5 ORDER BY x.row_number
"""


async def records(
    survey: uuid.UUID, blocks: Sequence[int] | None, questions: Sequence[uuid.UUID], *, rows: int, characters: int
) -> list[asyncpg.Record]:
    """What was handed in to a closed survey in these blocks (None: in all), person by person, by these questions.

    At most so many rows, and none behind so many characters of texts.
    """
    return await db.rows(_RECORDS, survey, blocks, list(questions), rows, characters)
