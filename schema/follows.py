"""Following people, and blocking them."""

from __future__ import annotations

import strawberry

from execution.fields import batched, relation
from resolvers import follows as actions
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.refs import PersonRef
from schema.visibility import public


@strawberry.type
class PersonFollows:
    """What a person has of followers."""

    viewer_is_following: bool = public(
        batched(actions.followed_by_viewer, description="Whether the viewer follows them.")
    )
    viewer_has_blocked: bool = public(
        batched(actions.blocked_by_viewer, description="Whether the viewer has blocked them. Nobody else is told.")
    )
    viewer_can_follow: bool = public(
        batched(actions.followable, description="Whether the viewer may follow them: not oneself, nor who has left.")
    )
    follower_count: int = public(
        relation("follower_counts", key="id", description="How many active people follow them.")
    )


@strawberry.type
class ViewerFollows:
    """What a viewer has of people."""

    @connection(description="The people whom they follow, by name; also those who have left. Scope people:read.")
    async def following(self, info: Info, *, page: PageArgs) -> Connection[PersonRef]:
        return await actions.following(info.context, page)  # pyright: ignore[reportReturnType]

    @connection(description="The people whom they have blocked, by name. Scope people:read.")
    async def blocked_people(self, info: Info, *, page: PageArgs) -> Connection[PersonRef]:
        return await actions.blocked_people(info.context, page)  # pyright: ignore[reportReturnType]


@strawberry.input(description="Whom to follow, or no longer.")
class FollowPersonInput:
    person_id: strawberry.ID = strawberry.field(description="Whom; not oneself.")
    follow: bool = strawberry.field(description="Whether to follow them from now on.")


@strawberry.input(description="Whom to block, or no longer.")
class BlockPersonInput:
    person_id: strawberry.ID = strawberry.field(description="Whom; not oneself.")
    block: bool = strawberry.field(description="Whether to block them from now on.")


@strawberry.type(description="What became of `followPerson`.")
class FollowPersonPayload:
    person: PersonRef | None = strawberry.field(default=None, description="The person as they are now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `blockPerson`.")
class BlockPersonPayload:
    person: PersonRef | None = strawberry.field(default=None, description="The person as they are now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Follow somebody, or no longer; twice is once. Scope people:write.")
    @answers(FollowPersonPayload)
    async def follow_person(self, info: Info, input: FollowPersonInput) -> FollowPersonPayload:
        id = key("Person", input.person_id, ["personId"])
        return FollowPersonPayload(person=await actions.follow_person(info.context, id, follow=input.follow))

    @strawberry.mutation(
        description="Block somebody, or no longer. Follows and endorsements between the two go, whoever they came from,"
        " and do not come back; the other is not told. Scope people:write."
    )
    @answers(BlockPersonPayload)
    async def block_person(self, info: Info, input: BlockPersonInput) -> BlockPersonPayload:
        id = key("Person", input.person_id, ["personId"])
        return BlockPersonPayload(person=await actions.block_person(info.context, id, block=input.block))
