"""Editions of questionnaires: the one that is answered now, and those that were before it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

import orjson

from models import db
from models.questionnaires import Question, Questionnaire, from_document, to_document

NEWEST = """
SELECT e.survey_id, e.questionnaire::text
FROM survey s JOIN survey_edition e ON e.survey_id = s.id AND e.edition = s.edition WHERE s.id = ANY($1::uuid[])
"""
EVERY = """
SELECT survey_id, questionnaire::text FROM survey_edition WHERE survey_id = ANY($1::uuid[]) ORDER BY edition DESC
"""
AT = "SELECT questionnaire::text FROM survey_edition WHERE survey_id = $1 AND edition = $2"

KEEP = """
INSERT INTO survey_edition (id, survey_id, edition, questionnaire) VALUES ($1, $2, $3, $4::text::jsonb)
ON CONFLICT (survey_id, edition) DO UPDATE SET questionnaire = excluded.questionnaire
"""


async def newest(surveys: Sequence[uuid.UUID]) -> dict[uuid.UUID, Questionnaire]:
    """What surveys ask now."""
    return {row[0]: from_document(row[1]) for row in await db.rows(NEWEST, surveys)}


async def at(survey: uuid.UUID, edition: int) -> Questionnaire:
    """What a survey asked in one edition."""
    return from_document(await db.value(AT, survey, edition))


async def every_question(survey: uuid.UUID) -> list[Question]:
    """All questions that a survey has ever asked, those of now in their order; what they replaced comes behind."""
    return (await every_questions([survey])).get(survey, [])


async def every_questions(surveys: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Question]]:
    """The same of each survey."""
    found: dict[uuid.UUID, dict[uuid.UUID, Question]] = {}
    for survey, document in await db.rows(EVERY, list(surveys)):
        known = found.setdefault(survey, {})
        known |= {question.id: question for question in from_document(document).questions if question.id not in known}
    return {survey: list(known.values()) for survey, known in found.items()}


async def keep(survey: uuid.UUID, edition: int, questionnaire: Questionnaire) -> None:
    """Write down what a survey asks in an edition, instead of what it was. Wants the survey's row locked."""
    await db.execute(KEEP, uuid.uuid4(), survey, edition, orjson.dumps(to_document(questionnaire)).decode())
