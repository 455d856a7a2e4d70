"""A questionnaire with a question of each kind, and what people answer to it."""

from __future__ import annotations

import uuid
from dataclasses import replace

from models.questionnaires import Given, Option, Question, QuestionKind
from tests.factories.surveys import choice, scale, text

CROWD = range(35)


def options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(uuid.uuid4(), label) for label in labels)


def every_kind() -> list[Question]:
    """A question of each kind; those with options have two."""
    multiple = replace(choice("Which?", "One", "Two"), kind=QuestionKind.MULTIPLE_CHOICE)
    ranking = replace(choice("In which order?", "First", "Second"), kind=QuestionKind.RANKING)
    matrix = replace(choice("How much?", "Little", "Much"), kind=QuestionKind.MATRIX, rows=options("Tea", "Coffee"))
    nps = Question(uuid.uuid4(), "nps", QuestionKind.NPS, "Would you?")
    day = Question(uuid.uuid4(), "day", QuestionKind.DATE, "When?")
    return [scale(), choice("Where?", "Home", "Office", has_other=True), multiple, ranking, matrix, nps, text(), day]


def given(questions: list[Question], i: int) -> list[Given]:
    """What the i-th person answers to these."""
    slots = [(i % 5,), (i % 3,), (0, 1) if i % 2 else (1,), (0, 3) if i % 4 else (1, 2), (i % 2, 2), (i % 11,), (), ()]
    texts = [None, "A café" if i % 3 == 2 else None, None, None, None, None, f"Words {i}", "2026-12-24"]
    return [Given(one.id, slots[at], texts[at]) for at, one in enumerate(questions)]
