"""Rounds of a series of surveys: when each begins and ends, and whose turn it is to be asked."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable
from datetime import datetime

from models.recurrences import Recurrence, later_by
from models.surveys import SurveySeries

TURNS_MAX = 100
OPEN_HOURS_MAX = 366 * 24
SALT = 32  # bytes


def next_round(series: SurveySeries, after: datetime) -> datetime | None:
    """When the next round begins, in UTC; None where the rule has no time any more after that."""
    return Recurrence(series.rule, series.starts_at, series.zone).after(after)


def closing(series: SurveySeries, opens_at: datetime) -> datetime:
    """When a round that is opened then is closed, in UTC."""
    return later_by(opens_at, series.open_hours, series.zone)


def sampled(series: SurveySeries, round: int, people: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Those of these people whose turn it is in a round, from 1: in `series.turns` rounds everybody's comes once."""
    turn = (round - 1) % series.turns
    return [person for person in people if _turn(series, person) == turn]


def _turn(series: SurveySeries, person: uuid.UUID) -> int:
    """By the series' own salt: who is asked together in one series is not in another."""
    return int.from_bytes(hmac.digest(series.salt, person.bytes, "sha256")) % series.turns
