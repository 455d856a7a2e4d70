"""Times of what comes again: by the rule, at the same time of day by the clocks, and found without a long look."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Invalid
from models.recurrences import Recurrence, checked, later_by

ZURICH = "Europe/Zurich"  # its clocks go from 2 to 3 on 2026-03-29, and from 3 to 2 on 2026-10-25
LONG = 1.0  # seconds of work: dateutil alone takes several to find that nothing comes before the year 9999


def at(zone: str, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """What the clocks of a zone show, in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def times(rule: str, first: datetime, zone: str = ZURICH, most: int = 5, *, after: datetime | None = None) -> list[str]:
    """Times by a rule as the clocks of its zone show them, from the first one on."""
    found = Recurrence(checked(rule, ["rule"]), first, zone).all_after(after or first - timedelta(seconds=1))
    return [f"{one.astimezone(ZoneInfo(zone)):%m-%d %H:%M}" for one in islice(found, most)]


MONDAY = at(ZURICH, 2026, 3, 2)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY", ["03-02 09:00", "03-09 09:00", "03-16 09:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", ["03-02 09:00", "03-05 09:00", "03-16 09:00"]),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", ["03-02 09:00", "03-03 09:00", "03-04 09:00"]),
        ("FREQ=DAILY;INTERVAL=10", ["03-02 09:00", "03-12 09:00", "03-22 09:00"]),
        ("FREQ=MONTHLY;BYDAY=1MO", ["03-02 09:00", "04-06 09:00", "05-04 09:00"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["03-31 09:00", "04-30 09:00", "05-29 09:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["03-31 09:00", "04-30 09:00", "05-31 09:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["03-31 09:00", "05-31 09:00", "07-31 09:00"]),
        ("FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=1", ["06-01 09:00", "12-01 09:00", "06-01 09:00"]),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", ["05-11 09:00", "05-17 09:00", "05-15 09:00"]),
        ("FREQ=YEARLY;BYYEARDAY=100", ["04-10 09:00", "04-10 09:00", "04-09 09:00"]),
        ("FREQ=WEEKLY;COUNT=2", ["03-02 09:00", "03-09 09:00"]),
        ("FREQ=WEEKLY;UNTIL=20260309", ["03-02 09:00", "03-09 09:00"]),
        ("FREQ=WEEKLY;UNTIL=20260309T080000Z", ["03-02 09:00", "03-09 09:00"]),
        ("FREQ=WEEKLY;UNTIL=20260309T075959Z", ["03-02 09:00"]),
        ("FREQ=WEEKLY;UNTIL=20260309T085959", ["03-02 09:00"]),
        ("FREQ=WEEKLY;UNTIL=99991231T235959Z", ["03-02 09:00", "03-09 09:00", "03-16 09:00"]),
        ("rrule:freq=weekly", ["03-02 09:00", "03-09 09:00", "03-16 09:00"]),
    ],
)
def test_times_are_those_of_the_rule(rule: str, expected: list[str]) -> None:
    assert times(rule, MONDAY, most=3) == expected


def test_a_leap_day_comes_in_leap_years() -> None:
    recurrence = Recurrence("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", MONDAY, "UTC")

    assert [one.year for one in islice(recurrence.all_after(MONDAY), 20)][-3:] == [2096, 2104, 2108]


def test_the_time_of_day_stays_when_clocks_change() -> None:
    spring = list(islice(Recurrence("FREQ=WEEKLY", at(ZURICH, 2026, 3, 23), ZURICH).all_after(MONDAY), 2))
    autumn = list(islice(Recurrence("FREQ=WEEKLY", at(ZURICH, 2026, 10, 19), ZURICH).all_after(MONDAY), 2))

    assert [one.hour for one in spring] == [8, 7]  # in UTC
    assert [one.hour for one in autumn] == [7, 8]


def test_a_time_that_clocks_leave_out_comes_as_much_later() -> None:
    found = Recurrence("FREQ=DAILY", at(ZURICH, 2026, 3, 28, 2, 30), ZURICH)
    gap = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # they show 3:30 then

    assert times("FREQ=DAILY", at(ZURICH, 2026, 3, 28, 2, 30), most=3) == ["03-28 02:30", "03-29 03:30", "03-30 02:30"]
    assert found.after(gap - timedelta(minutes=20)) == gap
    assert found.after(gap) == at(ZURICH, 2026, 3, 30, 2, 30)


def test_a_time_that_clocks_show_twice_comes_once() -> None:
    found = Recurrence("FREQ=DAILY", at(ZURICH, 2026, 10, 24, 2, 30), ZURICH)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    assert found.after(first - timedelta(minutes=20)) == first
    assert found.after(first) == at(ZURICH, 2026, 10, 26, 2, 30)
    assert found.after(first + timedelta(minutes=40)) == at(ZURICH, 2026, 10, 26, 2, 30)


