"""Messages of conversations, and replies."""

from __future__ import annotations

from datetime import datetime

import strawberry

from auth.policies import chat as policy
from execution.fields import column, computed, is_set, relation
from execution.scalars import Markdown
from resolvers import message_history as history
from resolvers import messages as actions
from schema.connections import Connection, listed
from schema.errors import UserError, answers, failed
from schema.mentions import MessageContracts, TextWithMentions
from schema.message_pins import MessagePin
from schema.nodes import Info, Node, identity, key, node, optional_key
from schema.policies import may
from schema.reactions import Reactable
from schema.receipts import MessageReceipts
from schema.refs import ConversationRef, MessageRef, PersonRef
from schema.revisions import Revised


@node("messages", description="Something said in a conversation. Removed, only its place is left.")
class Message(Node, Reactable, Revised, TextWithMentions, MessagePin, MessageReceipts):
    id: strawberry.ID = identity("Message")
    sequence: int = column(
        "Its place in the conversation: the first is 1, and each is one more than the one before. Never another's."
    )
    body: Markdown = column("Its text as written; at most 10,000 characters; empty once it is removed.")
    created_at: datetime = column("When it was written; the order is that of `sequence`, not of any clock.")
    edited_at: datetime | None = column("When its text last changed; null if never.")
    is_edited: bool = computed(is_set, of="edited_at", description="Whether its text has changed since.")
    is_removed: bool = column(
        "Whether it is gone, and only its place and author are kept, without text, reactions, mentions and history.",
        source="removed",
    )
    names_everyone: bool = column("Whether it names all members at once, as `@everyone` or `@here`.", source="everyone")
    version: int = column("Rises with each change of its text; edits may expect one.")
    author: PersonRef | None = relation(
        "people",
        key="author_id",
        shared=True,
        description="Who wrote it; null where they are not visible or their account is erased.",
    )
    conversation: ConversationRef | None = relation(
        "conversations", key="conversation_id", description="Where it was said."
    )
    reply_to: Message | None = relation(
        "messages",
        key="reply_to_id",
        description="The message that starts its thread; null where it starts one, or that one is not visible.",
    )
    reply_count: int = relation(
        "reply_counts", key="id", description="The replies to it; none where it is a reply itself. Not removed ones."
    )
    viewer_can_update: bool = may(policy.can_edit_message, "Whether the viewer may edit it.")
    viewer_can_delete: bool = may(policy.can_delete_message, "Whether the viewer may remove it.")
    viewer_can_reply: bool = may(policy.can_take_part_in_message, "Whether the viewer may reply to it.")
    viewer_can_react: bool = may(policy.can_take_part_in_message, "Whether the viewer may react to it.")

    replies: Connection[MessageRef] = listed(
        history.replies, key="id", description="The replies of the thread that it starts, the oldest first."
    )


@strawberry.type
class ConversationMessages:
    """What a conversation has of what was said in it."""

    messages: Connection[MessageRef] = listed(
        history.messages,
        key="id",
        description="What was said, replies included, by `sequence`: inside a page the oldest first, `last` gives the"
        " newest page. Nothing from before the viewer came, where they were not let read that.",
    )


@strawberry.input(description="A message to be.")
class SendMessageInput:
    conversation_id: strawberry.ID = strawberry.field(description="Where.")
    body: Markdown = strawberry.field(
        description="1 to 10,000 characters. `@[id]` names a person, at most 50; `@everyone` or `@here` all members."
    )
    client_id: str | None = strawberry.field(
        default=None, description="The client's own id; the same again is the same message. At most 100 characters."
    )
    reply_to_id: strawberry.ID | None = strawberry.field(
        default=None, description="A message of this conversation to reply to: the reply joins its thread."
    )
    confirm_everyone: bool = strawberry.field(
        default=False, description="Whether it is meant to name all members, where they are more than 50."
    )


@strawberry.input(description="A message's new text.")
class EditMessageInput:
    message_id: strawberry.ID = strawberry.field(description="Which message.")
    body: Markdown = strawberry.field(description="As in `sendMessage`.")
    expected_version: int | None = strawberry.field(default=None, description="Refuse if it is at another version.")
    confirm_everyone: bool = strawberry.field(default=False, description="As in `sendMessage`.")


@strawberry.input(description="A message to remove.")
class DeleteMessageInput:
    message_id: strawberry.ID = strawberry.field(description="Which message.")


@strawberry.type(description="What became of `sendMessage`.")
class SendMessagePayload(MessageContracts):
    message: Message | None = strawberry.field(default=None, description="The message; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `editMessage`.")
class EditMessagePayload(MessageContracts):
    message: Message | None = strawberry.field(default=None, description="The message as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `deleteMessage`.")
class DeleteMessagePayload:
    message: Message | None = strawberry.field(default=None, description="What is left of it.")
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id whose text is gone.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Write in a conversation, or reply there; the viewer has read it up to the new message then. Any"
        " member, while it is not archived; in a direct one while both are active. CONFIRMATION_REQUIRED where it would"
        " name more than 50 members at once. Scope chat:write."
    )
    @answers(SendMessagePayload)
    async def send_message(self, info: Info, input: SendMessageInput) -> SendMessagePayload:
        sent = await actions.send_message(
            info.context,
            key("Conversation", input.conversation_id, ["conversationId"]),
            body=input.body,
            reply_to=optional_key("Message", input.reply_to_id, ["replyToId"]),
            client_id=input.client_id,
            confirm_everyone=input.confirm_everyone,
        )
        return SendMessagePayload(message=sent)

    @strawberry.mutation(
        description="Replace a message's text; its author. Those who read it may read what it said before. Scope"
        " chat:write."
    )
    @answers(EditMessagePayload)
    async def edit_message(self, info: Info, input: EditMessageInput) -> EditMessagePayload:
        edited = await actions.edit_message(
            info.context,
            key("Message", input.message_id, ["messageId"]),
            body=input.body,
            expected_version=input.expected_version,
            confirm_everyone=input.confirm_everyone,
        )
        return EditMessagePayload(message=edited)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Remove a message; its author, or an owner of the conversation. Its place stays, and counts for"
        " nothing; again is fine. Scope chat:write."
    )
    @answers(DeleteMessagePayload)
    async def delete_message(self, info: Info, input: DeleteMessageInput) -> DeleteMessagePayload:
        removed = await actions.delete_message(info.context, key("Message", input.message_id, ["messageId"]))
        return DeleteMessagePayload(message=removed, deleted_id=input.message_id)  # pyright: ignore[reportArgumentType]
