"""Ballots: the right to answer an anonymous survey once, and the answers that wait with it until they are moved.

A ballot and an answer are never written in one transaction that leaves both: ids, times and the order of rows tell
nothing of which belongs to which. The answers of one edition's people in one block are moved together (a *cell*), at
least k people's at once; of a cell with fewer they never stand anywhere but sealed.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Sequence
from datetime import datetime
from secrets import SystemRandom

import asyncpg

from models import db
from models.survey_slips import Slip
from models.surveys import SurveyKey

BATCH = 500  # ballots that are read, or moved, at a time; of moved ones up to twice as many
MOVED = 10_000  # answers that are moved at a time, or somewhat more: whoever reads the log waits for it
PORTION = 20_000  # rows written by one statement

_random = SystemRandom()

# The row's lock has whoever closes or edits the survey wait for this, and this for them.
SPEND = """
INSERT INTO survey_ballot (id, survey_id, token, sealed, block, edition, moving)
SELECT gen_random_uuid(), s.id, $4, $5, $6, s.edition, FALSE FROM survey s
WHERE s.id = $1 AND s.edition = $2 AND s.status = 'OPEN' AND (s.closes_at IS NULL OR s.closes_at > $3)
FOR SHARE
ON CONFLICT (survey_id, token) DO NOTHING RETURNING TRUE
"""

KEYS = "SELECT id, key FROM survey_key WHERE id = ANY($1::uuid[])"
SPENT = """
SELECT b.survey_id FROM unnest($1::uuid[], $2::text[]) AS t(survey, token)
JOIN survey_ballot b ON b.survey_id = t.survey AND b.token = decode(t.token, 'hex')
"""
COUNT = "SELECT count(*), count(sealed) FROM survey_ballot WHERE survey_id = $1"

# One cell after the other, until a batch is full. In a cell of which any were moved k wait from then on: what is
# counted in the end differs from what was moved before by at least k people, too.
CHOOSE = """
WITH cell AS (
    SELECT block, edition, least(count(*) - $2, greatest($2, $3)) AS chosen FROM survey_ballot
    WHERE survey_id = $1 AND sealed IS NOT NULL GROUP BY block, edition HAVING count(*) >= 2 * $2
), queued AS (
    SELECT *, sum(chosen) OVER (ORDER BY edition, block) - chosen AS before FROM cell
), shuffled AS (
    SELECT b.id, q.chosen, row_number() OVER (PARTITION BY b.block, b.edition ORDER BY random()) AS place
    FROM survey_ballot b JOIN queued q USING (block, edition)
    WHERE b.survey_id = $1 AND b.sealed IS NOT NULL AND q.before < $3
)
UPDATE survey_ballot SET moving = TRUE WHERE id IN (SELECT id FROM shuffled WHERE place <= chosen)
"""

MOVING = "SELECT sealed, block FROM survey_ballot WHERE survey_id = $1 AND moving"
WAITING = """
SELECT id, sealed, block FROM survey_ballot WHERE survey_id = $1 AND sealed IS NOT NULL AND id > $2 ORDER BY id LIMIT $3
"""

KEEP = """
INSERT INTO survey_answer (id, survey_id, question_id, block, slots, text)
SELECT x.id, $1, x.question, x.block, x.slots::smallint[], x.text
FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[]) AS x(id, question, block, slots, text)
ON CONFLICT (id) DO NOTHING
"""
KEPT = "SELECT EXISTS (SELECT 1 FROM survey_answer WHERE id = $1)"

# All that have been moved, those of earlier times too, so that what was moved together is not to be seen.
EMPTY = """
WITH moved AS (
    DELETE FROM survey_ballot WHERE survey_id = $1 AND (moving OR sealed IS NULL) RETURNING token
)
INSERT INTO survey_ballot (id, survey_id, token, moving)
SELECT gen_random_uuid(), $1, token, FALSE FROM moved ORDER BY random()
"""

DESTROY = """
WITH ballots AS (DELETE FROM survey_ballot WHERE survey_id = $1),
     places AS (DELETE FROM survey_place WHERE survey_id = $1),
     answers AS (DELETE FROM survey_answer WHERE survey_id = $1)
