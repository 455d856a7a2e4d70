"""Results of surveys: how each question was answered, by whom together, and how many took part."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry import argument

from execution.fields import batched, column, relation
from execution.lengths import at_most
from models.questionnaires import ASKED_MAX, OPTIONS_MAX, RANKED_MAX, SCALE_SPAN_MAX
from models.survey_told import PARTS_MAX
from models.surveys import SegmentKind
from resolvers import survey_gate as gate
from resolvers import survey_results as reads
from resolvers.lists import PageArgs
from resolvers.survey_gate import EVERYBODY, ResultFilter
from resolvers.survey_results import Result
from schema.connections import Connection, connection
from schema.nodes import Info, key
from schema.refs import OrgUnitRef
from schema.survey_questions import SurveyOption, SurveyQuestion

By = Annotated[
    SegmentKind | None,
    argument(
        description="By what: one of `Survey.segments`. Absent: the first of them that the filter does not ask for."
    ),
]


@strawberry.input(
    description="Whose answers are wanted, as of the day that the survey opened: one or two of what `Survey.segments`"
    " says. What is absent or null asks nothing."
)
class SurveyResultFilter:
    org_unit_id: strawberry.ID | None = strawberry.field(default=None, description="Of a unit, with all below it.")
    location: str | None = strawberry.field(default=None, description="At a location.")
    tenure: str | None = strawberry.field(
        default=None, description="So many whole years in the company: <1, 1-2, 3-5, 6-10 or >10."
    )
    leadership: bool | None = strawberry.field(default=None, description="Who leads people, or does not.")


FilterBy = Annotated[SurveyResultFilter | None, argument(description="Only of some people; absent: of all.")]


@strawberry.type(description="How many chose an option.")
class SurveyOptionCount:
    option: SurveyOption = column("The option.")
    count: int = column("How many people.")
    share: float | None = column("Of those who answered the question, 0 to 1; null of nobody.")


@strawberry.type(description="How many answered with a number.")
class SurveyNumberCount:
    value: int = column("The number.")
    count: int = column("How many people.")
    share: float | None = column("Of those who answered the question, 0 to 1; null of nobody.")


@strawberry.type(description="Where an option was ranked.")
class SurveyRankedOption:
    option: SurveyOption = column("The option.")
    count: int = column("How many people have ranked it.")
    average_rank: float | None = column("Its rank on the average of these; 1 is first. Null of nobody.")
    first_count: int = column("How many have put it first.")


@strawberry.type(description="How many chose a column in a row of a matrix.")
class SurveyCell:
    row: SurveyOption = column("The row.")
    option: SurveyOption = column("The column.")
    count: int = column("How many people.")
    share: float | None = column(
        "Of those who answered in this row, 0 to 1; where several can be chosen in a row of those who answered the"
        " question. Null of nobody."
    )


@strawberry.type(description="Answers on the scale of recommendation.")
class SurveyPromoters:
    promoters: int = column("How many answered 9 or 10.")
    passives: int = column("How many answered 7 or 8.")
    detractors: int = column("How many answered 6 or less.")


@strawberry.type(description="Something that somebody wrote, with nothing about who it was.")
class SurveyText:
    text: str = column("As it was written; of a question for a date the day, such as 2026-12-24.")


@strawberry.type(description="How a part of the people has answered a question.")
class SurveySegment:
    kind: SegmentKind = column("What it is a part by.")
    label: str = column("Its name, as of the day that the survey opened.")
    value: str = column("What to ask for in a `SurveyResultFilter`, unless it is a unit or tells of leadership.")
    org_unit: OrgUnitRef | None = relation(
        "units", key="unit_id", description="The unit as it is now; null where it is gone, and for other kinds."
    )
    is_suppressed: bool = column("Whether it is hidden: too few people, or others would be told apart by it.")
    response_count: int | None = column("How many answered the question; null where hidden.")
    average: float | None = column("The mean of the numbers that were given; null for other questions.")
    median: float | None = column("The number in the middle; null for other questions.")
    standard_deviation: float | None = column("How far the numbers spread; null for other questions.")
    promoter_score: float | None = column("The percentage of promoters less that of detractors; null unless NPS.")


@strawberry.type(description="How many of a part of the people took part.")
class SurveyParticipation:
    kind: SegmentKind = column("What it is a part by.")
    label: str = column("Its name, as of the day that the survey opened.")
    org_unit: OrgUnitRef | None = relation(
        "units", key="unit_id", description="The unit as it is now; null where it is gone, and for other kinds."
    )
    is_suppressed: bool = column("Whether it is hidden: too few people, or others would be told apart by it.")
    invited: int | None = column("How many were asked; null where hidden.")
    responded: int | None = column("How many took part; null where hidden.")
    rate: float | None = column("The one divided by the other, 0 to 1; null where hidden.")


@strawberry.type(
    description="How a question was answered by those who meet the filter. Where it is suppressed all numbers are null"
    " and all lists empty."
)
class SurveyResult:
    question: SurveyQuestion = column("The question.")
    is_suppressed: bool = column(
        "Whether it is hidden: fewer than `Survey.minimumGroupSize` answered, others would be told apart by it, or it"
        " is not counted yet."
    )
    response_count: int | None = column("How many people answered it.")
    average: float | None = column("The mean of the numbers that were given; null for other questions.")
    median: float | None = column("The number in the middle, or half way between two; null for other questions.")
    standard_deviation: float | None = column("How far the numbers spread; null for other questions.")
    promoter_score: float | None = column(
        "The percentage of promoters less that of detractors, -100 to 100; null unless the question is an NPS."
    )
    promoters: SurveyPromoters | None = column("Who would recommend, and who would not; null unless it is an NPS.")
    distribution: list[SurveyNumberCount] = column(
        "How often each number was given, from the smallest; empty for other questions.",
        most=SCALE_SPAN_MAX + 1,
        usual=4,
    )
    options: list[SurveyOptionCount] = column(
        "How often each option was chosen, in their order; empty unless the question is a choice.",
        most=OPTIONS_MAX,
        usual=4,
    )
    other_count: int | None = column("How many answered in their own words; null where that is not offered.")
    ranking: list[SurveyRankedOption] = column(
        "Where each option was ranked, in their order; empty unless the question is a ranking.",
        most=RANKED_MAX,
        usual=1,
    )
    cells: list[SurveyCell] = column(
        "How often each cell was chosen, row by row; empty unless the question is a matrix.",
        most=RANKED_MAX**2,
        usual=4,
    )

    @strawberry.field(
        description="The same question by the parts of these people: of units those right below the filter's, without"
        " one the topmost that are several; at most 200, by name. With two kinds in the filter there is none, but for"
        " the units below one, and none for guests or, of a named survey that is shared, for who was asked.",
        metadata=at_most(PARTS_MAX, usual=6),
    )
    async def segments(self, info: Info, by: By = None) -> list[SurveySegment]:
        return await reads.segments(info.context, _result(self), by)  # pyright: ignore[reportReturnType]

    @connection(
        description="What was written, in an order that tells nothing: from `Survey.minimumTextCount` texts on, else"
        " none. A choice's are the other answers."
    )
    async def texts(self, info: Info, *, page: PageArgs) -> Connection[SurveyText]:
        result = _result(self)
        return await gate.texts(info.context, result.gate, result.question.id, page)  # pyright: ignore[reportReturnType]


def _result(shown: Any) -> Result:
    """What a resolver of `SurveyResult` is handed."""
    return shown


def result_filter(given: SurveyResultFilter | None) -> ResultFilter:
    """The filter that an input describes. Raises `NotFound` for what is no unit's id."""
    if given is None:
        return EVERYBODY
    unit = None if given.org_unit_id is None else key("OrgUnit", given.org_unit_id, ["filterBy", "orgUnitId"])
    return ResultFilter(unit, given.location, given.tenure, given.leadership)


