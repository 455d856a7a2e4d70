"""Posts that announce surveys."""

from __future__ import annotations

import strawberry

from execution.fields import relation
from resolvers.survey_posts import Announced
from schema.nodes import optional_key
from schema.refs import SurveyRef


@strawberry.type
class PostSurvey:
    """What a post has of a survey."""

    survey: SurveyRef | None = relation(
        "surveys",
        key="survey_id",
        description="The survey that it announces, to be answered from here; null where it announces none, and where"
        " the viewer does not see that.",
    )


def announced(given: strawberry.Maybe[strawberry.ID | None]) -> Announced | None:
    """What an input has a post announce; None where it does not say. Raises `NotFound`."""
    return None if given is None else Announced(optional_key("Survey", given.value, ["surveyId"]))
