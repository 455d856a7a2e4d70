"""Memberships: joining groups and leaving them, and what owners and moderators do with members."""

from __future__ import annotations

import uuid

import strawberry

from models.groups import GroupRole
from resolvers import memberships as actions
from resolvers.memberships import Dealt
from schema.errors import UserError, answers, failed, user_error
from schema.nodes import Info, found_key, key
from schema.refs import GroupRef


@strawberry.input(description="A group to join.")
class JoinGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")


@strawberry.input(description="A group to leave.")
class LeaveGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")


@strawberry.input(description="People who become members of a group.")
class AddGroupMembersInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    person_ids: list[strawberry.ID] = strawberry.field(description="1 to 200 people. Those from outside become guests.")
    role: GroupRole = strawberry.field(
        default=GroupRole.MEMBER, description="What they may do in it: MEMBER, or as an owner says, more."
    )


@strawberry.input(description="A member to take out of a group.")
class RemoveGroupMemberInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    person_id: strawberry.ID = strawberry.field(description="Whom. An owner is taken out by an owner.")


@strawberry.input(description="Another role of a member.")
class SetGroupRoleInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    person_id: strawberry.ID = strawberry.field(description="Whose.")
    role: GroupRole = strawberry.field(description="What they may do in it. GUEST is for people from outside alone.")


@strawberry.input(description="Somebody to keep out of a group.")
class BanFromGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    person_id: strawberry.ID = strawberry.field(description="Whom, whether in it or not. An owner is banned by one.")


@strawberry.input(description="Somebody to keep out of a group no longer.")
class LiftGroupBanInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    person_id: strawberry.ID = strawberry.field(description="Whom.")


@strawberry.type(description="What became of `joinGroup`.")
class JoinGroupPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `leaveGroup`.")
class LeaveGroupPayload:
    left_group_id: strawberry.ID | None = strawberry.field(
        default=None, description="The group that the viewer is not in any more; null where it was refused."
    )
    group: GroupRef | None = strawberry.field(
        default=None, description="The group; null where the viewer no longer sees it."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `addGroupMembers`.")
class AddGroupMembersPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where nobody was added.")
    errors: list[UserError] = strawberry.field(
        default_factory=list, description="Empty when all were added; else the path names who was not, and why."
    )


@strawberry.type(description="What became of `removeGroupMember`.")
class RemoveGroupMemberPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `setGroupRole`.")
class SetGroupRolePayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `banFromGroup`.")
class BanFromGroupPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `liftGroupBan`.")
class LiftGroupBanPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Join a group, accept an invitation, or ask to be let in, as its policy says; twice is once."
        " Scope groups:write."
    )
    @answers(JoinGroupPayload)
    async def join_group(self, info: Info, input: JoinGroupInput) -> JoinGroupPayload:
        return JoinGroupPayload(group=await actions.join_group(info.context, group_key(input.group_id)))

    @strawberry.mutation(
        description="Leave a group; what one wrote stays. Its last owner cannot, until somebody else owns it."
        " Scope groups:write."
    )
    @answers(LeaveGroupPayload)
    async def leave_group(self, info: Info, input: LeaveGroupInput) -> LeaveGroupPayload:
        group = await actions.leave_group(info.context, group_key(input.group_id))
        return LeaveGroupPayload(left_group_id=input.group_id, group=group)

    @strawberry.mutation(
        description="Make people members at once; a group's owners and moderators. Scope groups:write."
    )
    @answers(AddGroupMembersPayload)
    async def add_group_members(self, info: Info, input: AddGroupMembersInput) -> AddGroupMembersPayload:
        people = person_keys(input.person_ids)
        added = await actions.add_members(info.context, group_key(input.group_id), people, input.role)
        return AddGroupMembersPayload(group=added.group, errors=refusals(added))

    @strawberry.mutation(
        description="Take a member out of a group; its owners and moderators. What they wrote stays."
        " Scope groups:write."
    )
    @answers(RemoveGroupMemberPayload)
    async def remove_group_member(self, info: Info, input: RemoveGroupMemberInput) -> RemoveGroupMemberPayload:
        return RemoveGroupMemberPayload(group=await actions.remove_member(info.context, *_keys(input)))

    @strawberry.mutation(description="Give a member another role; a group's owners. Scope groups:write.")
    @answers(SetGroupRolePayload)
    async def set_group_role(self, info: Info, input: SetGroupRoleInput) -> SetGroupRolePayload:
        return SetGroupRolePayload(group=await actions.set_role(info.context, *_keys(input), input.role))

    @strawberry.mutation(
        description="Keep somebody out of a group, for good; its owners and moderators. Scope groups:write."
    )
    @answers(BanFromGroupPayload)
    async def ban_from_group(self, info: Info, input: BanFromGroupInput) -> BanFromGroupPayload:
        return BanFromGroupPayload(group=await actions.ban(info.context, *_keys(input)))

    @strawberry.mutation(
        description="Let somebody who was banned come back, if they want to; a group's owners and moderators."
        " Scope groups:write."
    )
    @answers(LiftGroupBanPayload)
    async def lift_group_ban(self, info: Info, input: LiftGroupBanInput) -> LiftGroupBanPayload:
        return LiftGroupBanPayload(group=await actions.lift_ban(info.context, *_keys(input)))


def group_key(id: str) -> uuid.UUID:
    """The key of the group that an input names. Raises `NotFound`."""
    return key("Group", id, ["groupId"])


def person_key(id: str) -> uuid.UUID:
    """The key of the person that an input names. Raises `NotFound`."""
    return key("Person", id, ["personId"])


def person_keys(ids: list[strawberry.ID]) -> list[uuid.UUID | None]:
    """The keys of the people that an input names; None for what is no id of a person."""
    return [found_key("Person", id) for id in ids]


def refusals(dealt: Dealt) -> list[UserError]:
    """Why some of the people named were left out."""
    return [user_error(one) for one in dealt.refused]


def _keys(
    input: RemoveGroupMemberInput | SetGroupRoleInput | BanFromGroupInput | LiftGroupBanInput,
) -> tuple[uuid.UUID, uuid.UUID]:
    return group_key(input.group_id), person_key(input.person_id)
