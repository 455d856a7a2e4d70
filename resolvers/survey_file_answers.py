"""Surveys that another network has held, as its records hold them: what was asked, and answers made into what is kept.

An answer there is `{"question", "value" | "values" | "scale", "other"}`: questions and options go by their ids or by
what they are called. A matrix has its rows as `values`: an object of row and column, or a list of `row` and `value`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, cast

import orjson

from models.errors import DomainError, Invalid
from models.questionnaires import PROMPT_MAX, Given, Option, Question, QuestionKind, Questionnaire
from models.survey_slots import scale_of
from models.text import line_key
from resolvers.survey_file_records import KINDS
from resolvers.survey_files import read_file
from resolvers.survey_given import Cells, Choice, Choices, NewAnswer, Number, Ranking, Text, Value, given

ASKED = ("title", "questions", "sections")  # what of the record of a survey is its questionnaire
ANSWERS_MAX = 1_000  # of one response
NUMBER = re.compile(r"-?[0-9]{1,7}")

Object: TypeAlias = Mapping[str, object]


@dataclass(frozen=True)
class HeldSurvey:
    """What a survey asked that was held elsewhere, with what its answers call its questions; `notes` as of a file."""

    questionnaire: Questionnaire
    title: str
    names: Mapping[str, int]  # where each question stands, by what it is called
    parts: Sequence[HeldParts]  # of each question
    notes: Sequence[str]

    @cached_property
    def alone(self) -> list[Questionnaire]:
        """Each question as if there were no other, and nobody had to answer it."""
        return [Questionnaire((replace(question, required=False),)) for question in self.questionnaire.questions]


@dataclass(frozen=True)
class HeldParts:
    """Where the options and rows of a question stand, by what they are called."""

    options: Mapping[str, int]
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Fault:
    """Why an answer cannot be kept; `place` is its number among those of the response, from 0."""

    place: int
    message: str


def held_survey(record: Object) -> HeldSurvey:
    """What the record of a survey asks, with ids of its own; branches are of no use any more. Raises `Invalid`."""
    file = read_file(orjson.dumps({"type": "survey", **{name: record[name] for name in ASKED if name in record}}))
    asked = [replace(question, branches=()) for question in file.questionnaire.questions]
    told = cast("list[Object]", record["questions"])
    return HeldSurvey(
        replace(file.questionnaire, questions=tuple(asked)),
        file.title,
        _places((one.get("id"), one.get("title")) for one in told),
        [HeldParts(_parts(one.get("options")), _parts(one.get("rows"))) for one in told],
        file.notes,
    )


def held_answers(survey: HeldSurvey, answers: Sequence[object]) -> tuple[list[Given], list[Fault]]:
    """The answers of one response as they are kept, and why others are not. No fault repeats what was answered."""
    found: dict[int, Given] = {}
    faults: list[Fault] = []
    for place, told in enumerate(answers[:ANSWERS_MAX]):
        try:
            at, kept = _kept(survey, told)
            if at in found:
                raise Invalid("This question is answered twice. The first answer was taken.")
            found[at] = kept
        except DomainError as error:
            faults.append(Fault(place, error.message))
    return [found[at] for at in sorted(found)], faults


def _kept(survey: HeldSurvey, told: object) -> tuple[int, Given]:
    """Where the question stands, and the answer. Raises `Invalid` or `NotFound`."""
    if not isinstance(told, dict):
        raise Invalid("This is no answer. Write an object with a question and a value.")
    answer = cast(Object, told)
    at = _place(survey.names, answer.get("question"))
    if at is None:
        raise Invalid("The survey has no such question. Correct it.")
    [question] = survey.alone[at].questions
    value = _value(question, survey.parts[at], answer)
    [kept] = given(survey.alone[at], [NewAnswer(question.id, value)], partial=True)
    return at, kept


def _value(question: Question, parts: HeldParts, answer: Object) -> Value:
    match question.kind:
        case QuestionKind.SINGLE_CHOICE:
            return _choice(question, parts, answer)
        case QuestionKind.MULTIPLE_CHOICE:
            return _choices(question, parts, answer)
        case QuestionKind.RANKING:
            return Ranking([_option(question.options, parts.options, one) for one in _values(answer)])
        case QuestionKind.MATRIX:
            return Cells(
                [
                    (_option(question.rows, parts.rows, row), _option(question.options, parts.options, column))
                    for row, column in _cells(answer.get("values"))
                ]
            )
        case QuestionKind.SCALE:
            return Number(_number(question, parts, answer))
        case QuestionKind.TEXT:
            return Text(_text(next((answer[name] for name in ("value", "other") if answer.get(name)), "")))
        case kind:
            raise Invalid(f"Questions of the kind {kind} come from nowhere else. Use one of {', '.join(KINDS)}.")


def _choice(question: Question, parts: HeldParts, answer: Object) -> Choice:
    values, other = _values(answer), answer.get("other")
    if len(values) > 1:
        raise Invalid("These are several options, and one can be chosen. Leave one.")
    at = _place(parts.options, values[0]) if values else None
    if at is not None:
        return Choice(question.options[at].id)
    return Choice(other=_text(_other(question, values, other)))


def _choices(question: Question, parts: HeldParts, answer: Object) -> Choices:
    chosen: list[int] = []
    unknown: list[object] = []
    for value in _values(answer):
        at = _place(parts.options, value)
        if at is None:
            unknown.append(value)
        elif at not in chosen:
            chosen.append(at)
    other = answer.get("other")
    written = _text(_other(question, unknown, other)) if unknown or other else None
    return Choices([question.options[at].id for at in chosen], written)


def _other(question: Question, unknown: Sequence[object], other: object) -> object:
    """What was written instead of an option: some networks put it in the place of one."""
    if other:
        return other
    if question.has_other and len(unknown) == 1:
        return unknown[0]
    if unknown:
        raise Invalid("The question has no such option. Correct it.")
    raise Invalid("Nothing is answered. Leave out the answer.")


def _number(question: Question, parts: HeldParts, answer: Object) -> int:
    told = answer.get("scale", answer.get("value"))
    if isinstance(told, float) and told.is_integer():
        return int(told)
    if isinstance(told, int) and not isinstance(told, bool):
        return told
    text = _text(told)
    if NUMBER.fullmatch(text):
        return int(text)
    step = _place(parts.options, text)
    if step is None:
        raise Invalid("This is neither a number nor a step of the scale. Correct it.")
    return scale_of(question).minimum + step


def _cells(told: object) -> Iterable[tuple[object, object]]:
    """Rows and columns, from an object or from a list of objects."""
    if isinstance(told, dict):
        for row, columns in cast(Object, told).items():
            yield from ((row, column) for column in _several(columns))
    elif isinstance(told, list):
        for one in cast("list[object]", told):
            cell: Object = cast(Object, one) if isinstance(one, dict) else {}
            yield from ((cell.get("row"), column) for column in _values(cell))
    else:
        raise Invalid("A matrix is answered by an object of rows and columns in `values`. Write that.")


def _option(options: Sequence[Option], names: Mapping[str, int], told: object) -> uuid.UUID:
    at = _place(names, told)
    if at is None:
        raise Invalid("The question has no such option, or no such row. Correct it.")
    return options[at].id


def _values(answer: Object) -> list[object]:
    """What was chosen: all `values`, else the one `value`."""
    return _several(answer.get("values", answer.get("value")))


def _several(told: object) -> list[object]:
    return cast("list[object]", told) if isinstance(told, list) else [] if told is None else [told]


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise Invalid("This is no text. Write one.")
    return told


def _place(names: Mapping[str, int], told: object) -> int | None:
    """Where that stands which is called so."""
    return names.get(_name(told)) if _is_name(told) else None


def _parts(told: object) -> dict[str, int]:
    """Where options stand, by their labels and ids; a list that cannot be read has been refused before."""
    options = cast("list[object]", told) if isinstance(told, list) else []
    return _places(_called(option) for option in options)


def _called(option: object) -> tuple[object, ...]:
    if not isinstance(option, dict):
        return (option,)
    given = cast(Object, option)
    return given.get("id"), given.get("label", given.get("title"))


def _places(named: Iterable[tuple[object, ...]]) -> dict[str, int]:
    """Places by names: those that come first for each go before the others, and of equal ones the first."""
    found: dict[str, int] = {}
    for names in zip(*[[*called, *[None] * (2 - len(called))] for called in named], strict=True):
        for place, name in enumerate(names):
            if _is_name(name):
                found.setdefault(_name(name), place)
    return found


def _is_name(told: object) -> bool:
    if isinstance(told, str):
        return len(told) <= PROMPT_MAX  # what is longer is called by nothing, and costs time to fold
    return isinstance(told, int | float) and not isinstance(told, bool)


def _name(told: object) -> str:
    return line_key(str(told))
