"""Surveys with their answers in the tables, as they lie there when counting begins."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from models.people import Person
from models.questionnaires import Given, Question
from models.session import Role
from models.survey_cells import Asked, Cut, Tree, cut
from models.survey_places import divide
from models.surveys import Anonymity, SegmentKind, Survey, SurveyAnswer, SurveyResponse, SurveyStatus
from resolvers.context import Services
from resolvers.survey_counting import count
from tests.factories.people import NOW, a_person
from tests.factories.session import a_role
from tests.factories.surveys import a_survey

Answered = Mapping[int, Sequence[Given]]
"""What people have given, by their place in the crowd."""


async def an_analyst(name: str = "Ana", **more: Any) -> Person:
    """Somebody who asks the company, and is told what it answers."""
    ana = await a_person(name, **more)
    await a_role(ana, Role.ANALYST)
    return ana


async def a_filled(
    author: Person,
    questions: Sequence[Question],
    crowd: Sequence[Asked],
    answered: Answered,
    *,
    kinds: Sequence[SegmentKind] = (),
    tree: Tree | None = None,
    anonymity: Anonymity = Anonymity.ANONYMOUS,
    status: SurveyStatus = SurveyStatus.CLOSED,
    **columns: Any,
) -> Survey:
    """A survey of a crowd, by default closed and not counted yet.

    Of one that is not anonymous the crowd are people of the tables.
    """
    least = 1 if anonymity is Anonymity.NAMED else columns.get("min_group", 5)
    made = cut(crowd, kinds, tree or {}, least)
    values: dict[str, Any] = {"segments": list(kinds), "invited": len(crowd), **columns}
    survey = await a_survey(author, *questions, anonymity=anonymity, status=status, **values)
    await divide(survey.id, made.segments)
    await answer(survey, crowd, made, answered)
    return survey


async def answer(survey: Survey, crowd: Sequence[Asked], made: Cut, answered: Answered) -> None:
    """Have people's answers lie where they wait to be counted."""
    responses: dict[int, uuid.UUID | None] = dict.fromkeys(answered)
    if survey.anonymity is not Anonymity.ANONYMOUS:
        for person in answered:
            values: dict[str, Any] = {"survey_id": survey.id, "person_id": crowd[person].id, "edition": 1}
            values |= {"block": made.of_person[person], "started_at": NOW, "submitted_at": NOW}
            responses[person] = (await SurveyResponse.create(**values)).id
    rows: list[SurveyAnswer] = []
    for person, givens in answered.items():
        place: dict[str, Any] = {
            "survey_id": survey.id,
            "block": made.of_person[person],
            "response_id": responses[person],
        }
        rows.append(SurveyAnswer(**place))
        rows += [
            SurveyAnswer(**place, question_id=given.question, slots=list(given.slots), text=given.text)
            for given in givens
        ]
    await SurveyAnswer.bulk_create(rows)


async def counted(services: Services, survey: Survey) -> Survey:
    """The survey, once it is counted."""
    await count(survey.id, services.clock.now())
    return await Survey.get(id=survey.id)


def people(*, number: int, start: int = 0, **alike: Any) -> list[Asked]:
    """So many who are alike."""
    return [Asked(uuid.UUID(int=start + i + 1), **alike) for i in range(number)]
