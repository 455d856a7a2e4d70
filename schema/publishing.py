"""The life of posts: drafts, times of publication, and posts that somebody looks at first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument

from auth.policies import feed as policy
from execution.fields import batched, column, relation
from models.feed import PostStatus
from resolvers import publishing as actions
from resolvers import reviewing
from resolvers.lists import PageArgs
from resolvers.reviewing import Verdict
from schema.audiences import AudienceInput, audience_choice
from schema.connections import Connection, connection
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.policies import may
from schema.refs import OrgUnitRef, PersonRef, PostRef


@strawberry.type
class PostLife:
    """Where a post is in its life."""

    status: PostStatus = column("Where it is in its life. Only published ones are seen by their audience.")
    scheduled_at: datetime | None = column("When it will be published; null unless it is scheduled.")
    returned_reason: str | None = column("Why it was not published; null unless it came back.", source="returned")
    written_by: PersonRef | None = relation(
        "people",
        key="written_by",
        description="Who wrote it in its author's name; null where the author did, or where they are not visible.",
    )
    viewer_can_publish: bool = may(
        policy.can_publish_post, "Whether it waits for the viewer to publish or schedule it."
    )
    viewer_can_review: bool = may(policy.can_judge_post, "Whether it waits for the viewer to let it pass.")


@strawberry.type
class ViewerDrafts:
    """What a viewer has written that nobody else sees yet."""

    @connection(
        description="Their drafts, scheduled posts and posts that wait to be looked at, and those that they have"
        " written in somebody's name; the newest first. Scope feed:read."
    )
    async def drafts(self, info: Info, *, page: PageArgs) -> Connection[PostRef]:
        return await actions.drafts(info.context, page)  # pyright: ignore[reportReturnType]


@strawberry.type
class UnitModeration:
    """Whether posts to a unit are looked at first."""

    is_moderated: bool = batched(
        reviewing.are_moderated,
        description="Whether posts to it wait until its head, deputy or a moderator lets them pass.",
    )
    viewer_can_moderate: bool = may(policy.can_moderate_unit, "Whether the viewer moderates what is posted to it.")


@strawberry.type
class Query:
    @connection(
        description="Posts that wait for the viewer's judgement, the longest waiting first; never their own. Scope"
        " feed:read."
    )
    async def review_queue(
        self,
        info: Info,
        audience: Annotated[
            AudienceInput | None, argument(description="Of this group or unit alone; null: of all.")
        ] = None,
        *,
        page: PageArgs,
    ) -> Connection[PostRef]:
        return await reviewing.review_queue(info.context, audience_choice(audience), page)  # pyright: ignore[reportReturnType]


@strawberry.input(description="A post to publish.")
class PublishPostInput:
    post_id: strawberry.ID = strawberry.field(description="Which draft or scheduled post.")


@strawberry.input(description="When to publish a post.")
class SchedulePostInput:
    post_id: strawberry.ID = strawberry.field(description="Which draft or scheduled post.")
    scheduled_at: datetime = strawberry.field(description="When; to come, and at most a year ahead.")


@strawberry.input(description="A post to take back.")
class UnschedulePostInput:
    post_id: strawberry.ID = strawberry.field(description="Which scheduled or waiting post.")


@strawberry.input(description="What to do with a post that waits.")
class ReviewPostInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")
    verdict: Verdict = strawberry.field(description="What to do with it.")
    reason: str | None = strawberry.field(
        default=None, description="Why it goes back, for its author; 1 to 2,000 characters, needed for that alone."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if its author has changed it meanwhile."
    )


@strawberry.input(description="Whether posts to a unit are looked at first.")
class SetUnitModerationInput:
    unit_id: strawberry.ID = strawberry.field(description="Which unit; not those below it.")
    is_moderated: bool = strawberry.field(
        description="Whether they are, from now on. What waits already goes on waiting."
    )


@strawberry.type(description="What became of `publishPost`.")
class PublishPostPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post: published, or handed in.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `schedulePost`.")
class SchedulePostPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `unschedulePost`.")
class UnschedulePostPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post, a draft now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `reviewPost`.")
class ReviewPostPayload:
    post: PostRef | None = strawberry.field(
        default=None, description="The post: published, or its author's draft again."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `setUnitModeration`.")
class SetUnitModerationPayload:
    unit: OrgUnitRef | None = strawberry.field(default=None, description="The unit; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Publish a draft or scheduled post now, or hand it in where posts are looked at first; twice is"
        " once. Scope feed:write."
    )
    @answers(PublishPostPayload)
    async def publish_post(self, info: Info, input: PublishPostInput) -> PublishPostPayload:
        post = await actions.publish_post(info.context, key("Post", input.post_id, ["postId"]))
        return PublishPostPayload(post=post)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Have a post published at a time. Whether its author may is asked again then; if not, it comes back"
        " as a draft with the reason. Scope feed:write."
    )
    @answers(SchedulePostPayload)
    async def schedule_post(self, info: Info, input: SchedulePostInput) -> SchedulePostPayload:
        post = await actions.schedule_post(info.context, key("Post", input.post_id, ["postId"]), input.scheduled_at)
        return SchedulePostPayload(post=post)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Make a draft again of a post that is scheduled or waits to be looked at. Scope feed:write."
    )
    @answers(UnschedulePostPayload)
    async def unschedule_post(self, info: Info, input: UnschedulePostInput) -> UnschedulePostPayload:
        post = await actions.unschedule_post(info.context, key("Post", input.post_id, ["postId"]))
        return UnschedulePostPayload(post=post)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Let a post that waits pass, or send it back; who moderates its audience, and nobody their own."
        " Scope feed:write."
    )
    @answers(ReviewPostPayload)
    async def review_post(self, info: Info, input: ReviewPostInput) -> ReviewPostPayload:
        post = await reviewing.review_post(
            info.context,
            key("Post", input.post_id, ["postId"]),
            input.verdict,
            reason=input.reason,
            expected_version=input.expected_version,
        )
        return ReviewPostPayload(post=post)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Have posts to a unit looked at first, or no longer; its head, deputy or a moderator. Scope"
        " feed:write."
    )
    @answers(SetUnitModerationPayload)
    async def set_unit_moderation(self, info: Info, input: SetUnitModerationInput) -> SetUnitModerationPayload:
        id = key("OrgUnit", input.unit_id, ["unitId"])
        unit = await reviewing.set_unit_moderation(info.context, id, moderated=input.is_moderated)
        return SetUnitModerationPayload(unit=unit)  # pyright: ignore[reportArgumentType]
