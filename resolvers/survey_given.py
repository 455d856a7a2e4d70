"""Answers as people give them, checked against the questionnaire and made into what is kept of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from models.errors import Conflict, ErrorCode, Invalid, NotFound, Path
from models.questionnaires import QUESTIONS_MAX, TEXT_MAX, Given, Option, Question, QuestionKind, Questionnaire
from models.survey_paths import path_of
from models.survey_slots import cell_slot, indexes, number_slot, other_slot, rank_slot, scale_of
from models.text import clean


@dataclass(frozen=True)
class Choice:
    """One option, or another answer in one's own words: exactly one of the two."""

    option: uuid.UUID | None = None
    other: str | None = None


@dataclass(frozen=True)
class Choices:
    """Several options, and perhaps another answer."""

    options: Sequence[uuid.UUID] = ()
    other: str | None = None


@dataclass(frozen=True)
class Number:
    value: int


@dataclass(frozen=True)
class Text:
    value: str


@dataclass(frozen=True)
class Ranking:
    """Options in their order, the first first."""

    options: Sequence[uuid.UUID]


@dataclass(frozen=True)
class Cells:
    """Rows of a matrix, each with the option that was chosen in it."""

    cells: Sequence[tuple[uuid.UUID, uuid.UUID]]


@dataclass(frozen=True)
class Day:
    value: date


Value: TypeAlias = Choice | Choices | Number | Text | Ranking | Cells | Day


@dataclass(frozen=True)
class NewAnswer:
    """What somebody answers to one question."""

    question: uuid.UUID
    value: Value


def given(
    questionnaire: Questionnaire,
    answers: Sequence[NewAnswer],
    *,
    partial: bool = False,
    replaced: Collection[uuid.UUID] = (),
) -> list[Given]:
    """The answers as they are kept, in the order of the questions, not of their coming.

    `partial` ones may lack required answers, and rows of a required matrix. `replaced` are questions of earlier
    editions. Raises `NotFound` for ids of something else, `Conflict` for a replaced question, and `Invalid`.
    """
    if len(answers) > QUESTIONS_MAX:
        raise Invalid("These are more answers than any survey has questions. Answer each once.", ["answers"])
    places: dict[uuid.UUID, int] = {}
    found: dict[uuid.UUID, Given] = {}
    for i, answer in enumerate(answers):
        question = _question(questionnaire, answer.question, replaced, ["answers", i, "questionId"])
        if question.id in found:
            raise Invalid("This question is answered twice. Keep one answer.", ["answers", i, "questionId"])
        found[question.id] = _kept(question, answer.value, ["answers", i, "value"], partial=partial)
        places[question.id] = i
    _on_the_path(questionnaire, found, places, partial=partial)
    return [found[question.id] for question in questionnaire.questions if question.id in found]


def _question(questionnaire: Questionnaire, id: uuid.UUID, replaced: Collection[uuid.UUID], path: Path) -> Question:
    question = questionnaire.by_id.get(id)
    if question is not None:
        return question
    if id in replaced:
        raise Conflict("The questions have changed. Read them again.", path)
    raise NotFound("This survey has no such question. Read its questions again.", path)


def _on_the_path(
    questionnaire: Questionnaire, found: dict[uuid.UUID, Given], places: dict[uuid.UUID, int], *, partial: bool
) -> None:
    """Raise `Invalid` for an answer to a question that one does not come by, and for a required one left out."""
    passed = {question.id: question for question in path_of(questionnaire, found)}
    for id, i in places.items():
        if id not in passed:
            sentence = "With the answers before it one does not come by this question. Leave out its answer."
            raise Invalid(sentence, ["answers", i, "questionId"])
    for question in passed.values():
        if question.required and question.id not in found and not partial:
            sentence = f"The question “{_short(question.prompt)}” must be answered. Answer it, too."
            raise Invalid(sentence, ["answers"], code=ErrorCode.REQUIRED)


def _kept(question: Question, value: Value, path: Path, *, partial: bool) -> Given:
    match question.kind, value:
        case QuestionKind.SINGLE_CHOICE, Choice():
            return _choice(question, value, [*path, "choice"])
        case QuestionKind.MULTIPLE_CHOICE, Choices():
            return _choices(question, value, [*path, "choices"])
        case QuestionKind.SCALE | QuestionKind.NPS, Number():
            return _number(question, value, [*path, "number"])
        case QuestionKind.TEXT, Text():
            return Given(question.id, text=_text(value.value, [*path, "text"]))
        case QuestionKind.RANKING, Ranking():
            return _ranking(question, value, [*path, "ranking"])
        case QuestionKind.MATRIX, Cells():
            return _cells(question, value, [*path, "cells"], is_whole=question.required and not partial)
        case QuestionKind.DATE, Day():
            return Given(question.id, text=value.value.isoformat())
        case kind, _:
            raise Invalid(f"A question of kind {kind} is answered by `{MEMBERS[kind]}`. Send that.", path)


