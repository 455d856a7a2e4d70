"""Whom a survey would ask, told before anybody is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import column
from models.surveys import Anonymity, SegmentKind
from resolvers import survey_audiences as reads
from resolvers.audiences import AudienceChoice
from resolvers.survey_audiences import Asking, SurveyWarningCode, within
from schema.audiences import AudienceInput, audience_choice
from schema.nodes import Info

WARNINGS_MAX = len(SurveyWarningCode)


@strawberry.input(description="Whom a survey would ask, and how their answers would be told.")
class SurveyAudiencePreviewInput:
    audience: AudienceInput = strawberry.field(description="Whom it is for.")
    excluded: list[AudienceInput] | None = strawberry.field(default=None, description="Of these nobody is asked.")
    sample_percent: int = strawberry.field(default=100, description="How many of all are asked, at random; 1 to 100.")
    anonymity: Anonymity = strawberry.field(
        default=Anonymity.ANONYMOUS, description="Who can come to know who answered what."
    )
    segments: list[SegmentKind] | None = strawberry.field(
        default=None, description="What answers would be told apart by; at most 4 kinds."
    )
    minimum_group_size: int | None = strawberry.field(default=None, description="As in `createSurvey`.")
    minimum_text_count: int | None = strawberry.field(default=None, description="As in `createSurvey`.")


@strawberry.type(description="What one should know before asking an audience.")
class SurveyAudienceWarning:
    code: SurveyWarningCode = column("Stable; branch on this.")
    message: str = column("One sentence or two for people.")


@strawberry.type(description="Whom a survey would ask, as things stand.")
class SurveyAudiencePreview:
    person_count: int = column("How many people would be asked, the viewer among them if they belong to the audience.")
    guest_count: int = column("How many of them could be guests: those who are in the group, or named.")
    warnings: list[SurveyAudienceWarning] = column(
        "What to know before one asks; empty where there is nothing.", most=WARNINGS_MAX
    )


@strawberry.type
class Query:
    @strawberry.field(
        description="Whom a survey would ask if it opened now; for whoever may ask them. Scope surveys:write."
    )
    async def survey_audience_preview(
        self, info: Info, of: Annotated[SurveyAudiencePreviewInput, argument(description="What it would be like.")]
    ) -> SurveyAudiencePreview:
        asking = Asking(
            audience=audience_choice(of.audience) or AudienceChoice(),
            excluded=excluded_choices(of.excluded) or (),
            sample=of.sample_percent,
            anonymity=of.anonymity,
            segments=of.segments or (),
            min_group=of.minimum_group_size,
            min_texts=of.minimum_text_count,
        )
        return await reads.preview(info.context, asking)  # pyright: ignore[reportReturnType]


def excluded_choices(given: Sequence[AudienceInput] | None) -> list[AudienceChoice] | None:
    """The choices that inputs name. Raises `Invalid`, or `NotFound` for an id of something else."""
    return None if given is None else [_excluded_choice(one, i) for i, one in enumerate(given)]


def _excluded_choice(given: AudienceInput, at: int) -> AudienceChoice:
    with within("excluded", at):
        return audience_choice(given) or AudienceChoice()
