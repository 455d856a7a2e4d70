"""Events of conversations."""

from __future__ import annotations

from typing import Any

import strawberry

from execution.fields import column, computed, relation
from execution.ids import encode_id
from resolvers.live import changed
from schema.events.base import Event
from schema.nodes import Info
from schema.refs import CommentRef, ConversationRef, MessageRef, PersonRef, PostRef
from subscriptions.events import Logged

NOW = "The message as it is now; null where it is gone again."
CONVERSATION_NOW = "The conversation as it is now; null for who is not in it any more."


def _conversation() -> Any:
    return relation("conversations", key="conversation", description=CONVERSATION_NOW)


@strawberry.type(description="A message was written.")
class MessagePosted(Event):
    message: MessageRef | None = relation("messages", key="message", shared=True, description=NOW)
    conversation: ConversationRef | None = _conversation()


@strawberry.type(description="A message's text was replaced.")
class MessageEdited(Event):
    message: MessageRef | None = relation("messages", key="message", shared=True, description=NOW)
    conversation: ConversationRef | None = _conversation()


@strawberry.type(description="A message was pinned, or is no longer.")
class MessageChanged(Event):
    message: MessageRef | None = relation("messages", key="message", shared=True, description=NOW)
    conversation: ConversationRef | None = _conversation()


@strawberry.type(description="A message's text is gone; its place stays.")
class MessageDeleted(Event):
    message_id: strawberry.ID = computed(
        lambda event: encode_id("Message", event.message), description="The id of what is gone."
    )
    message: MessageRef | None = relation(
        "messages", key="message", shared=True, description="What stands in its place."
    )
    conversation: ConversationRef | None = _conversation()


@strawberry.type(description="Messages are gone, place and all: the conversation keeps them no longer.")
class MessagesExpired(Event):
    up_to_sequence: int = column("That of the newest one that is gone; so are all before it.", source="sequence")
    conversation: ConversationRef | None = _conversation()


@strawberry.type(description="Somebody has read up to a message; or, of oneself, has marked what is behind as unread.")
class ReadPointerMoved(Event):
    person_id: strawberry.ID = computed(lambda event: encode_id("Person", event.person), description="Whose it is.")
    up_to_sequence: int = column("That of the last message that they have read.", source="sequence")
    conversation: ConversationRef | None = _conversation()


@strawberry.type(description="A conversation was started, or its title, purpose, rules or state are others.")
class ConversationChanged(Event):
    conversation: ConversationRef | None = _conversation()


@strawberry.type(description="Somebody has come into a conversation.")
class ConversationJoined(Event):
    person: PersonRef | None = relation("people", key="person", shared=True, description="Who has come.")
    conversation: ConversationRef | None = _conversation()


@strawberry.type(description="Somebody is no longer in a conversation.")
class ConversationLeft(Event):
    person_id: strawberry.ID = computed(lambda event: encode_id("Person", event.person), description="Who has gone.")
    conversation_id: strawberry.ID = computed(
        lambda event: encode_id("Conversation", event.conversation), description="Where they were."
    )


@strawberry.type(description="The viewer has muted a conversation, or no longer.")
class ConversationMuted(Event):
    conversation: ConversationRef | None = _conversation()


@strawberry.type(description="The viewer is named in something that they can see.")
class Mentioned(Event):
    subject_id: strawberry.ID = computed(
        lambda event: encode_id(*changed.mentioned_in(event)),
        description="The id of the message, comment or post that names them; also of one that is gone.",
    )

    @strawberry.field(description="The post that it is in or under; null where it is a message, or gone again.")
    async def post(self, info: Info) -> PostRef | None:
        return await changed.mentioned_in_post(info.context, _event(self))

    @strawberry.field(description="The comment that it is in; null where it is none, or gone again.")
    async def comment(self, info: Info) -> CommentRef | None:
        return await changed.mentioned_in_comment(info.context, _event(self))

    @strawberry.field(description="The message that it is in; null where it is none, or gone again.")
    async def message(self, info: Info) -> MessageRef | None:
        return await changed.mentioned_in_message(info.context, _event(self))


def _event(told: Any) -> Logged:
    """An event's type is a description: what it describes is the event of the log."""
    return told


TYPES: list[type[Any]] = [
    MessagePosted,
    MessageEdited,
    MessageChanged,
    MessageDeleted,
    MessagesExpired,
    ReadPointerMoved,
    ConversationChanged,
    ConversationJoined,
    ConversationLeft,
    ConversationMuted,
    Mentioned,
]
