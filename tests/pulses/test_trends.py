"""Trends: one question from round to round, each told or hidden as it is by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from execution.ids import encode_id
from models import survey_editions
from models.people import Person
from models.session import Role
from models.surveys import Anonymity, Survey, SurveySeries, SurveyStatus
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import a_role
from tests.factories.surveys import choice, scale
from tests.pulses.asking import a_communicator, a_crowd, a_draft, begun, rounds_of, rung

KEY = "clarity"


async def trend(ask: Ask, who: Person, series: SurveySeries, key: str = KEY) -> list[tuple[int, Any]]:
    """Of each round its number and how the question was answered."""
    found = await ask(who, "survey_series/survey_trend", id=global_id(series), question_key=key)
    return [(point["survey"]["round"], point["result"]) for point in found["surveySeries"]["trend"]]


def told(count: int, average: float) -> dict[str, Any]:
    return {"isSuppressed": False, "responseCount": count, "average": average}


HIDDEN = {"isSuppressed": True, "responseCount": None, "average": None}


async def asked_again(ask: Ask, clock: TurnedClock, series: SurveySeries) -> Survey:
    """The next round, a day later."""
    clock.turn(days=1)
    await rung(ask.services)
    return (await rounds_of(series))[-1]


async def answer(ask: Ask, round: Survey, numbers: Sequence[tuple[Person, int]]) -> None:
    """These people answer the first question."""
    question = (await survey_editions.newest([round.id]))[round.id].questions[0]
    for who, number in numbers:
        given = [{"questionId": encode_id("SurveyQuestion", question.id), "value": {"number": number}}]
        made = await ask(who, "survey_answering/submit_survey_response", survey_id=global_id(round), answers=given)
        assert made["submitSurveyResponse"]["errors"] == []


async def close(ask: Ask, who: Person, round: Survey) -> None:
    closed = await ask(who, "survey_life/close_survey", survey_id=global_id(round))
    assert closed["closeSurvey"]["errors"] == []


async def test_a_question_is_followed_from_round_to_round(ask: Ask, clock: TurnedClock) -> None:
    cora, crowd = await a_communicator(), await a_crowd(3)
    draft = await a_draft(cora, scale(key=KEY))
    series = await begun(ask, cora, draft, rule="FREQ=DAILY", open_hours=200)

    for numbers in ((1, 2, 3), (3, 4, 5), (5, 5)):
        round = await asked_again(ask, clock, series)
        await answer(ask, round, [*zip(crowd, numbers, strict=False)])

    assert await trend(ask, cora, series) == [(1, told(3, 2.0)), (2, told(3, 4.0)), (3, told(2, 5.0))]
    assert await trend(ask, cora, series, "unknown") == [(1, None), (2, None), (3, None)]


async def test_each_round_passes_its_own_gate(ask: Ask, clock: TurnedClock) -> None:
    """The second one was answered by too few, the third is open."""
    cora, crowd = await a_communicator(), await a_crowd(7)
    draft = await a_draft(cora, scale(key=KEY), anonymity=Anonymity.ANONYMOUS)
    series = await begun(ask, cora, draft, rule="FREQ=DAILY", open_hours=200)

    for count in (6, 4, 7):
        round = await asked_again(ask, clock, series)
        await answer(ask, round, [(who, 4) for who in crowd[:count]])
        if count != 7:
            await close(ask, cora, round)

    assert await trend(ask, cora, series) == [(1, told(6, 4.0)), (2, HIDDEN), (3, HIDDEN)]


async def test_a_round_that_asked_otherwise_has_nothing_to_tell_of_it(ask: Ask, clock: TurnedClock) -> None:
    cora, crowd = await a_communicator(), await a_crowd(2)
    draft = await a_draft(cora, scale(key=KEY))
    series = await begun(ask, cora, draft, rule="FREQ=DAILY", open_hours=200)
    await answer(ask, await asked_again(ask, clock, series), [(crowd[0], 3)])

    await survey_editions.keep(draft.id, 1, survey_editions.Questionnaire((choice(),)))
    await asked_again(ask, clock, series)

    assert await trend(ask, cora, series) == [(1, told(1, 3.0)), (2, None)]


async def test_many_rounds_are_told_by_as_many_statements_as_two(
    ask: Ask, clock: TurnedClock, statements: list[str]
) -> None:
    cora, crowd = await a_communicator(), await a_crowd(2)
    await a_role(await a_person("Hana"), Role.HR)
    series = await begun(ask, cora, await a_draft(cora, scale(key=KEY)), rule="FREQ=DAILY", open_hours=1)
    viewer = (await ask.context(cora)).me
    counts: list[int] = []
    for rounds in (2, 6):
        while len(await rounds_of(series)) < rounds:
            round = await asked_again(ask, clock, series)
            await answer(ask, round, [(who, 4) for who in crowd])
            await close(ask, cora, round)

        statements.clear()
        await ask(viewer, "survey_series/survey_trend", id=global_id(series), question_key=KEY)
        counts.append(len(statements))

    assert {round.status for round in await rounds_of(series)} == {SurveyStatus.CLOSED}
    assert counts[0] == counts[1], counts
