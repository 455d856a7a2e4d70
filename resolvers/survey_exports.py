"""Results of surveys that leave the house: as tables, through the same gate as all others, and not without a trace."""

from __future__ import annotations

import asyncio
import re
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any

from auth.policies import surveys as policy
from execution.rows import read
from models.errors import Forbidden, Invalid, NotFound
from models.surveys import Anonymity, SurveyStatus
from resolvers import survey_gate, survey_lines, survey_names
from resolvers.context import Context
from resolvers.survey_gate import Gate, ResultFilter
from resolvers.tables import CONTENT_TYPES, Table, TableFormat
from subscriptions.events import audience_stream
from subscriptions.surveys import SurveyExported

SLUG_MAX = 60  # characters of a file's name that are the title's

OVER = (SurveyStatus.CLOSED, SurveyStatus.ARCHIVED)
MAY = "export these results: that is for whoever asks, while they may ask these people, and HR and analysts"
NOT_OVER = "It is not closed yet. Results are exported once nobody can answer any more."
COUNTING = "Its answers are being counted. Try again in a few minutes."
NOT_NAMED = (
    "Who has answered what is told of NAMED surveys alone; of this one nobody is told, whoever asks. Leave `raw` out."
)


@dataclass(frozen=True)
class SurveyExport:
    """A file to keep: its name, media type and text, and how many rows it has, the one with the columns not counted."""

    file_name: str
    content_type: str
    content: str
    row_count: int


async def export_results(
    ctx: Context, id: uuid.UUID, format: TableFormat, asked: ResultFilter, *, raw: bool = False
) -> SurveyExport:
    """The results of a closed survey as a table, of those who meet a filter; `raw`: who has answered what.

    That somebody has exported them is in the log before they have it. Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    ctx.reach("surveys:read")
    survey = await _exportable(ctx, id, raw=raw)
    gate = await survey_gate.gate(ctx, survey, asked)
    if gate is None:
        raise Forbidden(f"You may not {MAY}.", ["surveyId"])
    table = await _table(ctx, survey, gate, format, raw=raw)
    async with ctx.transaction(audience_stream(id)):
        await ctx.renew()
        await _exportable(ctx, id, raw=raw)
        ctx.emit(SurveyExported(id, raw))
    return SurveyExport(_name(survey, format, raw=raw), CONTENT_TYPES[format], table.content, table.row_count)


async def _exportable(ctx: Context, id: uuid.UUID, *, raw: bool) -> Any:
    """A survey whose results the viewer may export, and that has some."""
    survey = await ctx.loaders["surveys"].load(id)
    if survey is None:
        raise NotFound(path=["surveyId"])
    await ctx.ensure(policy.can_export, survey, MAY)
    if raw and read(survey, "anonymity") != Anonymity.NAMED:
        raise Forbidden(NOT_NAMED, ["raw"])
    if read(survey, "status") not in OVER:
        raise Invalid(NOT_OVER, ["surveyId"])
    if read(survey, "counted_at") is None:
        raise Invalid(COUNTING, ["surveyId"])
    return survey


async def _table(ctx: Context, survey: Any, gate: Gate, format: TableFormat, *, raw: bool) -> Table:
    if raw:
        table = Table(format, survey_names.COLUMNS)
        table.add(await survey_names.lines(ctx, gate))
        return table
    table = Table(format, survey_lines.COLUMNS)
    async for lines in survey_lines.lines(ctx, survey, gate):
        table.add(lines)
        await asyncio.sleep(0)  # whoever else is served has their turn
    return table


def _name(survey: Any, format: TableFormat, *, raw: bool) -> str:
    """A name that any file system takes: of a title nothing is left but letters, digits and hyphens."""
    title = unicodedata.normalize("NFC", read(survey, "title"))
    slug = re.sub(r"[\W_]+", "-", title)[:SLUG_MAX].strip("-")
    day, what = f"{read(survey, 'closed_at'):%Y-%m-%d}", "answers" if raw else "results"
    return "-".join(part for part in ("survey", slug, day, what) if part) + f".{format.lower()}"
