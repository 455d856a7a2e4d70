"""What one answers to the questions of a survey."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

import strawberry
from strawberry import UNSET

from models.errors import Path
from resolvers.survey_given import Cells, Choice, Choices, Day, NewAnswer, Number, Ranking, Text, Value
from schema.nodes import key, optional_key


@strawberry.input(description="One option, or another answer: exactly one of the two.")
class SurveyChoiceInput:
    option_id: strawberry.ID | None = strawberry.field(default=None, description="An option of the question.")
    other_text: str | None = strawberry.field(
        default=None, description="Where the question `hasOther`: one's own words; 1 to 5,000 characters."
    )


@strawberry.input(description="Several options, each once, and perhaps another answer.")
class SurveyChoicesInput:
    option_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Options of the question; at most its `mostChoices`, the other one counted."
    )
    other_text: str | None = strawberry.field(
        default=None, description="Where the question `hasOther`: one's own words; 1 to 5,000 characters."
    )


@strawberry.input(description="What is chosen in a row of a matrix.")
class SurveyCellInput:
    row_id: strawberry.ID = strawberry.field(description="One of the question's `rows`.")
    option_id: strawberry.ID = strawberry.field(description="One of its `options`.")


@strawberry.input(one_of=True, description="An answer: in the member that the kind of the question wants.")
class SurveyAnswerValueInput:
    choice: SurveyChoiceInput | None = strawberry.field(default=UNSET, description="For a SINGLE_CHOICE.")
    choices: SurveyChoicesInput | None = strawberry.field(default=UNSET, description="For a MULTIPLE_CHOICE.")
    number: int | None = strawberry.field(default=UNSET, description="For a SCALE, within it, or NPS: 0 to 10.")
    text: str | None = strawberry.field(default=UNSET, description="For a TEXT: 1 to 5,000 characters.")
    ranking: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="For a RANKING: its options, the first first; all, or as many as its `mostChoices`."
    )
    cells: list[SurveyCellInput] | None = strawberry.field(
        default=UNSET, description="For a MATRIX: one cell in a row unless it `isMultiple`; each row if it is required."
    )
    date: datetime.date | None = strawberry.field(default=UNSET, description="For a DATE.")


@strawberry.input(description="What the viewer answers to one question.")
class SurveyAnswerInput:
    question_id: strawberry.ID = strawberry.field(description="Which question, each at most once.")
    value: SurveyAnswerValueInput = strawberry.field(description="The answer.")


def new_answers(given: Sequence[SurveyAnswerInput]) -> list[NewAnswer]:
    """The answers that inputs describe. Raises `NotFound` for ids of something else."""
    return [
        NewAnswer(
            key("SurveyQuestion", answer.question_id, ["answers", i, "questionId"]),
            _value(answer.value, ["answers", i, "value"]),
        )
        for i, answer in enumerate(given)
    ]


def _value(given: SurveyAnswerValueInput, path: Path) -> Value:
    if isinstance(given.choice, SurveyChoiceInput):
        option = optional_key("SurveyOption", given.choice.option_id, [*path, "choice", "optionId"])
        return Choice(option, given.choice.other_text)
    if isinstance(given.choices, SurveyChoicesInput):
        chosen = _options(given.choices.option_ids, [*path, "choices", "optionIds"])
        return Choices(chosen, given.choices.other_text)
    if isinstance(given.number, int):
        return Number(given.number)
    if isinstance(given.text, str):
        return Text(given.text)
    if isinstance(given.ranking, list):
        return Ranking(_options(given.ranking, [*path, "ranking"]))
    if isinstance(given.cells, list):
        return Cells([_cell(cell, [*path, "cells", i]) for i, cell in enumerate(given.cells)])
    assert isinstance(given.date, datetime.date)  # @oneOf: exactly one is there
    return Day(given.date)


def _options(ids: Sequence[strawberry.ID], path: Path) -> list[uuid.UUID]:
    return [key("SurveyOption", id, [*path, i]) for i, id in enumerate(ids)]


def _cell(given: SurveyCellInput, path: Path) -> tuple[uuid.UUID, uuid.UUID]:
    row = key("SurveyOption", given.row_id, [*path, "rowId"])
    return row, key("SurveyOption", given.option_id, [*path, "optionId"])
