"""Counting: what is told is written down once, and what is finer is gone."""

from __future__ import annotations

import tracemalloc
import uuid
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from models import survey_tallies
from models.questionnaires import Given, Question, QuestionKind, Scale
from models.survey_sums import Part, Told, layout_of, summed
from models.surveys import (
    Anonymity,
    Survey,
    SurveyAnswer,
    SurveyResponse,
    SurveyStatus,
    SurveyTally,
    SurveyText,
)
from resolvers import survey_gate
from resolvers.context import Services
from resolvers.survey_counting import count
from tests.conftest import Ask
from tests.factories.people import NOW, a_person
from tests.factories.surveys import a_survey, choice, scale, text
from tests.survey_gate.crowds import Crowd, a_crowd
from tests.survey_gate.filled import a_filled, an_analyst, counted, people


@pytest.mark.parametrize("seed", range(12))
async def test_what_is_written_down_is_what_the_sums_say(ask: Ask, services: Services, seed: int) -> None:
    crowd = next(crowd for crowd in map(a_crowd, range(seed * 40, 10_000)) if crowd.sums.told and crowd.kinds)
    ana, questions = await an_analyst(), questions_of(crowd)
    answers = {
        person: [Given(id, given.slots, f"{person}" if given.is_written else None) for id, given in of.items()]
        for person, of in crowd.given.items()
    }

    survey = await counted(
        services,
        await a_filled(
            ana,
            questions,
            crowd.people,
            answers,
            kinds=crowd.kinds,
            tree=crowd.tree,
            min_group=crowd.min_group,
            min_texts=crowd.min_texts,
        ),
    )

    assert survey.answered == len(crowd.given) and survey.counted_at == services.clock.now()
    assert not await SurveyAnswer.all().exists()
    kept = await SurveyTally.filter(survey_id=survey.id)
    told = Counter((row.took_part, tuple(zip(row.questions, row.answered, row.written, strict=True))) for row in kept)
    assert told == Counter(
        (one.took_part, tuple((id, of.answered, of.written) for id, of in one.answers.items()))
        for one in crowd.sums.told.values()
    )
    found = await survey_gate.gate(await ask.context(ana), survey)
    assert found is not None and found.told is not None
    assert found.told.answers == crowd.sums.told[None].answers
    pools = Counter(row.pool for row in await SurveyText.filter(survey_id=survey.id))
    assert sum(pools.values()) == sum(one.written or 0 for one in crowd.sums.told[None].answers.values())


async def test_twice_is_once_and_nothing_is_counted_before_it_is_closed(services: Services) -> None:
    ann, asked = await a_person("Ann"), scale()
    answered = {i: [Given(asked.id, (4,))] for i in range(6)}
    survey = await a_filled(ann, [asked], people(number=9), answered, status=SurveyStatus.OPEN)

    await count(survey.id, services.clock.now())
    assert await SurveyAnswer.all().count() == 12 and not await SurveyTally.all().exists()

    await Survey.filter(id=survey.id).update(status=SurveyStatus.CLOSED, closed_at=NOW)
    await count(survey.id, services.clock.now())
    await count(survey.id, services.clock.now())

    [kept] = await SurveyTally.all()
    assert (kept.took_part, kept.answered, kept.counts) == (6, [6], [0, 0, 0, 0, 6])
    assert not await SurveyAnswer.all().exists()


async def test_of_fewer_than_its_group_nothing_is_kept(ask: Ask, services: Services) -> None:
    ana, asked = await an_analyst(), text()
    answered = {i: [Given(asked.id, (), f"I am number {i}")] for i in range(4)}

    survey = await counted(services, await a_filled(ana, [asked], people(number=30), answered, min_texts=5))

    assert survey.answered is None and survey.counted_at is not None
    for table in (SurveyAnswer, SurveyTally, SurveyText):
        assert not await table.all().exists()
    found = await survey_gate.gate(await ask.context(ana), survey)
    assert found is not None and found.told is None


async def test_the_answers_to_a_confidential_survey_stay(services: Services) -> None:
    ann, asked = await a_person("Ann"), scale()
    crowd = [person for i in range(6) for person in people(number=1, start=(await a_person(f"P{i}")).id.int - 1)]
    answered = {i: [Given(asked.id, (i % 5,))] for i in range(6)}

    survey = await counted(services, await a_filled(ann, [asked], crowd, answered, anonymity=Anonymity.CONFIDENTIAL))

    assert survey.answered == 6
    assert await SurveyAnswer.all().count() == 12
    [kept] = await SurveyTally.all()
    assert kept.counts == [2, 1, 1, 1, 1]


async def test_what_was_saved_and_never_handed_in_does_not_count(services: Services) -> None:
    ann, bob, asked = await a_person("Ann"), await a_person("Bob"), scale()
    crowd = [*people(number=1, start=ann.id.int - 1), *people(number=1, start=bob.id.int - 1)]
    answered = {0: [Given(asked.id, (1,))], 1: [Given(asked.id, (2,))]}
    survey = await a_filled(ann, [asked], crowd, answered, anonymity=Anonymity.NAMED)
    await SurveyResponse.filter(person_id=bob.id).update(submitted_at=None)

    await count(survey.id, services.clock.now())

    [kept] = await SurveyTally.all()
    assert (kept.took_part, kept.counts) == (1, [0, 1, 0, 0, 0])


