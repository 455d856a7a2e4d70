"""Who belongs to what and who leads it, found out anew from the raw world."""

from __future__ import annotations

import uuid
from datetime import date

from models.audiences import COMPANY, AudienceKind
from models.groups import GroupRole, Visibility
from models.session import Role
from tests.auth.reference.registry import Asker
from tests.auth.worlds import Circle, Somebody, World
from tests.factories.people import NOW

CARRIED = (AudienceKind.GROUP, AudienceKind.RULE)
"""Stored audiences that one joins, as guests may; lists and conversations are not joined, one is in them."""


def belongs(asker: Asker, audience: uuid.UUID) -> bool:
    """Whether the asker belongs to an audience, whatever it is about."""
    if audience == COMPANY:
        return not asker.person.is_guest
    for id, place in asker.world.places:
        if id == audience:
            return not asker.person.is_guest and asker.person.location == place
    for circle in asker.world.circles:
        if circle.id == audience:
            return asker.person.id in circle.members
    return not asker.person.is_guest and is_within(asker.world, asker.person.unit, audience)


def reads(asker: Asker, audience: uuid.UUID) -> bool:
    """Whether the asker belongs to an audience, or it is a group that the company may look into."""
    circle = circle_of(asker, audience)
    looks_in = circle is not None and circle.visibility == Visibility.OPEN and not asker.person.is_guest
    return looks_in or belongs(asker, audience)


def is_archived(asker: Asker, audience: uuid.UUID) -> bool:
    circle = circle_of(asker, audience)
    return circle is not None and circle.archived


def circle_of(asker: Asker, audience: uuid.UUID) -> Circle | None:
    return next((circle for circle in asker.world.circles if circle.id == audience), None)


def beside(asker: Asker, person: Somebody) -> bool:
    """Whether both have joined the same group or rule, or are in the same conversation."""
    if any(room.partner(asker.person.id) and room.partner(person.id) for room in asker.world.rooms):
        return True
    for circle in asker.world.circles:
        if circle.kind in CARRIED and asker.person.id in circle.members and person.id in circle.members:
            return True
    return False


def administers(asker: Asker, unit: uuid.UUID | None) -> bool:
    return holds_office(asker, unit, Role.HR, Role.ADMIN)


def moderates(asker: Asker, unit: uuid.UUID) -> bool:
    return holds_office(asker, unit, Role.MODERATOR) or leads(asker, unit) or leads_circle(asker, unit)


def speaks_for(asker: Asker, unit: uuid.UUID) -> bool:
    return holds_office(asker, unit, Role.COMMUNICATOR) or moderates(asker, unit)


def leads_circle(asker: Asker, group: uuid.UUID) -> bool:
    """Whether the asker is an owner or moderator of the group."""
    circle = circle_of(asker, group)
    leading = (GroupRole.OWNER, GroupRole.MODERATOR)
    return circle is not None and any(p == asker.person.id and role in leading for p, role in circle.roles)


def holds_office(asker: Asker, unit: uuid.UUID | None, *roles: Role) -> bool:
    """Whether the asker holds one of the roles everywhere, or for a unit that holds this one."""
    for office in asker.world.offices:
        if office.person != asker.person.id or office.role not in roles:
            continue
        if office.unit is None or is_within(asker.world, unit, office.unit):
            return True
    return False


def serves(asker: Asker, unit: uuid.UUID) -> bool:
    """Whether one of the asker's roles is for the unit or one above it; a role for everywhere is for no unit."""
    for office in asker.world.offices:
        if office.person == asker.person.id and office.unit and is_within(asker.world, unit, office.unit):
            return True
    return False


def leads(asker: Asker, unit: uuid.UUID) -> bool:
    """Whether the asker is head or deputy of the unit or of one above it."""
    for one in asker.world.units:
        if asker.person.id in (one.head, one.deputy) and is_within(asker.world, unit, one.id):
            return True
    return False


def is_within(world: World, unit: uuid.UUID | None, above: uuid.UUID) -> bool:
    """Whether a unit is `above` or lies anywhere below it; False for what is no unit."""
    while unit is not None:
        if unit == above:
            return any(one.id == above for one in world.units)
        unit = next((one.parent for one in world.units if one.id == unit and not one.planned), None)
    return False


def serves_everywhere(asker: Asker) -> bool:
    """Whether the asker is HR or ADMIN of all."""
    offices = [one for one in asker.world.offices if one.person == asker.person.id and one.unit is None]
    return any(one.role in (Role.HR, Role.ADMIN) for one in offices)


def is_today(days: tuple[date, date]) -> bool:
    return days[0] <= NOW.date() < days[1]


def sees_future(asker: Asker) -> bool:
    keeps = {one.role for one in asker.world.offices if one.person == asker.person.id and one.unit is None}
    return asker.may_ask("org:read") and bool(keeps & {Role.HR, Role.ADMIN})


def is_administrator(asker: Asker) -> bool:
    """Whether the asker holds the role ADMIN everywhere."""
    offices = [one for one in asker.world.offices if one.person == asker.person.id]
    return any(one.role == Role.ADMIN and one.unit is None for one in offices)
