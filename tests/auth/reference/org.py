"""What the conditions on units, positions and drafts of the chart mean."""

from __future__ import annotations

from tests.auth.reference.registry import Asker, on_drafts, on_seats, on_units
from tests.auth.reference.standing import leads, sees_future, serves, serves_everywhere
from tests.auth.worlds import Known, Seat, Unit


@on_units("org.readable")
def sees_unit(asker: Asker, unit: Unit) -> bool:
    if asker.person.is_guest:
        return False
    if serves(asker, unit.id) or leads(asker, unit.id):
        return True
    return asker.may_ask("org:read") and (not unit.planned or sees_future(asker))


@on_seats("org.readable_positions")
def sees_position(asker: Asker, seat: Seat) -> bool:
    return not asker.person.is_guest and asker.may_ask("org:read") and (not seat.planned or sees_future(asker))


@on_drafts("drafts.readable")
def sees_draft(asker: Asker, draft: Known) -> bool:
    if asker.person.is_guest or not serves_everywhere(asker):
        return False
    return asker.may_ask("org:read") and asker.may_ask("people:read")


@on_drafts("drafts.can_edit")
def edits_draft(asker: Asker, draft: Known) -> bool:
    return sees_draft(asker, draft) and asker.may_ask("org:write")
