"""What happens in conversations. Whoever is in one hears of it, in the order of its sequence."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from subscriptions.events import Event, audience_stream, person_stream


@dataclass(frozen=True, slots=True)
class ConversationEvent(Event):
    """Something that the members of a conversation hear of."""

    conversation: uuid.UUID

    @property
    def stream(self) -> str:
        return audience_stream(self.conversation)

    @property
    def audience(self) -> uuid.UUID:
        return self.conversation

    @property
    def subject(self) -> uuid.UUID:
        return self.conversation


@dataclass(frozen=True, slots=True)
class ConversationStarted(ConversationEvent):
    """A conversation was begun."""

    told_as: ClassVar[str] = "ConversationChanged"


@dataclass(frozen=True, slots=True)
class ConversationChanged(ConversationEvent):
    """Its title, purpose, rules or owner changed, or it was archived or woken."""


@dataclass(frozen=True, slots=True)
class ConversationJoined(ConversationEvent):
    """Somebody has come in: by themselves, or added."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class ConversationLeft(ConversationEvent):
    """Somebody is no longer in it: by themselves, taken out, or gone from the company."""

    person: uuid.UUID


@dataclass(frozen=True, slots=True)
class MessageEvent(ConversationEvent):
    """Something about one message."""

    message: uuid.UUID

    @property
    def subject(self) -> uuid.UUID:
        return self.message


@dataclass(frozen=True, slots=True)
class MessagePosted(MessageEvent):
    """A message was written."""


@dataclass(frozen=True, slots=True)
class MessageEdited(MessageEvent):
    """A message's text was replaced."""


@dataclass(frozen=True, slots=True)
class MessageDeleted(MessageEvent):
    """A message's text is gone; its place stays."""


@dataclass(frozen=True, slots=True)
class MessagesExpired(ConversationEvent):
    """Messages up to `sequence` are gone, place and all: the conversation keeps them no longer."""

    sequence: int


@dataclass(frozen=True, slots=True)
class MessagesForgotten(Event):
    """Which messages these were, some hundreds at a time: for the search index alone."""

    conversation: uuid.UUID
    messages: list[str]

    @property
    def stream(self) -> str:
        return audience_stream(self.conversation)

    @property
    def subject(self) -> uuid.UUID:
        return self.conversation


@dataclass(frozen=True, slots=True)
class MessagePinned(MessageEvent):
    """A message was pinned, or is no longer."""

    told_as: ClassVar[str] = "MessageChanged"


@dataclass(frozen=True, slots=True)
class MessageReacted(MessageEvent):
    """Somebody reacted to a message, or took it back."""

    told_as: ClassVar[str] = "ReactionsChanged"


@dataclass(frozen=True, slots=True)
class ReadPointerMoved(ConversationEvent):
    """Somebody has read up to a message, and the conversation's policy lets the others know who."""

    person: uuid.UUID
    sequence: int


@dataclass(frozen=True, slots=True)
class OwnEvent(Event):
    """Something that a person did which nobody but they themselves learns of: for their other devices."""

    person: uuid.UUID

    @property
    def stream(self) -> str:
        return person_stream(self.person)

    @property
    def recipient(self) -> uuid.UUID:
        return self.person

    @property
    def subject(self) -> uuid.UUID:
        return self.person


@dataclass(frozen=True, slots=True)
class OwnConversationEvent(OwnEvent):
    """Such a thing in one conversation."""

    conversation: uuid.UUID

    @property
    def subject(self) -> uuid.UUID:
        return self.conversation


@dataclass(frozen=True, slots=True)
class OwnReadPointerMoved(OwnConversationEvent):
    """Somebody has read up to a message, or has marked what is behind it as unread."""

    told_as: ClassVar[str] = "ReadPointerMoved"

    sequence: int


@dataclass(frozen=True, slots=True)
class ConversationMuted(OwnConversationEvent):
    """Somebody has muted a conversation, or no longer."""


@dataclass(frozen=True, slots=True)
class ChatSettingsChanged(OwnEvent):
    """Somebody has chosen anew what others learn of their reading and presence."""


@dataclass(frozen=True, slots=True)
class NamedInMessage(Event):
    """A message names somebody who reads it, by name or with everybody else."""

    told_as: ClassVar[str] = "Mentioned"

    person: uuid.UUID
    conversation: uuid.UUID
    message: uuid.UUID

    @property
    def stream(self) -> str:
        return audience_stream(self.conversation)

    @property
    def recipient(self) -> uuid.UUID:
        return self.person

    @property
    def subject(self) -> uuid.UUID:
        return self.message
