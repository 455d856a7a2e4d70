"""How far the viewer has read in conversations, what waits for them, and what of it they show."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import batched
from resolvers import conversation_lists as lists
from resolvers import reading_pointers as actions
from resolvers.conversation_lists import ConversationListing
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.conversation_people import conversation_key
from schema.enums import shown
from schema.errors import UserError, answers, failed
from schema.nodes import Info
from schema.refs import ConversationRef, ViewerRef

shown(
    ConversationListing,
    "Which of their conversations the viewer looks at.",
    {
        ConversationListing.ALL: "All that are not archived.",
        ConversationListing.UNREAD: "Those of them in which they have not read everything, muted ones as well.",
        ConversationListing.ARCHIVED: "Those that are archived.",
    },
    name="ConversationFilter",
)


@strawberry.type(description="What the viewer lets others know while they talk.")
class ChatSettings:
    shows_reading: bool = strawberry.field(
        description="Whether others learn how far they have read. Who hides it sees it of nobody."
    )
    shows_presence: bool = strawberry.field(description="Whether others learn that they are here, or write.")


@strawberry.type
class ViewerConversations:
    """What a viewer has of conversations."""

    @connection(description="The conversations that they are in, that with the newest message first. Scope chat:read.")
    async def conversations(
        self,
        info: Info,
        filter: Annotated[ConversationListing, argument(description="Which of them.")] = ConversationListing.ALL,
        *,
        page: PageArgs,
    ) -> Connection[ConversationRef]:
        return await lists.of_viewer(info.context, filter, page)  # pyright: ignore[reportReturnType]

    @strawberry.field(
        description="In how many of them, archived ones aside, something waits to be read; a muted one counts where it"
        " names them. Null without the scope chat:read."
    )
    async def unread_conversation_count(self, info: Info) -> int | None:
        return await actions.waiting(info.context)

    @strawberry.field(description="What they let others know while they talk.")
    async def chat_settings(self, info: Info) -> ChatSettings:
        return ChatSettings(**await actions.settings(info.context))


@strawberry.type
class ConversationUnread:
    """What a conversation has of being read."""

    unread_count: int = batched(
        actions.unread_counts,
        description="How many messages of others the viewer has not read; 1,000 means that many or more. 0 where they"
        " are not in it.",
    )


@strawberry.input(description="How far the viewer has read.")
class MarkConversationReadInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which conversation.")
    up_to_sequence: int = strawberry.field(
        description="The sequence of the last message that they have read; beyond the newest one it is that one."
    )


@strawberry.input(description="What the viewer wants to come back to.")
class MarkConversationUnreadInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which conversation.")
    from_sequence: int = strawberry.field(description="The sequence of the first message that is to be unread again.")


@strawberry.input(description="A conversation of which the viewer wants to hear less.")
class MuteConversationInput:
    conversation_id: strawberry.ID = strawberry.field(description="Which conversation.")
    until: datetime | None = strawberry.field(default=None, description="Until when; null: mute it no longer.")


@strawberry.input(description="What the viewer lets others know; what is absent or null stays as it is.")
class UpdateChatSettingsInput:
    shows_reading: bool | None = strawberry.field(
        default=None, description="Whether others learn how far they have read. Who hides it sees it of nobody."
    )
    shows_presence: bool | None = strawberry.field(
        default=None, description="Whether others learn that they are here, or write."
    )


@strawberry.type(description="What became of `markConversationRead`.")
class MarkConversationReadPayload:
    conversation: ConversationRef | None = strawberry.field(
        default=None, description="The conversation; null where it was refused."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `markConversationUnread`.")
class MarkConversationUnreadPayload:
    conversation: ConversationRef | None = strawberry.field(
        default=None, description="The conversation; null where it was refused."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `muteConversation`.")
class MuteConversationPayload:
    conversation: ConversationRef | None = strawberry.field(
        default=None, description="The conversation; null where it was refused."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `updateChatSettings`.")
class UpdateChatSettingsPayload:
    viewer: ViewerRef | None = strawberry.field(default=None, description="The viewer as they are now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Tell how far the viewer has read; it never goes back. Others hear of it where the conversation's"
        " receipts name readers and the viewer shows how far they have read. Scope chat:write."
    )
    @answers(MarkConversationReadPayload)
    async def mark_conversation_read(self, info: Info, input: MarkConversationReadInput) -> MarkConversationReadPayload:
        id = conversation_key(input.conversation_id)
        return MarkConversationReadPayload(conversation=await actions.mark_read(info.context, id, input.up_to_sequence))

    @strawberry.mutation(
        description="Have a message and those behind it be unread again, on the viewer's own devices; nobody else"
        " learns of it. Scope chat:write."
    )
    @answers(MarkConversationUnreadPayload)
    async def mark_conversation_unread(
        self, info: Info, input: MarkConversationUnreadInput
    ) -> MarkConversationUnreadPayload:
        id = conversation_key(input.conversation_id)
        return MarkConversationUnreadPayload(
            conversation=await actions.mark_unread(info.context, id, input.from_sequence)
        )

    @strawberry.mutation(
        description="Have a conversation not count as unread for a while, unless it names the viewer; or again."
        " Scope chat:write."
    )
    @answers(MuteConversationPayload)
    async def mute_conversation(self, info: Info, input: MuteConversationInput) -> MuteConversationPayload:
        id = conversation_key(input.conversation_id)
        return MuteConversationPayload(conversation=await actions.mute(info.context, id, input.until))

    @strawberry.mutation(description="Choose what others learn of the viewer while they talk. Scope chat:write.")
    @answers(UpdateChatSettingsPayload)
    async def update_chat_settings(self, info: Info, input: UpdateChatSettingsInput) -> UpdateChatSettingsPayload:
        await actions.update_settings(info.context, reading=input.shows_reading, presence=input.shows_presence)
        return UpdateChatSettingsPayload(viewer=info.context.viewer)  # pyright: ignore[reportArgumentType]
