"""Whoever may change the org chart, days to come, and what has been told of changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import orjson

from atrium.worker import fire
from models import db
from models.org import OrgUnit
from models.people import Person
from models.session import Role
from resolvers.context import Services
from tests.clocks import TurnedClock
from tests.factories.people import a_person
from tests.factories.session import a_role

TODAY = date(2026, 3, 2)  # of `TurnedClock`
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
SOON = date(2026, 4, 1)


async def an_hr(name: str = "Hana", *, unit: OrgUnit | None = None, of: OrgUnit | None = None) -> Person:
    """Somebody with the role HR: everywhere, or `of` a unit."""
    person = await a_person(name, unit=unit)
    await a_role(person, Role.HR, of)
    return person


async def turn_to(services: Services, day: date) -> None:
    """Turn the clock to the morning of a day, and let the days up to it begin."""
    clock = services.clock
    assert isinstance(clock, TurnedClock)
    clock.time = datetime.combine(day, time(9), tzinfo=UTC)
    while await fire(services):
        pass


async def events(*but: str) -> list[str]:
    """The kinds of what was told, in order, but for these."""
    rows = await db.rows("SELECT kind FROM event ORDER BY generation, xid, id")
    return [row["kind"] for row in rows if row["kind"] not in but]


async def trail() -> list[dict[str, Any]]:
    """The audit trail of the org chart, in order: `what`, `effective`, `old`, `new`, `actor`, `audience`."""
    rows = await db.rows("SELECT * FROM event WHERE kind = 'HrChanged' ORDER BY generation, xid, id")
    return [{**orjson.loads(row["refs"]), "actor": row["actor_id"], "audience": row["audience_id"]} for row in rows]


def codes(payload: dict[str, Any]) -> list[str]:
    """Why a mutation was refused."""
    return [error["code"] for error in payload["errors"]]


def path(payload: dict[str, Any]) -> list[str]:
    """What of the input was at fault."""
    return payload["errors"][0]["path"]
