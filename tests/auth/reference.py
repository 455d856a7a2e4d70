"""What each condition of the policies means, written a second time: plain loops over the raw world.

Nothing here looks at a viewer's snapshot, an atom or the database; who belongs to what is found out anew for every row.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tortoise.models import Model

from models.audiences import COMPANY, AudienceKind
from models.feed import Comment, Post
from models.org import OrgUnit
from models.people import Person
from models.session import Role
from tests.auth.worlds import Entry, Key, Somebody, Unit, World

CARRIED = (AudienceKind.GROUP, AudienceKind.RULE)
"""Stored audiences that one joins, as guests may; lists and conversations are not joined, one is in them."""


@dataclass(frozen=True)
class Asker:
    """Whoever asks, by which session or token."""

    world: World
    person: Somebody
    key: Key

    def may_ask(self, scope: str) -> bool:
        return self.key.scopes is None or scope in self.key.scopes


R = TypeVar("R", Entry, Somebody, Unit)
Rule = Callable[[Asker, R], bool]


@dataclass(frozen=True)
class Reference:
    """What a condition means for the rows of one table."""

    model: type[Model]
    rows: Callable[[World], Sequence[Any]]
    rule: Callable[[Asker, Any], bool]


REFERENCE: dict[str, Reference] = {}
"""By `module.condition` of `auth/policies`."""


def about(model: type[Model], rows: Callable[[World], Sequence[R]]) -> Callable[..., Callable[[Rule[R]], Rule[R]]]:
    """What declares the meaning of conditions, by name, on the rows of one table."""

    def named(*names: str) -> Callable[[Rule[R]], Rule[R]]:
        def declare(rule: Rule[R]) -> Rule[R]:
            REFERENCE.update((name, Reference(model, rows, rule)) for name in names)
            return rule

        return declare

    return named


on_people = about(Person, lambda world: world.people)
on_units = about(OrgUnit, lambda world: world.units)
on_posts = about(Post, lambda world: world.posts)
on_comments = about(Comment, lambda world: world.comments)


# --- people


@on_people("people.readable")
def sees_person(asker: Asker, person: Somebody) -> bool:
    if person.id == asker.person.id:
        return True
    if not asker.may_ask("people:read"):
        return False
    return not asker.person.is_guest or beside(asker, person)


@on_people("people.can_update")
def updates_person(asker: Asker, person: Somebody) -> bool:
    if not person.active or not asker.may_ask("people:write"):
        return False
    return person.id == asker.person.id or administers(asker, person.unit)


@on_people("people.can_set_manager")
def sets_manager(asker: Asker, person: Somebody) -> bool:
    return asker.may_ask("org:write") and administers(asker, person.unit)


@on_people("people.can_deactivate")
def deactivates(asker: Asker, person: Somebody) -> bool:
    if person.id == asker.person.id or not person.active:
        return False
    return asker.may_ask("people:write") and administers(asker, person.unit)


# --- units


@on_units("org.readable")
def sees_unit(asker: Asker, unit: Unit) -> bool:
    if asker.person.is_guest:
        return False
    return asker.may_ask("org:read") or serves(asker, unit.id) or leads(asker, unit.id)


@on_units("org.can_update")
def updates_unit(asker: Asker, unit: Unit) -> bool:
    return asker.may_ask("org:write") and administers(asker, unit.id)


# --- posts and comments


@on_posts("feed.readable_posts")
@on_comments("feed.readable_comments")
def sees(asker: Asker, entry: Entry) -> bool:
    return asker.may_ask("feed:read") and not entry.removed and belongs(asker, entry.audience)


@on_posts("feed.can_post")
def posts_there(asker: Asker, entry: Entry) -> bool:
    return asker.may_ask("feed:write") and belongs(asker, entry.audience)


@on_posts("feed.can_edit_post")
@on_comments("feed.can_edit_comment")
def edits(asker: Asker, entry: Entry) -> bool:
    return asker.may_ask("feed:write") and sees(asker, entry) and entry.author == asker.person.id


@on_posts("feed.can_delete_post")
@on_comments("feed.can_delete_comment")
def deletes(asker: Asker, entry: Entry) -> bool:
    if edits(asker, entry):
        return True
    return asker.may_ask("feed:write") and sees(asker, entry) and moderates(asker, entry.audience)


@on_posts("feed.can_comment")
def comments_on(asker: Asker, entry: Entry) -> bool:
    return asker.may_ask("feed:write") and sees(asker, entry)


# --- who belongs to what, and who leads it


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


def beside(asker: Asker, person: Somebody) -> bool:
    """Whether both have joined the same group or rule."""
    for circle in asker.world.circles:
        if circle.kind in CARRIED and asker.person.id in circle.members and person.id in circle.members:
            return True
    return False


def administers(asker: Asker, unit: uuid.UUID | None) -> bool:
    return holds_office(asker, unit, Role.HR, Role.ADMIN)


def moderates(asker: Asker, unit: uuid.UUID) -> bool:
    return holds_office(asker, unit, Role.MODERATOR) or leads(asker, unit)


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
        unit = next((one.parent for one in world.units if one.id == unit), None)
    return False
