"""Streams: what one may subscribe to, and where a snapshot and its stream meet."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable
from typing import Annotated, Any

import strawberry
from strawberry import argument

from resolvers import streams
from resolvers.live.kinds import CONVERSATION, DIRECTORY, FEED, GROUP, INBOX, SURVEY, TO_ANSWER, EventKind, Kind
from schema.enums import shown
from schema.events import base, chat, directory, feed, groups, surveys
from schema.events.activity import ConversationActivity
from schema.events.base import Event
from schema.nodes import Info, key

Behind = Annotated[
    str | None, argument(description="Go on behind this cursor of an event, or of `eventCursor`; null: from now on.")
]

ConversationId = Annotated[strawberry.ID, argument(description="Which conversation.")]
GroupId = Annotated[strawberry.ID, argument(description="Which group.")]
SurveyId = Annotated[strawberry.ID, argument(description="Which survey.")]


def _types(kinds: Iterable[Kind]) -> str:
    """The types that events of these kinds are told as, for a description."""
    names = dict.fromkeys(kind.told_as or kind.__name__ for kind in kinds)
    return f" Types: {', '.join([*names, 'StreamEnded'])}."


EVENTS: list[type[Any]] = [*base.TYPES, *feed.TYPES, *chat.TYPES, *groups.TYPES, *directory.TYPES, *surveys.TYPES]

shown(
    EventKind,
    "What automation may follow: named as the events' types are.",
    {kind: f"`{kind.value}`." for kind in EventKind},
)


@strawberry.type
class Query:
    @strawberry.field(
        description="Where the log stands before anything else of this request is read: a stream `after` it continues"
        " the snapshot."
    )
    async def event_cursor(self, info: Info) -> str:
        return await streams.event_cursor(info.context)


@strawberry.type
class Subscription:
    @strawberry.subscription(
        description="What happens in the viewer's feed. `after` resumes without loss. Scope feed:read." + _types(FEED)
    )
    async def feed_updated(self, info: Info, after: Behind = None) -> AsyncIterable[Event]:
        return _told(await streams.feed_updated(info.context, after))

    @strawberry.subscription(
        description="What happens in a conversation that the viewer is in, in the order of its history. Ends with"
        " REVOKED when they no longer are. Scope chat:read." + _types(CONVERSATION)
    )
    async def conversation_updated(
        self, info: Info, conversation_id: ConversationId, after: Behind = None
    ) -> AsyncIterable[Event]:
        id = key("Conversation", conversation_id, ["conversationId"])
        return _told(await streams.conversation_updated(info.context, id, after))

    @strawberry.subscription(
        description="Who writes in a conversation that the viewer is in, and who of its members comes and goes: nothing"
        " of it is kept, so there is no cursor. Scope chat:read."
    )
    async def conversation_activity(
        self, info: Info, conversation_id: ConversationId
    ) -> AsyncIterable[ConversationActivity]:
        id = key("Conversation", conversation_id, ["conversationId"])
        return _told(await streams.conversation_activity(info.context, id))

    @strawberry.subscription(
        description="What happens in a group whose posts the viewer may read, and who comes and goes. Ends with REVOKED"
        " when they no longer may. Scope groups:read; posts need feed:read, too." + _types([*GROUP, *FEED])
    )
    async def group_updated(self, info: Info, group_id: GroupId, after: Behind = None) -> AsyncIterable[Event]:
        return _told(await streams.group_updated(info.context, key("Group", group_id, ["groupId"]), after))

    @strawberry.subscription(
        description="What happens to a survey that the viewer is asked by, or has written; nothing of who answers it."
        " Ends with REVOKED when neither is so any longer. Scope surveys:read." + _types(SURVEY)
    )
    async def survey_updated(self, info: Info, survey_id: SurveyId, after: Behind = None) -> AsyncIterable[Event]:
        return _told(await streams.survey_updated(info.context, key("Survey", survey_id, ["surveyId"]), after))

    @strawberry.subscription(
        description="What happens to people and to the org chart. Scope people:read; units and positions need org:read,"
        " too." + _types(DIRECTORY)
    )
    async def directory_updated(self, info: Info, after: Behind = None) -> AsyncIterable[Event]:
        return _told(await streams.directory_updated(info.context, after))

    @strawberry.subscription(
        description="What the viewer's badges hang on: messages in their conversations, what they have read on other"
        " devices, mentions, invitations, surveys to answer. Scope chat:read; surveys need surveys:read, too."
        + _types([*INBOX, *TO_ANSWER])
    )
    async def inbox_updated(self, info: Info, after: Behind = None) -> AsyncIterable[Event]:
        return _told(await streams.inbox_updated(info.context, after))

    @strawberry.subscription(
        description="What happens of these kinds, wherever the viewer may hear of it: for automation. Each kind needs"
        " the scope of its domain."
    )
    async def events(
        self,
        info: Info,
        kinds: Annotated[list[EventKind], argument(description="At least one; repeats do not matter.")],
        after: Behind = None,
    ) -> AsyncIterable[Event]:
        return _told(await streams.events(info.context, kinds, after))


def _told(stream: streams.Stream) -> AsyncIterable[Any]:
    """Its events have their types by name, as rows do."""
    return stream
