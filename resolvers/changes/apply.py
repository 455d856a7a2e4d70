"""The one way in which a change of the org chart is made, whoever asks for it and whether it is to stay."""

from __future__ import annotations

from resolvers.changes import lines, people, positions, units
from resolvers.changes.kinds import (
    AddLine,
    AssignPosition,
    CreatePerson,
    CreatePosition,
    CreateUnit,
    DissolveUnit,
    EndLine,
    EndPosition,
    Leave,
    MergeUnits,
    MovePerson,
    MoveUnit,
    OrgChange,
    Promote,
    Rehire,
    RenamePerson,
    RenameUnit,
    SetHead,
    SetManager,
    VacatePosition,
)
from resolvers.changes.ledger import Ledger


async def apply(ledger: Ledger, change: OrgChange) -> None:  # noqa: PLR0912 - one line a kind
    """Write what a change says from the ledger's day on. Raises `Invalid`, `NotFound` or `Conflict`.

    Nobody's leave is asked, and nothing follows from it yet: neither today's rows nor events.
    """
    match change:
        case CreatePerson():
            await people.create(ledger, change)
        case MovePerson():
            await people.move(ledger, change)
        case Promote():
            await people.promote(ledger, change)
        case RenamePerson():
            await people.rename(ledger, change)
        case Leave():
            await people.leave(ledger, change)
        case Rehire():
            await people.rehire(ledger, change)
        case SetManager():
            await lines.set_manager(ledger, change)
        case AddLine():
            await lines.add(ledger, change)
        case EndLine():
            await lines.end(ledger, change)
        case AssignPosition():
            await positions.assign(ledger, change)
        case VacatePosition():
            await positions.vacate(ledger, change)
        case CreatePosition():
            await positions.create(ledger, change)
        case EndPosition():
            await positions.end(ledger, change)
        case CreateUnit():
            await units.create(ledger, change)
        case RenameUnit():
            await units.rename(ledger, change)
        case MoveUnit():
            await units.move(ledger, change)
        case SetHead():
            await units.set_head(ledger, change)
        case MergeUnits():
            await units.merge(ledger, change)
        case DissolveUnit():
            await units.dissolve(ledger, change)
        case _:
            raise TypeError(f"nobody knows how to apply {change.kind}")
