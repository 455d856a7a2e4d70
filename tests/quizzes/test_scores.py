"""Scores: what each kind of answer is worth, what can be had, and which of several attempts counts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from models.questionnaires import Given, Question, QuestionKind, Questionnaire
from models.survey_keys import NOTHING, fault, folded, key_of
from models.survey_scores import QuizScore, counting, marks, right, score
from models.surveys import Scoring
from tests.factories.surveys import scale, text
from tests.quizzes.asking import capital, day, given, graded, matrix, number, primes, ranking, word


def worth(question: Question, *slots: int, text: str | None = None) -> float:
    return key_of(question).worth(given(question, *slots, text=text))


@pytest.mark.parametrize(("slots", "points"), [((0,), 2), ((1,), 1), ((2,), 0), ((), 0)])
def test_a_choice_is_worth_the_points_of_its_option_and_never_less_than_none(
    slots: tuple[int, ...], points: float
) -> None:
    assert worth(capital(), *slots) == points
    assert key_of(capital()).maximum == 2


@pytest.mark.parametrize(
    ("slots", "points"), [((), 0), ((0,), 1), ((0, 1), 2), ((0, 1, 2), 1), ((0, 2), 0), ((2,), 0), ((0, 0), 1)]
)
def test_a_multiple_choice_is_worth_the_sum_of_what_was_chosen(slots: tuple[int, ...], points: float) -> None:
    assert worth(primes(), *slots) == points
    assert key_of(primes()).maximum == 2


def test_the_maximum_is_of_as_many_options_as_can_be_chosen() -> None:
    assert key_of(primes(most=1)).maximum == 1
    assert key_of(graded(primes(), 0.1, 0.2, 0.3)).maximum == 0.6


def test_another_answer_in_ones_own_words_is_worth_nothing() -> None:
    assert worth(capital(has_other=True), 3, text="Bern") == 0


@pytest.mark.parametrize(
    ("question", "slot"), [(number("4"), 3), (number("1"), 0), (replace(number("10"), kind=QuestionKind.NPS), 10)]
)
def test_a_number_is_right_or_wrong(question: Question, slot: int) -> None:
    assert worth(question, slot) == 3
    assert worth(question, slot - 1) == worth(question) == 0


@pytest.mark.parametrize("written", ["Zürich", "zurich", "  ZÜRICH ", "Zu\u0308rich", "Ｚürich"])
def test_case_accents_and_spaces_of_a_text_do_not_matter(written: str) -> None:
    assert worth(word(), text=written) == 2


@pytest.mark.parametrize("written", ["", "Zuerich", "Zürich!", "Zü rich", None])
def test_another_text_is_wrong(written: str | None) -> None:
    assert worth(word(), text=written) == 0


def test_marks_that_make_another_letter_matter() -> None:
    assert folded("が") != folded("か")
    assert folded("Straße  1") == folded("STRASSE 1")


def test_any_line_of_the_right_texts_is_right() -> None:
    question = word("Zurich\nZüri\n\n Turicum ")

    assert [worth(question, text=one) for one in ("Zürich", "züri", "turicum", "Zurich Züri")] == [2, 2, 2, 0]
    assert right(question).values == ("Zurich", "Züri", "Turicum")


def test_a_day_is_right_or_wrong() -> None:
    assert worth(day(), text="1848-09-12") == 2
    assert worth(day(), text="1848-09-13") == worth(day()) == 0


@pytest.mark.parametrize(("slots", "points"), [((1, 3, 8), 3), ((0, 4, 8), 1), ((2, 4, 6), 0), ((1,), 1), ((), 0)])
def test_each_right_place_of_a_ranking_is_worth_a_share(slots: tuple[int, ...], points: float) -> None:
    assert worth(ranking(), *slots) == points
    assert key_of(ranking()).maximum == 3


def test_where_the_first_few_are_ranked_only_these_are_judged() -> None:
    question = ranking("3,1", most=2)

    assert (key_of(question).maximum, worth(question, 1, 6), worth(question, 0, 6)) == (3, 3, 1.5)
    assert [option.label for option in right(question).options] == ["Gruyères", "Bern"]


@pytest.mark.parametrize(("slots", "points"), [((0, 4), 4), ((0, 3), 2), ((1, 5), 0), ((4,), 2), ((), 0)])
def test_each_right_row_of_a_matrix_is_worth_a_share(slots: tuple[int, ...], points: float) -> None:
    assert worth(matrix(), *slots) == points
    assert key_of(matrix()).maximum == 4


@pytest.mark.parametrize(
    ("slots", "points"), [((0, 2, 4), 4), ((0, 4), 3), ((0, 1, 4), 2), ((0, 1, 2), 1), ((1, 4), 2)]
)
def test_wrong_columns_of_a_row_take_away_what_right_ones_give(slots: tuple[int, ...], points: float) -> None:
    question = matrix("1,3;2", multiple=True)

    assert (worth(question, *slots), key_of(question).maximum) == (points, 4)


def test_thirds_make_a_whole() -> None:
    assert worth(ranking(points=1.0), 1, 3, 8) == key_of(ranking(points=1.0)).maximum == 1
    assert worth(ranking(points=1.0), 1) == 0.3333


def test_a_quiz_is_worth_its_questions_together_answered_or_not() -> None:
    asked = (capital(), number(), word(), text())
    answers = [given(asked[0], 1), given(asked[2], text="zurich"), given(asked[3], text="Nothing")]

    assert score(Questionnaire(asked), answers) == QuizScore(3, 7)
    assert [(mark.points, mark.maximum) for mark in marks(Questionnaire(asked), answers)] == [
        (1, 2),
        (0, 3),
        (2, 2),
        (0, 0),
    ]


def test_answers_to_what_was_not_asked_are_worth_nothing() -> None:
    assert score(Questionnaire((capital(),)), [given(number(), 3)]) == QuizScore(0, 2)


def test_which_of_several_attempts_counts() -> None:
    scores = [QuizScore(2, 4), QuizScore(4, 4), QuizScore(1, 4)]

    assert counting(Scoring.BEST, scores) == QuizScore(4, 4)
    assert counting(Scoring.LAST, scores) == QuizScore(1, 4)
    assert counting(Scoring.AVERAGE, scores) == QuizScore(2.3333, 4)
    assert all(counting(scoring, []) is None for scoring in Scoring)


def test_the_best_has_the_greatest_share_where_the_quiz_was_edited_between() -> None:
    assert counting(Scoring.BEST, [QuizScore(3, 10), QuizScore(2, 4)]) == QuizScore(2, 4)
    assert counting(Scoring.BEST, [QuizScore(0, 0), QuizScore(0, 4)]) == QuizScore(0, 0)
    assert counting(Scoring.AVERAGE, [QuizScore(3, 10), QuizScore(2, 4)]) == QuizScore(2.5, 7)


def test_what_is_right_is_told_by_kind() -> None:
    assert [option.label for option in right(capital()).options] == ["Bern"]
    assert [option.label for option in right(primes()).options] == ["2", "3"]
    assert [option.label for option in right(ranking()).options] == ["Zurich", "Bern", "Gruyères"]
    assert right(number()).values == ("4",)
    assert right(day()).values == ("1848-09-12",)
    told = [(row.row.label, [column.label for column in row.columns]) for row in right(matrix()).rows]
    assert told == [("Bern", ["German"]), ("Geneva", ["French"])]


@pytest.mark.parametrize("question", [scale(), text(), scale(points=1.0), ranking(None), matrix(None), number("9")])
def test_without_a_readable_key_nothing_is_right_and_nothing_can_be_won(question: Question) -> None:
    assert key_of(question) is NOTHING
    told = right(question)
    assert (told.options, told.values, told.rows) == ((), (), ())


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (capital(correct="Bern"), "those of its options"),
        (capital(points=1.0), "those of its options"),
        (graded(capital(), 1_001, 0, 0), "from -1,000 to 1,000"),
        (graded(capital(), float("nan"), 0, 0), "from -1,000 to 1,000"),
        (graded(capital(), float("inf"), 0, 0), "from -1,000 to 1,000"),
        (number(points=-1.0), "cannot be negative"),
        (number("6"), "whole one from 1 to 5"),
        (number("four"), "whole one from 1 to 5"),
        (number("3.5"), "whole one from 1 to 5"),
        (text(points=1.0), "Say what in `correct`"),
        (word(" \n "), "is empty"),
        (word("\u0301"), "is empty"),
        (day("12 September"), "2026-11-22"),
        (day(""), "is empty"),
        (ranking("1,2"), "names 3 options"),
        (ranking("1,2,2"), "names 3 options"),
        (ranking("1,2,4"), "no option '4'"),
        (ranking("1,2,x"), "no option 'x'"),
        (matrix("1"), "each of the 2 rows"),
        (matrix("1;2;3"), "each of the 2 rows"),
        (matrix("1;0"), "no column '0'"),
        (matrix("1;2,3"), "Only one column"),
    ],
)
def test_a_key_that_cannot_be_read_is_told(question: Question, says: str) -> None:
    assert says in (fault(question) or "")


@pytest.mark.parametrize(
    "question",
    [capital(), primes(), number(), word(), day(), ranking(), matrix(), matrix("1,2;", multiple=True), text()],
)
def test_a_key_that_can_be_read_is_fine(question: Question) -> None:
    assert fault(question) is None


@examples(
    st.sampled_from(
        [capital(), primes(), number(), word(), day(), ranking(), matrix(), matrix("1,3;2", multiple=True)]
    ),
    st.lists(st.integers(-5, 300), max_size=20),
    st.none() | st.text(max_size=20),
)
def test_no_answer_is_worth_less_than_nothing_or_more_than_the_maximum(
    question: Question, slots: list[int], written: str | None
) -> None:
    possible = Given(
        question.id, tuple(slots[: key_of(question).parts[0].most]) if key_of(question).parts else (), written
    )

    assert 0 <= key_of(question).worth(possible) <= key_of(question).maximum
