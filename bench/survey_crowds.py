"""Surveys of the people of a company of `bench.networks`: one that everybody has answered, and open ones."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from secrets import token_bytes
from typing import Any

from execution.ids import encode_id
from models import audiences, db, survey_editions
from models.audiences import COMPANY, Audience, AudienceKind
from models.questionnaires import Option, Question, QuestionKind, Questionnaire, Scale
from models.session import Role, RoleGrant
from models.survey_cells import Asked, Cut, Unit, cut
from models.survey_places import divide
from models.survey_slots import slot_count
from models.surveys import Anonymity, SegmentKind, Survey, SurveyKey, SurveyKind, SurveyPlace, SurveyStatus

QUESTIONS = 40
SHAPES = (
    *(QuestionKind.SCALE, QuestionKind.SINGLE_CHOICE, QuestionKind.SCALE, QuestionKind.MULTIPLE_CHOICE) * 4,
    *(QuestionKind.NPS, QuestionKind.SCALE, QuestionKind.SINGLE_CHOICE, QuestionKind.TEXT),
)
KINDS = (SegmentKind.LOCATION, SegmentKind.ORG_UNIT)
LOCATIONS = 12
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

PEOPLE = "SELECT id, unit_id FROM person WHERE NOT is_guest AND active ORDER BY id"
UNITS = "SELECT id, name, parent_id FROM org_unit"

# Low slots are chosen more often. A third write something where they can.
ANSWER = """
INSERT INTO survey_answer (id, survey_id, question_id, block, slots, text)
SELECT gen_random_uuid(), $1, q.id, p.block,
    CASE WHEN q.slots = 0 THEN '{}'::smallint[]
         WHEN q.several THEN ARRAY[0, 1 + floor(random() * (q.slots - 1))]::smallint[]
         ELSE ARRAY[floor(random() ^ 2 * q.slots)]::smallint[] END,
    CASE WHEN q.slots = 0 THEN 'Words that somebody wrote, ' || p.person END
FROM unnest($2::bigint[]) WITH ORDINALITY AS p(block, person)
CROSS JOIN unnest($3::uuid[], $4::int[], $5::bool[]) AS q(id, slots, several)
WHERE q.slots > 0 OR random() < 0.33
"""
TAKE_PART = """
INSERT INTO survey_answer (id, survey_id, block, slots)
SELECT gen_random_uuid(), $1, b, '{}' FROM unnest($2::bigint[]) b
"""


@dataclass(frozen=True)
class Answered:
    """A closed survey that waits to be counted, and whoever is told its results."""

    survey: uuid.UUID
    analyst: uuid.UUID
    cut: Cut
    answers: int


async def answered() -> Answered:
    """Everybody's answers to an anonymous survey, in the connected company."""
    crowd, tree = await _crowd()
    analyst = crowd[0].id
    await RoleGrant.create(person_id=analyst, role=Role.ANALYST)
    made = cut(crowd, KINDS, tree, 5)
    questions = _questions()
    survey = await _survey(
        analyst, questions, Anonymity.ANONYMOUS, status=SurveyStatus.CLOSED, closed_at=NOW, invited=len(crowd)
    )
    await divide(survey, made.segments)
    slots, several = [slot_count(one) for one in questions], [_is_several(one) for one in questions]
    await db.execute(TAKE_PART, survey, made.of_person)
    answers = await db.execute(ANSWER, survey, made.of_person, [one.id for one in questions], slots, several)
    await db.execute("VACUUM (ANALYZE) survey_answer")
    return Answered(survey, analyst, made, answers)


async def open_to(person: uuid.UUID, anonymity: Anonymity) -> dict[str, Any]:
    """The variables by which somebody answers an open survey that asks them."""
    questions = _questions()
    survey = await _survey(person, questions, anonymity, closes_at=NOW + timedelta(days=3_650))
    await audiences.add(survey, [person], listed=True)
    await SurveyPlace.create(survey_id=survey, person_id=person, block=0)
    if anonymity is Anonymity.ANONYMOUS:
        await SurveyKey.create(id=survey, key=token_bytes(32))
    given = [
        {"questionId": encode_id("SurveyQuestion", one.id), "value": {"number": 3}}
        for one in questions
        if one.kind is QuestionKind.SCALE
    ]
    return {"input": {"surveyId": encode_id("Survey", survey), "answers": given}}


async def _crowd() -> tuple[list[Asked], dict[uuid.UUID, Unit]]:
    """Everybody: each team is at one place, those of a department at few."""
    tree = {row["id"]: Unit(row["name"], row["parent_id"]) for row in await db.rows(UNITS)}
    crowd: list[Asked] = []
    for row in await db.rows(PEOPLE):
        parent = tree[row["unit_id"]].parent or row["unit_id"]
        place = parent.int % LOCATIONS if row["unit_id"].int % 5 else row["unit_id"].int % LOCATIONS
        crowd.append(Asked(row["id"], unit=row["unit_id"], location=f"Place {place:02}"))
    return crowd, tree


async def _survey(
    author: uuid.UUID,
    questions: Sequence[Question],
    anonymity: Anonymity,
    *,
    status: SurveyStatus = SurveyStatus.OPEN,
    **columns: Any,
) -> uuid.UUID:
    id = uuid.uuid4()
    await Audience.create(id=id, kind=AudienceKind.SURVEY)
    values: dict[str, Any] = {
        "title": "Pulse",
        "target_id": COMPANY,
        "segments": list(KINDS),
        "created_at": NOW,
        **columns,
    }
    await Survey.create(
        id=id,
        kind=SurveyKind.SURVEY,
        status=status,
        anonymity=anonymity,
        author_id=author,
        opened_at=NOW,
        opened_on=NOW.date(),
        **values,
    )
    await survey_editions.keep(id, 1, Questionnaire(tuple(questions)))
    return id


def _questions() -> list[Question]:
    return [_question(i, kind) for i, kind in enumerate(islice(cycle(SHAPES), QUESTIONS))]


def _question(number: int, kind: QuestionKind) -> Question:
    options = tuple(Option(uuid.uuid4(), f"Option {i}") for i in range(5))
    is_choice = kind in (QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE)
    return Question(
        uuid.uuid4(),
        f"q{number}",
        kind,
        f"Question {number}",
        options=options if is_choice else (),
        scale=Scale(1, 5) if kind is QuestionKind.SCALE else None,
    )


def _is_several(question: Question) -> bool:
    return question.kind is QuestionKind.MULTIPLE_CHOICE
