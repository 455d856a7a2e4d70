"""Pulses: begun from a draft, changed, paused, resumed and ended by who keeps them; what is refused of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from models import group_ends
from models.audiences import COMPANY
from models.session import Role, RoleGrant
from models.surveys import Survey, SurveySeries, SurveyStatus
from models.timers import Timer
from resolvers.survey_series import ROUND
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role
from tests.factories.surveys import a_survey, committed
from tests.live.acting import a_token
from tests.pulses.asking import a_communicator, a_draft, begun, payload, pulse, settings


def refusals(found: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Of what became of something: codes, and the part of the input that each is about."""
    assert found["series"] is None
    return [(error["code"], error["path"][-1] if error["path"] else None) for error in found["errors"]]


async def test_a_draft_is_asked_again_and_again(ask: Ask) -> None:
    cora = await a_communicator()
    draft = await a_draft(cora, title="How are you?")

    given = {"starts_at_local": "2026-03-27T09:00", "time_zone": "Europe/Zurich", "open_hours": 120, "turns": 4}
    made = await payload(ask, cora, "create", survey_id=global_id(draft), rule="RRULE:FREQ=WEEKLY;BYDAY=MO", **given)

    series = await SurveySeries.get()
    assert made == {
        "series": {
            "id": global_id(series),
            "title": "How are you?",
            "rule": "FREQ=WEEKLY;BYDAY=MO",
            "startsAtLocal": "2026-03-27T09:00",
            "timeZone": "Europe/Zurich",
            "openHours": 120,
            "turns": 4,
            "nextRoundAt": "2026-03-30T07:00:00Z",
            "version": 1,
        },
        "errors": [],
    }
    assert (series.author_id, series.target_id, len(series.salt)) == (cora.id, COMPANY, 32)
    timer = await Timer.get(kind=ROUND)
    assert (timer.subject_id, timer.due_at) == (series.id, series.next_at)


async def test_what_is_not_said_is_the_drafts_and_the_organisations(ask: Ask) -> None:
    cora = await a_communicator()
    draft = await a_draft(cora)

    given = {"starts_at": "2026-03-02T10:00:00+01:00", "rule": "FREQ=DAILY", "open_hours": 8}
    made = await payload(ask, cora, "create", survey_id=global_id(draft), **given)

    assert refusals(made) == [("BAD_USER_INPUT", "startsAt")]  # 9:00 in UTC is now
    made = await payload(
        ask, cora, "create", survey_id=global_id(draft), **given | {"starts_at": "2026-03-02T09:01:00Z"}
    )
    assert (made["series"]["timeZone"], made["series"]["turns"], made["series"]["title"]) == ("UTC", 1, "Pulse")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"rule": ""}, "rule"),
        ({"rule": "FREQ=HOURLY"}, "rule"),
        ({"rule": "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"}, "rule"),
        ({"rule": "FREQ=WEEKLY;UNTIL=20260301"}, "rule"),
        ({"rule": "FREQ=DAILY;" + "BYDAY=MO" * 100}, "rule"),
        ({"starts_at_local": "2026-03-02T08:59"}, "startsAt"),
        ({"starts_at_local": "2027-03-05T09:00"}, "startsAt"),
        ({"starts_at_local": "soon"}, "startsAtLocal"),
        ({"starts_at_local": None}, "startsAt"),
        ({"starts_at": "2026-03-05T09:00:00Z"}, "startsAtLocal"),
        ({"open_hours": 0}, "openHours"),
        ({"open_hours": 8_785}, "openHours"),
        ({"turns": 0}, "turns"),
        ({"turns": 101}, "turns"),
        ({"title": "x" * 201}, "title"),
        ({"client_id": "x" * 101}, "clientId"),
    ],
)
async def test_bad_settings_are_refused(ask: Ask, given: dict[str, Any], path: str) -> None:
    cora = await a_communicator()
    draft = await a_draft(cora)

    made = await payload(ask, cora, "create", survey_id=global_id(draft), **settings(given))

    assert refusals(made) == [("BAD_USER_INPUT", path)]
    assert not await SurveySeries.exists()


async def test_the_same_client_id_is_the_same_pulse(ask: Ask) -> None:
    cora = await a_communicator()
    given = settings({"survey_id": global_id(await a_draft(cora)), "client_id": "c1"})

    made = await asyncio.gather(*(payload(ask, cora, "create", **given) for _ in range(5)))

    assert [one["errors"] for one in made] == [[]] * 5
    assert len({one["series"]["id"] for one in made}) == await SurveySeries.all().count() == 1


