"""Exports as a client asks for them, read again as a spreadsheet or a program would."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from models import db
from models.people import Person
from models.survey_cells import Asked
from models.surveys import Survey
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.survey_gate.filled import people

EVENTS = "SELECT actor_id, audience_id, refs::text FROM event WHERE kind = 'SurveyExported' ORDER BY id"

Line = dict[str, str]


def as_asked(persons: Sequence[Person], **alike: Any) -> list[Asked]:
    """People of the tables as those who are asked, who are alike."""
    return [one for person in persons for one in people(number=1, start=person.id.int - 1, **alike)]


async def payload(ask: Ask, who: Any, survey: Any, format: str = "CSV", **given: Any) -> dict[str, Any]:
    """What became of an export."""
    id = survey if isinstance(survey, str) else global_id(survey)
    data = await ask(who, "survey_exports/export_survey_results", survey_id=id, format=format, **given)
    return data["exportSurveyResults"]


async def exported(ask: Ask, who: Person, survey: Survey, format: str = "CSV", **given: Any) -> dict[str, Any]:
    """The same, of what is not refused."""
    found = await payload(ask, who, survey, format, **given)
    assert found["errors"] == [], found["errors"]
    return found


async def refused(ask: Ask, who: Any, survey: Any, **given: Any) -> tuple[str, str]:
    """Why it is refused: the code, and where in the input. Nothing is given away with it."""
    found = await payload(ask, who, survey, **given)
    [error] = found.pop("errors")
    assert not any(found.values())
    return error["code"], ".".join((error["path"] or ["input"])[1:])


async def rows(ask: Ask, who: Person, survey: Survey, **given: Any) -> list[Line]:
    """The rows of a CSV."""
    made = await exported(ask, who, survey, "CSV", **given)
    found = list(csv.DictReader(io.StringIO(made["content"], newline="")))
    assert made["rowCount"] == len(found)
    return found


async def objects(ask: Ask, who: Person, survey: Survey, **given: Any) -> list[dict[str, Any]]:
    """The objects of a JSONL."""
    made = await exported(ask, who, survey, "JSONL", **given)
    found = [json.loads(line) for line in made["content"].splitlines()]
    assert made["rowCount"] == len(found)
    return found


def only(lines: list[Any], **values: Any) -> Any:
    """The one of some lines with these values; what is missing is empty."""
    [found] = several(lines, **values)
    return found


def several(lines: list[Any], **values: Any) -> list[Any]:
    """Those of some lines with these values."""
    return [line for line in lines if all((line.get(name) or "") == value for name, value in values.items())]


async def logged() -> list[Any]:
    """What the log says of exports: by whom, who hears of it, and of what."""
    return [(row[0], row[1], json.loads(row[2])) for row in await db.rows(EVENTS)]
