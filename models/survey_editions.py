"""Editions of questionnaires: the one that is answered now, and those that were before it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import orjson

from models import db
from models.questionnaires import Question, Questionnaire, from_document, to_document

NEWEST = """
SELECT e.survey_id, e.questionnaire::text
FROM survey s JOIN survey_edition e ON e.survey_id = s.id AND e.edition = s.edition WHERE s.id = ANY($1::uuid[])
"""
EVERY = "SELECT questionnaire::text FROM survey_edition WHERE survey_id = $1 ORDER BY edition"
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
    editions = [from_document(row[0]) for row in await db.rows(EVERY, survey)]
    known = {question.id: question for edition in reversed(editions) for question in edition.questions}
    return list(known.values())


async def keep(survey: uuid.UUID, edition: int, questionnaire: Questionnaire) -> None:
    """Write down what a survey asks in an edition, instead of what it was. Wants the survey's row locked."""
    await db.execute(KEEP, uuid.uuid4(), survey, edition, orjson.dumps(to_document(questionnaire)).decode())
