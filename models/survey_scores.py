"""Scores of quizzes: what answers are worth, which of several attempts counts, and what was right, to be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from models.questionnaires import Given, Option, Question, QuestionKind, Questionnaire
from models.survey_keys import key_of, lines, rounded
from models.survey_slots import cell_at, number_at, rank_at
from models.surveys import Scoring


@dataclass(frozen=True)
class QuizScore:
    """Points of so many that could be had."""

    points: float
    maximum: float

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where nothing could be had."""
        return self.points / self.maximum if self.maximum else 0.0


@dataclass(frozen=True)
class Mark:
    """What an answer to one question was worth."""

    question: Question
    points: float
    maximum: float


@dataclass(frozen=True)
class RightRow:
    """The right columns of a matrix's row."""

    row: Option
    columns: tuple[Option, ...]


@dataclass(frozen=True)
class Right:
    """What is right, to be told: options (of a ranking in their order), any of some values, or columns by row."""

    options: tuple[Option, ...] = ()
    values: tuple[str, ...] = ()
    rows: tuple[RightRow, ...] = ()


def marks(questionnaire: Questionnaire, givens: Iterable[Given]) -> list[Mark]:
    """What answers were worth, question by question in their order; what was not answered is worth 0."""
    of = {given.question: given for given in givens}
    keys = [(question, key_of(question)) for question in questionnaire.questions]
    return [Mark(question, key.worth(of.get(question.id)), key.maximum) for question, key in keys]


def score(questionnaire: Questionnaire, givens: Iterable[Given]) -> QuizScore:
    """What answers were worth together, out of what the whole questionnaire is: the same for every branch of it."""
    return _total((mark.points, mark.maximum) for mark in marks(questionnaire, givens))


def counting(scoring: Scoring, scores: Sequence[QuizScore]) -> QuizScore | None:
    """The score that counts of attempts that were handed in, the first first; None for none.

    The best has the greatest share, and is the first of equals. The average is of points and of maxima, which differ
    where the quiz was edited between attempts.
    """
    if not scores:
        return None
    match scoring:
        case Scoring.BEST:
            return max(scores, key=lambda one: one.share)
        case Scoring.LAST:
            return scores[-1]
        case Scoring.AVERAGE:
            total = _total((one.points, one.maximum) for one in scores)
            return QuizScore(rounded(total.points / len(scores)), rounded(total.maximum / len(scores)))


def right(question: Question) -> Right:
    """What is right for a question; empty where it gives no points."""
    key = key_of(question)
    slots = [part.right for part in key.parts]
    match question.kind:
        case QuestionKind.SINGLE_CHOICE | QuestionKind.MULTIPLE_CHOICE:
            return Right(options=tuple(question.options[slot] for part in slots for slot in part))
        case QuestionKind.SCALE | QuestionKind.NPS:
            return Right(values=tuple(str(number_at(question, slot)) for part in slots for slot in part))
        case QuestionKind.RANKING:
            return Right(options=tuple(rank_at(question, slot)[0] for part in slots for slot in part))
        case QuestionKind.MATRIX:
            return Right(rows=tuple(_row(question, row, part) for row, part in enumerate(slots)))
        case QuestionKind.TEXT | QuestionKind.DATE:
            return Right(values=lines(question.correct or "") if key.texts else ())


def _row(matrix: Question, row: int, slots: Iterable[int]) -> RightRow:
    return RightRow(matrix.rows[row], tuple(cell_at(matrix, slot)[1] for slot in slots))


def _total(scores: Iterable[tuple[float, float]]) -> QuizScore:
    pairs = list(scores)
    return QuizScore(rounded(fsum(points for points, _ in pairs)), rounded(fsum(most for _, most in pairs)))
