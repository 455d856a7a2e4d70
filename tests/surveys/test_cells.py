"""Crowds cut into cells and blocks: what is told apart, in which order, and what is hidden."""

from __future__ import annotations

import uuid
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.survey_cells import Asked, Cut, Segment, Unit, band, cut
from models.surveys import SegmentKind

UNIT, LOCATION = SegmentKind.ORG_UNIT, SegmentKind.LOCATION
TENURE, LEADERSHIP = SegmentKind.TENURE, SegmentKind.LEADERSHIP
TOP, EAST, WEST, SHOP = (uuid.UUID(int=i) for i in range(1, 5))
TREE = {TOP: Unit("Top"), EAST: Unit("East", TOP), WEST: Unit("West", TOP), SHOP: Unit("Shop", EAST)}


def people(count: int, unit: uuid.UUID | None = None, location: str | None = None, **more: object) -> list[Asked]:
    return [Asked(uuid.uuid4(), unit=unit, location=location, **more) for _ in range(count)]  # pyright: ignore[reportArgumentType]


def told(made: Cut) -> dict[str, int]:
    """The segments that are told, with their populations."""
    return {one.label: one.population for one in made.segments if one.blocks is not None}


def hidden(made: Cut) -> list[str]:
    return [one.label for one in made.segments if one.blocks is None]


def test_without_segments_all_are_in_one_block() -> None:
    made = cut(people(7, EAST), [], TREE, 5)

    assert set(made.of_person) == {0}
    assert made.segments == []


def test_units_count_all_below_them_from_the_top_down() -> None:
    made = cut([*people(6, EAST), *people(5, SHOP), *people(8, WEST)], [UNIT], TREE, 5)

    assert list(told(made).items()) == [("Top", 19), ("East", 11), ("West", 8), ("Shop", 5)]
    assert [one.parent for one in made.segments] == [None, str(TOP), str(TOP), str(EAST)]


def test_a_small_segment_is_hidden_and_so_is_what_would_tell_it() -> None:
    made = cut([*people(6, EAST), *people(3, WEST)], [UNIT], TREE, 5)

    assert told(made) == {"Top": 9}
    assert sorted(hidden(made)) == ["East", "West"]


def test_what_is_declared_first_comes_first() -> None:
    # A unit of ten and a place of nine of the same people: only one of both can be told.
    crowd = [*people(9, EAST, "Bern"), *people(1, EAST, "Zug"), *people(10, WEST, "Zug")]

    by_unit, by_place = cut(crowd, [UNIT, LOCATION], TREE, 5), cut(crowd, [LOCATION, UNIT], TREE, 5)

    assert {"East", "West"} <= told(by_unit).keys()
    assert "Bern" in hidden(by_unit)
    assert {"Bern", "Zug"} <= told(by_place).keys()
    assert "East" in hidden(by_place)


def test_crossings_are_told_only_where_they_are_large_enough() -> None:
    crowd = [*people(6, EAST, "Bern"), *people(6, EAST, "Zug"), *people(6, WEST, "Bern")]

    made = cut(crowd, [UNIT, LOCATION], TREE, 5)

    assert {"East × Bern": 6, "East × Zug": 6, "West × Bern": 6}.items() <= told(made).items()
    assert not [one for one in made.segments if one.blocks is None and one.part.other_kind]


def test_three_kinds_are_crossed_two_at_a_time() -> None:
    crowd = [*people(6, EAST, "Bern", years=0), *people(6, EAST, "Bern", years=4), *people(6, WEST, "Zug", years=4)]

    made = cut(crowd, [UNIT, LOCATION, TENURE], TREE, 5)

    assert {"East × 3 to 5 years", "Bern × Less than a year"} <= told(made).keys()
    assert all(one.label.count("×") <= 1 for one in made.segments)


def test_who_has_no_value_is_in_no_segment_of_the_kind() -> None:
    made = cut([*people(6, EAST), *people(6)], [UNIT], TREE, 5)

    assert told(made) == {"Top": 6, "East": 6}


def test_a_few_without_a_value_hide_who_has_one() -> None:
    made = cut([*people(6, EAST), *people(2)], [UNIT], TREE, 5)

    assert told(made) == {}
    assert sorted(hidden(made)) == ["East", "Top"]


def test_fewer_than_a_block_are_none() -> None:
    assert cut(people(4, EAST), [UNIT], TREE, 5).is_empty
    assert cut([], [UNIT], TREE, 1).is_empty


def test_leaders_are_told_from_others() -> None:
    made = cut([*people(5, leads=True), *people(7, leads=False), *people(5)], [LEADERSHIP], TREE, 5)

    assert told(made) == {"Leads people": 5, "Leads nobody": 7}


@pytest.mark.parametrize(
    ("years", "expected"),
    [(0, "<1"), (1, "1-2"), (2, "1-2"), (3, "3-5"), (5, "3-5"), (6, "6-10"), (10, "6-10"), (11, ">10"), (40, ">10")],
)
def test_years_fall_into_bands(years: int, expected: str) -> None:
    assert band(years) == expected


def test_a_long_label_is_cut() -> None:
    tree = {TOP: Unit("U" * 200)}
    made = cut(people(5, TOP, "L" * 200), [UNIT, LOCATION], tree, 5)

    assert max(len(one.label) for one in made.segments) == 200


someone = st.builds(
    Asked,
    st.uuids(),
    unit=st.sampled_from([None, *TREE]),
    location=st.sampled_from([None, "Bern", "Zug"]),
    years=st.sampled_from([None, 0, 4, 20]),
    leads=st.sampled_from([None, True, False]),
)
kinds = st.lists(st.sampled_from(list(SegmentKind)), unique=True, max_size=4)


@given(st.lists(someone, min_size=5, max_size=80, unique_by=lambda one: one.id), kinds, st.integers(3, 8))
def test_blocks_hold_enough_and_segments_are_what_they_say(crowd: list[Asked], of: list[SegmentKind], k: int) -> None:
    made = cut(crowd, of, TREE, k)

    if made.is_empty:
        assert len(crowd) < k
        return
    sizes = Counter(made.of_person)
    assert min(sizes.values()) >= k
    for one in made.segments:
        assert one.population == sum(_is_in(person, one) for person in crowd)
        if one.blocks is not None:
            inside = {block for person, block in zip(crowd, made.of_person, strict=True) if _is_in(person, one)}
            assert inside == set(one.blocks)
            assert one.population == sum(sizes[block] for block in one.blocks)


def _is_in(person: Asked, segment: Segment) -> bool:
    part = segment.part
    pairs = [(part.kind, part.value), (part.other_kind, part.other_value)]
    return all(value in _values(person, kind) for kind, value in pairs if kind is not None)


def _values(person: Asked, kind: SegmentKind) -> list[str | None]:
    if kind is UNIT:
        path: list[str | None] = []
        unit = person.unit
        while unit:
            path.append(str(unit))
            unit = TREE[unit].parent
        return path
    if kind is LOCATION:
        return [person.location]
    if kind is TENURE:
        return [None if person.years is None else band(person.years)]
    return [None if person.leads is None else "leads" if person.leads else "does not lead"]
