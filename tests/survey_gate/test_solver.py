"""A solver that knows everybody asked, who took part and all that is told: it pins nobody's answer."""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, islice

import pytest

from tests.survey_gate.algebra import Space, Sum, pinned
from tests.survey_gate.crowds import Crowd, People, Person, a_crowd, results

SURVEYS = 10_000 if os.environ.get("ATRIUM_FUZZ") else 500
PORTIONS = 20
SMALL = 40  # people, of whom each and every few are tried
TRIED = 400  # sets of few people, of one question

portions = pytest.mark.parametrize("portion", range(PORTIONS))


def crowds(portion: int) -> Iterator[Crowd]:
    each = SURVEYS // PORTIONS
    return map(a_crowd, range(portion * each, (portion + 1) * each))


@pytest.mark.fuzz
@portions
def test_no_combination_of_results_is_of_one_person_or_of_few(portion: int) -> None:
    for crowd in crowds(portion):
        for found in results(crowd).values():
            people = sorted(frozenset[int]().union(*(one.people for one in found)))
            if len(people) > SMALL:
                continue
            space = Space({one.people for one in found}, people)
            assert all(not space.tells(frozenset({person})) for person in people)
            assert all(not space.tells(few) for few in islice(fews(people, found[0].least), TRIED)), found


@pytest.mark.fuzz
@portions
def test_whose_answer_is_pinned_is_in_a_crowd_that_all_answered_alike(portion: int) -> None:
    """That is told as such: k people of whom all, or none, have said something. Of fewer it never follows."""
    for crowd in crowds(portion):
        for question, slots in crowd.slots.items():
            answered = crowd.answered(question)
            for slot in range(slots):
                sums = of_slot(crowd, question, slot, answered)
                counts = together(sums, pinned(sums, answered), answered)
                assert all(count >= crowd.min_group for count in counts), (question, slot)


@pytest.mark.fuzz
@portions
def test_who_did_not_know_who_took_part_does_not_learn_it_of_few(portion: int) -> None:
    for crowd in crowds(portion):
        everybody = crowd.within(None)
        sums = [Sum(crowd.within(part), told.took_part, told.took_part) for part, told in crowd.sums.told.items()]
        counts = together(sums, pinned(sums, everybody), everybody)
        assert all(count >= crowd.min_group for count in counts), crowd.kinds


def test_the_solver_finds_what_there_is_to_find() -> None:
    everybody, some = frozenset(range(6)), frozenset(range(5))
    space = Space([everybody, some], range(6))

    assert space.tells(frozenset({5})) and not space.tells(frozenset({0}))
    assert pinned([Sum(everybody, 3, 3), Sum(some, 2, 2)], everybody) == {5: True}
    assert pinned([Sum(everybody, 3, 3), Sum(some, 3, 3)], everybody) == {5: False}
    assert pinned([Sum(everybody, 5, 5), Sum(some, 5, 5)], everybody) == {**dict.fromkeys(range(5), True), 5: False}


def test_without_blocks_the_solver_would_find_people() -> None:
    """Thresholds on each result alone, as they are common, let single answers out in many of these surveys."""
    found = [crowd for crowd in map(a_crowd, range(60)) if is_open_by_thresholds_alone(crowd)]

    assert len(found) > 20


def is_open_by_thresholds_alone(crowd: Crowd) -> bool:
    told = [crowd.belonging(part) & crowd.took_part for part in crowd.every_part]
    sets = {people for people in told if len(people) >= crowd.min_group}
    people = sorted(crowd.took_part)
    return any(0 < len(one - other) < crowd.min_group for one in sets for other in sets if other < one) and bool(people)


def of_slot(crowd: Crowd, question: uuid.UUID, slot: int, answered: People) -> list[Sum]:
    """What is told of how many chose this, by who is known to have answered."""
    found: list[Sum] = []
    for part, told in crowd.sums.told.items():
        answers = told.answers.get(question)
        if answers is not None:
            found.append(Sum(crowd.within(part) & answered, answers.counts[slot], answers.counts[slot]))
    return found


def together(sums: list[Sum], found: dict[Person, bool], of: People) -> list[int]:
    """How many people each pinned one is among: those of whom all the same is told, and who have all done the same."""
    alike = {person: tuple(person in one.people for one in sums) for person in of}
    return list(Counter((alike[person], done) for person, done in found.items()).values())


def fews(people: list[Person], least: int) -> Iterator[People]:
    """Sets of fewer than so many people."""
    for size in range(2, least):
        yield from map(frozenset, islice(combinations(people, size), TRIED // least))
