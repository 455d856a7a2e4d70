"""Surveys that GraphiQL's tabs have something to show of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.people import Person
from models.questionnaires import Given
from models.surveys import Survey, SurveySeries, SurveyStatus
from resolvers.context import Services
from tests.factories.people import NOW
from tests.factories.surveys import a_survey, scale
from tests.survey_gate.filled import a_filled, counted, people


async def a_told(services: Services, author: Person, *, number: int) -> Survey:
    """A closed survey that so many people have answered, counted."""
    question = scale()
    answered = {i: [Given(question.id, (4,))] for i in range(number)}
    return await counted(services, await a_filled(author, [question], people(number=number), answered))


async def a_pulse(author: Person, *, at: datetime = NOW) -> SurveySeries:
    """A series, no round of which has begun."""
    template = await a_survey(author, scale(key="week"), status=SurveyStatus.DRAFT, at=at)
    rhythm: dict[str, Any] = {"rule": "FREQ=WEEKLY", "starts_at": at, "zone": "UTC", "open_hours": 48, "salt": b"salt"}
    of: dict[str, Any] = {"template_id": template.id, "target_id": template.target_id, "author_id": author.id}
    return await SurveySeries.create(title="Pulse", created_at=at, **of, **rhythm)
