"""Events of surveys. Of an answer there is none: beside its time it would tell who gave it."""

from __future__ import annotations

from typing import Any

import strawberry

from execution.fields import relation
from schema.events.base import Event
from schema.refs import SurveyRef


def _survey() -> Any:
    return relation(
        "surveys", key="survey", shared=True, description="The survey as it is now; null for who is not asked any more."
    )


@strawberry.type(description="People are asked.")
class SurveyOpened(Event):
    survey: SurveyRef | None = _survey()


@strawberry.type(
    description="An open survey has other questions or another end, or a closed one has its results, or was archived."
)
class SurveyChanged(Event):
    survey: SurveyRef | None = _survey()


@strawberry.type(
    description="People are reminded of a survey. It reaches those who are asked and have not answered when it does."
)
class SurveyReminded(Event):
    survey: SurveyRef | None = _survey()


@strawberry.type(description="Nobody can answer a survey any more.")
class SurveyClosed(Event):
    survey: SurveyRef | None = _survey()


TYPES: list[type[Any]] = [SurveyOpened, SurveyChanged, SurveyReminded, SurveyClosed]
