"""Times by the clocks of a zone: through both changes of the clocks, and back again as they were said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from atrium.worker import fire
from models.errors import Invalid
from models.surveys import SurveyStatus
from resolvers.survey_times import NEVER, When, local_of, moment_of
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.surveys.asking import a_crowd, a_draft, again, an_analyst, done, refusal, seen

MOMENTS = [
    ("Europe/Zurich", "2026-03-09T18:00", "2026-03-09T17:00"),  # winter
    ("Europe/Zurich", "2026-03-29T01:59", "2026-03-29T00:59"),
    ("Europe/Zurich", "2026-03-29T02:30", "2026-03-29T01:30"),  # clocks leave it out: an hour and a half after 1:00
    ("Europe/Zurich", "2026-03-29T03:00", "2026-03-29T01:00"),
    ("Europe/Zurich", "2026-10-25T02:30", "2026-10-25T00:30"),  # clocks show it twice: the first
    ("Europe/Zurich", "2026-10-25T03:00", "2026-10-25T02:00"),
    ("America/St_Johns", "2026-07-01T12:00:30", "2026-07-01T14:30:30"),
    ("Pacific/Kiritimati", "2026-07-01T12:00", "2026-06-30T22:00"),
    ("UTC", "2026-07-01T12:00", "2026-07-01T12:00"),
]


@pytest.mark.parametrize(("zone", "local", "moment"), MOMENTS)
def test_a_time_by_the_clock_is_a_moment(zone: str, local: str, moment: str) -> None:
    assert moment_of(When(local=local), zone, "closesAt") == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_a_moment_is_shown_by_the_clocks_of_its_zone() -> None:
    moment = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    assert local_of(moment, "Europe/Zurich") == "2026-10-25T02:30"
    assert local_of(moment, "Asia/Kathmandu") == "2026-10-25T07:15"
    assert local_of(moment, "Nowhere/There_Is") == "2026-10-25T01:30"
    assert local_of(None, "UTC") is None


@pytest.mark.parametrize(
    "local",
    [
        "",
        "now",
        "2026-13-01T00:00",
        "2026-01-01T24:00",
        "2026-01-01 10:00",
        "2026-01-01T10:00+01:00",
        "0001-01-01T00:00",
    ],
)
def test_what_no_clock_shows_is_refused(local: str) -> None:
    with pytest.raises(Invalid) as refused:
        moment_of(When(local=local), "Asia/Tokyo", "opensAt")

    assert refused.value.path == ("opensAtLocal",)


def test_nothing_said_is_no_moment() -> None:
    assert moment_of(NEVER, "UTC", "opensAt") is None
    assert not NEVER


async def test_a_survey_closes_by_the_clocks_of_its_zone(ask: Ask, clock: TurnedClock) -> None:
    ana = await an_analyst()
    await a_crowd(5)
    draft = await a_draft(ask, ana)

    scheduled = await done(
        ask,
        ana,
        "schedule_survey",
        draft,
        opens_at_local="2026-03-28T09:00",
        closes_at_local="2026-03-29T09:00",
        time_zone="Europe/Zurich",
    )

    # The clocks go forward in the night between: it is open for 23 hours.
    assert scheduled["opensAt"] == "2026-03-28T08:00:00Z"
    assert scheduled["closesAt"] == "2026-03-29T07:00:00Z"
    assert (scheduled["opensAtLocal"], scheduled["closesAtLocal"]) == ("2026-03-28T09:00", "2026-03-29T09:00")
    clock.time = datetime(2026, 3, 28, 8, tzinfo=UTC)
    await fire(ask.services)
    clock.time = datetime(2026, 3, 29, 6, 59, tzinfo=UTC)
    await fire(ask.services)
    assert (await again(draft)).status is SurveyStatus.OPEN
    clock.turn(minutes=1)
    await fire(ask.services)
    assert (await again(draft)).status is SurveyStatus.CLOSED


async def test_a_moment_stays_the_same_in_another_zone(ask: Ask) -> None:
    ana = await an_analyst()
    draft = await a_draft(ask, ana, closes_at_local="2026-03-09T18:00", time_zone="Europe/Zurich")

    await done(ask, ana, "update_survey", draft, time_zone="Asia/Tokyo")

    told = await seen(ask, ana, draft)
    assert told and (told["closesAt"], told["closesAtLocal"]) == ("2026-03-09T17:00:00Z", "2026-03-10T02:00")
    assert told["timeZone"] == "Asia/Tokyo"


async def test_a_zone_that_is_none_is_refused(ask: Ask) -> None:
    ana = await an_analyst()
    draft = await a_draft(ask, ana)

    answer = await ask.answer(ana, "survey_making/update_survey", survey_id=str(draft.id), time_zone="Mars/Olympus")
    assert answer.errors
    times = {"closes_at_local": "2026-03-01T09:00", "time_zone": "Europe/Zurich"}
    assert await refusal(ask, ana, "open_survey", draft, **times) == ("BAD_USER_INPUT", "closesAt")
