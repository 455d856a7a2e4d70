"""What each condition of the policies means, written a second time: plain loops over the raw world.

Nothing here looks at a viewer's snapshot, an atom or the database; who belongs to what is found out anew for every row.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from tortoise.models import Model

from models.audiences import COMPANY, AudienceKind
from models.drafts import OrgDraft
from models.feed import Comment, Post
from models.org import OrgUnit
from models.people import Person
from models.positions import LineKind, Position
from models.profiles import ProfileField
from models.session import Role
from models.skills import PersonSkill, Skill
from tests.auth.worlds import Entry, Key, Known, Question, Seat, Somebody, Talent, Unit, World
from tests.factories.people import NOW

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


R = TypeVar("R", Entry, Known, Question, Seat, Somebody, Talent, Unit)
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
on_seats = about(Position, lambda world: world.seats)
on_skills = about(Skill, lambda world: world.skills)
on_talents = about(PersonSkill, lambda world: world.talents)
on_questions = about(ProfileField, lambda world: world.questions)
on_drafts = about(OrgDraft, lambda world: world.drafts)
on_posts = about(Post, lambda world: world.posts)
on_comments = about(Comment, lambda world: world.comments)


# --- people


@on_people("people.readable")
def sees_person(asker: Asker, person: Somebody) -> bool:
    if person.id == asker.person.id:
        return True
    if not asker.may_ask("people:read"):
        return False
    if asker.person.is_guest:
        return beside(asker, person)
    return not person.planned or sees_future(asker)


@on_people("people.can_update", "skills.can_change")
def updates_person(asker: Asker, person: Somebody) -> bool:
    if not person.active or not asker.may_ask("people:write"):
        return False
    return person.id == asker.person.id or administers(asker, person.unit)


@on_people("people.can_employ")
def employs(asker: Asker, person: Somebody) -> bool:
    return asker.may_ask("people:write") and administers(asker, person.unit)


@on_people("people.can_place")
def places(asker: Asker, person: Somebody) -> bool:
    return asker.may_ask("org:write") and administers(asker, person.unit)


@on_people("people.can_deactivate")
def deactivates(asker: Asker, person: Somebody) -> bool:
    if person.id == asker.person.id or not person.active:
        return False
    return asker.may_ask("people:write") and administers(asker, person.unit)


# --- profiles


@on_people("profiles.readable_public")
def is_seen(asker: Asker, person: Somebody) -> bool:
    return True


@on_people("profiles.readable_unit")
def sees_as_near(asker: Asker, person: Somebody) -> bool:
    if sees_as_manager(asker, person):
        return True
    mine, theirs = asker.person.unit, person.unit
    if asker.person.is_guest or mine is None or theirs is None:
        return False
    return is_within(asker.world, mine, theirs) or is_within(asker.world, theirs, mine)


@on_people("profiles.readable_manager")
def sees_as_manager(asker: Asker, person: Somebody) -> bool:
    return sees_as_hr(asker, person) or stands_above(asker, person)


@on_people("profiles.readable_hr")
def sees_as_hr(asker: Asker, person: Somebody) -> bool:
    return person.id == asker.person.id or administers(asker, person.unit)


@on_people("profiles.readable_self")
def is_oneself(asker: Asker, person: Somebody) -> bool:
    return person.id == asker.person.id


@on_people("profiles.can_update_locked")
def corrects(asker: Asker, person: Somebody) -> bool:
    return updates_person(asker, person) and administers(asker, person.unit)


@on_questions("profiles.readable_fields")
def knows_of(asker: Asker, question: Question) -> bool:
    if not asker.may_ask("people:read"):
        return False
    if not asker.person.is_guest and serves_everywhere(asker):
        return True
    return not question.deleted and (not asker.person.is_guest or question.visibility == "PUBLIC")


@on_questions("profiles.can_keep_fields")
def keeps_questions(asker: Asker, question: Question) -> bool:
    return asker.may_ask("people:write") and not asker.person.is_guest and serves_everywhere(asker)


def serves_everywhere(asker: Asker) -> bool:
    """Whether the asker is HR or ADMIN of all."""
    offices = [one for one in asker.world.offices if one.person == asker.person.id and one.unit is None]
    return any(one.role in (Role.HR, Role.ADMIN) for one in offices)


def stands_above(asker: Asker, person: Somebody) -> bool:
    """Whether a post of the asker is reached from one of the person's by the solid lines of today."""
    posts = {hold.seat for hold in asker.world.holds if hold.person == person.id and is_today(hold.days)}
    above: set[uuid.UUID] = set()
    while True:
        steps = [x for x in asker.world.lines if x.kind == LineKind.SOLID and is_today(x.days)]
        reached = {x.above for x in steps if x.seat in posts | above}
        if reached <= above:
            break
        above |= reached
    return any(h.person == asker.person.id and h.seat in above and is_today(h.days) for h in asker.world.holds)


def is_today(days: tuple[date, date]) -> bool:
    return days[0] <= NOW.date() < days[1]


# --- skills, followers and blocks


@on_skills("skills.readable_catalogue")
def sees_skill(asker: Asker, skill: Known) -> bool:
    return asker.may_ask("people:read") and not asker.person.is_guest


@on_skills("skills.can_keep")
def keeps_skill(asker: Asker, skill: Known) -> bool:
    if asker.person.is_guest or not asker.may_ask("people:write"):
        return False
    return any(
        one.person == asker.person.id and one.unit is None and one.role in (Role.HR, Role.ADMIN)
        for one in asker.world.offices
    )


@on_talents("skills.readable")
def sees_talent(asker: Asker, talent: Talent) -> bool:
    return any(person.id == talent.person and sees_person(asker, person) for person in asker.world.people)


@on_people("skills.can_endorse")
def endorses(asker: Asker, person: Somebody) -> bool:
    return not asker.person.is_guest and follows(asker, person)


@on_people("follows.can_follow")
def follows(asker: Asker, person: Somebody) -> bool:
    return asker.may_ask("people:write") and person.active and person.id != asker.person.id


@on_people("skills.can_withdraw", "follows.can_unfollow")
def ends(asker: Asker, person: Somebody) -> bool:
    return asker.may_ask("people:write")


@on_people("follows.can_block")
def blocks(asker: Asker, person: Somebody) -> bool:
    return asker.may_ask("people:write") and person.id != asker.person.id


# --- units


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


def sees_future(asker: Asker) -> bool:
    keeps = {one.role for one in asker.world.offices if one.person == asker.person.id and one.unit is None}
    return asker.may_ask("org:read") and bool(keeps & {Role.HR, Role.ADMIN})


@on_drafts("drafts.readable")
def sees_draft(asker: Asker, draft: Known) -> bool:
    if asker.person.is_guest or not serves_everywhere(asker):
        return False
    return asker.may_ask("org:read") and asker.may_ask("people:read")


@on_drafts("drafts.can_edit")
def edits_draft(asker: Asker, draft: Known) -> bool:
    return sees_draft(asker, draft) and asker.may_ask("org:write")


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
        unit = next((one.parent for one in world.units if one.id == unit and not one.planned), None)
    return False
