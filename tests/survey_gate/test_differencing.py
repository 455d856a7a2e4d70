"""The differencing attack: of everything that may be asked for, no two answers tell fewer than k people apart."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from tests.survey_gate.crowds import Crowd, People, a_crowd, alike, pairs, results

SURVEYS = 10_000 if os.environ.get("ATRIUM_FUZZ") else 500
PORTIONS = 20

portions = pytest.mark.parametrize("portion", range(PORTIONS))


def crowds(portion: int) -> list[Crowd]:
    each = SURVEYS // PORTIONS
    return [a_crowd(seed) for seed in range(portion * each, (portion + 1) * each)]


@pytest.mark.fuzz
@portions
def test_two_results_differ_by_nobody_or_by_many(portion: int) -> None:
    for crowd in crowds(portion):
        for found in results(crowd).values():
            for one, other in pairs(found):
                for apart in (one.people - other.people, other.people - one.people):
                    assert not apart or len(apart) >= one.least, (one, other)


@pytest.mark.fuzz
@portions
def test_a_result_is_of_many_and_says_how_many(portion: int) -> None:
    for crowd in crowds(portion):
        for found in results(crowd).values():
            for one in found:
                assert one.number == len(one.people) >= one.least, one


@pytest.mark.fuzz
@portions
def test_no_sum_and_difference_of_any_results_is_of_few(portion: int) -> None:
    """Who is in the same results counts alike in every sum of them, so no sum is of fewer than there are alike."""
    for crowd in crowds(portion):
        for found in results(crowd).values():
            sets = [one.people for one in found]
            assert all(count >= found[0].least for count in alike(crowd, sets, everybody(sets))), found


@pytest.mark.fuzz
@portions
def test_results_of_different_questions_tell_nobody_apart_either(portion: int) -> None:
    """All parts of which anything is told at all are made of the same crowds, each of many who took part."""
    for crowd in crowds(portion):
        parts = [crowd.within(part) & crowd.took_part for part in crowd.sums.told]
        assert all(count >= crowd.min_group for count in alike(crowd, parts, crowd.took_part)), crowd.kinds


@pytest.mark.fuzz
@portions
def test_what_is_told_is_what_was_answered(portion: int) -> None:
    for crowd in crowds(portion):
        for part, told in crowd.sums.told.items():
            for question, answers in told.answers.items():
                people = crowd.within(part)
                expected = [len(people & crowd.chose(question, slot)) for slot in range(crowd.slots[question])]
                assert list(answers.counts) == expected


@pytest.mark.fuzz
@portions
def test_to_swap_answers_among_who_is_counted_together_changes_nothing(portion: int) -> None:
    """So whoever knows all that is told, and all but k - 1 of them, still cannot tell two of them apart."""
    for crowd in crowds(portion):
        swapped = swap(crowd)
        assert swapped.sums == crowd.sums


@pytest.mark.fuzz
@portions
def test_pools_of_texts_are_large_and_lie_within_what_is_told(portion: int) -> None:
    for crowd in crowds(portion):
        sizes: dict[int, int] = {}
        for (question, block), pool in crowd.sums.pools.items():
            writers = [p for p in crowd.written(question) if crowd.cut.of_person[p] == block]
            sizes[pool] = sizes.get(pool, 0) + len(writers)
        assert all(size >= crowd.min_texts for size in sizes.values())
        for told in crowd.sums.told.values():
            assert sum(sizes[pool] for pool in told.pools) == sum(one.written or 0 for one in told.answers.values())


def test_the_attack_has_something_to_attack() -> None:
    """Of a good part of the surveys parts are told, and of a good part some are hidden."""
    some = crowds(0) + crowds(1)
    told = [len(crowd.sums.told) for crowd in some]
    hidden = [sum(segment.blocks is None for segment in crowd.cut.segments) for crowd in some]

    assert sum(count > 3 for count in told) > len(some) / 4
    assert sum(count > 0 for count in hidden) > len(some) / 4
    assert any(part_of_two(crowd) for crowd in some)


def part_of_two(crowd: Crowd) -> bool:
    """Whether something is told of a crossing."""
    return any(part is not None and crowd.segments[part].other_kind is not None for part in crowd.sums.told)


def swap(crowd: Crowd) -> Crowd:
    """The same survey, in which people of one block have each other's answers."""
    by_block: dict[int, list[int]] = {}
    for person, block in enumerate(crowd.cut.of_person):
        by_block.setdefault(block, []).append(person)
    turned = {p: q for people in by_block.values() for p, q in zip(people, [*people[1:], people[0]], strict=True)}
    given = {turned[person]: answers for person, answers in crowd.given.items()}
    return Crowd(crowd.people, crowd.tree, crowd.kinds, crowd.min_group, crowd.min_texts, crowd.slots, given)


def everybody(sets: Sequence[People]) -> People:
    return frozenset[int]().union(*sets)
