"""Sampling by turns: in so many rounds everybody is asked once, and by chance with whom."""

from __future__ import annotations

import uuid
from collections import Counter
from secrets import token_bytes
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.survey_rounds import SALT, sampled
from models.surveys import SurveySeries

PEOPLE = [uuid.UUID(int=n) for n in range(1, 3_001)]


def a_series(**columns: Any) -> SurveySeries:
    return SurveySeries(**{"salt": token_bytes(SALT), "turns": 4, **columns})


@given(st.integers(1, 30), st.integers(1, 200), st.binary(min_size=SALT, max_size=SALT))
def test_in_as_many_rounds_as_turns_everybody_is_asked_once(turns: int, first: int, salt: bytes) -> None:
    """From whichever round one begins to count."""
    series, people = a_series(turns=turns, salt=salt), PEOPLE[:100]

    asked = [person for round in range(first, first + turns) for person in sampled(series, round, people)]

    assert Counter(asked) == Counter(people)


def test_with_one_turn_everybody_is_asked_each_time() -> None:
    series = a_series(turns=1)

    assert [sampled(series, round, PEOPLE) for round in (1, 2, 7)] == [PEOPLE] * 3


def test_the_same_people_come_again_when_all_have_had_their_turn() -> None:
    series = a_series()

    assert sampled(series, 1, PEOPLE) == sampled(series, 5, PEOPLE)
    assert sampled(series, 1, PEOPLE) == sampled(series, 1, PEOPLE[::-1])[::-1]


@pytest.mark.parametrize("turns", [2, 4, 12])
def test_turns_are_about_as_large_as_each_other(turns: int) -> None:
    series = a_series(turns=turns)

    sizes = [len(sampled(series, round, PEOPLE)) for round in range(1, turns + 1)]

    share = len(PEOPLE) / turns
    assert all(abs(size - share) < 6 * share**0.5 for size in sizes), sizes


def test_who_is_asked_together_in_one_series_is_not_in_another() -> None:
    one, other = set(sampled(a_series(), 1, PEOPLE)), set(sampled(a_series(), 1, PEOPLE))

    assert abs(len(one & other) - len(PEOPLE) / 16) < 100


def test_who_joins_has_a_turn_and_changes_nobody_elses() -> None:
    series, newcomer = a_series(), uuid.uuid4()

    before = [sampled(series, round, PEOPLE) for round in range(1, 5)]
    after = [sampled(series, round, [*PEOPLE, newcomer]) for round in range(1, 5)]

    assert [[person for person in turn if person != newcomer] for turn in after] == before
    assert sum(newcomer in turn for turn in after) == 1
