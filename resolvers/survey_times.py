"""When a survey opens and closes: moments, or times by the clocks of a zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.errors import Invalid, Path

AHEAD_MAX = timedelta(days=366)  # that a survey may open
OPEN_MIN, OPEN_MAX = timedelta(minutes=1), timedelta(days=366)  # that it may be open for
LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")


@dataclass(frozen=True)
class When:
    """A moment, or what the clocks of the survey's zone show then, such as 2026-10-25T18:00: one of them, or none."""

    moment: datetime | None = None
    local: str | None = None

    def __bool__(self) -> bool:
        return self.moment is not None or self.local is not None


NEVER = When()


def moment_of(when: When, zone: str, field: str) -> datetime | None:
    """The moment that is meant in a zone; None where nothing is said. Raises `Invalid` at `field` or `field`Local.

    A time that clocks show twice is the first of both; one that they leave out is as long after it as it says.
    """
    if when.local is None:
        return when.moment
    path = [f"{field}Local"]
    if when.moment is not None:
        raise Invalid(f"Give either `{field}` or `{field}Local`, not both.", path)
    if not LOCAL.fullmatch(when.local):
        raise Invalid("A time by the clock is written like 2026-12-24T18:00, without a zone.", path)
    try:
        # RFC 5545, 3.3.5: the first of two, and the offset from before a gap.
        return datetime.fromisoformat(when.local).replace(tzinfo=_zone(zone), fold=0).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("There is no such day or time. Write one like 2026-12-24T18:00.", path) from None


def local_of(moment: datetime | None, zone: str) -> str | None:
    """What the clocks of a zone show at a moment, to the minute."""
    return moment and moment.astimezone(_zone(zone)).strftime("%Y-%m-%dT%H:%M")


def zone_name(zone: tzinfo) -> str:
    """What the IANA database calls a zone."""
    return zone.key if isinstance(zone, ZoneInfo) else "UTC"


def check_opening(opens_at: datetime | None, now: datetime, path: Path = ("opensAt",)) -> None:
    """Raise `Invalid` for a moment at which a survey cannot open; None is none yet."""
    if opens_at is not None and opens_at <= now:
        raise Invalid("This moment has passed. Choose one to come, or open the survey now.", path)
    if opens_at is not None and opens_at > now + AHEAD_MAX:
        raise Invalid("That is more than a year ahead. Choose an earlier moment.", path)


def check_closing(closes_at: datetime | None, opens_at: datetime, path: Path = ("closesAt",)) -> None:
    """Raise `Invalid` for a moment at which a survey that opens, or is open, at another cannot close."""
    if closes_at is not None and closes_at < opens_at + OPEN_MIN:
        raise Invalid("A survey closes after it opens. Choose a later moment.", path)
    if closes_at is not None and closes_at > opens_at + OPEN_MAX:
        raise Invalid("A survey is open for a year at most. Choose an earlier moment.", path)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC  # the machine's database has forgotten a zone that it knew