@pytest.mark.parametrize(("scoring", "slot"), [("BEST", 3), ("LAST", 1)])
async def test_of_several_attempts_one_counts(services: Services, scoring: str, slot: int) -> None:
    """The best is the one whose score counts: of the greatest share, as the quiz was edited between, and the first."""
    ann, asked = await a_person("Ann"), scale()
    survey = await a_survey(
        ann, asked, anonymity=Anonymity.NAMED, status=SurveyStatus.CLOSED, attempts=3, scoring=scoring
    )
    for attempt, (points, maximum, chosen) in enumerate([(5.0, 10.0, 2), (4.0, 4.0, 3), (4.0, 4.0, 1)], 1):
        values: dict[str, Any] = {"survey_id": survey.id, "person_id": ann.id, "edition": 1, "block": 0}
        values |= {"attempt": attempt, "points": points, "maximum": maximum}
        response = await SurveyResponse.create(**values, started_at=NOW, submitted_at=NOW)
        await SurveyAnswer.create(
            survey_id=survey.id, response_id=response.id, question_id=asked.id, block=0, slots=[chosen]
        )

    await count(survey.id, services.clock.now())

    [kept] = await SurveyTally.all()
    assert (kept.took_part, kept.counts) == (1, [int(i == slot) for i in range(5)])


async def test_texts_are_kept_in_an_order_that_tells_nothing(services: Services) -> None:
    ann, asked = await a_person("Ann"), text()
    answered = {i: [Given(asked.id, (), f"{i:03}")] for i in range(60)}

    await counted(services, await a_filled(ann, [asked], people(number=60), answered))

    rows = await SurveyText.all()
    by_key = [row.text for row in sorted(rows, key=lambda row: row.id)]
    as_they_lie = [row.text for row in rows]
    assert sorted(by_key) == [f"{i:03}" for i in range(60)]
    assert by_key != sorted(by_key) and as_they_lie != sorted(as_they_lie) and by_key != as_they_lie
    assert {row.id.version for row in rows} == {4}


async def test_counting_takes_a_bounded_number_of_statements(services: Services, statements: list[str]) -> None:
    found: list[int] = []
    ann = await a_person("Ann")
    for number, many in ((10, 1), (60, 30)):
        questions = [choice(f"Question {i}") for i in range(many)]
        answered = {i: [Given(question.id, (i % 3,)) for question in questions] for i in range(number)}
        survey = await a_filled(ann, questions, people(number=number), answered)
        statements.clear()
        await count(survey.id, services.clock.now())
        found.append(len(statements))

    assert found[0] == found[1] <= 12


def test_what_is_told_is_written_down_so_many_numbers_at_a_time() -> None:
    """Of very wide questionnaires a statement would take longer than it may, and the survey never be counted."""
    question, wide = uuid.uuid4(), 300_000
    one = Told(5, (question,), [5], [0] * wide, [None], [], {question: wide})
    told: dict[Part, Told] = {uuid.uuid4(): one for _ in range(10)}

    portions = list(survey_tallies.bounded(told))

    assert [len(some) for some in portions] == [4, 4, 2]
    assert [part for some in portions for part, _ in some] == [*told]


def test_what_is_told_of_many_parts_is_not_held_at_once() -> None:
    """Of 200 sliders and thousands of parts it would be gigabytes."""
    questions = [scale(f"Question {i}", scale=Scale(0, 100)) for i in range(20)]
    layout = layout_of(questions)
    rows = {block: [5] * layout.width for block in range(10)}
    segments = {uuid.UUID(int=i): [i % 10, (i + 1) % 10] for i in range(1, 501)}

    tracemalloc.start()
    try:
        told = [one.took_part for one in summed(layout, rows, segments, min_group=0, min_texts=0).told.values()]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert told == [50] + [10] * 500
    assert most < 100 * 8 * layout.width  # bytes: of all parts it would be five times as much at least


async def test_many_answers_are_counted_some_questions_at_a_time(services: Services) -> None:
    """As a very large survey is: the numbers are the same."""
    ann, questions = await a_person("Ann"), [choice(f"Question {i}") for i in range(5)]
    answered = {i: [Given(question.id, ((i + n) % 3,)) for n, question in enumerate(questions)] for i in range(9)}
    survey = await a_filled(ann, questions, people(number=9), answered)

    portions = list(survey_tallies.portions([question.id for question in questions], survey_tallies.AT_ONCE // 2))
    await count(survey.id, services.clock.now())

    assert [len(portion) for portion in portions] == [2, 2, 1]
    [kept] = await SurveyTally.all()
    assert kept.counts == [3] * 15


def questions_of(crowd: Crowd) -> list[Question]:
    """A question of so many slots for each of a crowd's; something may be written to each."""
    one = {slots: choice("One", *map(str, range(slots - 1)), has_other=True) for slots in (5, 11)}
    two = choice("Two", "Yes", has_other=True, kind=QuestionKind.MULTIPLE_CHOICE)
    shapes = {0: text(), 2: two, **one}
    return [replace(shapes[slots], id=id, key=str(id)) for id, slots in crowd.slots.items()]