async def told_units(ctx: Any, surveys: list[Any]) -> Any:
    """The units themselves, as they are now."""
    units = await gate.headed_units(ctx, surveys)
    known = [id for of in units for id in of]
    found = {row["id"]: row for row in await ctx.loaders["units"].load_many(known) if row is not None} if known else {}
    return [[found[id] for id in of if id in found] for of in units]


@strawberry.type
class SurveyResults:
    """What a survey has of results."""

    response_count: int | None = batched(
        reads.response_counts,
        description="How many people have answered; null for who is not told the results. While it is open it is"
        " rounded down to a multiple of `minimumGroupSize` unless it is NAMED. Null also where too few have.",
    )
    participation_rate: float | None = batched(
        reads.participation_rates, description="The same as a part of those who were asked, 0 to 1."
    )
    viewer_result_units: list[OrgUnitRef] = batched(
        told_units,
        description="The units that the viewer heads and whose results they may ask for by `filterBy`, once it is"
        " closed; the largest first.",
        most=PARTS_MAX,
        usual=1,
    )

    @strawberry.field(
        description="How each question was answered: those of now in their order, then those that they replaced."
        " Empty for who is not told the results, or with a filter not their parts; the head of a unit is told those of"
        " the unit. Nothing is told of an anonymous or confidential survey before it is closed.",
        metadata=at_most(ASKED_MAX, usual=20),
    )
    async def results(self, info: Info, filter_by: FilterBy = None) -> list[SurveyResult]:
        return await reads.results(info.context, self, result_filter(filter_by))  # pyright: ignore[reportReturnType]

    @strawberry.field(
        description="How many took part, by the parts of the people who meet the filter: see `SurveyResult.segments`.",
        metadata=at_most(PARTS_MAX, usual=6),
    )
    async def participation(self, info: Info, by: By = None, filter_by: FilterBy = None) -> list[SurveyParticipation]:
        return await reads.participation(info.context, self, result_filter(filter_by), by)  # pyright: ignore[reportReturnType]
