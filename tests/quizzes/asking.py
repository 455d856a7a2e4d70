"""Questions of quizzes, with what is right."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.questionnaires import Given, Option, Question, QuestionKind
from tests.factories.surveys import choice, scale, text


def capital(**changes: Any) -> Question:
    """A choice of one option: Bern is right (2 points), Zurich half so, Rome takes one away."""
    return graded(choice("The capital of Switzerland?", "Bern", "Zurich", "Rome"), 2, 1, -1, **changes)


def primes(**changes: Any) -> Question:
    """A choice of several: 2 and 3 are right (1 point each), 4 takes one away."""
    asked = graded(choice("Which are primes?", "2", "3", "4"), 1, 1, -1)
    return replace(asked, kind=QuestionKind.MULTIPLE_CHOICE, **changes)


def number(correct: str = "4", **changes: Any) -> Question:
    """A scale of 1 to 5, with a right number for 3 points."""
    return scale("How many seasons are there?", **{"required": False, "points": 3.0, "correct": correct, **changes})


def word(correct: str = "Zürich", **changes: Any) -> Question:
    """An open question, with a right answer for 2 points."""
    return text("The largest city of Switzerland?", points=2.0, correct=correct, **changes)


def day(correct: str = "1848-09-12", **changes: Any) -> Question:
    """A question for a day, for 2 points."""
    return replace(word(correct), kind=QuestionKind.DATE, prompt="Since when is it a federal state?", **changes)


def ranking(correct: str | None = "2,1,3", **changes: Any) -> Question:
    """Three things to rank, for 3 points; the second option comes first."""
    asked = choice("Largest first?", "Bern", "Zurich", "Gruyères")
    return replace(asked, **{"kind": QuestionKind.RANKING, "points": 3.0, "correct": correct, **changes})


def matrix(correct: str | None = "1;2", **changes: Any) -> Question:
    """Two rows and three columns, for 4 points: the first is right in the first row, the second in the second."""
    asked, rows = choice("Which language?", "German", "French", "Italian"), choice("", "Bern", "Geneva").options
    return replace(asked, **{"kind": QuestionKind.MATRIX, "rows": rows, "points": 4.0, "correct": correct, **changes})


def graded(question: Question, *points: float, **changes: Any) -> Question:
    """The question with these points for its options, in their order."""
    options: tuple[Option, ...] = tuple(
        replace(option, points=float(worth)) for option, worth in zip(question.options, points, strict=True)
    )
    return replace(question, options=options, **changes)


def given(question: Question, *slots: int, text: str | None = None) -> Given:
    """An answer to the question."""
    return Given(question.id, slots, text)
