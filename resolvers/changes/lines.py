"""Reporting lines: to whom a position reports, from a day on."""

from __future__ import annotations

import uuid
from datetime import date

from models import changes as table
from models import lines
from models.errors import ErrorCode, Invalid, NotFound, Path
from models.positions import FOREVER, LineKind
from resolvers.changes.kinds import AddLine, EndLine, SetManager
from resolvers.changes.ledger import OTHER_LINES, POSITIONS, SOLID_LINES, Ledger

MANAGER: Path = ("managerId",)


async def set_manager(ledger: Ledger, change: SetManager) -> None:
    """Raises `Invalid`."""
    await set_solid(ledger, await post(ledger, change.subject, ["personId"]), change.manager)


async def set_solid(ledger: Ledger, position: uuid.UUID, manager: uuid.UUID | None) -> None:
    """Have a position report to another, for as long as what that replaces would have held. Raises `Invalid`."""
    if manager is None:
        await ledger.write(SOLID_LINES, [{"position_id": position, "kind": LineKind.SOLID, "gone": True}])
        return
    above = await post(ledger, manager, MANAGER)
    ends = await ledger.ending(POSITIONS, position, ["personId"])
    last = min(ends, await table.next_solid(position, ledger.day) or FOREVER)
    await _refuse_loop(position, above, ledger.day, last)
    await ledger.write_until(SOLID_LINES, {"position_id": position, "kind": LineKind.SOLID, "manager_id": above}, last)


async def add(ledger: Ledger, change: AddLine) -> None:
    """Raises `Invalid`."""
    until = check_until(ledger, change.until) or FOREVER
    position = await post(ledger, change.subject, ["personId"])
    above = await post(ledger, change.manager, MANAGER)
    fact = SOLID_LINES if change.line is LineKind.SOLID else OTHER_LINES
    last = min(until, await ledger.ending(POSITIONS, position, ["personId"]))
    if fact is OTHER_LINES:  # a solid one to a manager who ends before is refused, with all that would be orphaned
        last = min(last, await ledger.ending(POSITIONS, above, MANAGER))
    beside = await table.line_beside(position, change.line, above, ledger.day, last)
    if beside and (beside["manager_id"], beside["valid_from"], beside["valid_to"]) == (above, ledger.day, last):
        return
    if beside:
        raise Invalid(
            f"There is such a line already, from {beside['valid_from']} on. End it first, or choose other days.",
            ["validFrom"],
            code=ErrorCode.OVERLAPPING_LINE,
        )
    key = {"position_id": position, "kind": change.line, "manager_id": above}
    if fact is SOLID_LINES:
        await _refuse_loop(position, above, ledger.day, last)
    elif position == above:
        raise _loop(ledger.day)
    await ledger.write_until(fact, key, last)


async def end(ledger: Ledger, change: EndLine) -> None:
    """Raises `NotFound`."""
    line = await table.line(change.line)
    if line is None:
        raise NotFound(path=["lineId"])
    if line["valid_to"] <= ledger.day:
        return
    fact = SOLID_LINES if line["kind"] == LineKind.SOLID else OTHER_LINES
    key = {"position_id": line["position_id"], "kind": line["kind"], "manager_id": line["manager_id"]}
    await ledger.write(fact, [{**key, "day": max(ledger.day, line["valid_from"]), "gone": True}])


async def post(ledger: Ledger, holder: uuid.UUID, path: Path) -> uuid.UUID:
    """The position that is meant by a position, or by the person who holds it, on the day. Raises `Invalid`."""
    found = await table.post(holder, ledger.day)
    if found is None:
        raise Invalid(
            f"Nobody can report from or to here on {ledger.day}: a person without a position, or a position that is"
            " not there. Choose another one, or another day.",
            path,
        )
    return found


def check_until(ledger: Ledger, until: date | None) -> date | None:
    """The day on which something is to end. Raises `Invalid`."""
    if until is not None and until <= ledger.day:
        raise Invalid(
            f"It would end on {until}, before it has begun on {ledger.day}. Choose a later day.",
            ["validTo"],
            code=ErrorCode.BAD_DATES,
        )
    return until


async def _refuse_loop(position: uuid.UUID, above: uuid.UUID, first: date, last: date) -> None:
    found = await lines.closes_loop(position, above, first, last)
    if found is not None:
        raise _loop(found)


def _loop(day: date) -> Invalid:
    return Invalid(
        f"On {day} the line would lead back to where it begins. Choose a manager outside their own line.",
        MANAGER,
        code=ErrorCode.REPORTING_CYCLE,
    )
