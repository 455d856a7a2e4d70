"""What the viewer has seen, and what is new to them."""

from __future__ import annotations

import strawberry

from execution.fields import batched
from resolvers import seen as actions
from schema.errors import UserError, answers, failed
from schema.nodes import Info, found_key
from schema.refs import ViewerRef


@strawberry.type
class PostSeen:
    """What a post has of being seen."""

    viewer_has_seen: bool = batched(
        actions.seen_by_viewer, description="Whether the viewer has seen it, as `markSeen` tells; their own they have."
    )


@strawberry.type
class GroupSeen:
    """What a group has of being seen."""

    unread_count: int = batched(
        actions.unread_within,
        description="How many of its newest 100 posts the viewer has neither seen nor written; 0 where they are not in"
        " it.",
    )


@strawberry.type
class ViewerSeen:
    """What a viewer has of being up to date."""

    @strawberry.field(
        description="How many of the newest 100 posts of their home feed they have neither seen nor written: older ones"
        " are not counted. Null without the scope feed:read."
    )
    async def unread_count(self, info: Info) -> int | None:
        return await actions.unread_count(info.context)


@strawberry.input(description="Posts that the viewer has had before their eyes.")
class MarkSeenInput:
    post_ids: list[strawberry.ID] = strawberry.field(
        description="At most 200. What is unknown, not visible or their own makes no difference."
    )


@strawberry.type(description="What became of `markSeen`.")
class MarkSeenPayload:
    viewer: ViewerRef | None = strawberry.field(default=None, description="The viewer as they are now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Tell which posts the viewer has seen, many at once; again changes nothing. Seen is not read: for"
        " that, see `acknowledgePost`. Scope feed:write."
    )
    @answers(MarkSeenPayload)
    async def mark_seen(self, info: Info, input: MarkSeenInput) -> MarkSeenPayload:
        posts = [found_key("Post", id) for id in input.post_ids]
        await actions.mark_seen(info.context, posts)
        return MarkSeenPayload(viewer=info.context.viewer)  # pyright: ignore[reportArgumentType]
