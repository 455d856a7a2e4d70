"""Answers: what is kept of them, and what is refused where."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from time import perf_counter

import pytest

from models.errors import Conflict, DomainError, ErrorCode, Invalid, NotFound
from models.questionnaires import Given, Option, Question, QuestionKind, Questionnaire
from resolvers.survey_given import Cells, Choice, Choices, Day, NewAnswer, Number, Ranking, Text, Value, given
from resolvers.survey_questions import NewBranch, NewOption, NewQuestion, questionnaire
from tests.questionnaires.making import ASKED

KIND = QuestionKind
ONE, SOME, RATED, NPS, RANK, GRID, TEXT, DATE, PLAIN = ASKED.questions


def ids(question: Question) -> list[uuid.UUID]:
    return [option.id for option in question.options]


def rows(question: Question) -> list[uuid.UUID]:
    return [row.id for row in question.rows]


def kept(question: Question, value: Value) -> Given:
    (found,) = given(ASKED, [NewAnswer(question.id, value)])
    return found


def refusal(*answers: NewAnswer, asked: Questionnaire = ASKED, partial: bool = False) -> DomainError:
    with pytest.raises(DomainError) as error:
        given(asked, answers, partial=partial)
    assert error.value.message.endswith(".")
    return error.value


STRANGER = uuid.uuid4()
A, B, C = ids(ONE)
SA, SB, SC = ids(SOME)
RA, RB, RC = ids(RANK)
GA, GB = ids(GRID)
R1, R2, R3 = rows(GRID)


@pytest.mark.parametrize(
    ("question", "value", "slots", "text"),
    [
        (ONE, Choice(B), (1,), None),
        (ONE, Choice(other=" On the train "), (3,), "On the train"),
        (SOME, Choices([SC, SA]), (0, 2), None),
        (SOME, Choices([SB], "More"), (1, 3), "More"),
        (SOME, Choices(other="More"), (3,), "More"),
        (RATED, Number(-2), (0,), None),
        (RATED, Number(2), (4,), None),
        (NPS, Number(0), (0,), None),
        (NPS, Number(10), (10,), None),
        (RANK, Ranking([RC, RA, RB]), (1, 5, 6), None),
        (GRID, Cells([(R3, GA), (R1, GB)]), (1, 4), None),
        (TEXT, Text(" Café\r\n🌱 "), (), "Café\n🌱"),
        (TEXT, Text("x" * 5_000), (), "x" * 5_000),
        (DATE, Day(date(2026, 11, 22)), (), "2026-11-22"),
    ],
)
def test_answers_are_kept_as_slots_and_texts(
    question: Question, value: Value, slots: tuple[int, ...], text: str | None
) -> None:
    assert kept(question, value) == Given(question.id, slots, text)


@pytest.mark.parametrize(
    ("question", "value", "path"),
    [
        (ONE, Choice(), ["choice"]),
        (ONE, Choice(A, "x"), ["choice"]),
        (ONE, Choice(other=" "), ["choice", "otherText"]),
        (ONE, Choice(other="x" * 5_001), ["choice", "otherText"]),
        (PLAIN, Choice(other="x"), ["choice", "otherText"]),
        (ONE, Choices([A]), []),
        (ONE, Text("A"), []),
        (SOME, Choices(), ["choices"]),
        (SOME, Choices([SA, SB, SC]), ["choices"]),
        (SOME, Choices([SA, SB], "x"), ["choices"]),
        (SOME, Choices([SA, SA]), ["choices", "optionIds", 1]),
        (SOME, Choices([SA] * 200), ["choices", "optionIds"]),
        (SOME, Choice(SA), []),
        (RATED, Number(3), ["number"]),
        (RATED, Number(-3), ["number"]),
        (RATED, Text("2"), []),
        (NPS, Number(11), ["number"]),
        (NPS, Number(-1), ["number"]),
        (RANK, Ranking([]), ["ranking"]),
        (RANK, Ranking([RA, RB]), ["ranking"]),
        (RANK, Ranking([RA, RB, RA]), ["ranking", 2]),
        (RANK, Ranking([RA] * 200), ["ranking"]),
        (GRID, Cells([]), ["cells"]),
        (GRID, Cells([(R1, GA), (R1, GA)]), ["cells", 1]),
        (GRID, Cells([(R1, GA), (R1, GB)]), ["cells", 1, "rowId"]),
        (GRID, Cells([(R1, GA)] * 200), ["cells"]),
        (TEXT, Text(""), ["text"]),
        (TEXT, Text("\u200b\n"), ["text"]),
        (TEXT, Text("x" * 5_001), ["text"]),
        (TEXT, Text("\ud800"), ["text"]),
        (TEXT, Day(date(2026, 1, 1)), []),
        (DATE, Text("2026-01-01"), []),
        (DATE, Number(3), []),
    ],
)
def test_what_a_question_does_not_take_is_refused_where_it_stands(
    question: Question, value: Value, path: list[str | int]
) -> None:
    error = refusal(NewAnswer(TEXT.id, Text("fine")), NewAnswer(question.id, value)) if question != TEXT else None
    error = error or refusal(NewAnswer(NPS.id, Number(3)), NewAnswer(question.id, value))

    assert isinstance(error, Invalid)
    assert error.path == ("answers", "1", "value", *map(str, path))


@pytest.mark.parametrize(
    ("question", "value", "path"),
    [
        (ONE, Choice(STRANGER), ["choice", "optionId"]),
        (ONE, Choice(SA), ["choice", "optionId"]),
        (SOME, Choices([SA, B]), ["choices", "optionIds", 1]),
        (RANK, Ranking([RA, RB, C]), ["ranking", 2]),
        (GRID, Cells([(R1, GA), (GA, GA)]), ["cells", 1, "rowId"]),
        (GRID, Cells([(R1, R2)]), ["cells", 0, "optionId"]),
    ],
)
def test_another_questions_options_are_not_found(question: Question, value: Value, path: list[str | int]) -> None:
    error = refusal(NewAnswer(question.id, value))

    assert isinstance(error, NotFound)
    assert error.path == ("answers", "0", "value", *map(str, path))


def test_another_surveys_question_is_not_found_and_a_replaced_one_has_changed() -> None:
    answers = [NewAnswer(NPS.id, Number(3)), NewAnswer(STRANGER, Text("x"))]

    assert isinstance(refusal(*answers), NotFound)
    with pytest.raises(Conflict) as error:
        given(ASKED, answers, replaced={STRANGER})
    assert error.value.path == ("answers", "1", "questionId")


def test_who_answers_an_edition_of_more_questions_is_told_that_they_have_changed() -> None:
    gone = [uuid.uuid4() for _ in range(20)]

    with pytest.raises(Conflict):
        given(ASKED, [NewAnswer(id, Text("x")) for id in gone], replaced=gone)


def test_a_question_is_answered_once() -> None:
    answer = NewAnswer(NPS.id, Number(3))

    assert refusal(answer, answer).path == ("answers", "1", "questionId")
    assert refusal(*[answer] * 201).path == ("answers",)


def test_the_order_of_the_questions_is_that_of_the_answers() -> None:
    sent = [NewAnswer(TEXT.id, Text("x")), NewAnswer(ONE.id, Choice(A)), NewAnswer(NPS.id, Number(1))]

    assert [one.question for one in given(ASKED, sent)] == [ONE.id, NPS.id, TEXT.id]


class TestTheWay:
    asked = questionnaire(
        [
            NewQuestion(
                KIND.SINGLE_CHOICE,
                "Do you lead people?",
                options=[NewOption("Yes"), NewOption("No")],
                required=True,
                branches=[NewBranch("last", option_label="No")],
            ),
            NewQuestion(KIND.TEXT, "How many?", required=True),
            NewQuestion(KIND.NPS, "Would you recommend us?", key="last"),
        ]
    )
    leads, many, last = asked.questions
    yes = NewAnswer(leads.id, Choice(leads.options[0].id))
    no = NewAnswer(leads.id, Choice(leads.options[1].id))
    three = NewAnswer(many.id, Text("3"))

    def test_asks_for_what_is_required_on_it_alone(self) -> None:
        assert len(given(self.asked, [self.no])) == 1
        assert len(given(self.asked, [self.three, self.yes])) == 2
        error = refusal(self.yes, asked=self.asked)
        assert (error.path, error.code) == (("answers",), ErrorCode.REQUIRED)
        assert error.message == "The question “How many?” must be answered. Answer it, too."
        assert refusal(asked=self.asked).code is ErrorCode.REQUIRED

    def test_refuses_what_is_off_it(self) -> None:
        assert refusal(self.three, self.no, asked=self.asked).path == ("answers", "0", "questionId")
        assert refusal(self.three, self.no, asked=self.asked, partial=True).path == ("answers", "0", "questionId")

    def test_may_be_saved_halfway(self) -> None:
        assert given(self.asked, [], partial=True) == []
        assert len(given(self.asked, [self.yes], partial=True)) == 1


def test_a_required_matrix_wants_every_row_unless_it_is_saved() -> None:
    grid = replace(GRID, required=True)
    asked = Questionnaire((grid,))
    some = NewAnswer(grid.id, Cells([(R1, GA), (R3, GA)]))

    error = refusal(some, asked=asked)

    assert (error.path, error.code) == (("answers", "0", "value", "cells"), ErrorCode.REQUIRED)
    assert "“B”" in error.message
    assert len(given(asked, [some], partial=True)) == 1


def test_a_matrix_of_several_choices_takes_them() -> None:
    grid = replace(GRID, multiple=True)
    whole = NewAnswer(grid.id, Cells([(row, option) for row in rows(grid) for option in ids(grid)]))

    assert given(Questionnaire((grid,)), [whole])[0].slots == tuple(range(6))


def test_a_ranking_of_the_first_few_takes_just_so_many() -> None:
    rank = replace(RANK, most=2)
    asked = Questionnaire((rank,))

    assert given(asked, [NewAnswer(rank.id, Ranking([RC, RA]))])[0].slots == (1, 6)
    assert refusal(NewAnswer(rank.id, Ranking([RC])), asked=asked).path[-1] == "ranking"
    assert refusal(NewAnswer(rank.id, Ranking([RC, RA, RB])), asked=asked).path[-1] == "ranking"


@pytest.mark.parametrize("text", ["x" * 1_000_000, "e\u0301" * 500_000, " " * 1_000_000, "a" + "\u0301" * 999_999])
def test_a_megabyte_of_text_is_refused_at_once(text: str) -> None:
    began = perf_counter()
    error = refusal(NewAnswer(TEXT.id, Text(text)))
    taken = perf_counter() - began

    assert error.path[-1] == "text" and "5,000" in error.message
    assert taken < 0.5  # seconds; a few milliseconds on a quiet machine


def test_the_largest_matrix_is_checked_at_once() -> None:
    options = tuple(Option(uuid.uuid4(), str(i)) for i in range(20))
    grid = replace(GRID, options=options, rows=tuple(replace(one, id=uuid.uuid4()) for one in options), multiple=True)
    many = [replace(grid, id=uuid.uuid4()) for _ in range(50)]
    cells = Cells([(row.id, option.id) for row in grid.rows for option in grid.options])

    began = perf_counter()
    found = given(Questionnaire(tuple(many)), [NewAnswer(one.id, cells) for one in many])

    assert all(len(one.slots) == 400 for one in found)
    assert perf_counter() - began < 2  # seconds; some tens of milliseconds on a quiet machine
