"""How people are let into groups: invitations, and requests to join."""

from __future__ import annotations

from datetime import datetime

import strawberry

from resolvers import admissions as actions
from schema.errors import UserError, answers, failed
from schema.memberships import group_key, person_key, person_keys, refusals
from schema.nodes import Info
from schema.refs import GroupRef


@strawberry.input(description="People to invite into a group.")
class InviteToGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    person_ids: list[strawberry.ID] = strawberry.field(description="1 to 200 people. Those from outside become guests.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="Until when they may accept, at most 90 days from now; absent or null: for 14 days."
    )


@strawberry.input(description="An invitation to say no to.")
class DeclineInvitationInput:
    group_id: strawberry.ID = strawberry.field(description="The group that the viewer is invited to.")


@strawberry.input(description="An invitation that is to hold no longer.")
class WithdrawInvitationInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    person_id: strawberry.ID = strawberry.field(description="Who was invited.")


@strawberry.input(description="An answer to somebody who asks to join a group.")
class AnswerJoinRequestInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    person_id: strawberry.ID = strawberry.field(description="Who asks.")
    accept: bool = strawberry.field(description="Whether they are let in.")


@strawberry.input(description="A request that the viewer makes no longer.")
class WithdrawJoinRequestInput:
    group_id: strawberry.ID = strawberry.field(description="The group that the viewer has asked to join.")


@strawberry.type(description="What became of `inviteToGroup`.")
class InviteToGroupPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where nobody was invited.")
    errors: list[UserError] = strawberry.field(
        default_factory=list, description="Empty when all were invited; else the path names who was not, and why."
    )


@strawberry.type(description="What became of `declineInvitation`.")
class DeclineInvitationPayload:
    group: GroupRef | None = strawberry.field(
        default=None, description="The group; null where the viewer no longer sees it."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `withdrawInvitation`.")
class WithdrawInvitationPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `answerJoinRequest`.")
class AnswerJoinRequestPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `withdrawJoinRequest`.")
class WithdrawJoinRequestPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Invite people into a group, who accept by `joinGroup`; its owners and moderators. Who has asked to"
        " join is let in at once. Scope groups:write."
    )
    @answers(InviteToGroupPayload)
    async def invite_to_group(self, info: Info, input: InviteToGroupInput) -> InviteToGroupPayload:
        people = person_keys(input.person_ids)
        invited = await actions.invite(info.context, group_key(input.group_id), people, input.expires_at)
        return InviteToGroupPayload(group=invited.group, errors=refusals(invited))

    @strawberry.mutation(description="Say no to an invitation; twice is once. Scope groups:write.")
    @answers(DeclineInvitationPayload)
    async def decline_invitation(self, info: Info, input: DeclineInvitationInput) -> DeclineInvitationPayload:
        declined = await actions.decline_invitation(info.context, group_key(input.group_id))
        return DeclineInvitationPayload(group=declined)

    @strawberry.mutation(
        description="Invite somebody no longer; a group's owners and moderators; twice is once. Scope groups:write."
    )
    @answers(WithdrawInvitationPayload)
    async def withdraw_invitation(self, info: Info, input: WithdrawInvitationInput) -> WithdrawInvitationPayload:
        keys = group_key(input.group_id), person_key(input.person_id)
        return WithdrawInvitationPayload(group=await actions.withdraw_invitation(info.context, *keys))

    @strawberry.mutation(
        description="Let somebody in who asks to join, or decline; a group's owners and moderators. Scope groups:write."
    )
    @answers(AnswerJoinRequestPayload)
    async def answer_join_request(self, info: Info, input: AnswerJoinRequestInput) -> AnswerJoinRequestPayload:
        keys = group_key(input.group_id), person_key(input.person_id)
        answered = await actions.answer_request(info.context, *keys, accept=input.accept)
        return AnswerJoinRequestPayload(group=answered)

    @strawberry.mutation(description="Ask to join a group no longer; twice is once. Scope groups:write.")
    @answers(WithdrawJoinRequestPayload)
    async def withdraw_join_request(self, info: Info, input: WithdrawJoinRequestInput) -> WithdrawJoinRequestPayload:
        withdrawn = await actions.withdraw_request(info.context, group_key(input.group_id))
        return WithdrawJoinRequestPayload(group=withdrawn)
