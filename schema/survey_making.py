"""Surveys made, changed, copied and deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from execution.lengths import at_most
from execution.scalars import Markdown, TimeZone
from models.surveys import Anonymity, Feedback, Scoring, SegmentKind, SurveyKind
from resolvers import survey_making as actions
from resolvers.survey_file_fields import NOTES_MAX
from resolvers.survey_plans import SurveyPlan, with_file
from resolvers.survey_times import When
from schema.audiences import AudienceInput, audience_choice
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.survey_audiences import excluded_choices
from schema.survey_questions import SurveyQuestionInput, SurveySectionInput, new_questions, new_sections
from schema.surveys import Survey


def notes() -> Any:
    """The field of a payload with what was left out of a file."""
    description = (
        "Sentences on what was left out of the file: answers, people, addresses, and what is not known here; and where"
        " it calls itself anonymous and the survey is not, or the other way round."
    )
    return strawberry.field(default_factory=list, description=description, metadata=at_most(NOTES_MAX + 2))


LOCAL = "by the clocks of `timeZone`, such as 2026-12-24T18:00"


@strawberry.input
class _SurveyChange:
    """What one can say of a survey to be and of one that is there."""

    description: Markdown | None = strawberry.field(default=None, description="At most 5,000 characters.")
    excluded: list[AudienceInput] | None = strawberry.field(
        default=None, description="Of these nobody is asked: audiences, and people by name; at most 100."
    )
    sample_percent: int | None = strawberry.field(
        default=None, description="How many of the audience are asked, chosen at random when it opens; 1 to 100."
    )
    segments: list[SegmentKind] | None = strawberry.field(
        default=None,
        description="What answers are told apart by, the most important first: at most 4 kinds, of which two at a time"
        " are crossed. Frozen once it opens.",
    )
    minimum_group_size: int | None = strawberry.field(
        default=None, description="People behind each number, 3 to 1,000; 5 if never said. Frozen once it opens."
    )
    minimum_text_count: int | None = strawberry.field(
        default=None,
        description="Texts shown together, no fewer than `minimumGroupSize`; 10 if never said. Frozen once it opens.",
    )
    is_shared: bool | None = strawberry.field(
        default=None, description="Whether all who were asked see the results once it is closed; false if never said."
    )
    sections: list[SurveySectionInput] | None = strawberry.field(
        default=None, description="The sections that `questions` name; at most 50."
    )
    questionnaire_file: str | None = strawberry.field(
        default=None,
        description="In place of `questions` and `sections`: a file of JSON, as `Survey` gives it. Its own title and"
        " `anonymous` decide nothing: those of the survey do.",
    )
    time_zone: TimeZone | None = strawberry.field(
        default=None, description="The zone of the times below; the organisation's if never said."
    )
    opens_at: datetime | None = strawberry.field(default=None, description="When it shall open, once it is scheduled.")
    opens_at_local: str | None = strawberry.field(default=None, description=f"The same {LOCAL}; one of both.")
    closes_at: datetime | None = strawberry.field(default=None, description="When it closes by itself.")
    closes_at_local: str | None = strawberry.field(default=None, description=f"The same {LOCAL}; one of both.")
    time_limit_seconds: int | None = strawberry.field(
        default=None, description="Of a quiz: seconds for an attempt, 10 to 86,400; 0: none."
    )
    attempts_max: int | None = strawberry.field(
        default=None, description="Of a quiz: how often one may take it, 1 to 100; once if never said."
    )
    scoring: Scoring | None = strawberry.field(default=None, description="Of a quiz: which attempt counts; BEST.")
    feedback: Feedback | None = strawberry.field(
        default=None, description="Of a quiz: when one is told what was right; AFTER_CLOSE if never said."
    )


@strawberry.input(description="A survey to be. Nobody is asked until it is opened.")
class CreateSurveyInput(_SurveyChange):
    kind: SurveyKind = strawberry.field(description="What is asked for. A POLL has exactly one question.")
    title: str = strawberry.field(description="One line of 1 to 200 characters.")
    anonymity: Anonymity = strawberry.field(
        description="Who can come to know who answered what; a QUIZ cannot be ANONYMOUS. Frozen once it opens."
    )
    audience: AudienceInput = strawberry.field(
        description="Whom it is for: those are asked who belong to it when it opens. Of an open group its members."
    )
    questions: list[SurveyQuestionInput] | None = strawberry.field(
        default=None, description="What is asked, in order; 1 to 200. These, or `questionnaireFile`."
    )
    client_id: str | None = strawberry.field(
        default=None, description="The client's own id; the same again is the same survey. At most 100 characters."
    )


@strawberry.input(
    description="What is to be different of a survey; what is absent or null stays as it is. Of an open one only its"
    " questions and its end can be."
)
class UpdateSurveyInput(_SurveyChange):
    survey_id: strawberry.ID = strawberry.field(description="Which survey.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the survey is at another version."
    )
    title: str | None = strawberry.field(default=None, description="One line of 1 to 200 characters.")
    anonymity: Anonymity | None = strawberry.field(default=None, description="As in `createSurvey`.")
    audience: AudienceInput | None = strawberry.field(default=None, description="As in `createSurvey`.")
    questions: list[SurveyQuestionInput] | None = strawberry.field(
        default=None,
        description="All of them, in order. One that asks the same as before keeps its id, and so its answers; of an"
        " open survey one that asks otherwise begins anew with another id, and what was answered before stays apart.",
    )


@strawberry.input(description="A survey that was never opened, and shall not be.")
class DeleteSurveyInput:
    survey_id: strawberry.ID = strawberry.field(description="Which survey.")


@strawberry.input(description="A survey to be that asks the same people the same.")
class DuplicateSurveyInput:
    survey_id: strawberry.ID = strawberry.field(description="The survey to copy.")
    title: str | None = strawberry.field(default=None, description="Of the copy; absent or null: the same.")
    client_id: str | None = strawberry.field(
        default=None, description="The client's own id; the same again is the same survey. At most 100 characters."
    )


@strawberry.type(description="What became of `createSurvey`.")
class CreateSurveyPayload:
    survey: Survey | None = strawberry.field(default=None, description="The survey; null where it was refused.")
    notes: list[str] = notes()
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `updateSurvey`.")
class UpdateSurveyPayload:
    survey: Survey | None = strawberry.field(default=None, description="The survey as it is now.")
    notes: list[str] = notes()
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `deleteSurvey`.")
class DeleteSurveyPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id that is gone.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `duplicateSurvey`.")
class DuplicateSurveyPayload:
    survey: Survey | None = strawberry.field(default=None, description="The copy; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Make a survey; HR, analysts, communicators and administrators, heads for their unit, moderators"
        " for their group. Scope surveys:write."
    )
    @answers(CreateSurveyPayload)
    async def create_survey(self, info: Info, input: CreateSurveyInput) -> CreateSurveyPayload:
        plan, notes = with_file(_plan(input), input.questionnaire_file)
        made = await actions.create_survey(info.context, input.kind, plan, input.client_id)
        return CreateSurveyPayload(survey=made, notes=notes)

    @strawberry.mutation(
        description="Change a survey: its author; once it is open its end also by HR and analysts. Scope surveys:write."
    )
    @answers(UpdateSurveyPayload)
    async def update_survey(self, info: Info, input: UpdateSurveyInput) -> UpdateSurveyPayload:
        id = key("Survey", input.survey_id, ["surveyId"])
        plan, notes = with_file(_plan(input), input.questionnaire_file)
        updated = await actions.update_survey(info.context, id, plan, expected_version=input.expected_version)
        return UpdateSurveyPayload(survey=updated, notes=notes)

    @strawberry.mutation(description="Delete a survey that was never opened; its author. Scope surveys:write.")
    @answers(DeleteSurveyPayload)
    async def delete_survey(self, info: Info, input: DeleteSurveyInput) -> DeleteSurveyPayload:
        await actions.delete_survey(info.context, key("Survey", input.survey_id, ["surveyId"]))
        return DeleteSurveyPayload(deleted_id=input.survey_id)

    @strawberry.mutation(
        description="Make a draft that asks the same people the same; its author and, but for a quiz, HR and analysts."
        " Questions keep their keys. Scope surveys:write."
    )
    @answers(DuplicateSurveyPayload)
    async def duplicate_survey(self, info: Info, input: DuplicateSurveyInput) -> DuplicateSurveyPayload:
        id = key("Survey", input.survey_id, ["surveyId"])
        made = await actions.duplicate_survey(info.context, id, title=input.title, client_id=input.client_id)
        return DuplicateSurveyPayload(survey=made)


def _plan(given: CreateSurveyInput | UpdateSurveyInput) -> SurveyPlan:
    return SurveyPlan(
        title=given.title,
        description=given.description,
        anonymity=given.anonymity,
        audience=audience_choice(given.audience),
        excluded=excluded_choices(given.excluded),
        sample=given.sample_percent,
        segments=given.segments,
        min_group=given.minimum_group_size,
        min_texts=given.minimum_text_count,
        shared=given.is_shared,
        time_limit=given.time_limit_seconds,
        attempts=given.attempts_max,
        scoring=given.scoring,
        feedback=given.feedback,
        questions=None if given.questions is None else new_questions(given.questions),
        sections=None if given.sections is None else new_sections(given.sections),
        zone=given.time_zone,
        opens=When(given.opens_at, given.opens_at_local),
        closes=When(given.closes_at, given.closes_at_local),
    )
