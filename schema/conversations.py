"""Conversations: what they are, how they are found, started and changed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET, argument

from auth.policies import chat as policy
from execution.fields import batched, column, computed, is_set, relation
from models.conversations import ConversationKind, ReceiptPolicy
from models.errors import NotFound
from resolvers import conversation_changes as changes
from resolvers import conversation_lists as lists
from resolvers import conversations as actions
from resolvers.conversation_changes import ConversationEdit, Retention
from resolvers.conversations import ChannelFilter, NewConversation
from resolvers.lists import PageArgs
from schema.audiences import Audience
from schema.connections import Connection, connection
from schema.conversation_people import ConversationMemberConnection, ConversationMembership, conversation_key
from schema.conversation_reading import ConversationUnread
from schema.enums import shown
from schema.errors import UserError, answers, failed
from schema.memberships import person_keys
from schema.message_pins import ConversationPins
from schema.messages import ConversationMessages
from schema.nodes import Info, Node, any_key, found_key, identity, node
from schema.policies import may
from schema.presence import ConversationPresence
from schema.refs import MessageRef

shown(
    ConversationKind,
    "Who comes into a conversation, and how.",
    {
        ConversationKind.DIRECT: "Two people, or one with themselves; there is one for each two. It has no owner.",
        ConversationKind.GROUP: "People who are put into it by others in it.",
        ConversationKind.CHANNEL: "Whoever belongs to its home finds it and joins; others are put into it.",
    },
)
shown(
    ReceiptPolicy,
    "What members learn of how far others have read.",
    {
        ReceiptPolicy.OFF: "Nothing.",
        ReceiptPolicy.COUNTS: "How many have read a message.",
        ReceiptPolicy.NAMES: "Who has read a message, and as it happens.",
    },
)


@node("conversations", description="People who write to each other.")
class Conversation(Node, ConversationUnread, ConversationMessages, ConversationPins, ConversationPresence):
    id: strawberry.ID = identity("Conversation")
    kind: ConversationKind = column("Who comes in, and how.")
    title: str | None = column(
        "At most 100 characters; null for direct ones, and for groups without: show who is in it."
    )
    purpose: str = column("What it is about; at most 500 characters, empty if not said.")
    sequence: int = column("That of its newest message; 0 where nothing was said. Without gaps, but for retention.")
    receipts: ReceiptPolicy = column("What members learn of how far others have read.")
    retention_days: int | None = column("For how many days messages are kept; null: for ever.")
    is_archived: bool = computed(
        is_set,
        of="archived_at",
        description="Whether it has been closed: it is read as before, and nothing in it changes.",
    )
    created_at: datetime = column("When it was started.")
    moved_at: datetime = column("When its newest message was written, or it was started: what lists are ordered by.")
    version: int = column("Rises with each change of the conversation itself; edits may expect one.")
    home: Audience | None = batched(
        lists.homes,
        description="Who finds this channel; null for what is no channel, and for who does not belong there.",
    )
    member_count: int = relation("conversation_member_counts", key="id", description="How many people are in it.")
    viewer_membership: ConversationMembership | None = relation(
        "own_conversation_members", key="id", description="What the viewer is to it; null where they are not in it."
    )
    last_message: MessageRef | None = batched(
        lists.last_messages, description="The newest message that stands and that the viewer reads; null for none."
    )
    viewer_can_send: bool = may(policy.can_write, "Whether the viewer may write in it.")
    viewer_can_add: bool = may(policy.can_add, "Whether the viewer may put people into it.")
    viewer_can_join: bool = may(policy.can_join, "Whether the viewer may join it.")
    viewer_can_leave: bool = may(policy.can_leave, "Whether the viewer may leave it.")
    viewer_can_manage: bool = may(
        policy.can_keep, "Whether the viewer may change it, archive it and take people out of it."
    )

    @connection(description="Those who are in it, whoever has been in it longest first.")
    def members(self, info: Info, *, page: PageArgs) -> ConversationMemberConnection:
        return lists.members(info.context, self, page)


@strawberry.input(description="A conversation to be.")
class StartConversationInput:
    kind: ConversationKind = strawberry.field(description="Who comes in, and how.")
    person_ids: list[strawberry.ID] = strawberry.field(
        description="With whom, besides the viewer: one for a direct conversation (the viewer: with themselves), 1 to"
        " 200 for a group, up to 200 for a channel."
    )
    title: str | None = strawberry.field(
        default=None, description="1 to 100 characters; a channel needs one, a direct conversation has none."
    )
    purpose: str | None = strawberry.field(default=None, description="At most 500 characters; not of a direct one.")
    home_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Of the org unit or group whose people find the channel, the viewer among them; null: the company.",
    )
    client_id: str | None = strawberry.field(
        default=None,
        description="The client's own id; the same again is the same conversation. At most 100 characters.",
    )


@strawberry.input(description="What is to be different of a conversation; what is absent stays as it is.")
class UpdateConversationInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which group or channel.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the conversation is at another version."
    )
    title: str | None = strawberry.field(
        default=None, description="At most 100 characters; empty takes a group's away. Null: as it is."
    )
    purpose: str | None = strawberry.field(
        default=None, description="At most 500 characters; may be empty. Null: as it is."
    )
    receipts: ReceiptPolicy | None = strawberry.field(
        default=None, description="What members learn of how far others have read. Null: as it is."
    )
    retention_days: int | None = strawberry.field(
        default=UNSET,
        description="For how many days messages are kept, 1 to 3,650; null: for ever. Absent: as it is. What is older"
        " is deleted within a day.",
    )


@strawberry.input(description="A conversation to close.")
class ArchiveConversationInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which group or channel.")


@strawberry.input(description="A conversation to open again.")
class WakeConversationInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which group or channel.")


@strawberry.input(
    name="ChannelFilter", description="What channels must have in common; what is absent or null asks nothing."
)
class ChannelFilterInput:
    text: str | None = strawberry.field(default=None, description="With this in their title; at most 100 characters.")
    is_mine: bool | None = strawberry.field(default=None, description="The viewer is in them, or is not.")
    is_archived: bool | None = strawberry.field(default=None, description="Archived, or not.")


@strawberry.type(description="What became of `startConversation`.")
class StartConversationPayload:
    conversation: Conversation | None = strawberry.field(
        default=None, description="The conversation; null where it was refused."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `updateConversation`.")
class UpdateConversationPayload:
    conversation: Conversation | None = strawberry.field(
        default=None, description="The conversation; null where it was refused."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `archiveConversation`.")
class ArchiveConversationPayload:
    conversation: Conversation | None = strawberry.field(
        default=None, description="The conversation; null where it was refused."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `wakeConversation`.")
class WakeConversationPayload:
    conversation: Conversation | None = strawberry.field(
        default=None, description="The conversation; null where it was refused."
    )
    errors: list[UserError] = failed()


@strawberry.type
class Query:
    @strawberry.field(
        description="A conversation that the viewer is in, or a channel that they find; null for any other. Scope"
        " chat:read."
    )
    async def conversation(
        self, info: Info, id: Annotated[strawberry.ID, argument(description="Which one.")]
    ) -> Conversation | None:
        return await actions.conversation(info.context, found_key("Conversation", id))

    @connection(
        description="The channels that the viewer finds or is in, by title. Guests find those alone that they are in."
        " Scope chat:read."
    )
    async def channels(
        self,
        info: Info,
        filter_by: Annotated[ChannelFilterInput | None, argument(description="Only some of them.")] = None,
        *,
        page: PageArgs,
    ) -> Connection[Conversation]:
        given = filter_by or ChannelFilterInput()
        asked = ChannelFilter(given.text, given.is_mine, given.is_archived)
        return await actions.channels(info.context, asked, page)  # pyright: ignore[reportReturnType]


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Start a conversation: whoever sees the people, groups and channels for people of the company. The"
        " direct one with a person is always the same. Scope chat:write."
    )
    @answers(StartConversationPayload)
    async def start_conversation(self, info: Info, input: StartConversationInput) -> StartConversationPayload:
        new = NewConversation(
            kind=input.kind,
            people=person_keys(input.person_ids),
            title=input.title,
            purpose=input.purpose or "",
            home=None if input.home_id is None else _home_key(input.home_id),
            client_id=input.client_id,
        )
        return StartConversationPayload(conversation=await actions.start_conversation(info.context, new))

    @strawberry.mutation(description="Change a group or a channel; its owner. Scope chat:write.")
    @answers(UpdateConversationPayload)
    async def update_conversation(self, info: Info, input: UpdateConversationInput) -> UpdateConversationPayload:
        kept = None if input.retention_days is UNSET else Retention(input.retention_days)
        edit = ConversationEdit(input.title, input.purpose, input.receipts, kept)
        id = conversation_key(input.conversation_id)
        updated = await changes.update_conversation(info.context, id, edit, expected_version=input.expected_version)
        return UpdateConversationPayload(conversation=updated)

    @strawberry.mutation(
        description="Close a group or a channel: it is read as before, and nothing in it changes any more; its owner."
        " Scope chat:write."
    )
    @answers(ArchiveConversationPayload)
    async def archive_conversation(self, info: Info, input: ArchiveConversationInput) -> ArchiveConversationPayload:
        id = conversation_key(input.conversation_id)
        archived = await changes.archive_conversation(info.context, id, archive=True)
        return ArchiveConversationPayload(conversation=archived)

    @strawberry.mutation(description="Have an archived group or channel live on; its owner. Scope chat:write.")
    @answers(WakeConversationPayload)
    async def wake_conversation(self, info: Info, input: WakeConversationInput) -> WakeConversationPayload:
        id = conversation_key(input.conversation_id)
        woken = await changes.archive_conversation(info.context, id, archive=False)
        return WakeConversationPayload(conversation=woken)


def _home_key(id: str) -> uuid.UUID:
    """The key of the org unit or group that an input names. Raises `NotFound`."""
    name, home = any_key(id, ["homeId"])
    if name not in ("OrgUnit", "Group"):
        raise NotFound(path=["homeId"])
    return home
