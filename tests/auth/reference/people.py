"""What the conditions on people mean: their rows, profiles, skills, followers and delegates."""

from __future__ import annotations

import uuid

from models.positions import LineKind
from models.session import Role
from tests.auth.reference.registry import Asker, on_people, on_questions, on_skills, on_talents
from tests.auth.reference.standing import administers, beside, is_today, is_within, sees_future, serves_everywhere
from tests.auth.worlds import Known, Question, Somebody, Talent


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