async def test_a_draft_is_in_one_pulse_at_a_time(ask: Ask) -> None:
    cora = await a_communicator()
    draft = await a_draft(cora)

    first = await begun(ask, cora, draft)
    again = await payload(ask, cora, "create", survey_id=global_id(draft), **settings({}))
    await payload(ask, cora, "end", series_id=global_id(first))
    anew = await payload(ask, cora, "create", survey_id=global_id(draft), **settings({}))

    assert refusals(again) == [("CONFLICT", "surveyId")]
    assert anew["errors"] == []


async def test_the_draft_of_a_pulse_is_not_asked_itself_while_it_goes_on(ask: Ask) -> None:
    cora = await a_communicator()
    draft = await a_draft(cora)
    series = await begun(ask, cora, draft)

    async def refused(operation: str, **times: str) -> list[tuple[str, list[str]]]:
        given = {"survey_id": global_id(draft), "closes_at": "2026-03-09T12:00:00Z", **times}
        [found] = (await ask(cora, committed(operation), **given)).values()
        return [(error["code"], error["path"]) for error in found["errors"]]

    no_draft_any_more = [("BAD_USER_INPUT", ["input", "surveyId"])]
    assert await refused("open_survey") == no_draft_any_more
    assert await refused("schedule_survey", opens_at="2026-03-04T12:00:00Z") == no_draft_any_more
    assert (await Survey.get(id=draft.id)).status is SurveyStatus.DRAFT
    await payload(ask, cora, "end", series_id=global_id(series))
    assert await refused("open_survey") == []


async def test_a_pulse_goes_with_whom_its_draft_is_for(ask: Ask) -> None:
    """One that was for a group outlives it where it is for the company by then."""
    cora = await a_communicator()
    group = await a_group(owner=cora)
    draft = await a_draft(cora, target_id=group.id)
    series = await begun(ask, cora, draft, starts_at_local="2026-09-07T10:00")

    [found] = (
        await ask(cora, committed("update_survey"), survey_id=global_id(draft), audience={"company": True})
    ).values()
    await group_ends.forget(group.id)

    assert found["errors"] == []
    assert (await SurveySeries.get(id=series.id)).target_id == COMPANY


@pytest.mark.parametrize("status", [SurveyStatus.SCHEDULED, SurveyStatus.OPEN, SurveyStatus.CLOSED])
async def test_only_a_draft_is_asked_again_and_again(ask: Ask, status: SurveyStatus) -> None:
    cora = await a_communicator()
    survey = await a_survey(cora, status=status)

    made = await payload(ask, cora, "create", survey_id=global_id(survey), **settings({}))

    assert refusals(made) == [("BAD_USER_INPUT", "surveyId")]


async def test_who_may_not_ask_begins_none(ask: Ask) -> None:
    cora, mona, gil = await a_communicator(), await a_person("Mona"), await a_guest()
    robot = await a_token(ask.services, cora, "surveys:read")
    theirs, own = await a_draft(cora), await a_draft(mona)

    for who, draft, code in [
        (mona, own, "FORBIDDEN"),
        (mona, theirs, "NOT_FOUND"),
        (gil, theirs, "NOT_FOUND"),
        (robot, theirs, "FORBIDDEN"),
    ]:
        given = {"survey_id": global_id(draft), **settings({})}
        made = [*(await ask(who, "survey_series/create_survey_series", **given)).values()]
        assert [one[0] for one in refusals(made[0])] == [code]
    made = await payload(ask, cora, "create", survey_id=global_id(cora), **settings({}))
    assert refusals(made) == [("NOT_FOUND", "surveyId")]
    assert not await SurveySeries.exists()


async def test_the_head_of_a_unit_asks_the_unit(ask: Ask) -> None:
    hedda = await a_person("Hedda")
    unit = await a_unit("Lab", head=hedda)
    draft = await a_draft(hedda, target_id=unit.id)

    series = await begun(ask, hedda, draft)

    assert series.target_id == unit.id


# --- seen


async def test_a_pulse_is_seen_by_who_keeps_it(ask: Ask) -> None:
    cora, hana, mona = await a_communicator(), await a_person("Hana"), await a_person("Mona")
    other = await a_communicator("Carl")
    await a_role(hana, Role.HR)
    series = await begun(ask, cora, await a_draft(cora))

    seen = [await pulse(ask, who, series) for who in (cora, hana, mona, other, await a_guest())]
    listed = [await ask(who, "survey_series/survey_series_list", first=9) for who in (cora, hana, mona)]

    assert [one is not None for one in seen] == [True, True, False, False, False]
    assert [one["surveySeriesList"]["totalCount"] for one in listed] == [1, 1, 0]
    assert seen[0] and seen[0]["template"]["status"] == "DRAFT"
    assert seen[1] and seen[1]["template"] is None  # a draft is its author's alone


