"""The life of surveys: scheduled, opened, closed and put away."""

from __future__ import annotations

from datetime import datetime

import strawberry

from execution.scalars import TimeZone
from resolvers import survey_life as actions
from resolvers.survey_times import When
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.survey_making import LOCAL
from schema.surveys import Survey


@strawberry.input(description="A survey that shall open by itself. What is absent or null stays as it was said before.")
class ScheduleSurveyInput:
    survey_id: strawberry.ID = strawberry.field(description="Which survey.")
    opens_at: datetime | None = strawberry.field(default=None, description="When it opens; at most a year ahead.")
    opens_at_local: str | None = strawberry.field(default=None, description=f"The same {LOCAL}; one of both.")
    closes_at: datetime | None = strawberry.field(default=None, description="When it closes; at most a year later.")
    closes_at_local: str | None = strawberry.field(default=None, description=f"The same {LOCAL}; one of both.")
    time_zone: TimeZone | None = strawberry.field(default=None, description="The zone of these times.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the survey is at another version."
    )


@strawberry.input(description="A survey that shall not open by itself after all.")
class UnscheduleSurveyInput:
    survey_id: strawberry.ID = strawberry.field(description="Which survey.")


@strawberry.input(description="A survey that people are to be asked by now.")
class OpenSurveyInput:
    survey_id: strawberry.ID = strawberry.field(description="Which survey.")
    closes_at: datetime | None = strawberry.field(
        default=None, description="When it closes; at most a year ahead. Absent or null: as it was said before."
    )
    closes_at_local: str | None = strawberry.field(default=None, description=f"The same {LOCAL}; one of both.")
    time_zone: TimeZone | None = strawberry.field(default=None, description="The zone of that time.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the survey, which is not open yet, is at another version."
    )


@strawberry.input(description="A survey that nobody shall answer any more.")
class CloseSurveyInput:
    survey_id: strawberry.ID = strawberry.field(description="Which survey.")


@strawberry.input(description="A closed survey to put away.")
class ArchiveSurveyInput:
    survey_id: strawberry.ID = strawberry.field(description="Which survey.")


@strawberry.type(description="What became of `scheduleSurvey`.")
class ScheduleSurveyPayload:
    survey: Survey | None = strawberry.field(default=None, description="The survey as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `unscheduleSurvey`.")
class UnscheduleSurveyPayload:
    survey: Survey | None = strawberry.field(default=None, description="The survey as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `openSurvey`.")
class OpenSurveyPayload:
    survey: Survey | None = strawberry.field(default=None, description="The survey as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `closeSurvey`.")
class CloseSurveyPayload:
    survey: Survey | None = strawberry.field(default=None, description="The survey as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `archiveSurvey`.")
class ArchiveSurveyPayload:
    survey: Survey | None = strawberry.field(default=None, description="The survey as it is now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Have a survey open and close by itself; its author. If it cannot open then, it is a draft again,"
        " and `refusedReason` says why. Scope surveys:write."
    )
    @answers(ScheduleSurveyPayload)
    async def schedule_survey(self, info: Info, input: ScheduleSurveyInput) -> ScheduleSurveyPayload:
        scheduled = await actions.schedule_survey(
            info.context,
            key("Survey", input.survey_id, ["surveyId"]),
            When(input.opens_at, input.opens_at_local),
            When(input.closes_at, input.closes_at_local),
            input.time_zone,
            version=input.expected_version,
        )
        return ScheduleSurveyPayload(survey=scheduled)

    @strawberry.mutation(description="Make a draft of a scheduled survey again; its author. Scope surveys:write.")
    @answers(UnscheduleSurveyPayload)
    async def unschedule_survey(self, info: Info, input: UnscheduleSurveyInput) -> UnscheduleSurveyPayload:
        id = key("Survey", input.survey_id, ["surveyId"])
        return UnscheduleSurveyPayload(survey=await actions.unschedule_survey(info.context, id))

    @strawberry.mutation(
        description="Ask people now: those who belong to its audience at this moment; its author. Twice is once. From"
        " then on its anonymity, thresholds and segments are frozen. Refused where so few would be asked that their"
        " answers told them apart. Scope surveys:write."
    )
    @answers(OpenSurveyPayload)
    async def open_survey(self, info: Info, input: OpenSurveyInput) -> OpenSurveyPayload:
        opened = await actions.open_survey(
            info.context,
            key("Survey", input.survey_id, ["surveyId"]),
            When(input.closes_at, input.closes_at_local),
            input.time_zone,
            version=input.expected_version,
        )
        return OpenSurveyPayload(survey=opened)

    @strawberry.mutation(
        description="Let nobody answer a survey any more, for good, and count what was answered; its author, HR and"
        " analysts. Twice is once. Scope surveys:write."
    )
    @answers(CloseSurveyPayload)
    async def close_survey(self, info: Info, input: CloseSurveyInput) -> CloseSurveyPayload:
        id = key("Survey", input.survey_id, ["surveyId"])
        return CloseSurveyPayload(survey=await actions.close_survey(info.context, id))

    @strawberry.mutation(
        description="Put a closed survey away: it is listed no more unless asked for, and its results stay; its author,"
        " HR and analysts. Scope surveys:write."
    )
    @answers(ArchiveSurveyPayload)
    async def archive_survey(self, info: Info, input: ArchiveSurveyInput) -> ArchiveSurveyPayload:
        id = key("Survey", input.survey_id, ["surveyId"])
        return ArchiveSurveyPayload(survey=await actions.archive_survey(info.context, id))