def test_who_begins_at_the_second_of_two_such_times_does_not_begin_before_it() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    found = Recurrence("FREQ=WEEKLY", second, ZURICH)

    assert found.after(second - timedelta(hours=3)) == second
    assert found.after(second) == at(ZURICH, 2026, 11, 1, 2, 30)


def test_days_are_those_of_the_zone() -> None:
    """It is Monday in Auckland while it is still Sunday in UTC."""
    monday = at("Pacific/Auckland", 2026, 3, 9, 8)

    assert monday.weekday() == 6
    assert times("FREQ=WEEKLY;BYDAY=MO", monday, "Pacific/Auckland", most=2) == ["03-09 08:00", "03-16 08:00"]


def test_a_round_of_whole_days_ends_at_the_time_of_day_at_which_it_began() -> None:
    assert later_by(at(ZURICH, 2026, 3, 27), 5 * 24, ZURICH) == at(ZURICH, 2026, 4, 1)
    assert later_by(at(ZURICH, 2026, 10, 23), 7 * 24, ZURICH) == at(ZURICH, 2026, 10, 30)


def test_no_round_ends_before_it_began() -> None:
    """In Troll clocks go back by two hours: what is one hour later is shown by them twice."""
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    assert later_by(second, 1, "Antarctica/Troll") == second + timedelta(hours=1)
    assert later_by(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 1, ZURICH) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("", "no rule"),
        ("every Monday", "no rule"),
        ("FREQ=WEEKLY;", "no rule"),
        ("FREQ=WEEKLY\nDTSTART:20260101T000000", "FREQ cannot be"),
        ("FREQ=WEEKLY;BYEASTER=1", "no rule"),
        ("INTERVAL=2", "Say how often"),
        ("FREQ=FORTNIGHTLY", "Say how often"),
        ("FREQ=HOURLY", "too often"),
        ("FREQ=MINUTELY", "too often"),
        ("FREQ=SECONDLY;COUNT=3", "too often"),
        ("FREQ=DAILY;BYHOUR=9,10", "time of day"),
        ("FREQ=DAILY;BYMINUTE=1", "time of day"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL cannot be"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL cannot be"),
        ("FREQ=DAILY;INTERVAL=٢", "INTERVAL cannot be"),
        ("FREQ=DAILY;COUNT=0", "COUNT cannot be"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "cannot both"),
        ("FREQ=DAILY;UNTIL=20261301", "no day or time"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL cannot be"),
        ("FREQ=DAILY;FREQ=WEEKLY", "twice"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY cannot be"),
        ("FREQ=WEEKLY;BYDAY=", "BYDAY cannot be"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY counts"),
        ("FREQ=MONTHLY;BYDAY=6MO", "BYDAY counts"),
        ("FREQ=YEARLY;BYMONTH=2;BYDAY=53MO", "BYDAY counts"),
        ("FREQ=YEARLY;BYDAY=54MO", "BYDAY counts"),
        ("FREQ=YEARLY;BYWEEKNO=2;BYDAY=1MO", "BYDAY counts"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY cannot be"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "does not go with"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "does not go with"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS chooses"),
        ("FREQ=MONTHLY;BYMONTH=13", "BYMONTH cannot be"),
        ("FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 200), "at most 500 characters"),
        ("FREQ=DAILY;BYMONTHDAY=30,-1;BYSETPOS=5", "BYSETPOS chooses"),
        ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1,-8", "at most 7 days"),
    ],
)
def test_what_is_no_rule_or_too_often_is_refused(rule: str, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        checked(rule, ["rule"])

    assert refused.value.path == ("rule",)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;UNTIL=20200101",
    ],
)
def test_that_nothing_ever_comes_is_found_soon(rule: str) -> None:
    begun = process_time()

    assert Recurrence(checked(rule, ["rule"]), MONDAY, ZURICH).after(MONDAY) is None
    assert process_time() - begun < LONG


def test_the_next_of_very_many_times_is_found_soon() -> None:
    begun = process_time()

    found = Recurrence("FREQ=DAILY", MONDAY, ZURICH).after(MONDAY + timedelta(days=20 * 365))

    assert found == at(ZURICH, 2046, 2, 26)
    assert process_time() - begun < LONG


DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
weekdays = st.sets(st.sampled_from(range(7)), min_size=1)


@given(weekdays, st.integers(1, 5), st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 700))
def test_a_weekly_rule_is_what_one_would_count(days: set[int], every: int, start: date, later: int) -> None:
    """Against a calendar gone through day by day."""
    rule = f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(DAYS[day] for day in sorted(days))}"
    first = datetime(start.year, start.month, start.day, 9, tzinfo=UTC)
    moment = first + timedelta(days=later)

    found = Recurrence(checked(rule, ["rule"]), first, "UTC").after(moment)

    monday = start - timedelta(days=start.weekday())
    ahead = (moment + timedelta(days=n) for n in range(1, 400))
    assert found == next(day for day in ahead if day.weekday() in days and (day.date() - monday).days // 7 % every == 0)
