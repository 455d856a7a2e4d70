"""Responses: what somebody gives to a survey that is not anonymous, saved in part and handed in once.

Quizzes are taken in attempts instead (`models.survey_attempts`).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import db
from models.questionnaires import Given
from models.survey_ballots import array
from models.survey_slips import slips

# What was saved goes with its response and all is written anew: the foreign key's own deletion also finds what another
# request has saved since this statement began. The survey's lock has whoever closes or edits it wait for this.
GIVE = """
WITH open AS (
    SELECT s.id, s.edition FROM survey s
    WHERE s.id = $1 AND s.edition = $2 AND s.status = 'OPEN' AND (s.closes_at IS NULL OR s.closes_at > $3)
    FOR SHARE
), begun AS (
    DELETE FROM survey_response r USING open o
    WHERE r.survey_id = o.id AND r.person_id = $4 AND r.submitted_at IS NULL RETURNING r.started_at
), response AS (
    INSERT INTO survey_response (id, survey_id, person_id, attempt, edition, block, started_at, submitted_at)
    SELECT gen_random_uuid(), o.id, $4, 1, o.edition, $5, coalesce(b.started_at, $3), CASE WHEN $6 THEN $3 END
    FROM open o LEFT JOIN begun b ON TRUE
    ON CONFLICT (survey_id, person_id, attempt) DO NOTHING RETURNING id, survey_id, block
), kept AS (
    INSERT INTO survey_answer (id, survey_id, response_id, question_id, block, slots, text)
    SELECT x.id, r.survey_id, r.id, x.question, r.block, x.slots::smallint[], x.text
    FROM response r CROSS JOIN unnest($7::uuid[], $8::uuid[], $9::text[], $10::text[]) AS x(id, question, slots, text)
)
SELECT TRUE FROM response
"""

KEEP = """
WITH response AS (
    INSERT INTO survey_response (id, survey_id, person_id, attempt, edition, block, started_at, submitted_at)
    SELECT x.id, $1, x.person, 1, 1, 0, x.at, x.at
    FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) AS x(id, person, at)
)
INSERT INTO survey_answer (id, survey_id, response_id, question_id, block, slots, text)
SELECT x.id, $1, x.response, x.question, 0, x.slots::smallint[], x.text
FROM unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::text[]) AS x(id, response, question, slots, text)
"""

GIVEN = """
SELECT DISTINCT survey_id FROM survey_response
WHERE survey_id = ANY($1::uuid[]) AND person_id = $2 AND submitted_at IS NOT NULL
"""
BEGUN = """
SELECT EXISTS (SELECT 1 FROM survey_response WHERE survey_id = $1 AND person_id = $2 AND submitted_at IS NULL)
"""
COUNT = "SELECT count(DISTINCT person_id) FROM survey_response WHERE survey_id = $1 AND submitted_at IS NOT NULL"

ANSWERS = """
SELECT r.survey_id, r.edition, a.question_id, a.slots, a.text FROM (
    SELECT DISTINCT ON (survey_id) survey_id, id, edition FROM survey_response
    WHERE survey_id = ANY($1::uuid[]) AND person_id = $2 ORDER BY survey_id, attempt DESC
) r JOIN survey_answer a ON a.response_id = r.id WHERE a.question_id IS NOT NULL
"""

DISCARD = "DELETE FROM survey_response WHERE survey_id = $1 AND submitted_at IS NULL"
DESTROY = "DELETE FROM survey_response WHERE survey_id = $1"

TRIES = 20  # each of them has one of those who save at once done: more than one person's devices do


async def give(
    survey: uuid.UUID,
    edition: int,
    person: uuid.UUID,
    block: int,
    givens: Sequence[Given],
    now: datetime,
    *,
    handed_in: bool,
) -> bool:
    """Have these be somebody's answers in place of those saved so far; one statement, all or nothing.

    False where this survey is not open, or not in this edition, or they have handed in before; also where others of
    their requests have been faster again and again.
    """
    rows = slips(givens, took_part=handed_in)
    columns = (
        [row.id for row in rows],
        [row.question for row in rows],
        [array(row.slots) for row in rows],
        [row.text for row in rows],
    )
    for _ in range(TRIES):
        if await db.value(GIVE, survey, edition, now, person, block, handed_in, *columns):
            return True
        if not await _is_begun(survey, person):
            break
        # Another request of theirs has saved something since the statement began: that was to be replaced.
    return False


@dataclass(frozen=True)
class HandedIn:
    """What somebody gave to a survey, and when."""

    person: uuid.UUID
    at: datetime
    answers: Sequence[Given]


async def keep(survey: uuid.UUID, responses: Sequence[HandedIn]) -> None:
    """Write down responses to the first edition of a survey that was held elsewhere, all in one block."""
    keys = [uuid.uuid4() for _ in responses]
    rows = [(key, slip) for key, one in zip(keys, responses, strict=True) for slip in slips(one.answers)]
    await db.execute(
        KEEP,
        survey,
        keys,
        [one.person for one in responses],
        [one.at for one in responses],
        [slip.id for _, slip in rows],
        [key for key, _ in rows],
        [slip.question for _, slip in rows],
        [array(slip.slots) for _, slip in rows],
        [slip.text for _, slip in rows],
    )


async def given(surveys: Sequence[uuid.UUID], person: uuid.UUID) -> set[uuid.UUID]:
    """Those of these surveys to which somebody has handed in a response."""
    return {row[0] for row in await db.rows(GIVEN, list(surveys), person)} if surveys else set()


async def answers(surveys: Sequence[uuid.UUID], person: uuid.UUID) -> dict[tuple[uuid.UUID, int], list[Given]]:
    """What somebody has saved or handed in, by survey and edition; of several attempts at a quiz the last one."""
    found = defaultdict[tuple[uuid.UUID, int], list[Given]](list)
    for row in await db.rows(ANSWERS, list(surveys), person) if surveys else ():
        found[row["survey_id"], row["edition"]].append(Given(row["question_id"], tuple(row["slots"]), row["text"]))
    return found


async def count(survey: uuid.UUID) -> int:
    """How many people have handed in a response to a survey."""
    return await db.value(COUNT, survey)


async def discard(survey: uuid.UUID) -> int:
    """Delete what was saved and never handed in; of how many people."""
    return await db.execute(DISCARD, survey)


async def destroy(survey: uuid.UUID) -> None:
    """Delete all that was given to a survey."""
    await db.execute(DESTROY, survey)


async def _is_begun(survey: uuid.UUID, person: uuid.UUID) -> bool:
    return await db.value(BEGUN, survey, person)
