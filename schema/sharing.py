"""Posts that go to others: moved to another audience, or passed on."""

from __future__ import annotations

import strawberry

from auth.policies import feed as policy
from execution.fields import column, computed, is_set, relation
from execution.lengths import at_most
from execution.scalars import Markdown
from resolvers import moving, sharing
from resolvers.audiences import AudienceChoice
from resolvers.moving import Unconfirmed
from resolvers.sharing import ShareWarningCode
from schema.audiences import AudienceInput, audience_choice
from schema.errors import UserError, answers, failed, user_error
from schema.nodes import Info, key
from schema.policies import may
from schema.refs import PostRef


@strawberry.type
class PostSharing:
    """What a post passes on, and where it may go."""

    is_share: bool = computed(is_set, of="shared_id", description="Whether it passes another post on.")
    shared_post: PostRef | None = relation(
        "posts",
        key="shared_id",
        description="What it passes on; null where it passes nothing on, and where the viewer may not see that.",
    )
    viewer_can_share: bool = may(policy.can_share_post, "Whether the viewer may pass it on.")
    viewer_can_move: bool = may(policy.can_move_post, "Whether the viewer may move it to another audience.")


@strawberry.type(description="What moving a post changes in who sees it, as things stand.")
class SightChange:
    gaining_count: int = column("People who do not see it now and will.", source="gaining")
    losing_count: int = column("People who see it now and will not any more.", source="losing")
    comment_count: int = column("Comments that go with it.", source="comments")
    author_loses_sight: bool = column("Whether its author is among those who lose it.", source="author_loses")


@strawberry.type(description="What one should know of having passed a post on.")
class ShareWarning:
    code: ShareWarningCode = column("Stable; branch on this.")
    message: str = column("One sentence for people.")


@strawberry.input(description="Where to move a post.")
class MovePostInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")
    audience: AudienceInput = strawberry.field(description="Whom it is for from now on.")
    confirmed: bool = strawberry.field(default=False, description="Whether it is meant that other people see it then.")


@strawberry.input(description="A post to pass on.")
class SharePostInput:
    post_id: strawberry.ID = strawberry.field(description="Which post; what passes on another one stands for that.")
    body: Markdown = strawberry.field(
        default=Markdown(""), description="Words of one's own: at most 20,000 characters."
    )
    audience: AudienceInput | None = strawberry.field(default=None, description="Absent or null: the company.")
    client_id: str | None = strawberry.field(
        default=None, description="The client's own id; the same again is the same post. At most 100 characters."
    )


@strawberry.type(description="What became of `movePost`.")
class MovePostPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post where it is now; null where refused.")
    sight_change: SightChange | None = strawberry.field(
        default=None, description="What it changes, also where that is yet to be confirmed; null where nobody notices."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `sharePost`.")
class SharePostPayload:
    post: PostRef | None = strawberry.field(default=None, description="The new post; null where it was refused.")
    warnings: list[ShareWarning] = strawberry.field(
        default_factory=list, description="What to know of it; empty where there is nothing.", metadata=at_most(1)
    )
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Move a post with its comments to another audience that the viewer may post to; its author, or who"
        " moderates where it is. Where that changes who sees it, it is refused with CONFIRMATION_REQUIRED and the"
        " numbers until it is confirmed. Scope feed:write."
    )
    @answers(MovePostPayload)
    async def move_post(self, info: Info, input: MovePostInput) -> MovePostPayload:
        choice = audience_choice(input.audience) or AudienceChoice()
        id = key("Post", input.post_id, ["postId"])
        try:
            post, change = await moving.move_post(info.context, id, choice, confirmed=input.confirmed)
        except Unconfirmed as error:
            return MovePostPayload(sight_change=error.change, errors=[user_error(error)])  # pyright: ignore[reportArgumentType]
        return MovePostPayload(post=post, sight_change=change)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Pass a post on in a new one. Who may not see the original does not see it there either. Scope"
        " feed:write."
    )
    @answers(SharePostPayload)
    async def share_post(self, info: Info, input: SharePostInput) -> SharePostPayload:
        post, warnings = await sharing.share_post(
            info.context,
            key("Post", input.post_id, ["postId"]),
            body=input.body,
            audience=audience_choice(input.audience),
            client_id=input.client_id,
        )
        return SharePostPayload(post=post, warnings=warnings)  # pyright: ignore[reportArgumentType]
