"""Streams and their events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

import strawberry

from execution.fields import column, computed, relation
from execution.ids import encode_id
from resolvers import streams
from resolvers.streams import EndReason
from schema.nodes import Info
from schema.refs import CommentRef, PersonRef, PostRef

Behind = Annotated[
    str | None,
    strawberry.argument(description="Go on behind this cursor of an event, or of `eventCursor`; null: from now on."),
]


def _cursor() -> Any:
    def resolve(root: Any, info: Info) -> str:
        return streams.seal(info.context, root.position)

    return strawberry.field(resolver=resolve, description="Resume behind this event: pass it as `after`.")


def _id(event: Any) -> str:
    generation, _, number = event.position
    end = "-end" if isinstance(event, streams.StreamEnded) else ""  # its position is that of an event with an id
    return f"{generation:x}-{number:x}{end}"


@strawberry.interface(description="Something that has happened.")
class Event:
    id: strawberry.ID = computed(_id, description="The same event never has two; repeats can be told by it.")
    cursor: str = _cursor()
    occurred_at: datetime = column("When it happened.")
    actor: PersonRef | None = relation("people", key="actor", description="Who did it; null where nobody is shown.")


@strawberry.type(description="A post can be seen for the first time.")
class PostPublished(Event):
    post: PostRef | None = relation(
        "posts", key="post", description="The post as it is now; null where it is gone again."
    )


@strawberry.type(description="A post's text was replaced.")
class PostEdited(Event):
    post: PostRef | None = relation(
        "posts", key="post", description="The post as it is now; null where it is gone again."
    )


@strawberry.type(description="A post is no longer to be seen.")
class PostRemoved(Event):
    post_id: strawberry.ID = computed(lambda event: encode_id("Post", event.post), description="The id that is gone.")


@strawberry.type(description="A comment was written.")
class CommentAdded(Event):
    comment: CommentRef | None = relation(
        "comments", key="comment", description="The comment; null where it is gone again."
    )
    post: PostRef | None = relation(
        "posts", key="post", description="The post as it is now; null where it is gone again."
    )


@strawberry.type(description="The stream stops here; resume behind its cursor.")
class StreamEnded(Event):
    reason: EndReason = column("Why.")


EVENTS: list[type[Any]] = [PostPublished, PostEdited, PostRemoved, CommentAdded, StreamEnded]


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
        description="What happens in the viewer's feed. `after` resumes without loss. Scope feed:read."
    )
    async def feed_updated(self, info: Info, after: Behind = None) -> AsyncIterator[Event]:
        async for event in streams.feed_updated(info.context, after):
            yield event  # pyright: ignore[reportReturnType]
