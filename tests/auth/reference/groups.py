"""What the conditions on groups and rules mean, and who may ask why somebody sees a thing."""

from __future__ import annotations

from models.groups import GroupRole, JoinPolicy, Visibility
from models.session import Role
from tests.auth.reference.feed import is_own, sees, sees_comment
from tests.auth.reference.registry import Asker, on_comments, on_groups, on_posts, on_rules
from tests.auth.reference.standing import is_administrator, leads_circle, moderates, reads
from tests.auth.worlds import Circle, Entry


@on_groups("groups.readable")
def knows_group(asker: Asker, group: Circle) -> bool:
    known = group.visibility != Visibility.SECRET and not asker.person.is_guest
    return asker.may_ask("groups:read") and (known or asker.person.id in group.members | group.invited)


@on_groups("groups.can_see_members")
def sees_members(asker: Asker, group: Circle) -> bool:
    return reads(asker, group.id)


@on_groups("groups.can_create")
def creates_groups(asker: Asker, group: Circle) -> bool:
    return asker.may_ask("groups:write") and not asker.person.is_guest


@on_groups("groups.can_join")
def joins(asker: Asker, group: Circle) -> bool:
    if not asker.may_ask("groups:write") or group.archived or asker.person.id in group.members | group.banned:
        return False
    by_themselves = group.policy != JoinPolicy.INVITE and not asker.person.is_guest
    return by_themselves or asker.person.id in group.invited


@on_groups("groups.can_leave")
def leaves(asker: Asker, group: Circle) -> bool:
    return asker.may_ask("groups:write") and asker.person.id in group.members


@on_groups("groups.can_lead")
def leads_group(asker: Asker, group: Circle) -> bool:
    return asker.may_ask("groups:write") and not group.archived and leads_circle(asker, group.id)


@on_groups("groups.can_update")
def updates_group(asker: Asker, group: Circle) -> bool:
    return owns_group(asker, group) and not group.archived


@on_groups("groups.can_own")
def owns_group(asker: Asker, group: Circle) -> bool:
    return asker.may_ask("groups:write") and (asker.person.id, GroupRole.OWNER) in group.roles


@on_groups("groups.can_welcome")
def welcomes(asker: Asker, group: Circle) -> bool:
    inside = asker.person.id in group.members and not group.archived
    return asker.may_ask("groups:write") and inside and is_administrator(asker)


@on_groups("access.can_explain_group")
def explains_group(asker: Asker, group: Circle) -> bool:
    return knows_group(asker, group) and (leads_circle(asker, group.id) or is_administrator(asker))


@on_posts("access.can_explain_post")
def explains_post(asker: Asker, post: Entry) -> bool:
    concerned = is_own(asker, post) or moderates(asker, post.audience)
    return sees(asker, post) and (concerned or is_administrator(asker))


@on_comments("access.can_explain_comment")
def explains_comment(asker: Asker, comment: Entry) -> bool:
    concerned = comment.author == asker.person.id or moderates(asker, comment.audience)
    return sees_comment(asker, comment) and (concerned or is_administrator(asker))


@on_rules("audiences.readable_rules")
def sees_rule(asker: Asker, rule: Circle) -> bool:
    return asker.may_ask("feed:read") and (asker.person.id in rule.members or makes_rules(asker))


@on_rules("audiences.can_make_rules")
def writes_rules(asker: Asker, rule: Circle) -> bool:
    return asker.may_ask("feed:write") and makes_rules(asker)


def makes_rules(asker: Asker) -> bool:
    return not asker.person.is_guest and any(
        office.person == asker.person.id
        and office.unit is None
        and office.role in (Role.COMMUNICATOR, Role.HR, Role.ADMIN)
        for office in asker.world.offices
    )
