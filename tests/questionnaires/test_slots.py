"""Slots: how many a question has, and what each of them stands for."""

from __future__ import annotations

import pytest

from models.survey_slots import (
    cell_at,
    cell_slot,
    number_at,
    number_slot,
    option_at,
    other_slot,
    rank_at,
    rank_slot,
    scale_of,
    slot_count,
)
from tests.questionnaires.making import ASKED

ONE, SOME, RATED, NPS, RANK, GRID, TEXT, DATE, PLAIN = ASKED.questions


def test_each_kind_has_its_number_of_them() -> None:
    assert [slot_count(question) for question in ASKED.questions] == [4, 4, 5, 11, 9, 6, 0, 0, 3]


def test_every_slot_stands_for_something_of_its_own() -> None:
    assert [option_at(ONE, slot) for slot in range(4)] == [*ONE.options, None]
    assert [number_at(RATED, slot) for slot in range(5)] == [-2, -1, 0, 1, 2]
    assert [number_at(NPS, slot) for slot in range(11)] == list(range(11))
    assert {rank_at(RANK, slot)[1] for slot in range(3)} == {0, 1, 2}
    assert len({(option.id, rank) for option, rank in (rank_at(RANK, slot) for slot in range(9))}) == 9
    assert len({(row.id, column.id) for row, column in (cell_at(GRID, slot) for slot in range(6))}) == 6


def test_slots_are_found_by_what_they_stand_for() -> None:
    assert all(number_slot(RATED, number_at(RATED, slot)) == slot for slot in range(5))
    assert rank_at(RANK, rank_slot(RANK, 2, 1)) == (RANK.options[2], 1)
    assert cell_at(GRID, cell_slot(GRID, 2, 1)) == (GRID.rows[2], GRID.options[1])


def test_only_choices_that_take_another_answer_have_a_slot_for_it() -> None:
    assert [other_slot(question) for question in ASKED.questions] == [3, 3, *[None] * 7]


def test_what_is_answered_by_no_number_has_no_scale() -> None:
    with pytest.raises(ValueError, match="has no scale"):
        scale_of(TEXT)
