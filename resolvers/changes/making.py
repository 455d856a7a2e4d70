"""Making a change from a day on: asked for by somebody who may, or by the owner of the machine."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, timedelta

import asyncpg
from tortoise.models import Model

from models import consequences
from models.errors import Conflict, ErrorCode, Invalid, NotFound
from models.keys import uuid7
from models.org import OrgUnit
from models.people import Person
from models.positions import Position
from models.text import clean
from models.timeline import ORG
from resolvers.changes import kinds
from resolvers.changes.accounts import ADMINS
from resolvers.changes.apply import apply
from resolvers.changes.effects import take_effect
from resolvers.changes.kinds import OrgChange
from resolvers.changes.ledger import SETS, Difference, Ledger
from resolvers.changes.rights import permit
from resolvers.context import Context
from subscriptions.events import person_stream
from subscriptions.org import HrChanged

FIRST_DAY = date(1900, 1, 1)
AHEAD_MAX = timedelta(days=5 * 366)
CLIENT_ID_MAX = 100  # characters
MOVED_MAX = 5_000  # positions that one change may move within the time of a request
TOLD_MAX = 200  # traits in one entry of the audit trail; what a merger does to thousands is told by its content

MADE: dict[type[OrgChange], type[Model]] = {
    kinds.CreatePerson: Person,
    kinds.CreatePosition: Position,
    kinds.CreateUnit: OrgUnit,
}
"""What the kinds that make something make, under the id that they name."""


async def make(ctx: Context, change: OrgChange, day: date | None, *, expected_version: int | None = None) -> None:
    """Make a change from a day on (None: today) for the viewer; what has been made already stays as it is.

    Raises `NotFound`, `Forbidden`, `Invalid` or `Conflict`.
    """
    async with making(ctx, change, day, expected_version=expected_version):
        pass


@asynccontextmanager
async def making(
    ctx: Context, change: OrgChange, day: date | None, *, expected_version: int | None = None
) -> AsyncGenerator[date]:
    """The same, with the block in its transaction; the day."""
    effective = check_day(ctx, day)
    await permit(ctx, change, effective)
    async with ctx.transaction(*streams(change)):
        ctx.forget()
        await permit(ctx, change, effective)  # the tree and their rights could be others by now
        if not await _is_made(change):
            await _expect(change, expected_version)
            await enact(ctx, change, effective, most=MOVED_MAX)
        yield effective


async def enact(ctx: Context, change: OrgChange, day: date, *, most: int | None = None) -> Ledger:
    """The same without asking anybody's leave; `most` positions may be moved. Raises as `make` does."""
    async with ctx.transaction(*streams(change)):
        ledger = Ledger(day, ctx.now(), most)
        await apply(ledger, change)
        await _refuse_orphans(ledger, change)
        await take_effect(ctx, ledger)
        tell(ctx, change, ledger)
    return ledger


def check_day(ctx: Context, day: date | None, path: str = "validFrom") -> date:
    """The day from which a change holds, today where it is None. Raises `Invalid`."""
    today = ctx.today()
    if day is None:
        return today
    if not FIRST_DAY <= day <= today + AHEAD_MAX:
        message = f"{day} is too far away: choose a day from {FIRST_DAY} on, and at most five years ahead."
        raise Invalid(message, [path], code=ErrorCode.BAD_DATES)
    return day


def streams(change: OrgChange) -> set[str]:
    """The streams of which a change needs the locks."""
    admins = {ADMINS} if isinstance(change, kinds.Leave) else set[str]()
    people = {person for name in ("person", "subject") if (person := getattr(change, name, None)) is not None}
    if isinstance(change, kinds.CreatePerson):
        people.add(change.id)
    return {ORG, *admins, *map(person_stream, people)}


def made_id(ctx: Context, what: str, client_id: str | None) -> uuid.UUID:
    """The id of a thing in the making: the same for the same `client_id` of the same person. Raises `Invalid`."""
    if client_id is None:
        return uuid7()
    client_id = clean(client_id, most=CLIENT_ID_MAX, path=["clientId"], what="The client's id")
    digest = hashlib.sha256(f"{ctx.me.person_id}:{what}:{client_id}".encode()).digest()
    bits = int.from_bytes(digest[:16], "big")
    # RFC 9562, 5.8: version 8 is for whatever the house makes of the other bits.
    return uuid.UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 0x8 << 76 | 0x2 << 62)


def tell(ctx: Context, change: OrgChange, ledger: Ledger) -> None:
    """Note a change in the audit trail, if it has changed anything. Wants its transaction."""
    if not ledger.days:
        return
    differences = ledger.net()[:TOLD_MAX]
    old = {_name(change, one): one.old for one in differences if one.old is not None}
    new = {_name(change, one): one.new for one in differences if one.new is not None}
    if not differences:  # it is about later days only
        new = {name: str(value) for name, value in kinds.stored(change).items() if value is not None}
    ctx.emit(HrChanged(change.about, change.kind, ledger.day.isoformat(), old, new))


def _name(change: OrgChange, one: Difference) -> str:
    trait = one.trait.lower()
    if one.trait in SETS:
        trait = f"{trait}.{one.old or one.new}"
    return trait if one.id == change.about else f"{one.id}.{trait}"


async def _is_made(change: OrgChange) -> bool:
    model = MADE.get(type(change))
    return model is not None and await model.filter(id=change.about).exists()


async def _expect(change: OrgChange, version: int | None) -> None:
    if version is None:
        return
    model = OrgUnit if hasattr(change, "unit") and not hasattr(change, "person") else Person
    current = await model.get_or_none(id=change.about)
    if current is None:
        raise NotFound
    if current.version != version:
        raise Conflict(
            f"Somebody has changed this in the meantime: it is at version {current.version}, not {version}. Read it"
            " again.",
            ["expectedVersion"],
            current=current,
        )


async def _refuse_orphans(ledger: Ledger, change: OrgChange) -> None:
    """Raise `Invalid` where a change leaves anybody or anything without its place."""
    orphans = await orphaned(ledger)
    if not orphans:
        return
    ends = isinstance(change, kinds.EndPosition | kinds.DissolveUnit)
    first, more = orphans[0], len(orphans) - 1
    raise Invalid(
        f"{say(first)}{f', and {more} more' if more else ''}. Find another place first.",
        code=ErrorCode.NOT_EMPTY if ends else ErrorCode.ORPHAN,
    )


async def orphaned(ledger: Ledger) -> list[asyncpg.Record]:
    """What has no place any more because of what was written."""
    return await consequences.orphans(
        ledger.day,
        positions=list(ledger.positions),
        people=list(ledger.people),
        units=list(ledger.units),
        placed=list(ledger.placed),
        nested=list(ledger.units),
    )


def say(orphan: asyncpg.Record) -> str:
    """What is wrong with an orphan, without the full stop."""
    match orphan["kind"]:
        case "REPORT":
            return f"The position {orphan['name']} would report to one that is not there any more"
        case "PERSON":
            return f"{orphan['name']} would be left without a position"
        case "POSITION":
            return f"The position {orphan['name']} would be left in a unit that is not there any more"
        case _:
            return f"The unit {orphan['name']} would be left below one that is not there any more"
