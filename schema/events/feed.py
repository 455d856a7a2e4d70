"""Events of the feed: posts, comments, and the reactions to anything."""

from __future__ import annotations

from typing import Any

import strawberry

from execution.fields import computed, relation
from execution.ids import encode_id
from resolvers.live import changed
from schema.events.base import Event
from schema.nodes import Info
from schema.reactions import Reactable
from schema.refs import CommentRef, PostRef

NOW = "The post as it is now; null where it is gone again."


@strawberry.type(description="A post can be seen for the first time.")
class PostPublished(Event):
    post: PostRef | None = relation("posts", key="post", shared=True, description=NOW)


@strawberry.type(description="A post's text was replaced.")
class PostEdited(Event):
    post: PostRef | None = relation("posts", key="post", shared=True, description=NOW)


@strawberry.type(
    description="Something else about a post: pinned, closed for comments, answered, voted on, to be read by a day."
)
class PostChanged(Event):
    post: PostRef | None = relation("posts", key="post", shared=True, description=NOW)


@strawberry.type(description="A post is no longer to be seen.")
class PostRemoved(Event):
    post_id: strawberry.ID = computed(lambda event: encode_id("Post", event.post), description="The id that is gone.")


@strawberry.type(description="A comment was written.")
class CommentAdded(Event):
    comment: CommentRef | None = relation(
        "comments", key="comment", shared=True, description="The comment; null where it is gone again."
    )
    post: PostRef | None = relation("posts", key="post", shared=True, description=NOW)


@strawberry.type(description="A comment's text was replaced.")
class CommentEdited(Event):
    comment: CommentRef | None = relation(
        "comments", key="comment", shared=True, description="The comment; null where it is gone again."
    )


@strawberry.type(description="A comment is no longer to be seen; with replies below it an empty one stays.")
class CommentRemoved(Event):
    comment_id: strawberry.ID = computed(
        lambda event: encode_id("Comment", event.comment), description="The id that is gone."
    )
    post: PostRef | None = relation("posts", key="post", shared=True, description=NOW)


@strawberry.type(description="Somebody reacted to a post, a comment or a message, or took it back.")
class ReactionsChanged(Event):
    @strawberry.field(description="What they reacted to, as it is now; null where it is gone again.")
    async def subject(self, info: Info) -> Reactable | None:
        return await changed.reacted_to(info.context, self)  # pyright: ignore[reportArgumentType]  # an event of the log


TYPES: list[type[Any]] = [
    PostPublished,
    PostEdited,
    PostChanged,
    PostRemoved,
    CommentAdded,
    CommentEdited,
    CommentRemoved,
    ReactionsChanged,
]
