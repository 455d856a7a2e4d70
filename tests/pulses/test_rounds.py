"""Rounds by the clock: each a copy of the template for those whose turn it is; none twice, and none made up for."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from models import db, survey_editions
from models.log import START
from models.people import Person
from models.session import Role, RoleGrant
from models.surveys import Anonymity, Survey, SurveyPlace, SurveySeries, SurveyStatus
from models.timers import Timer
from resolvers.context import Services
from resolvers.survey_rounds import begin_due
from resolvers.survey_series import ROUND
from subscriptions import log
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.engine import settled
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import a_role
from tests.factories.surveys import choice, scale, text
from tests.pulses.asking import a_communicator, a_crowd, a_draft, begun, payload, pulse, rounds_of, rung
from tests.races import rounds

WINTER_IS_OVER = datetime(2026, 4, 3, 7, tzinfo=UTC)  # 9:00 in Zürich, an hour earlier than the week before


async def events(kind: str) -> list[Any]:
    await settled()
    return [event for event in (await log.after(START, 10_000))[0] if type(event.event).__name__ == kind]


async def asked_by(survey: Survey) -> set[Any]:
    return {place.person_id for place in await SurveyPlace.filter(survey_id=survey.id)}


async def test_when_its_time_has_come_a_round_is_opened(ask: Ask, clock: TurnedClock) -> None:
    cora, crowd = await a_communicator(), await a_crowd(6)
    draft = await a_draft(cora, scale(), title="How are you?", about="Weekly.", zone="Europe/Zurich")
    series = await begun(ask, cora, draft)

    clock.turn(minutes=59)
    await rung(ask.services)
    early = await rounds_of(series)
    clock.turn(minutes=1)
    await rung(ask.services)

    assert early == []
    [first] = await rounds_of(series)
    assert (first.status, first.round, first.title, first.about) == (SurveyStatus.OPEN, 1, "How are you?", "Weekly.")
    assert (first.author_id, first.target_id, first.invited) == (cora.id, draft.target_id, 7)
    assert (first.opened_at, first.closes_at) == (clock.now(), datetime(2026, 3, 4, 10, tzinfo=UTC))
    assert await asked_by(first) == {cora.id, *(person.id for person in crowd)}
    assert (await Survey.get(id=draft.id)).status is SurveyStatus.DRAFT
    assert [(event.survey, event.actor) for event in await events("SurveyOpened")] == [(first.id, cora.id)]


async def test_rounds_follow_one_another(ask: Ask, clock: TurnedClock) -> None:
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora))

    for _ in range(3):
        clock.turn(hours=1)
        await rung(ask.services)
        clock.turn(days=7, hours=-1)

    found = await rounds_of(series)
    assert [(one.round, one.opened_at) for one in found] == [
        (1, datetime(2026, 3, 2, 10, tzinfo=UTC)),
        (2, datetime(2026, 3, 9, 10, tzinfo=UTC)),
        (3, datetime(2026, 3, 16, 10, tzinfo=UTC)),
    ]
    seen = await pulse(ask, cora, series)
    assert seen
    assert (seen["roundCount"], seen["nextRoundAt"]) == (3, "2026-03-23T10:00:00Z")
    assert [one["round"] for one in seen["rounds"]["nodes"]] == [3, 2, 1]
    assert {one["series"]["id"] for one in seen["rounds"]["nodes"]} == {global_id(series)}


async def test_the_wall_clock_is_kept_to_when_it_changes(ask: Ask, clock: TurnedClock) -> None:
    cora = await a_communicator()
    given = {"starts_at_local": "2026-03-20T09:00", "time_zone": "Europe/Zurich", "rule": "FREQ=WEEKLY"}
    series = await begun(ask, cora, await a_draft(cora), **given, open_hours=7 * 24)

    for time in (datetime(2026, 3, 20, 8, tzinfo=UTC), datetime(2026, 3, 27, 8, tzinfo=UTC), WINTER_IS_OVER):
        clock.time = time
        await rung(ask.services)

    found = await rounds_of(series)
    assert len(found) == 3
    assert found[1].closes_at == found[2].opens_at == WINTER_IS_OVER


async def test_what_was_missed_is_one_round(ask: Ask, clock: TurnedClock) -> None:
    """The server was down for two weeks, of a pulse that is daily."""
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora), rule="FREQ=DAILY")

    clock.turn(days=14)
    await rung(ask.services)

    [only] = await rounds_of(series)
    assert (only.opened_at, only.closes_at) == (clock.now(), datetime(2026, 3, 18, 9, tzinfo=UTC))
    assert (await SurveySeries.get(id=series.id)).next_at == datetime(2026, 3, 16, 10, tzinfo=UTC)


async def test_the_last_time_of_a_rule_is_the_last_round(ask: Ask, clock: TurnedClock) -> None:
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora), rule="FREQ=DAILY;COUNT=2")

    for _ in range(5):
        clock.turn(days=1)
        await rung(ask.services)

    assert len(await rounds_of(series)) == 2
    assert (await SurveySeries.get(id=series.id)).next_at is None
    assert not await Timer.filter(kind=ROUND).exists()


@pytest.mark.parametrize("what", [{"is_paused": True}, {"rule": "FREQ=YEARLY"}])
async def test_a_round_that_is_not_due_any_more_does_not_begin(
    ask: Ask, clock: TurnedClock, what: dict[str, Any]
) -> None:
    """The worker has taken the timer already."""
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora))
    clock.turn(minutes=59)

    await payload(ask, cora, "update", series_id=global_id(series), **what)
    clock.turn(minutes=1) if "is_paused" in what else None
    await ring(ask.services, series)

    assert await rounds_of(series) == []


async def test_an_ended_pulse_has_no_more_rounds_and_its_last_one_stays_open(ask: Ask, clock: TurnedClock) -> None:
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora))
    clock.turn(hours=1)
    await rung(ask.services)

    await payload(ask, cora, "end", series_id=global_id(series))
    clock.turn(days=1)
    await rung(ask.services)
    open_ = [one.status for one in await rounds_of(series)]
    clock.turn(days=7)
    await rung(ask.services)

    assert open_ == [SurveyStatus.OPEN]
    assert len(await rounds_of(series)) == 1


# --- copies


async def test_questions_keep_their_keys_and_have_ids_of_their_own(ask: Ask, clock: TurnedClock) -> None:
    cora = await a_communicator()
    draft = await a_draft(cora, scale(), choice(), text())
    series = await begun(ask, cora, draft, rule="FREQ=DAILY")

    for _ in range(2):
        clock.turn(days=1)
        await rung(ask.services)

    asked = await survey_editions.newest([draft.id, *(one.id for one in await rounds_of(series))])
    questions = [one.questions for one in asked.values()]
    assert len({tuple(question.key for question in of) for of in questions}) == 1
    assert len({question.id for of in questions for question in of}) == 9


async def test_what_changes_of_the_template_is_asked_from_the_next_round_on(ask: Ask, clock: TurnedClock) -> None:
    cora = await a_communicator()
    draft = await a_draft(cora)
    series = await begun(ask, cora, draft, rule="FREQ=DAILY")
    clock.turn(hours=1)
    await rung(ask.services)

    await Survey.filter(id=draft.id).update(title="Another one")
    clock.turn(days=1)
    await rung(ask.services)

    assert [one.title for one in await rounds_of(series)] == ["Pulse", "Another one"]


# --- by turns


async def test_in_as_many_rounds_as_turns_everybody_is_asked_once(ask: Ask, clock: TurnedClock) -> None:
    cora, crowd = await a_communicator(), await a_crowd(29)
    series = await begun(ask, cora, await a_draft(cora), rule="FREQ=DAILY", turns=3)

    for _ in range(6):
        clock.turn(days=1)
        await rung(ask.services)

    asked = [await asked_by(one) for one in await rounds_of(series)]
    assert Counter(person for turn in asked[:3] for person in turn) == Counter([cora.id, *(one.id for one in crowd)])
    assert asked[:3] == asked[3:]


# --- refused


async def test_a_round_of_too_few_is_left_out_with_the_reason(ask: Ask, clock: TurnedClock) -> None:
    cora = await a_communicator()
    draft = await a_draft(cora, anonymity=Anonymity.ANONYMOUS)
    series = await begun(ask, cora, draft)
    clock.turn(hours=1)
    await rung(ask.services)

    left_out, first = await pulse(ask, cora, series), await rounds_of(series)
    surveys = await Survey.all().count()
    await a_crowd(5)
    clock.turn(days=7)
    await rung(ask.services)

    assert left_out
    assert "at least 5 people" in left_out["refusedReason"]
    assert (left_out["roundCount"], left_out["nextRoundAt"]) == (0, "2026-03-09T10:00:00Z")
    assert (first, surveys) == ([], 1)
    [round] = await rounds_of(series)
    assert (round.round, round.status, round.invited) == (1, SurveyStatus.OPEN, 6)
    assert (await SurveySeries.get(id=series.id)).refusal is None
    assert [event.survey for event in await events("SurveyCreated")] == [round.id]


async def left(ask: Ask, cora: Person) -> None:
    await Person.filter(id=cora.id).update(active=False)


async def lost_the_office(ask: Ask, cora: Person) -> None:
    await RoleGrant.filter(person_id=cora.id).delete()


@pytest.mark.parametrize("happens", [left, lost_the_office])
async def test_whose_author_may_not_ask_any_more_is_paused_until_somebody_takes_it_over(
    ask: Ask, clock: TurnedClock, happens: Any
) -> None:
    cora, hana = await a_communicator(), await a_person("Hana")
    await a_role(hana, Role.HR)
    series = await begun(ask, cora, await a_draft(cora))

    await happens(ask, cora)
    clock.turn(hours=1)
    await rung(ask.services)
    paused, none = await pulse(ask, hana, series), await rounds_of(series)
    taken = await payload(ask, hana, "update", series_id=global_id(series), is_paused=False)
    clock.turn(days=7)
    await rung(ask.services)

    assert paused
    assert (paused["isPaused"], paused["nextRoundAt"], none) == (True, None, [])
    assert "resume it" in paused["refusedReason"]
    assert (taken["series"]["refusedReason"], taken["series"]["author"]["id"]) == (None, global_id(hana))
    [round] = await rounds_of(series)
    assert (round.author_id, round.status) == (hana.id, SurveyStatus.OPEN)


# --- races


async def ring(services: Services, series: SurveySeries) -> None:
    """What a worker does that has taken the timer."""
    async with db.transaction():
        await begin_due(services, cast(Any, {"subject_id": series.id}))


@pytest.mark.race
@pytest.mark.parametrize("_", rounds())
async def test_of_many_workers_one_opens_a_round(ask: Ask, clock: TurnedClock, _: int) -> None:
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora))
    clock.turn(hours=1)

    await asyncio.gather(*(ring(ask.services, series) for _ in range(6)), rung(ask.services))

    assert [one.round for one in await rounds_of(series)] == [1]
    assert (await SurveySeries.get(id=series.id)).rounds == 1
    assert len(await events("SurveyOpened")) == 1


@pytest.mark.race
@pytest.mark.parametrize("_", rounds())
async def test_a_change_and_a_round_at_once_come_one_after_the_other(ask: Ask, clock: TurnedClock, _: int) -> None:
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora))
    clock.turn(hours=1)

    change = payload(ask, cora, "update", series_id=global_id(series), rule="FREQ=WEEKLY;BYDAY=TU")
    await asyncio.gather(ring(ask.services, series), change, ring(ask.services, series))

    assert len(await rounds_of(series)) <= 1
    assert (await SurveySeries.get(id=series.id)).next_at == datetime(2026, 3, 3, 10, tzinfo=UTC)
