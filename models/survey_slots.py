"""Slots: the numbers that answers are kept and counted as, and what each of them stands for."""

from __future__ import annotations

import uuid

from models.questionnaires import Option, Question, QuestionKind, Scale

NPS = Scale(0, 10)
"""From not likely at all to extremely likely."""

CHOICES = frozenset({QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE})
NUMBERS = frozenset({QuestionKind.SCALE, QuestionKind.NPS})
TEXTS = frozenset({QuestionKind.TEXT, QuestionKind.DATE})  # these have no slots: each is kept as it was written


def slot_count(question: Question) -> int:
    """How many slots a question's answers fall into, from 0; none where they are texts."""
    match question.kind:
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTIPLE_CHOICE:
            return len(question.options) + question.has_other
        case QuestionKind.SCALE | QuestionKind.NPS:
            scale = scale_of(question)
            return scale.maximum - scale.minimum + 1
        case QuestionKind.RANKING:
            return len(question.options) ** 2
        case QuestionKind.MATRIX:
            return len(question.rows) * len(question.options)
        case QuestionKind.TEXT | QuestionKind.DATE:
            return 0


def scale_of(question: Question) -> Scale:
    """The numbers that a SCALE or NPS is answered with. Raises `ValueError` for any other question."""
    if question.kind is QuestionKind.NPS:
        return NPS
    if question.kind is QuestionKind.SCALE and question.scale is not None:
        return question.scale
    raise ValueError(f"A question of kind {question.kind} has no scale.")


def other_slot(question: Question) -> int | None:
    """The slot of a choice's other answer; None where there is none."""
    return len(question.options) if question.kind in CHOICES and question.has_other else None


def number_slot(question: Question, number: int) -> int:
    """The slot of a number within the scale."""
    return number - scale_of(question).minimum


def rank_slot(question: Question, item: int, rank: int) -> int:
    """The slot of an option, by its index, in a place of a ranking: 0 is the first."""
    return item * len(question.options) + rank


def cell_slot(question: Question, row: int, column: int) -> int:
    """The slot of a matrix's cell, by the indexes of its row and column."""
    return row * len(question.options) + column


def option_at(question: Question, slot: int) -> Option | None:
    """The option of a choice that a slot stands for; None for the other one."""
    return question.options[slot] if slot < len(question.options) else None


def number_at(question: Question, slot: int) -> int:
    """The number of a SCALE or NPS that a slot stands for."""
    return scale_of(question).minimum + slot


def rank_at(question: Question, slot: int) -> tuple[Option, int]:
    """The ranked option that a slot stands for, and its rank: 0 is the first."""
    item, rank = divmod(slot, len(question.options))
    return question.options[item], rank


def cell_at(question: Question, slot: int) -> tuple[Option, Option]:
    """The row and the column of a matrix that a slot stands for."""
    row, column = divmod(slot, len(question.options))
    return question.rows[row], question.options[column]


def indexes(options: tuple[Option, ...]) -> dict[uuid.UUID, int]:
    """Where each option stands, from 0, by its id."""
    return {option.id: i for i, option in enumerate(options)}
