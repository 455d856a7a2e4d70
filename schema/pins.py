"""Posts that stand on top, and posts whose comments are closed."""

from __future__ import annotations

import strawberry

from auth.policies import feed as policy
from execution.fields import batched, column, computed, is_set
from execution.lengths import at_most
from models.feed import PINNED_MAX
from resolvers import pins as actions
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.policies import may
from schema.refs import PostRef


@strawberry.type
class PostPins:
    """What a post has of those who keep order."""

    is_pinned: bool = computed(
        is_set,
        of="pinned_at",
        description="Whether it stands on top of its group's or unit's page.",
    )
    are_comments_closed: bool = column("Whether nobody comments on it any more.", source="comments_closed")
    viewer_can_pin: bool = may(policy.can_curate_post, "Whether the viewer may pin it.")
    viewer_can_close: bool = may(
        policy.can_close_post, "Whether the viewer may close its comments and its poll, and accept an answer to it."
    )


@strawberry.type
class AudiencePins:
    """What a group or a unit has of posts that stand on top."""

    pinned_posts: list[PostRef] = batched(
        actions.pinned,
        description="The posts that stand on top of its page, the latest pinned first; at most 5.",
        most=PINNED_MAX,
        usual=1,
    )


@strawberry.type
class ViewerPins:
    """What a viewer has of posts that stand on top."""

    @strawberry.field(
        description="The posts that stand on top for the whole company, the latest pinned first; at most 5, none for"
        " guests.",
        metadata=at_most(PINNED_MAX),
    )
    async def pinned_posts(self, info: Info) -> list[PostRef]:
        return await actions.pinned_for_all(info.context)


@strawberry.input(description="A post to have on top, or no longer.")
class PinPostInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")
    is_pinned: bool = strawberry.field(description="Whether it stands on top from now on.")


@strawberry.input(description="A post whose comments are to be closed, or opened again.")
class CloseCommentsInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")
    are_closed: bool = strawberry.field(description="Whether nobody comments on it from now on.")


@strawberry.type(description="What became of `pinPost`.")
class PinPostPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `closeComments`.")
class CloseCommentsPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post as it is now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Have a post stand on top of its audience's page, or no longer; at most 5 do. Who moderates there."
        " Scope feed:write."
    )
    @answers(PinPostPayload)
    async def pin_post(self, info: Info, input: PinPostInput) -> PinPostPayload:
        id = key("Post", input.post_id, ["postId"])
        return PinPostPayload(post=await actions.pin_post(info.context, id, is_pinned=input.is_pinned))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Let nobody comment on a post any more, or let them again; its author, or who moderates there."
        " Scope feed:write."
    )
    @answers(CloseCommentsPayload)
    async def close_comments(self, info: Info, input: CloseCommentsInput) -> CloseCommentsPayload:
        id = key("Post", input.post_id, ["postId"])
        return CloseCommentsPayload(post=await actions.close_comments(info.context, id, are_closed=input.are_closed))  # pyright: ignore[reportArgumentType]
