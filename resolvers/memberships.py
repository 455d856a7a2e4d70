"""Memberships: people join groups, leave them, are added, taken out, banned, and given roles."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from auth.policies import groups as policy
from auth.scope import scope
from models import memberships as table
from models.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from models.groups import Group, GroupRole, JoinPolicy, Membership, MembershipSource, MembershipStatus
from models.people import Person
from resolvers.changes.accounts import rights_changed
from resolvers.context import Context
from resolvers.groups import acting, renewed
from subscriptions.groups import (
    BannedFromGroup,
    GroupBanLifted,
    GroupRoleChanged,
    JoinRequested,
    MemberJoined,
    MemberLeft,
)

PEOPLE_MAX = 200  # people added or invited at a time

BANNED = "You were banned from this group. Ask one of its moderators to lift the ban."
BY_INVITATION = "People come into this group by invitation only. Ask one of its moderators for one."
EXPIRED = "The invitation has expired. Ask for another one."
LAST_OWNER = "This is the last owner of the group, which needs one. Make somebody else an owner first."
LAST_OWNER_ASLEEP = "This is its last owner. Wake the group, and make somebody else an owner first."
OF_AN_OWNER = "Only an owner may do this to an owner of the group. Ask one of them."

Named = Sequence[uuid.UUID | None]
"""People as an input names them; None stands for what is no id of a person."""


@dataclass
class Dealt:
    """A group, and why some of the people named were left out."""

    group: Any = None
    refused: list[DomainError] = field(default_factory=list[DomainError])


async def join_group(ctx: Context, id: uuid.UUID) -> Any:
    """Join a group, accept an invitation to it, or ask to be let in, as its policy says; once done it stays done.

    The group. Raises `NotFound` or `Forbidden`.
    """
    async with acting(ctx, id) as group:
        mine = await membership(id, ctx.me.person_id)
        status = mine.status if mine else None
        if status is MembershipStatus.BANNED:
            raise Forbidden(BANNED, ["groupId"])
        if mine and status is MembershipStatus.INVITED and mine.expires_at and mine.expires_at <= ctx.now():
            raise Forbidden(EXPIRED, ["groupId"])
        if status is not MembershipStatus.MEMBER:
            await _come(ctx, group, is_invited=status is MembershipStatus.INVITED)
    return await renewed(ctx, id)


async def leave_group(ctx: Context, id: uuid.UUID) -> Any:
    """Leave a group, also where one is not in it. The group, None where the viewer no longer sees it.

    Raises `NotFound`, or `Conflict` for the last owner.
    """
    async with acting(ctx, id, archived=True) as group:
        await _go(ctx, group, await membership(id, ctx.me.person_id))
    return await renewed(ctx, id)


async def add_members(ctx: Context, id: uuid.UUID, people: Named, role: GroupRole) -> Dealt:
    """Make people members at once; who is one already stays as they are. Who cannot be one is told of.

    Raises `NotFound`, `Forbidden` or `Invalid`.
    """
    if role is GroupRole.GUEST:
        raise Invalid("People from outside become guests by themselves. Choose another role, or none.", ["role"])
    ensure_few(people)
    async with acting(ctx, id, policy.can_lead, "add people to this group: that is for its moderators") as group:
        if role is not GroupRole.MEMBER:
            await ctx.ensure(policy.can_update, group, "give people a role here: that is for the group's owners")
        fit, refused = await admissible(ctx, id, people, role)
        await enrol(ctx, id, fit, role, MembershipSource.ADDED)
    return Dealt(await renewed(ctx, id), refused)


async def remove_member(ctx: Context, id: uuid.UUID, person: uuid.UUID) -> Any:
    """Take somebody out of a group, also where they are not in it. The group.

    Raises `NotFound`, `Forbidden`, or `Conflict` for the last owner.
    """
    async with acting(ctx, id, policy.can_lead, "take people out of this group: that is for its moderators") as group:
        member = await known(ctx, id, person)
        await _over(ctx, group, member)
        await _go(ctx, group, member)
    return await renewed(ctx, id)


async def set_role(ctx: Context, id: uuid.UUID, person: uuid.UUID, role: GroupRole) -> Any:
    """Give a member another role. The group. Raises `NotFound`, `Forbidden`, `Invalid`, or `Conflict`."""
    async with acting(ctx, id, policy.can_update, "give people a role here: that is for the group's owners") as group:
        member = await known(ctx, id, person)
        if member is None or member.status is not MembershipStatus.MEMBER:
            raise NotFound("This person is not a member of the group. Add them first.", ["personId"])
        if (member.role is GroupRole.GUEST) != (role is GroupRole.GUEST):
            raise Invalid("People from outside are guests of a group, and nobody else is.", ["role"])
        if member.role is not role:
            await _keep_an_owner(group, member)
            await Membership.filter(group_id=id, person_id=person).update(role=role)
            await rights_changed(ctx, [person])
            ctx.emit(GroupRoleChanged(id, person))
    return await renewed(ctx, id)


async def ban(ctx: Context, id: uuid.UUID, person: uuid.UUID) -> Any:
    """Take somebody out of a group, if they are in it, and keep them out. The group.

    Raises `NotFound`, `Forbidden`, or `Conflict` for the last owner.
    """
    async with acting(ctx, id, policy.can_lead, "ban people from this group: that is for its moderators") as group:
        if person == ctx.me.person_id:
            raise Forbidden("Nobody bans themselves. To go, leave the group.", ["personId"])
        member = await known(ctx, id, person)
        await _over(ctx, group, member)
        if member is None or member.status is not MembershipStatus.BANNED:
            await _keep_an_owner(group, member)
            await table.ban(id, person, by=ctx.me.person_id, now=ctx.now())
            if member and member.status is MembershipStatus.MEMBER:
                await _left(ctx, id, person)
            ctx.emit(BannedFromGroup(id, person))
    return await renewed(ctx, id)


async def lift_ban(ctx: Context, id: uuid.UUID, person: uuid.UUID) -> Any:
    """Let somebody who was banned come back if they want to. The group. Raises `NotFound` or `Forbidden`."""
    async with acting(ctx, id, policy.can_lead, "lift a ban from this group: that is for its moderators"):
        await known(ctx, id, person)
        if await table.lift(id, person):
            ctx.emit(GroupBanLifted(id, person))
    return await renewed(ctx, id)


async def membership(group: uuid.UUID, person: uuid.UUID) -> Membership | None:
    """Where somebody stands towards a group."""
    return await Membership.get_or_none(group_id=group, person_id=person)


async def known(ctx: Context, group: uuid.UUID, person: uuid.UUID) -> Membership | None:
    """The same of somebody whom the viewer sees. Raises `NotFound`."""
    if not await scope(Person, ctx.me).filter(id=person).exists():
        raise NotFound(path=["personId"])
    return await membership(group, person)


def ensure_few(people: Named) -> None:
    """Raises `Invalid`."""
    if not 1 <= len(people) <= PEOPLE_MAX:
        raise Invalid(f"Name between 1 and {PEOPLE_MAX} people.", ["personIds"])


async def admissible(
    ctx: Context, group: uuid.UUID, people: Named, role: GroupRole
) -> tuple[list[uuid.UUID], list[DomainError]]:
    """Those of the people who may come into the group, and why the others may not. Wants the group's lock."""
    found = await scope(Person, ctx.me).filter(id__in=[id for id in set(people) if id])
    seen: dict[uuid.UUID, Person] = {one.id: one for one in found}
    out = await table.standing(group, MembershipStatus.BANNED, list(seen))
    fit: list[uuid.UUID] = []
    refused: list[DomainError] = []
    for i, id in enumerate(people):
        person, path = seen.get(id) if id else None, ["personIds", i]
        if id is None or person is None:
            refused.append(NotFound(path=path))
        elif not person.active:
            refused.append(Invalid(f"{person.name} has left, or has not joined yet. Leave them out.", path))
        elif id in out:
            refused.append(Forbidden(f"{person.name} is banned from this group. Lift the ban first.", path))
        elif person.is_guest and role is not GroupRole.MEMBER:
            refused.append(Invalid(f"{person.name} is from outside and can only be a guest here.", path))
        elif id not in fit:
            fit.append(id)
    return fit, refused


