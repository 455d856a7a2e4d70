"""Trying a list of changes together: what would be different, whom it concerns, and what stands in the way."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from models import db
from models import drafts as table
from models.errors import DomainError, ErrorCode
from resolvers.changes.apply import apply
from resolvers.changes.kinds import CreatePerson, OrgChange
from resolvers.changes.ledger import Ledger, Subject, Trait
from resolvers.changes.making import MOVED_MAX, orphaned, say

CONFLICTS_MAX = 200


@dataclass(frozen=True)
class Obstacle:
    """Why the changes cannot be made together; `index` and `path` name the change at fault, where one is."""

    code: ErrorCode
    message: str
    index: int | None = None
    path: tuple[str, ...] = ()


@dataclass
class Rehearsal:
    """What comes of the changes. `made` has each that could be made with what it wrote."""

    ledger: Ledger
    made: list[tuple[OrgChange, Ledger]] = field(default_factory=list[tuple[OrgChange, Ledger]])
    obstacles: list[Obstacle] = field(default_factory=list[Obstacle])


async def rehearse(changes: Sequence[OrgChange], day: date, now: datetime) -> Rehearsal:
    """Make the changes one after another, those that cannot be made left out. Wants the locks of `ORG` and `ADMINS`.

    They are made in the caller's transaction: it is for the caller to keep them, or to undo them all.
    """
    done = Rehearsal(Ledger(day, now, MOVED_MAX))
    for index, change in enumerate(changes):
        ledger = done.ledger.fork()
        try:
            async with db.transaction():
                await apply(ledger, change)
        except DomainError as refusal:
            done.obstacles.append(Obstacle(refusal.code, refusal.message, index, refusal.path))
        else:
            done.ledger.join(ledger)
            done.made.append((change, ledger))
    done.obstacles += await _orphans(done.ledger)
    done.obstacles += await _headless(done.ledger)
    return done


async def affected(done: Rehearsal) -> list[uuid.UUID]:
    """The people whom the changes concern, newcomers left out. Wants the transaction in which they were made."""
    different = done.ledger.net()
    units = {d.id for d in different if d.subject is Subject.ORG_UNIT and d.trait in (Trait.NAME, Trait.PARENT)}
    positions = {d.id for d in different if d.subject is Subject.POSITION}
    leaders = {uuid.UUID(id) for d in different if d.trait in (Trait.HEAD, Trait.DEPUTY) for id in (d.old, d.new) if id}
    people = done.ledger.people | leaders | await table.affected(list(positions), list(units), done.ledger.day)
    return sorted(people - {change.id for change, _ in done.made if isinstance(change, CreatePerson)})


async def _orphans(ledger: Ledger) -> list[Obstacle]:
    found = await orphaned(ledger)
    return [
        Obstacle(ErrorCode.ORPHAN, f"{say(orphan)}. Find another place, in this draft or before.") for orphan in found
    ]


async def _headless(ledger: Ledger) -> list[Obstacle]:
    """The units that would lose their head, or begin without one."""
    different = ledger.net()
    ended = {d.id for d in different if d.subject is Subject.ORG_UNIT and d.trait is Trait.NAME and d.new is None}
    begun = {d.id for d in different if d.subject is Subject.ORG_UNIT and d.trait is Trait.NAME and d.old is None}
    led = {d.id for d in different if d.trait is Trait.HEAD and d.new is not None}
    left = {d.id for d in different if d.trait is Trait.HEAD and d.new is None}
    headless = sorted((left | begun) - ended - led)
    names = await table.names(headless, ledger.day) if headless else {}
    return [
        Obstacle(ErrorCode.HEADLESS_UNIT, f"The unit {names[unit]} would have no head. Name one.") for unit in headless
    ]
