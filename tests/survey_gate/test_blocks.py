"""Blocks: each of many people, whatever parts are asked for; what is told is made of whole ones."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from models.survey_blocks import blocks

CELLS = 12

sizes = st.lists(st.integers(0, 20), min_size=1, max_size=CELLS)
parts = st.lists(st.frozensets(st.integers(0, CELLS - 1), max_size=CELLS), max_size=8)
floors = st.integers(1, 10)


def within(sizes: Sequence[int], parts: Sequence[frozenset[int]]) -> dict[int, frozenset[int]]:
    """The parts, of cells that there are."""
    return {i: frozenset(cell for cell in part if cell < len(sizes)) for i, part in enumerate(parts)}


@given(sizes, parts, floors)
def test_each_block_has_at_least_so_many_people(sizes: list[int], parts: list[frozenset[int]], k: int) -> None:
    made = blocks(sizes, within(sizes, parts), k)

    people = dict.fromkeys(made.of_cell, 0)
    for cell, block in enumerate(made.of_cell):
        people[block] += sizes[cell]
    assert made.is_empty == (sum(sizes) < k)
    assert made.is_empty or min(people.values()) >= k


@given(sizes, parts, floors)
def test_what_is_told_is_made_of_whole_blocks(sizes: list[int], parts: list[frozenset[int]], k: int) -> None:
    asked = within(sizes, parts)
    made = blocks(sizes, asked, k)

    for part, inside in made.told.items():
        assert inside and {cell for cell, block in enumerate(made.of_cell) if block in inside} == asked[part]
        assert sum(sizes[cell] for cell in asked[part]) >= k


@given(sizes, parts, floors)
def test_what_is_told_differs_by_many_or_not_at_all(sizes: list[int], parts: list[frozenset[int]], k: int) -> None:
    """Also where the ones who are more have nobody in them: that nobody is there is not told either."""
    asked = within(sizes, parts)
    told = [asked[part] for part in blocks(sizes, asked, k).told]

    for one in told:
        for other in told:
            assert one <= other or sum(sizes[cell] for cell in one - other) >= k


@given(sizes, parts, floors)
def test_the_first_part_is_told_if_it_can_be(sizes: list[int], parts: list[frozenset[int]], k: int) -> None:
    asked = within(sizes, parts)
    if not asked:
        return
    inside = sum(sizes[cell] for cell in asked[0])
    outside = sum(sizes) - inside

    is_told = 0 in blocks(sizes, asked, k).told

    assert is_told == ((inside >= k and outside >= k) or (len(asked[0]) == len(sizes) and inside >= k))


@given(sizes, parts)
def test_of_ones_everything_with_anybody_is_told(sizes: list[int], parts: list[frozenset[int]]) -> None:
    """As for a survey with names, in which every cell has somebody."""
    full = [size + 1 for size in sizes]
    asked = {part: cells for part, cells in within(full, parts).items() if cells}

    assert blocks(full, asked, 1).told.keys() == asked.keys()


def test_a_sibling_is_hidden_with_what_is_hidden() -> None:
    made = blocks([20, 3, 12], {"all": [0, 1, 2], "large": [0], "sibling": [2], "small": [1]}, 5)

    assert made.told.keys() == {"all", "large"}


def test_what_is_but_for_a_few_another_part_is_hidden() -> None:
    """A location that is a unit but for one person: the two results would differ by that person."""
    made = blocks([9, 1, 20], {"unit": [0, 1], "location": [0]}, 5)

    assert made.told.keys() == {"unit"}