async def enrol(
    ctx: Context, group: uuid.UUID, people: Iterable[uuid.UUID], role: GroupRole, source: MembershipSource
) -> None:
    """Make people members, in the running transaction, and tell of it."""
    by = None if source is MembershipSource.JOINED else ctx.me.person_id
    come = await table.enrol(group, list(people), role, source, by=by, now=ctx.now())
    await rights_changed(ctx, come)
    for person in come:
        ctx.emit(MemberJoined(group, person))


async def _come(ctx: Context, group: Group, *, is_invited: bool) -> None:
    if group.join_policy is JoinPolicy.INVITE and not is_invited:
        raise Forbidden(BY_INVITATION, ["groupId"])
    await ctx.ensure(policy.can_join, group, "join this group")
    me = ctx.me.person_id
    if is_invited or group.join_policy is JoinPolicy.OPEN:
        await enrol(ctx, group.id, [me], GroupRole.MEMBER, MembershipSource.JOINED)
    elif await table.request(group.id, me, ctx.now()):
        ctx.emit(JoinRequested(group.id, me))


async def _go(ctx: Context, group: Group, member: Membership | None) -> None:
    if member is None or member.status is not MembershipStatus.MEMBER:
        return
    await _keep_an_owner(group, member)
    await table.dismiss(group.id, member.person_id, by=ctx.me.person_id)
    await _left(ctx, group.id, member.person_id)


async def _left(ctx: Context, group: uuid.UUID, person: uuid.UUID) -> None:
    await rights_changed(ctx, [person])
    ctx.emit(MemberLeft(group, person))


async def _over(ctx: Context, group: Group, member: Membership | None) -> None:
    """Raise `Forbidden` where an owner is at the mercy of somebody who is none."""
    is_owner = member is not None and member.role is GroupRole.OWNER
    if is_owner and not (await ctx.holds(policy.can_update, [group]))[0]:
        raise Forbidden(OF_AN_OWNER, ["personId"])


async def _keep_an_owner(group: Group, member: Membership | None) -> None:
    """Raise `Conflict` where nobody else owns the group, whose row is locked."""
    is_owner = member is not None and member.role is GroupRole.OWNER
    if member and is_owner and not await table.has_other_owner(group.id, member.person_id):
        raise Conflict(LAST_OWNER if group.archived_at is None else LAST_OWNER_ASLEEP)