MEMBERS = {
    QuestionKind.SINGLE_CHOICE: "choice",
    QuestionKind.MULTIPLE_CHOICE: "choices",
    QuestionKind.SCALE: "number",
    QuestionKind.NPS: "number",
    QuestionKind.TEXT: "text",
    QuestionKind.RANKING: "ranking",
    QuestionKind.MATRIX: "cells",
    QuestionKind.DATE: "date",
}
"""The member of the input that a question of each kind is answered by."""


def _choice(question: Question, value: Choice, path: Path) -> Given:
    if (value.option is None) == (value.other is None):
        raise Invalid("Choose an option, or write another answer: one of the two.", path)
    if value.option is not None:
        return Given(question.id, (_index(question.options, value.option, [*path, "optionId"]),))
    slot, text = _other(question, value.other or "", [*path, "otherText"])
    return Given(question.id, (slot,), text)


def _choices(question: Question, value: Choices, path: Path) -> Given:
    slots = _indexes(question.options, value.options, [*path, "optionIds"])
    text = None
    if value.other is not None:
        slot, text = _other(question, value.other, [*path, "otherText"])
        slots.append(slot)
    if not slots:
        raise Invalid("Nothing is chosen. Choose something, or leave out the answer.", path)
    if question.most is not None and len(slots) > question.most:
        raise Invalid(f"Choose at most {question.most}; these are {len(slots)}.", path)
    return Given(question.id, tuple(sorted(slots)), text)


def _number(question: Question, value: Number, path: Path) -> Given:
    scale = scale_of(question)
    if not scale.minimum <= value.value <= scale.maximum:
        raise Invalid(f"Choose a whole number from {scale.minimum} to {scale.maximum}.", path)
    return Given(question.id, (number_slot(question, value.value),))


def _ranking(question: Question, value: Ranking, path: Path) -> Given:
    items = _indexes(question.options, value.options, path)
    wanted = len(question.options) if question.most is None else question.most
    if len(items) != wanted:
        what = "all of them" if wanted == len(question.options) else "no more"
        raise Invalid(f"Put {wanted} options in order, {what}; these are {len(items)}.", path)
    return Given(question.id, tuple(sorted(rank_slot(question, item, rank) for rank, item in enumerate(items))))


def _cells(question: Question, value: Cells, path: Path, *, is_whole: bool) -> Given:
    if len(value.cells) > len(question.rows) * len(question.options):
        raise Invalid("These are more cells than the matrix has. Choose each at most once.", path)
    rows, columns = indexes(question.rows), indexes(question.options)
    chosen: set[tuple[int, int]] = set()
    for i, (row_id, column_id) in enumerate(value.cells):
        row, column = rows.get(row_id), columns.get(column_id)
        if row is None:
            raise NotFound("The question has no such row.", [*path, i, "rowId"])
        if column is None:
            raise NotFound("The question has no such option.", [*path, i, "optionId"])
        if (row, column) in chosen:
            raise Invalid("This cell is chosen twice. Keep it once.", [*path, i])
        if not question.multiple and any(row == other for other, _ in chosen):
            raise Invalid("One option can be chosen in a row. Keep one of them.", [*path, i, "rowId"])
        chosen.add((row, column))
    if not chosen:
        raise Invalid("Nothing is chosen. Choose something, or leave out the answer.", path)
    missing = [row.label for i, row in enumerate(question.rows) if all(i != other for other, _ in chosen)]
    if missing and is_whole:
        sentence = f"The row “{_short(missing[0])}” must be answered. Choose something in it, too."
        raise Invalid(sentence, path, code=ErrorCode.REQUIRED)
    return Given(question.id, tuple(sorted(cell_slot(question, row, column) for row, column in chosen)))


def _index(options: tuple[Option, ...], id: uuid.UUID, path: Path) -> int:
    found = indexes(options).get(id)
    if found is None:
        raise NotFound("The question has no such option.", path)
    return found


def _indexes(options: tuple[Option, ...], ids: Sequence[uuid.UUID], path: Path) -> list[int]:
    """Where these options stand, each at most once."""
    if len(ids) > len(options):
        raise Invalid(f"There are {len(options)} options; these are {len(ids)}. Name each at most once.", path)
    known = indexes(options)
    found: list[int] = []
    for i, id in enumerate(ids):
        if id not in known:
            raise NotFound("The question has no such option.", [*path, i])
        if known[id] in found:
            raise Invalid("This option is named twice. Keep it once.", [*path, i])
        found.append(known[id])
    return found


def _other(question: Question, text: str, path: Path) -> tuple[int, str]:
    slot = other_slot(question)
    if slot is None:
        raise Invalid("This question takes no other answer. Choose one of its options.", path)
    return slot, _text(text, path)


def _text(text: str, path: Path) -> str:
    return clean(text, most=TEXT_MAX, path=path, what="The answer")


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
