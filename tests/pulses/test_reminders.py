"""Reminders: sent to all who are asked, by hand and by themselves, and kept of nobody."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta

import pytest

from models import db
from models.log import START
from models.people import Person
from models.session import Role
from models.survey_hearing import unanswered
from models.surveys import Anonymity, Survey, SurveyStatus
from models.timers import Timer
from resolvers.context import Services
from resolvers.survey_reminders import REMINDER, remind_later
from subscriptions import log
from subscriptions.surveys import SurveyReminded
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.engine import settled
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.session import a_role
from tests.factories.surveys import a_survey
from tests.pulses.asking import a_communicator, a_crowd, answered, rung


async def reminded(ask: Ask, who: Person, survey: Survey) -> list[str]:
    """The codes of what was said against reminding people."""
    said = await ask(who, "survey_series/remind_survey", survey_id=global_id(survey))
    return [error["code"] for error in said["remindSurvey"]["errors"]]


async def reminders() -> list[log.Logged]:
    """All that were sent."""
    await settled()
    return [event for event in (await log.after(START, 1_000))[0] if isinstance(event.event, SurveyReminded)]


async def test_who_asks_reminds_of_an_open_survey(ask: Ask) -> None:
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd)

    assert await reminded(ask, cora, survey) == []

    [sent] = await reminders()
    assert (sent.audience, sent.actor) == (survey.id, cora.id)
    assert sent.event.refs() == f'{{"survey":"{survey.id}"}}'
    assert (await Survey.get(id=survey.id)).reminded_at == ask.services.clock.now()


async def test_no_more_than_once_in_twenty_hours(ask: Ask, clock: TurnedClock) -> None:
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd)
    await reminded(ask, cora, survey)

    clock.turn(hours=19, minutes=59)
    said = await ask(cora, "survey_series/remind_survey", survey_id=global_id(survey))
    clock.turn(minutes=1)

    [error] = said["remindSurvey"]["errors"]
    assert (error["code"], error["path"]) == ("CONFLICT", ["input", "surveyId"])
    assert "2026-03-03 05:00 UTC" in error["message"]
    assert await reminded(ask, cora, survey) == []
    assert len(await reminders()) == 2


async def test_many_at_once_remind_once(ask: Ask) -> None:
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd)

    said = await asyncio.gather(*(reminded(ask, cora, survey) for _ in range(8)))

    assert sorted(said) == [[], *[["CONFLICT"]] * 7]
    assert len(await reminders()) == 1


@pytest.mark.parametrize("status", [SurveyStatus.DRAFT, SurveyStatus.SCHEDULED, SurveyStatus.CLOSED])
async def test_only_of_an_open_one(ask: Ask, status: SurveyStatus) -> None:
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd, status=status)

    said = await ask(cora, "survey_series/remind_survey", survey_id=global_id(survey))

    [error] = said["remindSurvey"]["errors"]
    assert (error["code"], error["path"]) == ("FORBIDDEN", ["input", "surveyId"])
    assert ("Open it first" in error["message"]) is (status is not SurveyStatus.CLOSED)
    assert await reminders() == []


async def test_not_of_one_whose_time_is_over(ask: Ask, clock: TurnedClock) -> None:
    """The worker is late to close it."""
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd)

    clock.turn(days=7)

    assert await reminded(ask, cora, survey) == ["FORBIDDEN"]


@pytest.mark.parametrize("anonymity", list(Anonymity))
async def test_few_people_are_reminded_only_where_names_are_known_anyway(ask: Ask, anonymity: Anonymity) -> None:
    cora, crowd = await a_communicator(), await a_crowd(4)
    survey = await a_survey(cora, asked=crowd, anonymity=anonymity)

    refused = [] if anonymity is Anonymity.NAMED else ["FORBIDDEN"]
    assert await reminded(ask, cora, survey) == refused


async def test_only_who_runs_it_reminds(ask: Ask) -> None:
    cora, crowd = await a_communicator(), await a_crowd(6)
    stranger, keeper = await a_person("Stan"), await a_person("Hana")
    await a_role(keeper, Role.HR)
    survey = await a_survey(cora, asked=crowd)

    assert await reminded(ask, crowd[0], survey) == ["FORBIDDEN"]
    assert await reminded(ask, stranger, survey) == ["NOT_FOUND"]
    assert await reminded(ask, keeper, survey) == []


async def test_something_else_is_not_found(ask: Ask) -> None:
    cora = await a_communicator()

    said = await ask(cora, "survey_series/remind_survey", survey_id=global_id(cora))

    assert [error["code"] for error in said["remindSurvey"]["errors"]] == ["NOT_FOUND"]


# --- by themselves


async def set_up(services: Services, **open_for: float) -> Survey:
    """A survey that was opened now for so long, with its reminder set."""
    now = services.clock.now()
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd, at=now, closes_at=now + timedelta(**open_for))
    await remind_later(survey)
    return survey


async def test_a_day_before_the_end_people_are_reminded(services: Services, clock: TurnedClock) -> None:
    survey = await set_up(services, days=7)

    clock.turn(days=5, hours=23)
    await rung(services)
    early = await reminders()
    clock.turn(hours=1)
    await rung(services)

    assert early == []
    [sent] = await reminders()
    assert (sent.survey, sent.actor) == (survey.id, None)
    assert not await Timer.filter(kind=REMINDER).exists()


async def test_not_where_it_is_open_for_no_longer_than_three_days(services: Services) -> None:
    await set_up(services, days=3)

    assert not await Timer.filter(kind=REMINDER).exists()


async def test_not_where_somebody_has_just_done_so(ask: Ask, clock: TurnedClock) -> None:
    survey = await set_up(ask.services, days=7)
    cora = await Person.get(id=survey.author_id)

    clock.turn(days=5, hours=23)
    await reminded(ask, cora, survey)
    clock.turn(hours=1)
    await rung(ask.services)

    assert len(await reminders()) == 1


async def moved_to(survey: Survey, closes_at: datetime) -> None:
    survey.closes_at = closes_at
    await survey.save()


async def test_a_later_end_has_a_later_reminder(services: Services, clock: TurnedClock) -> None:
    survey = await set_up(services, days=7)
    await moved_to(survey, clock.now() + timedelta(days=9))

    clock.turn(days=6)
    await rung(services)
    early = await reminders()
    clock.turn(days=2)
    await rung(services)

    assert early == []
    assert len(await reminders()) == 1


async def test_none_comes_once_it_is_closed_or_gone(services: Services, clock: TurnedClock) -> None:
    closed, gone = await set_up(services, days=7), await set_up(services, days=7)
    now = clock.now()
    await Survey.filter(id=closed.id).update(status=SurveyStatus.CLOSED, closed_at=now)
    await Survey.filter(id=gone.id).delete()

    clock.turn(days=6)
    await rung(services)

    assert await reminders() == []
    assert not await Timer.filter(kind=REMINDER).exists()


# --- whom they reach


async def reached(survey: Survey, *people: Person) -> set[uuid.UUID]:
    return (await unanswered([survey.id], [person.id for person in people])).get(survey.id, set())


@pytest.mark.parametrize("anonymity", list(Anonymity))
async def test_they_reach_who_is_asked_and_has_not_answered(database: None, anonymity: Anonymity) -> None:
    cora, crowd, stranger = await a_communicator(), await a_crowd(7), await a_person("Stan")
    survey = await a_survey(cora, asked=crowd, anonymity=anonymity)
    await answered(survey, crowd[0], crowd[3])

    assert await reached(survey, *crowd, cora, stranger) == {crowd[n].id for n in (1, 2, 4, 5, 6)}


async def test_they_reach_who_has_begun_and_not_handed_in(database: None) -> None:
    cora, crowd = await a_communicator(), await a_crowd(2)
    survey = await a_survey(cora, asked=crowd, anonymity=Anonymity.NAMED)
    await answered(survey, *crowd)
    await db.execute("UPDATE survey_response SET submitted_at = NULL WHERE person_id = $1", crowd[1].id)

    assert await reached(survey, *crowd) == {crowd[1].id}


async def test_they_reach_nobody_once_it_is_closed_or_its_key_destroyed(database: None) -> None:
    cora, crowd = await a_communicator(), await a_crowd(6)
    closed = await a_survey(cora, asked=crowd, status=SurveyStatus.CLOSED)
    keyless = await a_survey(cora, asked=crowd)
    await db.execute("DELETE FROM survey_key WHERE id = $1", keyless.id)

    assert await reached(closed, *crowd) == await reached(keyless, *crowd) == set()


async def test_they_reach_nobody_who_has_left(database: None) -> None:
    cora, crowd = await a_communicator(), await a_crowd(2)
    gone, guest = await a_person("Gone", active=False), await a_guest()
    survey = await a_survey(cora, asked=[*crowd, gone, guest])

    assert await reached(survey, *crowd, gone, guest) == {person.id for person in crowd}


async def stored() -> dict[str, list[str]]:
    """All that is kept beside surveys themselves, as text."""
    tables = "SELECT tablename FROM pg_tables WHERE tablename LIKE 'survey_%' OR tablename = 'timer'"
    names = [row[0] for row in await db.rows(tables)]
    return {name: sorted(row[0] for row in await db.rows(f"SELECT t::text FROM {name} t")) for name in names}


async def test_nothing_of_a_reminder_tells_who_has_answered(ask: Ask) -> None:
    """What is kept of it is a time, and one event that names the survey: the same whoever has answered."""
    cora, crowd = await a_communicator(), await a_crowd(6)
    survey = await a_survey(cora, asked=crowd)
    await answered(survey, *crowd[:3])
    before = await stored()

    await reminded(ask, cora, survey)

    [event] = await db.rows("SELECT e::text FROM event e WHERE kind = 'SurveyReminded'")
    assert not any(str(person.id) in event[0] for person in crowd)
    assert before == await stored()
