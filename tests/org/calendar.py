"""The days that plain lists of days tell apart, as dates."""

from datetime import date, timedelta

from tests.factories.changes import TODAY
from tests.org.naive import DAYS

PAST = 9  # days before today
FIRST = TODAY - timedelta(days=PAST)


def date_of(day: int) -> date:
    """The date of a day; the day after the last one stands for one long after."""
    return FIRST + timedelta(days=day if day < DAYS else 1_000)


def day_of(when: date) -> int:
    """The day of a date; what comes after the last one is like it."""
    return min(max((when - FIRST).days, 0), DAYS)
