"""Results of surveys as files."""

from __future__ import annotations

import strawberry

from resolvers import survey_exports as actions
from resolvers.tables import TableFormat
from schema.enums import shown
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.survey_results import SurveyResultFilter, result_filter

shown(
    TableFormat,
    "How an export is written; all in UTF-8.",
    {
        TableFormat.CSV: "Comma-separated values by RFC 4180, the columns first. Texts that a spreadsheet would take"
        " for a formula begin with an apostrophe.",
        TableFormat.JSONL: "An object of JSON on each line, with what is not empty, just as it is.",
    },
    name="SurveyExportFormat",
)


@strawberry.input(description="Results to take away.")
class ExportSurveyResultsInput:
    survey_id: strawberry.ID = strawberry.field(description="Which survey; a closed one.")
    format: TableFormat = strawberry.field(description="How they are written.")
    raw: bool = strawberry.field(
        default=False,
        description="Instead of results who has answered what, a row for each person and question; of NAMED surveys"
        " alone.",
    )
    filter_by: SurveyResultFilter | None = strawberry.field(
        default=None, description="Only of some people; absent or null: of all."
    )


@strawberry.type(description="What became of `exportSurveyResults`.")
class ExportSurveyResultsPayload:
    file_name: str | None = strawberry.field(
        default=None, description="A name for the file, of the survey's title and the day that it was closed."
    )
    content_type: str | None = strawberry.field(default=None, description="Its media type.")
    content: str | None = strawberry.field(
        default=None, description="The file itself; at most 100,000 rows and 10,000,000 characters."
    )
    row_count: int | None = strawberry.field(
        default=None, description="How many rows it has, the one with the columns not counted."
    )
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="The results of a closed survey as a file: the same numbers as `Survey.results`, with all segments"
        " and texts, and the same is hidden. Who exported it is logged. Its author, HR and analysts. Scope"
        " surveys:read."
    )
    @answers(ExportSurveyResultsPayload)
    async def export_survey_results(self, info: Info, input: ExportSurveyResultsInput) -> ExportSurveyResultsPayload:
        id = key("Survey", input.survey_id, ["surveyId"])
        asked = result_filter(input.filter_by)
        made = await actions.export_results(info.context, id, input.format, asked, raw=input.raw)
        return ExportSurveyResultsPayload(
            file_name=made.file_name,
            content_type=made.content_type,
            content=made.content,
            row_count=made.row_count,
        )
