"""Days begin where the organisation is, once each, and whatever was known of them is then true."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from atrium.worker import fire
from models.errors import ErrorCode, Invalid
from models.org import OrgUnit
from models.people import Person
from models.timers import Timer
from resolvers.changes import kinds
from resolvers.changes.effects import DAY, set_day
from resolvers.changes.making import check_day, enact
from resolvers.context import Context, Services
from tests.clocks import TurnedClock
from tests.factories.changes import SOON, TODAY, TOMORROW, events
from tests.factories.people import a_person, a_unit

AUCKLAND = ZoneInfo("Pacific/Auckland")  # 13 hours ahead on the day of the tests, 12 once summer time has ended


@pytest.fixture
def there(services: Services) -> Services:
    """The services of an organisation whose days begin early."""
    return replace(services, zone=AUCKLAND)


async def test_a_day_begins_at_the_organisations_midnight(there: Services, clock: TurnedClock) -> None:
    ctx, ward, lab = Context(there, viewer=None), await a_unit("Ward"), await a_unit("Laboratory")
    ann = await a_person("Ann", unit=ward)
    day = date(2026, 4, 10)

    await enact(ctx, kinds.MovePerson(ann.id, lab.id), day)

    timer = await Timer.get(kind=DAY)
    assert timer.due_at == datetime(2026, 4, 9, 12, tzinfo=UTC)
    clock.time = timer.due_at - timedelta(seconds=1)
    assert await fire(there) == 0
    clock.turn(seconds=1)
    assert await fire(there) == 1
    assert (await Person.get(id=ann.id)).unit_id == lab.id
    assert not await Timer.filter(kind=DAY).exists()


async def test_today_is_the_organisations_day(there: Services, clock: TurnedClock) -> None:
    clock.time = datetime(2026, 3, 2, 11, 30, tzinfo=UTC)

    assert check_day(Context(there, viewer=None), None) == date(2026, 3, 3)


async def test_a_day_that_comes_too_early_is_put_off(there: Services, services: Services, clock: TurnedClock) -> None:
    await set_day(there, TOMORROW)
    early = (await Timer.get()).due_at
    clock.time = early

    assert await fire(services) == 1

    assert (await Timer.get()).due_at == datetime(2026, 3, 3, tzinfo=UTC)
    assert await events() == []


async def test_days_that_passed_without_a_worker_are_made_up_for(services: Services, clock: TurnedClock) -> None:
    ctx, ward = Context(services, viewer=None), await a_unit("Ward")
    for i, day in enumerate((TOMORROW, SOON)):
        await enact(ctx, kinds.RenameUnit(ward.id, f"Name {i}"), day)
    clock.turn(days=60)

    assert await fire(services) == 2

    assert (await OrgUnit.get(id=ward.id)).name == "Name 1"
    await set_day(services, SOON)
    before = await events()
    assert await fire(services) == 1
    assert await events() == before


@pytest.mark.parametrize("day", [date(1899, 12, 31), TODAY + timedelta(days=5 * 366 + 1), date.max, date.min])
async def test_days_are_near_enough_to_mean_something(services: Services, day: date) -> None:
    with pytest.raises(Invalid, match="too far away") as refused:
        check_day(Context(services, viewer=None), day)

    assert refused.value.code == ErrorCode.BAD_DATES
