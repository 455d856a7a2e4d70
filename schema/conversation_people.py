"""People in conversations: what each is there, and how they come and go."""

from __future__ import annotations

import uuid
from datetime import datetime

import strawberry

from execution.fields import column, computed
from execution.rows import read
from models.conversations import ConversationRole
from resolvers import conversation_members as actions
from resolvers.conversation_members import ConversationHistory
from schema.connections import PageInfo, counted
from schema.enums import shown
from schema.errors import UserError, answers, failed, user_error
from schema.group_people import standing
from schema.memberships import person_key, person_keys
from schema.nodes import Info, key
from schema.refs import ConversationRef, PersonRef

shown(
    ConversationRole,
    "What a member may do in a conversation.",
    {
        ConversationRole.OWNER: "Take people out, change and archive it; once they leave, whoever has been in it"
        " longest does.",
        ConversationRole.MEMBER: "Read and write, and add people.",
    },
)
shown(
    ConversationHistory,
    "What those who are added read of what was said before.",
    {
        ConversationHistory.ALL: "Whatever the one who adds them reads.",
        ConversationHistory.NONE: "Nothing.",
    },
)


@strawberry.type(description="What the viewer is to a conversation that they are in.")
class ConversationMembership:
    role: ConversationRole = column("What they may do in it.")
    joined_at: datetime = column("When they came in.")
    reads_from_sequence: int = computed(
        lambda member: read(member, "since") + 1, description="What was said before this sequence is not for them."
    )
    read_up_to_sequence: int = column(
        "They have read what is not behind this: where to draw the line above what is new.", source="read_up_to"
    )
    muted_until: datetime | None = column(
        "Until when, or since when no more, it is muted; null if it never was.", source="muted_until"
    )


@strawberry.type(description="Somebody in a conversation.")
class ConversationMemberEdge:
    cursor: str = column("The entry's place: opaque, bound to this list, its order and its filters.")
    node: PersonRef = column("Who it is.")
    role: ConversationRole = standing("_role", "What they may do in the conversation.")
    joined_at: datetime = standing("_joined_at", "When they came in.")


@strawberry.type(description="A page of those who are in a conversation.")
class ConversationMemberConnection:
    edges: list[ConversationMemberEdge] = column("The people, with what they are to the conversation.")
    nodes: list[PersonRef] = column("The people alone.")
    page_info: PageInfo = column("Where this page lies.")
    total_count: int | None = counted("How many there are that the viewer may see; counted only when asked for.")


@strawberry.input(description="People to put into a conversation.")
class AddConversationMembersInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which group or channel.")
    person_ids: list[strawberry.ID] = strawberry.field(description="1 to 200 people whom the viewer sees.")
    history: ConversationHistory | None = strawberry.field(
        default=None,
        description="What they read of what was said before; never more than the viewer does. Null: ALL in a channel,"
        " NONE in a group.",
    )


@strawberry.input(description="A channel to join.")
class JoinConversationInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which channel.")


@strawberry.input(description="A conversation to leave.")
class LeaveConversationInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which group or channel.")


@strawberry.input(description="Somebody to take out of a conversation.")
class RemoveConversationMemberInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which group or channel.")
    person_id: strawberry.ID = strawberry.field(description="Whom.")


@strawberry.type(description="What became of `addConversationMembers`.")
class AddConversationMembersPayload:
    conversation: ConversationRef | None = strawberry.field(
        default=None, description="The conversation; null where nobody was added."
    )
    errors: list[UserError] = strawberry.field(
        default_factory=list, description="Empty when all were added; else the path names who was not, and why."
    )


@strawberry.type(description="What became of `joinConversation`.")
class JoinConversationPayload:
    conversation: ConversationRef | None = strawberry.field(
        default=None, description="The channel; null where it was refused."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `leaveConversation`.")
class LeaveConversationPayload:
    left_conversation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The conversation that the viewer is not in any more; null where it was refused."
    )
    conversation: ConversationRef | None = strawberry.field(
        default=None, description="The conversation; null where the viewer no longer sees it."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `removeConversationMember`.")
class RemoveConversationMemberPayload:
    conversation: ConversationRef | None = strawberry.field(
        default=None, description="The conversation; null where it was refused."
    )
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Put people into a group or a channel; its members of the company. Scope chat:write."
    )
    @answers(AddConversationMembersPayload)
    async def add_conversation_members(
        self, info: Info, input: AddConversationMembersInput
    ) -> AddConversationMembersPayload:
        people = person_keys(input.person_ids)
        id = conversation_key(input.conversation_id)
        added = await actions.add_members(info.context, id, people, input.history)
        refused = [user_error(one) for one in added.refused]
        return AddConversationMembersPayload(conversation=added.conversation, errors=refused)

    @strawberry.mutation(
        description="Come into a channel that one finds, and read all of it; twice is once. Scope chat:write."
    )
    @answers(JoinConversationPayload)
    async def join_conversation(self, info: Info, input: JoinConversationInput) -> JoinConversationPayload:
        joined = await actions.join_conversation(info.context, conversation_key(input.conversation_id))
        return JoinConversationPayload(conversation=joined)

    @strawberry.mutation(
        description="Leave a group or a channel; what one wrote stays. With an owner it is whoever of the company has"
        " been in it longest who owns it then; without anybody of the company it is archived. Scope chat:write."
    )
    @answers(LeaveConversationPayload)
    async def leave_conversation(self, info: Info, input: LeaveConversationInput) -> LeaveConversationPayload:
        left = await actions.leave_conversation(info.context, conversation_key(input.conversation_id))
        return LeaveConversationPayload(left_conversation_id=input.conversation_id, conversation=left)

    @strawberry.mutation(
        description="Take somebody out of a group or a channel, who reads none of it any more; its owner. What they"
        " wrote stays. Scope chat:write."
    )
    @answers(RemoveConversationMemberPayload)
    async def remove_conversation_member(
        self, info: Info, input: RemoveConversationMemberInput
    ) -> RemoveConversationMemberPayload:
        id, person = conversation_key(input.conversation_id), person_key(input.person_id)
        return RemoveConversationMemberPayload(conversation=await actions.remove_member(info.context, id, person))


def conversation_key(id: str) -> uuid.UUID:
    """The key of the conversation that an input names. Raises `NotFound`."""
    return key("Conversation", id, ["conversationId"])
