"""What follows from changes once they hold: today's rows and rights, events, accounts, and the days to come."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time

import asyncpg

from models import consequences, timers, today
from models.timeline import ORG
from models.today import Followed
from resolvers.changes import accounts
from resolvers.changes.ledger import Ledger, Trait
from resolvers.context import Context, Services
from subscriptions.events import person_stream
from subscriptions.org import PositionChanged, UnitChanged, UnitCreated, UnitDissolved
from subscriptions.people import PersonChanged, PersonJoined
from subscriptions.rules import memberships_told

DAY = "org_day"
"""The kind of timer that lets a day begin on which something is known to change."""
STREAMS_MAX = 1_000  # of people whose locks are taken at once: those of more would not fit the server's memory


async def take_effect(ctx: Context, ledger: Ledger) -> None:
    """Have today follow what was written, and the days that it speaks of remembered. Wants its transaction."""
    present = ctx.today()
    people, positions, units = list(ledger.people), list(ledger.positions), list(ledger.units)
    await consequences.unmake(people, positions, units)
    before = await _before(ctx, units)
    lines = [one for one in ledger.net() if one.trait is Trait.SOLID]
    beside = {uuid.UUID(position) for line in lines for position in (line.old, line.new) if position}
    followed = await today.follow(present, ctx.now(), people=people, positions=positions, units=units, beside=[*beside])
    holds = ledger.day <= present
    lined = [line.id for line in lines] if holds else []
    await _tell(ctx, followed, before, positions if holds else (), lined)
    for day in sorted(day for day in ledger.days if day > present):
        await set_day(ctx.services, day)


async def begin_day(services: Services, timer: asyncpg.Record) -> None:
    """Have today follow what begins and ends with a timer's day. Wants a transaction without a write so far."""
    day = date.fromisoformat(timer["key"].removeprefix(f"{DAY}:"))
    ctx = Context(services, viewer=None)
    if day > ctx.today():  # days have come to begin later since: the time zone is another
        await set_day(services, day)
        return
    leaving = await consequences.leaving(day)
    async with ctx.transaction(ORG, accounts.ADMINS, *map(person_stream, leaving[:STREAMS_MAX])):
        before = await _before(ctx, await consequences.begun_units(day))
        positions = await consequences.begun_positions(day)
        lined = await consequences.begun_lines(day)
        followed = await today.follow_beginnings(day, ctx.today(), ctx.now())
        await _tell(ctx, followed, before, positions, lined)


async def set_day(services: Services, day: date) -> None:
    """Have a day begun at its first moment in the organisation's time zone."""
    await timers.set_timer(DAY, day.isoformat(), first_moment(services, day))


def first_moment(services: Services, day: date) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), tzinfo=services.zone).astimezone(UTC)


async def _before(ctx: Context, units: list[uuid.UUID]) -> set[uuid.UUID]:
    """Which of the units are active; of those that will not be, the members keep what they could read."""
    if not units:
        return set()
    await consequences.keep_members(units, ctx.today())
    return await consequences.active_units(units)


async def _tell(
    ctx: Context,
    followed: Followed,
    before: set[uuid.UUID],
    positions: Iterable[uuid.UUID],
    lined: Collection[uuid.UUID],
) -> None:
    """Emit what has become different: `before` names units that were active, `lined` positions with another manager."""
    await _tell_of_people(ctx, followed, await consequences.holders(list(lined), ctx.today()))
    units = [unit["id"] for unit in followed.units]
    after = await consequences.active_units(units) if units else set[uuid.UUID]()
    for unit in units:
        kinds = {(False, True): UnitCreated, (True, False): UnitDissolved}
        ctx.emit(kinds.get((unit in before, unit in after), UnitChanged)(unit))
    for position in sorted({*positions, *(one["id"] for one in followed.positions)}):
        ctx.emit(PositionChanged(position))


async def _tell_of_people(ctx: Context, followed: Followed, reporting: set[uuid.UUID]) -> None:
    await accounts.close(ctx, followed.left)
    for person in followed.people:
        if person["joined"]:
            ctx.emit(PersonJoined(person["id"]))
        elif not person["left"]:
            ctx.emit(PersonChanged(person["id"]))
    for person in sorted(reporting - {person["id"] for person in followed.people}):
        ctx.emit(PersonChanged(person))
    # Whoever has other rights was given a new epoch, and whoever has left is told of with their account.
    for person in sorted(followed.concerned - {*followed.left}):
        ctx.emit(accounts.RightsChanged(person))
    for event in memberships_told(followed.belonging):
        ctx.emit(event)
    await accounts.rights_changed(ctx, _leaders(followed))


def _leaders(followed: Followed) -> set[uuid.UUID]:
    """Who leads a unit now, or does so no more."""
    found: set[uuid.UUID] = set()
    for unit in followed.units:
        for role in ("head_id", "deputy_id"):
            if unit[f"old_{role}"] != unit[role]:
                found.update(id for id in (unit[f"old_{role}"], unit[role]) if id)
    return found - set(followed.left)
