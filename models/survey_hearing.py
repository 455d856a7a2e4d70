"""Who hears of a survey, and whom a reminder of it reaches: asked at each delivery, and kept nowhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import asyncpg

from models import db, survey_ballots
from models.hearing import People
from models.surveys import Anonymity

# Whoever left the group or conversation that a survey is put to is not asked any more, nor is a guest of no such list.
ASKED = """EXISTS (SELECT 1 FROM audience_member m WHERE m.audience_id = s.id AND m.person_id = r.id)
    AND (NOT r.is_guest AND t.kind NOT IN ('GROUP', 'CONVERSATION')
         OR EXISTS (SELECT 1 FROM audience_member m WHERE m.audience_id = t.id AND m.person_id = r.id))"""
AMONG = """survey s JOIN audience t ON t.id = s.target_id JOIN person r ON r.id = ANY($2::uuid[])
    LEFT JOIN survey_key k ON k.id = s.id
WHERE s.id = ANY($1::uuid[]) AND r.active"""

HEARING = f"""
SELECT s.id, array_agg(r.id) FROM {AMONG} AND ({ASKED} OR s.author_id = r.id AND NOT r.is_guest) GROUP BY s.id
"""
TO_REMIND = f"""
SELECT s.id, s.anonymity, k.key, array_agg(r.id) AS people
FROM {AMONG} AND s.status = 'OPEN' AND {ASKED} GROUP BY s.id, k.id
"""

RESPONDED = """
SELECT person_id FROM survey_response
WHERE survey_id = $1 AND person_id = ANY($2::uuid[]) AND submitted_at IS NOT NULL
"""
SPENT = "SELECT token FROM survey_ballot WHERE survey_id = $1 AND token = ANY($2::bytea[])"

CIRCLE = "(SELECT t.id FROM audience t WHERE t.id = {survey}.target_id AND t.kind IN ('GROUP', 'CONVERSATION'))"
"""The group or conversation that a `survey` is put to, which one has to be in to be asked; null where it is none."""

IS_IN = "SELECT EXISTS (SELECT 1 FROM audience_member WHERE audience_id = $1 AND person_id = $2)"


async def hearing(surveys: Iterable[uuid.UUID], people: Iterable[uuid.UUID]) -> People:
    """Which of these people are asked by which of these surveys, or have written it."""
    return {row[0]: set(row[1]) for row in await db.rows(HEARING, list(surveys), list(people))}


async def unanswered(surveys: Iterable[uuid.UUID], people: Iterable[uuid.UUID]) -> People:
    """Which of these people are asked by which of these surveys that are open, and have not answered it yet."""
    found = await db.rows(TO_REMIND, list(surveys), list(people))
    return {row["id"]: set(row["people"]) - await _answered(row) for row in found}


async def is_in(circle: uuid.UUID, person: uuid.UUID) -> bool:
    """Whether somebody is in a group or conversation now."""
    return bool(await db.value(IS_IN, circle, person))


async def circle(survey: uuid.UUID) -> uuid.UUID | None:
    """A survey's `CIRCLE`."""
    return await db.value(f"SELECT {CIRCLE.format(survey='s')} FROM survey s WHERE s.id = $1", survey)


async def _answered(asked: asyncpg.Record) -> set[uuid.UUID]:
    """Those of the record's people who have answered; of an anonymous survey by the token that each would have."""
    people: list[uuid.UUID] = asked["people"]
    if asked["anonymity"] != Anonymity.ANONYMOUS:
        return {row[0] for row in await db.rows(RESPONDED, asked["id"], people)}
    if asked["key"] is None:  # it is being closed: nobody can answer any more
        return set(people)
    tokens = {survey_ballots.token(asked["key"], person): person for person in people}
    return {tokens[row[0]] for row in await db.rows(SPENT, asked["id"], list(tokens))}