async def test_something_else_is_no_pulse(ask: Ask) -> None:
    cora = await a_communicator()

    assert (await ask(cora, "survey_series/survey_series", id=global_id(cora), first=1))["surveySeries"] is None
    for what in ("update", "end"):
        assert refusals(await payload(ask, cora, what, series_id=global_id(cora))) == [("NOT_FOUND", "seriesId")]


# --- changed


async def next_of(series: SurveySeries) -> datetime | None:
    """When the next round begins, and the timer rings."""
    found = await SurveySeries.get(id=series.id)
    if found.next_at is not None:
        assert (await Timer.get(kind=ROUND, subject_id=series.id)).due_at == found.next_at
    return found.next_at


async def test_another_rule_moves_the_next_round(ask: Ask) -> None:
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora))

    given = {"rule": "FREQ=MONTHLY;BYMONTHDAY=15", "title": "Monthly", "open_hours": 24, "expected_version": 1}
    changed = await payload(ask, cora, "update", series_id=global_id(series), **given)

    assert changed["errors"] == []
    assert (changed["series"]["title"], changed["series"]["version"]) == ("Monthly", 2)
    assert await next_of(series) == datetime(2026, 3, 15, 10, tzinfo=UTC)


async def test_another_zone_comes_with_another_time(ask: Ask) -> None:
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora))

    zone = {"series_id": global_id(series), "time_zone": "Asia/Tokyo"}
    alone = await payload(ask, cora, "update", **zone)
    both = await payload(ask, cora, "update", **zone, starts_at_local="2026-03-03T09:00")

    assert refusals(alone) == [("BAD_USER_INPUT", "startsAt")]
    assert both["errors"] == []
    assert await next_of(series) == datetime(2026, 3, 9, 0, tzinfo=UTC)


async def test_a_stale_version_is_refused(ask: Ask) -> None:
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora))

    changed = await payload(ask, cora, "update", series_id=global_id(series), expected_version=7, title="New")

    assert refusals(changed) == [("CONFLICT", "expectedVersion")]


async def test_paused_it_has_no_round_and_resumed_it_has_the_next(ask: Ask, clock: TurnedClock) -> None:
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora))

    await payload(ask, cora, "update", series_id=global_id(series), is_paused=True)
    paused = await next_of(series)
    clock.turn(days=10)
    resumed = await payload(ask, cora, "update", series_id=global_id(series), is_paused=False)

    assert paused is None
    assert (resumed["series"]["isPaused"], resumed["series"]["nextRoundAt"]) == (False, "2026-03-16T10:00:00Z")
    assert await next_of(series) == datetime(2026, 3, 16, 10, tzinfo=UTC)


async def test_ended_it_stays_as_it_is(ask: Ask, clock: TurnedClock) -> None:
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora))

    ended = await payload(ask, cora, "end", series_id=global_id(series))
    clock.turn(days=1)
    again = await payload(ask, cora, "end", series_id=global_id(series))
    changed = await payload(ask, cora, "update", series_id=global_id(series), is_paused=False)

    assert ended["series"]["endedAt"] == "2026-03-02T09:00:00Z"
    assert again == ended
    assert refusals(changed) == [("FORBIDDEN", "seriesId")]
    assert await next_of(series) is None


async def test_who_keeps_it_changes_it_and_nobody_else(ask: Ask) -> None:
    cora, hana, mona = await a_communicator(), await a_person("Hana"), await a_person("Mona")
    await a_role(hana, Role.HR)
    series = await begun(ask, cora, await a_draft(cora))

    by_hana = await payload(ask, hana, "update", series_id=global_id(series), is_paused=True)
    by_mona = await payload(ask, mona, "end", series_id=global_id(series))

    assert by_hana["errors"] == []
    assert by_hana["series"]["author"]["id"] == global_id(cora)
    assert refusals(by_mona) == [("NOT_FOUND", "seriesId")]


async def test_who_has_lost_the_office_changes_nothing_any_more(ask: Ask) -> None:
    cora = await a_communicator()
    series = await begun(ask, cora, await a_draft(cora))
    await RoleGrant.filter(person_id=cora.id).delete()
    changed = await payload(ask, cora, "update", series_id=global_id(series), title="Mine")

    assert refusals(changed)[0][0] == "FORBIDDEN"
