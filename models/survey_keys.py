"""Keys of quizzes: what is right for a question, read of its options' points and its `correct`.

What is right is points by slot (`models.survey_slots`): those of a question's *parts* are summed, and no part falls
below 0. A choice, scale or NPS has one part, a ranking one for each thing ranked, a matrix one for each row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from math import fsum

from models.questionnaires import Given, Question, QuestionKind
from models.survey_slots import CHOICES, cell_slot, number_slot, rank_slot, scale_of

POINTS_MAX = 1_000  # of one option or question, and below zero
DIGITS = 4  # behind the point, that points are told with
ACCENTS = range(0x300, 0x370)  # of Latin, Greek and Cyrillic: marks of other scripts make other letters


@dataclass(frozen=True)
class Part:
    """What is judged by itself: points by slot, of which at most so many can be chosen together."""

    points: dict[int, float]
    most: int = 1

    @property
    def maximum(self) -> float:
        return fsum(nlargest(self.most, (points for points in self.points.values() if points > 0)))

    @property
    def right(self) -> list[int]:
        """The slots that give points; of those that exclude each other the ones that give most."""
        best = max(self.points.values(), default=0.0)
        return [slot for slot, points in self.points.items() if points > 0 and (self.most > 1 or points == best)]

    def worth(self, slots: Iterable[int]) -> float:
        return max(0.0, fsum(self.points.get(slot, 0.0) for slot in slots))


@dataclass(frozen=True)
class Key:
    """What is right for one question: parts of its slots, or texts (folded) that are worth `points`."""

    parts: tuple[Part, ...] = ()
    texts: frozenset[str] = frozenset()
    points: float = 0.0

    @property
    def maximum(self) -> float:
        return rounded(self.points if self.texts else fsum(part.maximum for part in self.parts))

    def worth(self, given: Given | None) -> float:
        """The points of an answer, from 0 to the maximum; 0 for none."""
        if given is None:
            return 0.0
        if self.texts:
            return rounded(self.points) if folded(given.text or "") in self.texts else 0.0
        slots = frozenset(given.slots)
        return rounded(fsum(part.worth(slots) for part in self.parts))


NOTHING = Key()
"""Of a question that gives no points."""


def key_of(question: Question) -> Key:
    """What is right for a question; `NOTHING` where it gives no points, or `fault` finds its key unreadable."""
    try:
        key = _key(question)
    except ValueError:
        return NOTHING
    return key if key.maximum else NOTHING


def fault(question: Question) -> str | None:
    """What is wrong with a question's points and `correct`, in a sentence that says what to do; None if all is well."""
    given = [question.points, *(one.points for one in (*question.options, *question.rows))]
    if any(not abs(points) <= POINTS_MAX for points in given):  # so written, it also catches what is no number
        return f"Points go from -{POINTS_MAX:,} to {POINTS_MAX:,}. Choose some between these."
    if question.points < 0:
        return "The points for a right answer cannot be negative. Give 0 or more."
    if question.kind in CHOICES and (question.correct is not None or question.points):
        return "The points of a choice are those of its options. Leave `correct` and the question's `points` out."
    if question.points and question.correct is None:
        return "Points need something that is right. Say what in `correct`."
    try:
        _key(question)
    except ValueError as error:
        return str(error)
    return None


def folded(text: str) -> str:
    """A text without what an examiner overlooks: case, accents, and how much space there is."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(letter for letter in letters if ord(letter) not in ACCENTS).split())


def lines(text: str) -> tuple[str, ...]:
    """The answers that a `correct` accepts, as they were written: each stands on a line of its own."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def rounded(points: float) -> float:
    """Points as they are told."""
    return round(points, DIGITS)


def _key(question: Question) -> Key:
    """Raises `ValueError` with a sentence for people where `correct` cannot be read."""
    match question.kind:
        case QuestionKind.SINGLE_CHOICE:
            return Key((_choice(question, 1),))
        case QuestionKind.MULTIPLE_CHOICE:
            return Key((_choice(question, question.most or len(question.options)),))
        case _:
            return NOTHING if question.correct is None else _answer(question, question.correct)


def _answer(question: Question, correct: str) -> Key:
    match question.kind:
        case QuestionKind.RANKING:
            return _ranking(question, correct)
        case QuestionKind.MATRIX:
            return _matrix(question, correct)
        case QuestionKind.DATE:
            return _texts(question, correct, _day)
        case QuestionKind.TEXT:
            return _texts(question, correct, folded)
        case _:
            return Key((Part({_number(question, correct): question.points}),))


def _choice(question: Question, most: int) -> Part:
    return Part({i: option.points for i, option in enumerate(question.options)}, most)


def _ranking(question: Question, correct: str) -> Key:
    """A right place is worth an equal share; `correct` has the options' numbers (from 1) in the right order: 2,1,3.

    Where only the first few are ranked it names only these.
    """
    n = question.most or len(question.options)
    order = _places(correct, len(question.options), "option")
    if len(order) != n or len(set(order)) != n:
        raise ValueError(f"The right order names {n} options, each once and by its number: such as 2,1,3.")
    return Key(tuple(Part({rank_slot(question, item, rank): question.points / n}) for rank, item in enumerate(order)))


def _matrix(question: Question, correct: str) -> Key:
    """Each row is worth an equal share; `correct` names the right columns (from 1) row by row: 1;3;2,3.

    Each right column gives a part of the row's share; each wrong one takes as much. A row without right columns is
    worth nothing.
    """
    count, columns = len(question.rows), range(len(question.options))
    right = [set(_places(named, len(columns), "column")) for named in correct.split(";")]
    if len(right) != count:
        raise ValueError(f"Name the right columns of each of the {count} rows, with semicolons between: such as 1;3.")
    if any(len(named) > _most(question) for named in right):
        raise ValueError("Only one column of a row can be chosen. Name no more than one of each row as right.")
    worth = [question.points / count / max(1, len(named)) for named in right]
    shares = [
        {column: one if column in named else -one for column in columns}
        for named, one in zip(right, worth, strict=True)
    ]
    return Key(tuple(Part(_row(question, row, share), _most(question)) for row, share in enumerate(shares)))


def _most(matrix: Question) -> int:
    """How many columns of a row can be chosen."""
    return len(matrix.options) if matrix.multiple else 1


def _row(matrix: Question, row: int, points: Mapping[int, float]) -> dict[int, float]:
    return {cell_slot(matrix, row, column): one for column, one in points.items()}


def _number(question: Question, correct: str) -> int:
    """The slot of the right number."""
    scale = scale_of(question)
    allowed = {str(number): number for number in range(scale.minimum, scale.maximum + 1)}
    if (number := allowed.get(correct.strip())) is None:
        raise ValueError(f"The right number is a whole one from {scale.minimum} to {scale.maximum}.")
    return number_slot(question, number)


def _texts(question: Question, correct: str, read: Callable[[str], str]) -> Key:
    texts = frozenset(read(line) for line in lines(correct)) - {""}
    if not texts:
        raise ValueError("The right answer is empty. Write one, or several, each on a line of its own.")
    return Key(texts=texts, points=question.points)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("The right day is written as in 2026-11-22; several, each on a line of its own.") from None


def _places(text: str, most: int, what: str) -> list[int]:
    """Numbers from 1, with commas between, as places from 0."""
    known = {str(place + 1): place for place in range(most)}
    numbers = [number.strip() for number in text.split(",") if number.strip()]
    if unknown := [number for number in numbers if number not in known]:
        raise ValueError(
            f"There is no {what} {unknown[0]!r}. Name each by its number from 1 to {most}, commas between."
        )
    return [known[number] for number in numbers]