DELETE FROM survey_key WHERE id = $1
"""


def token(key: bytes, person: uuid.UUID) -> bytes:
    """What stands for a person on the ballots of the survey with this key."""
    return hmac.digest(key, person.bytes, "sha256")


async def spend(survey: uuid.UUID, edition: int, token: bytes, sealed: bytes, block: int, now: datetime) -> bool:
    """Spend a ballot, in one statement that is all or nothing.

    False where this survey is not open, or not in this edition, or the ballot has been spent.
    """
    return bool(await db.value(SPEND, survey, edition, now, token, sealed, block))


async def spent(surveys: Sequence[uuid.UUID], person: uuid.UUID) -> set[uuid.UUID]:
    """Those of these surveys for which somebody's ballot has been spent; without its key nobody knows of a survey."""
    keys = await db.rows(KEYS, list(surveys)) if surveys else []
    if not keys:
        return set()
    tokens = [token(row["key"], person).hex() for row in keys]
    return {row[0] for row in await db.rows(SPENT, [row["id"] for row in keys], tokens)}


async def counts(survey: uuid.UUID) -> tuple[int, int]:
    """How many ballots of a survey have been spent, and of how many the answers still wait."""
    found = await db.row(COUNT, survey)
    assert found is not None
    return found[0], found[1]


async def key(survey: uuid.UUID) -> bytes | None:
    """The key behind a survey's ballots; None once it is destroyed."""
    found = await SurveyKey.get_or_none(id=survey)
    return found and bytes(found.key)


def batch(questions: int) -> int:
    """How many ballots with answers to so many questions are moved at a time."""
    return max(1, min(BATCH, MOVED // max(1, questions)))


async def choose(survey: uuid.UUID, k: int, batch: int = BATCH) -> int:
    """Choose some `batch` of ballots to be moved, at random; how many.

    Of each cell in which 2k wait they are at least k, also where that is more than a batch, and k are left.
    """
    return await db.execute(CHOOSE, survey, k, batch)


async def moving(survey: uuid.UUID) -> list[asyncpg.Record]:
    """What is `sealed` in the ballots that are to be moved, each with its `block`."""
    return await db.rows(MOVING, survey)


async def waiting(survey: uuid.UUID, after: uuid.UUID) -> list[asyncpg.Record]:
    """What is `sealed` in a batch of the ballots behind this one, each with its `id` and `block`."""
    return await db.rows(WAITING, survey, after, BATCH)


async def keep(survey: uuid.UUID, blocks: Sequence[tuple[int, Sequence[Slip]]]) -> None:
    """Write down the answers of many people, each with their block, in an order that tells nothing; twice is once."""
    rows = [(slip, block) for block, slips in blocks for slip in slips]
    _random.shuffle(rows)
    for start in range(0, len(rows), PORTION):
        portion = rows[start : start + PORTION]
        await db.execute(
            KEEP,
            survey,
            [slip.id for slip, _ in portion],
            [slip.question for slip, _ in portion],
            [block for _, block in portion],
            [array(slip.slots) for slip, _ in portion],
            [slip.text for slip, _ in portion],
        )


async def is_kept(slip: Slip) -> bool:
    """Whether an answer has been written down."""
    return await db.value(KEPT, slip.id)


async def empty(survey: uuid.UUID) -> None:
    """Take their answers out of the ballots that are to be moved, and write all that are empty in a random order."""
    await db.execute(EMPTY, survey)


async def destroy(survey: uuid.UUID) -> None:
    """Delete what an anonymous survey knew of people: ballots, key and places, and answers that nobody has counted."""
    await db.execute(DESTROY, survey)


def array(slots: Sequence[int]) -> str:
    """Numbers as PostgreSQL writes an array: one of arrays would have them all of one length."""
    return f"{{{','.join(map(str, slots))}}}"
