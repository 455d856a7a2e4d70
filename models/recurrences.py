"""Recurrences: the times of what comes again by a rule of RFC 5545, at the same time of day by the clocks of a zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule

from models.errors import Invalid, Path

RULE_MAX = 500  # characters
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
TOO_OFTEN = ("HOURLY", "MINUTELY", "SECONDLY")

# RFC 5545, 3.3.10, but for the times of a day: the first time gives that.
_DAY = "(MO|TU|WE|TH|FR|SA|SU)"
_PARTS: dict[str, str] = {
    "FREQ": "[A-Z]+",
    "INTERVAL": "[1-9][0-9]{0,2}",
    "COUNT": "[1-9][0-9]{0,3}",
    "UNTIL": "[0-9]{8}(T[0-9]{6}Z?)?",
    "WKST": _DAY,
    "BYDAY": f"([+-]?[1-9][0-9]?)?{_DAY}",
    "BYMONTHDAY": "[+-]?([1-9]|[12][0-9]|3[01])",
    "BYMONTH": "[1-9]|1[0-2]",
    "BYYEARDAY": "[+-]?([1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-6])",
    "BYWEEKNO": "[+-]?([1-9]|[1-4][0-9]|5[0-3])",
    "BYSETPOS": "[+-]?([1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-6])",
}
_LISTS = tuple(name for name in _PARTS if name.startswith("BY"))
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
_ONLY_IN = {"BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"), "BYYEARDAY": ("YEARLY",), "BYWEEKNO": ("YEARLY",)}
_NUMBERED = {"MONTHLY": 5, "YEARLY": 53}  # the last Monday of a month or year has no higher number
_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}  # among which BYSETPOS chooses

# For a rule by which nothing comes any more dateutil looks on to the year 9999. The calendar repeats itself every 400
# years, weekdays and leap years alike: nineteen times later it gives the same days, and the look is short.
_LATER = 19 * 400  # years
_LAST = 9999 - _LATER
_A_DAY = timedelta(days=1)  # more than the clocks of any zone are ever turned by


@dataclass(frozen=True)
class Recurrence:
    """Times by a rule that was `checked`, at the time of day that `starts_at` has in the zone, and none before it.

    Where clocks jump over that time it comes as much later, where they show it twice it is the first: RFC 5545, 3.3.5.
    """

    rule: str
    starts_at: datetime
    zone: str

    def after(self, moment: datetime) -> datetime | None:
        """The first time after a moment, in UTC; None where there is none to come."""
        return next(self.all_after(moment), None)

    def all_after(self, moment: datetime) -> Iterator[datetime]:
        """All times after a moment in their order: there may be no end of them."""
        zone = ZoneInfo(self.zone)
        looked_from = (moment - _A_DAY).astimezone(zone).replace(tzinfo=None)
        for local in _rule(self.rule, _local(self.starts_at, zone), zone).xafter(_later(looked_from), inc=True):
            # Who begins when clocks show a time for the second time does not begin at the first.
            found = max(_earlier(local).replace(tzinfo=zone).astimezone(UTC), self.starts_at)
            if found > moment:
                yield found


def checked(rule: str, path: Path) -> str:
    """A rule as it is kept: such as `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO`. Raises `Invalid`."""
    if len(rule) > RULE_MAX:
        raise Invalid(f"A rule has at most {RULE_MAX} characters; this one has {len(rule):,}. Shorten it.", path)
    text = rule.strip().upper().removeprefix("RRULE:")
    parts = _parts(text, path)
    _fit_together(parts, path)
    return text


def later_by(moment: datetime, hours: int, zone: str) -> datetime:
    """So many hours after a moment by the clocks of a zone: whole days end at the time of day that they began at."""
    there = ZoneInfo(zone)
    ends = (_local(moment, there) + timedelta(hours=hours)).replace(tzinfo=there)
    found = ends.astimezone(UTC)
    # What begins in an hour that clocks show for the second time does not end in the first.
    return found if found > moment else ends.replace(fold=1).astimezone(UTC)


def _parts(text: str, path: Path) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if name in _TIMES:
            raise Invalid(f"{name} has no place here: the time of day is that of the first time. Leave it out.", path)
        if not equals or name not in _PARTS:
            raise Invalid("This is no rule of RFC 5545. Write one like FREQ=WEEKLY;BYDAY=MO.", path)
        if name in parts:
            raise Invalid(f"{name} is there twice. Leave one out.", path)
        for one in value.split(",") if name in _LISTS else [value]:
            if not re.fullmatch(_PARTS[name], one):
                raise Invalid(f"{name} cannot be “{one}”. See RFC 5545, section 3.3.10.", path)
        parts[name] = value
    return parts


def _fit_together(parts: dict[str, str], path: Path) -> None:
    frequency = parts.get("FREQ")
    if frequency in TOO_OFTEN:
        raise Invalid(f"FREQ={frequency} is too often: DAILY is the most.", path)
    if frequency not in FREQUENCIES:
        raise Invalid(f"Say how often: FREQ is one of {', '.join(FREQUENCIES)}.", path)
    if "COUNT" in parts and "UNTIL" in parts:
        raise Invalid("COUNT and UNTIL cannot both say when it ends. Leave one out.", path)
    for name in parts.keys() & _ONLY_IN:
        if frequency not in _ONLY_IN[name]:
            raise Invalid(f"{name} does not go with FREQ={frequency}. Choose another FREQ, or leave it out.", path)
    if "BYSETPOS" in parts and not parts.keys() & {*_LISTS} - {"BYSETPOS"}:
        raise Invalid("BYSETPOS chooses among the days that another part gives, such as BYDAY. Add one.", path)
    positions = [abs(int(found)) for found in parts.get("BYSETPOS", "0").split(",")]
    if max(positions) > _DAYS[frequency]:
        sentence = f"BYSETPOS chooses among at most {_DAYS[frequency]} days with FREQ={frequency}."
        raise Invalid(f"{sentence} Choose a lower number, or another FREQ.", path)
    if numbers := [int(found) for found in re.findall("[+-]?[0-9]+", parts.get("BYDAY", ""))]:
        most = _NUMBERED["MONTHLY" if "BYMONTH" in parts else frequency] if frequency in _NUMBERED else 0
        if "BYWEEKNO" in parts or max(map(abs, numbers)) > most:
            raise Invalid("BYDAY counts days of a month (at most 5) or of a year (53), and no others.", path)
    if "UNTIL" in parts:
        _until(parts["UNTIL"], ZoneInfo("UTC"), path)


def _rule(text: str, first: datetime, zone: ZoneInfo) -> Any:
    """dateutil's rule, nineteen cycles of the calendar later. Any: dateutil has no types."""
    parts = [part.partition("=") for part in text.split(";")]
    made: Any = rrule.rrulestr(  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        ";".join("".join(part) for part in parts if part[0] != "UNTIL"), dtstart=_later(first)
    )
    until = next((_until(value, zone) for name, _, value in parts if name == "UNTIL"), None)
    # What ends no sooner than the calendar does has no end.
    return made if until is None or until.year > _LAST else made.replace(until=_later(until))


def _until(value: str, zone: ZoneInfo, path: Path = ()) -> datetime:
    """The last moment of a rule by the clocks of the zone; a day counts to its end. Raises `Invalid`."""
    try:
        if "T" not in value:
            return datetime.combine(date.fromisoformat(value), time.max)
        until = datetime.fromisoformat(value.removesuffix("Z"))
        return _local(until.replace(tzinfo=UTC), zone) if value.endswith("Z") and until.year <= _LAST else until
    except (ValueError, OverflowError):
        raise Invalid(f"UNTIL={value} is no day or time. Write it like 20271231 or 20271231T235959Z.", path) from None


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _later(local: datetime) -> datetime:
    return local.replace(year=local.year + _LATER)


def _earlier(local: datetime) -> datetime:
    return local.replace(year=local.year - _LATER)
