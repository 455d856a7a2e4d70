"""Surveys, written straight to the tables: for tests of what comes after."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Any

from models import audiences, survey_editions
from models.audiences import COMPANY, Audience, AudienceKind
from models.people import Person
from models.questionnaires import Option, Question, QuestionKind, Questionnaire, Scale
from models.surveys import Anonymity, Survey, SurveyKey, SurveyKind, SurveyPlace, SurveyStatus
from tests.factories.people import NOW

OPERATIONS = Path(__file__).parents[2] / "graphql" / "operations"


def scale(prompt: str = "I know what is expected of me", **changes: Any) -> Question:
    """A required question of 1 to 5."""
    made = Question(uuid.uuid4(), prompt, QuestionKind.SCALE, prompt, required=True, scale=Scale(1, 5))
    return replace(made, **changes)


def choice(prompt: str = "Where do you work best?", *labels: str, **changes: Any) -> Question:
    """A question of one option; three options if none are named."""
    options = tuple(Option(uuid.uuid4(), label) for label in labels or ("Home", "Office", "Train"))
    return replace(Question(uuid.uuid4(), prompt, QuestionKind.SINGLE_CHOICE, prompt, options=options), **changes)


def text(prompt: str = "What else?", **changes: Any) -> Question:
    """An open question."""
    return replace(Question(uuid.uuid4(), prompt, QuestionKind.TEXT, prompt), **changes)


async def a_survey(
    author: Person,
    *questions: Question,
    asked: Sequence[Person] = (),
    anonymity: Anonymity = Anonymity.ANONYMOUS,
    status: SurveyStatus = SurveyStatus.OPEN,
    kind: SurveyKind = SurveyKind.SURVEY,
    at: datetime = NOW,
    **columns: Any,
) -> Survey:
    """A survey in this state; once open these people are `asked`, all in block 0, and it closes a week later."""
    id = uuid.uuid4()
    await Audience.create(id=id, kind=AudienceKind.SURVEY)
    opened = status not in (SurveyStatus.DRAFT, SurveyStatus.SCHEDULED)
    over = status in (SurveyStatus.CLOSED, SurveyStatus.ARCHIVED)
    values: dict[str, Any] = {
        "title": "Pulse",
        "target_id": COMPANY,
        "opens_at": at,
        "closes_at": at + timedelta(days=7),
        "opened_at": at if opened else None,
        "opened_on": at.date() if opened else None,
        "closed_at": at + timedelta(days=7) if over else None,
        "invited": len(asked),
        "created_at": at,
        **columns,
    }
    made = await Survey.create(id=id, kind=kind, status=status, anonymity=anonymity, author_id=author.id, **values)
    await survey_editions.keep(id, 1, Questionnaire(questions or (scale(),)))
    if opened and asked:
        await audiences.add(id, [person.id for person in asked], listed=True)
        await SurveyPlace.bulk_create(SurveyPlace(survey_id=id, person_id=person.id, block=0) for person in asked)
    if opened and not over and anonymity is Anonymity.ANONYMOUS:
        await SurveyKey.create(id=id, key=token_bytes(32))
    return made


def committed(operation: str) -> str:
    """Where an operation of one of the surveys' domains is kept, for `ask`."""
    [found] = OPERATIONS.glob(f"survey*/{operation}.graphql")
    return f"{found.parent.name}/{operation}"
