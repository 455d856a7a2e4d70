"""Slips: packed to one length, whatever was answered."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.questionnaires import Given, Option, Question, QuestionKind, Questionnaire, Scale
from models.survey_slips import WRITTEN_MAX, TooLong, packed, room, slips, unpacked


def options(number: int) -> tuple[Option, ...]:
    return tuple(Option(uuid.uuid4(), f"Option {i}") for i in range(number))


def question(kind: QuestionKind, **more: object) -> Question:
    return replace(Question(uuid.uuid4(), "key", kind, "What?"), **more)


FULLEST = [
    (question(QuestionKind.SINGLE_CHOICE, options=options(100)), Given(uuid.uuid4(), (99,))),
    (question(QuestionKind.MULTIPLE_CHOICE, options=options(100)), Given(uuid.uuid4(), tuple(range(100)))),
    (question(QuestionKind.SCALE, scale=Scale(-50, 50)), Given(uuid.uuid4(), (100,))),
    (question(QuestionKind.NPS), Given(uuid.uuid4(), (10,))),
    (question(QuestionKind.RANKING, options=options(20)), Given(uuid.uuid4(), tuple(range(380, 400)))),
    (question(QuestionKind.MATRIX, options=options(20), rows=options(20)), Given(uuid.uuid4(), tuple(range(380, 400)))),
    (
        question(QuestionKind.MATRIX, options=options(20), rows=options(20), multiple=True),
        Given(uuid.uuid4(), tuple(range(400))),
    ),
    (question(QuestionKind.DATE), Given(uuid.uuid4(), text="2026-11-22")),
    (question(QuestionKind.TEXT), Given(uuid.uuid4(), text="ü" * 5_000)),
    (question(QuestionKind.TEXT), Given(uuid.uuid4(), text="𝕏" * 5_000)),
    (
        question(QuestionKind.MULTIPLE_CHOICE, options=options(3), has_other=True),
        Given(uuid.uuid4(), (0, 1, 2, 3), text="\n" * 5_000),
    ),
]


@pytest.mark.parametrize(("asked", "answer"), FULLEST)
@pytest.mark.parametrize("times", [1, 30])
def test_the_fullest_answers_have_room(asked: Question, answer: Given, times: int) -> None:
    if answer.text and len(answer.text.encode()) * times > WRITTEN_MAX:
        times = 1

    size = room(Questionnaire((asked,) * times))

    assert len(packed(slips([answer] * times), size)) == size


def test_two_hundred_questions_of_every_kind_have_room() -> None:
    closed = [pair for pair in FULLEST if pair[1].text is None][:6] * 33

    size = room(Questionnaire(tuple(asked for asked, _ in closed)))

    assert len(packed(slips([answer for _, answer in closed]), size)) == size


@given(words=st.text(max_size=200), slots=st.lists(st.integers(0, 399), max_size=20))
def test_what_is_packed_is_unpacked_as_it_was(words: str, slots: list[int]) -> None:
    answer = Given(uuid.uuid4(), tuple(slots), words)
    made = slips([answer, Given(uuid.uuid4())])

    found = unpacked(packed(made, 4_000))

    assert found == made
    assert [slip.question for slip in found][:2] == [None, answer.question]
    assert len({slip.id for slip in found}) == 3


def test_more_than_anybody_may_write_is_too_long_by_so_much() -> None:
    asked = [question(QuestionKind.TEXT) for _ in range(10)]
    answers = [Given(one.id, text="é" * 5_000) for one in asked]

    with pytest.raises(TooLong) as refused:
        packed(slips(answers), room(Questionnaire(tuple(asked))))

    assert 70_000 < refused.value.over < 77_000
