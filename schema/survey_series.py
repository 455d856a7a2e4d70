"""Pulses: series of surveys that are asked again and again, their rounds, and reminders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument

from auth.policies import surveys as policy
from execution.fields import column, computed, relation
from execution.lengths import at_most
from execution.rows import read
from execution.scalars import TimeZone
from resolvers import survey_reminders as reminders
from resolvers import survey_series as actions
from resolvers.lists import PageArgs
from resolvers.survey_series import TREND_MAX, Rhythm
from resolvers.survey_times import When, local_of
from schema.connections import Connection, connection
from schema.errors import UserError, answers, failed
from schema.nodes import Info, Node, found_key, identity, key, node
from schema.policies import may
from schema.refs import PersonRef, SurveyRef, SurveySeriesRef
from schema.survey_results import FilterBy, SurveyResult, result_filter

RULE = (
    "When rounds begin, by RFC 5545: such as FREQ=WEEKLY;INTERVAL=2;BYDAY=MO. At most daily, and 500 characters; the"
    " time of day is that of `startsAt`."
)
STARTS = "The first round begins then or later, when the rule says; a time to come, within a year."
STARTS_LOCAL = "The same by the clocks of `timeZone`, such as 2026-12-24T18:00; one of both."


@strawberry.type
class SurveyRound:
    """What a survey has of being a round of a pulse."""

    series: SurveySeriesRef | None = relation(
        "survey_series",
        key="series_id",
        description="The pulse that it is a round of; null for none, or if not visible.",
    )
    round: int | None = column("Which round of the pulse it is: the first is 1; null for none.")


@strawberry.type(description="A question in one round of a pulse.")
class SurveyTrendPoint:
    survey: SurveyRef = column("The round.")
    result: SurveyResult | None = column("How the question was answered; null where the round does not ask it.")


@node(
    "survey_series",
    description="A pulse: a survey that is asked again and again, each time by a copy, a round. For its author, and HR"
    " and analysts who answer for its audience.",
)
class SurveySeries(Node):
    id: strawberry.ID = identity("SurveySeries")
    title: str = column("At most 200 characters.")
    template: SurveyRef | None = relation(
        "surveys",
        key="template_id",
        description="The draft that each round is a copy of: change it for the rounds to come. Null if not visible.",
    )
    rule: str = column("When rounds begin, by RFC 5545.")
    starts_at: datetime = column("The time of day of every round; no round begins before.")
    starts_at_local: str = computed(
        lambda series: local_of(read(series, "starts_at"), read(series, "zone")),
        description="The same by the clocks of its zone, such as 2026-12-24T18:00. These it keeps to when they change.",
    )
    time_zone: TimeZone = column("The zone by whose clocks rounds begin and end.", source="zone")
    open_hours: int = column("How long a round is open.")
    turns: int = column("Everybody is asked once in so many rounds.")
    round_count: int = column("How many rounds there have been.", source="rounds")
    next_round_at: datetime | None = column(
        "When the next one begins; null while it is paused, and where there is none to come.", source="next_at"
    )
    is_paused: bool = column("Whether there are no more rounds until it is resumed.", source="paused")
    ended_at: datetime | None = column("Since when there are no more rounds for good; null while there are.")
    refused_reason: str | None = column(
        "Why there was no round when there last should have been one; null unless so.", source="refusal"
    )
    author: PersonRef | None = relation(
        "people", key="author_id", description="In whose name it asks; null once erased, or where not visible."
    )
    created_at: datetime = column("When it was begun.")
    version: int = column("Rises with each change and each round; edits may expect one.")
    viewer_can_update: bool = may(policy.can_manage_series, "Whether the viewer may change it, pause it and end it.")

    @connection(description="Its rounds that the viewer sees, the newest first.")
    def rounds(self, info: Info, *, page: PageArgs) -> Connection[SurveyRef]:
        return actions.rounds(info.context, self, page)

    @strawberry.field(
        description="How one question was answered from round to round: of the newest 60, the oldest of them first."
        " Each is told, or hidden, as it is by itself; rounds of which the viewer is told nothing are left out. Empty:"
        " there was no round yet, or none of which they are told; a key that no round asks leaves each `result` null.",
        metadata=at_most(TREND_MAX, usual=12),
    )
    async def trend(
        self,
        info: Info,
        question_key: Annotated[str, argument(description="`SurveyQuestion.key`.")],
        filter_by: FilterBy = None,
    ) -> list[SurveyTrendPoint]:
        asked = result_filter(filter_by)
        return await actions.trend(info.context, self, question_key, asked)  # pyright: ignore[reportReturnType]


@strawberry.input(description="A draft that is to be asked again and again.")
class CreateSurveySeriesInput:
    survey_id: strawberry.ID = strawberry.field(
        description="A draft of the viewer's: each round is a copy of it as it is then. It stays a draft."
    )
    rule: str = strawberry.field(description=RULE)
    open_hours: int = strawberry.field(
        description="How long a round is open, 1 to 8,784 hours; whole days end at the time of day that they began at."
    )
    starts_at: datetime | None = strawberry.field(default=None, description=STARTS)
    starts_at_local: str | None = strawberry.field(default=None, description=STARTS_LOCAL)
    time_zone: TimeZone | None = strawberry.field(
        default=None, description="By whose clocks rounds begin and end; absent or null: the organisation's."
    )
    turns: int = strawberry.field(
        default=1,
        description="Ask everybody once in so many rounds, 1 to 100: each round another part of the audience.",
    )
    title: str | None = strawberry.field(default=None, description="At most 200 characters; absent: the draft's.")
    client_id: str | None = strawberry.field(
        default=None, description="The client's own id; the same again is the same pulse. At most 100 characters."
    )


@strawberry.input(description="What is to be different of a pulse; what is absent or null stays as it is.")
class UpdateSurveySeriesInput:
    series_id: strawberry.ID = strawberry.field(description="Which pulse.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the pulse is at another version."
    )
    title: str | None = strawberry.field(default=None, description="At most 200 characters.")
    rule: str | None = strawberry.field(default=None, description=RULE)
    open_hours: int | None = strawberry.field(
        default=None, description="How long a round is open from the next one on; 1 to 8,784 hours."
    )
    starts_at: datetime | None = strawberry.field(default=None, description=STARTS)
    starts_at_local: str | None = strawberry.field(default=None, description=STARTS_LOCAL)
    time_zone: TimeZone | None = strawberry.field(
        default=None, description="By whose clocks rounds begin and end; only with another `startsAt`."
    )
    is_paused: bool | None = strawberry.field(
        default=None,
        description="True has no rounds begin, false has them begin again; none is made up for. Whoever resumes one"
        " that was refused a round asks in their own name from then on.",
    )


@strawberry.input(description="A pulse that is to have no more rounds.")
class EndSurveySeriesInput:
    series_id: strawberry.ID = strawberry.field(description="Which pulse.")


@strawberry.input(description="A survey that people are to be reminded of.")
class RemindSurveyInput:
    survey_id: strawberry.ID = strawberry.field(description="Which survey; an open one.")


@strawberry.type(description="What became of `createSurveySeries`.")
class CreateSurveySeriesPayload:
    series: SurveySeries | None = strawberry.field(default=None, description="The pulse; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `updateSurveySeries`.")
class UpdateSurveySeriesPayload:
    series: SurveySeries | None = strawberry.field(default=None, description="The pulse as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `endSurveySeries`.")
class EndSurveySeriesPayload:
    series: SurveySeries | None = strawberry.field(default=None, description="The pulse as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `remindSurvey`.")
class RemindSurveyPayload:
    survey: SurveyRef | None = strawberry.field(default=None, description="The survey as it is now.")
    errors: list[UserError] = failed()


@strawberry.type
class Query:
    @strawberry.field(
        description="A pulse, for who keeps it; null where there is none or it is not visible. Scope surveys:read."
    )
    async def survey_series(
        self, info: Info, id: Annotated[strawberry.ID, argument(description="Which one.")]
    ) -> SurveySeries | None:
        return await actions.series(info.context, found_key("SurveySeries", id))

    @connection(description="The pulses that the viewer keeps, the newest first. Scope surveys:read.")
    async def survey_series_list(self, info: Info, *, page: PageArgs) -> Connection[SurveySeries]:
        return await actions.all_series(info.context, page)  # pyright: ignore[reportReturnType]


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Have a draft of the viewer's asked again and again by a rule. Each round is checked as any survey"
        " is when it opens. Scope surveys:write."
    )
    @answers(CreateSurveySeriesPayload)
    async def create_survey_series(self, info: Info, input: CreateSurveySeriesInput) -> CreateSurveySeriesPayload:
        made = await actions.create_series(
            info.context,
            key("Survey", input.survey_id, ["surveyId"]),
            Rhythm(input.rule, When(input.starts_at, input.starts_at_local), input.time_zone, input.open_hours),
            turns=input.turns,
            title=input.title,
            client_id=input.client_id,
        )
        return CreateSurveySeriesPayload(series=made)

    @strawberry.mutation(
        description="Change a pulse from its next round on, pause or resume it; who keeps it and may ask its audience."
        " Scope surveys:write."
    )
    @answers(UpdateSurveySeriesPayload)
    async def update_survey_series(self, info: Info, input: UpdateSurveySeriesInput) -> UpdateSurveySeriesPayload:
        updated = await actions.update_series(
            info.context,
            key("SurveySeries", input.series_id, ["seriesId"]),
            Rhythm(input.rule, When(input.starts_at, input.starts_at_local), input.time_zone, input.open_hours),
            title=input.title,
            is_paused=input.is_paused,
            expected_version=input.expected_version,
        )
        return UpdateSurveySeriesPayload(series=updated)

    @strawberry.mutation(
        description="Have a pulse have no more rounds, for good; the one that is open stays so until its end. Who keeps"
        " it and may ask its audience. Scope surveys:write."
    )
    @answers(EndSurveySeriesPayload)
    async def end_survey_series(self, info: Info, input: EndSurveySeriesInput) -> EndSurveySeriesPayload:
        id = key("SurveySeries", input.series_id, ["seriesId"])
        return EndSurveySeriesPayload(series=await actions.end_series(info.context, id))

    @strawberry.mutation(
        description="Remind those who are asked and have not answered; nobody learns who they are. Once in 20 hours at"
        " most, and a day before the end of a survey that is open for more than three days it happens by itself. Its"
        " author, HR and analysts. Scope surveys:write."
    )
    @answers(RemindSurveyPayload)
    async def remind_survey(self, info: Info, input: RemindSurveyInput) -> RemindSurveyPayload:
        id = key("Survey", input.survey_id, ["surveyId"])
        return RemindSurveyPayload(survey=await reminders.remind_survey(info.context, id))
