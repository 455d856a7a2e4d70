"""Must-reads: what has to be read, who says that they have, and the evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import batched, column, computed, relation
from resolvers import reading_evidence as proof
from resolvers import readings as actions
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.refs import PersonRef, PostRef


@strawberry.type(description="Whether somebody has acknowledged a must-read.")
class ReadingEvidence:
    person: PersonRef = computed(lambda row: row, description="Who.")
    acknowledged_at: datetime | None = column("When they last did; null if never.")
    round: int | None = column("The round of the text that they acknowledged; null if none.")
    is_current: bool = column("Whether that is the text as it stands.")
    is_in_audience: bool = column("False for who is not in the audience any more.", source="belongs")


@strawberry.type(description="That a post must be read by everybody of its audience but its author.")
class MustRead:
    due_at: datetime | None = column("By when; null: by no time.")
    is_overdue: bool = column("Whether that has passed.")
    round: int = column("Begins with 1; a major edit of the text raises it and asks everybody again.")
    required_by: PersonRef | None = relation(
        "people", key="required_by", description="Who asked for it last; null where they are not visible or erased."
    )
    viewer_has_acknowledged: bool = batched(
        actions.acknowledged_by_viewer, description="Whether the viewer has acknowledged it in this round."
    )
    audience_count: int | None = batched(
        actions.audience_counts,
        description="How many active people are in the audience now, its author apart. For the author, who required it,"
        " communicators, HR, and who moderates that audience; null for others.",
    )
    acknowledged_count: int | None = batched(
        actions.acknowledged_counts,
        description="How many of them have acknowledged it in this round; null for whom `audienceCount` is.",
    )
    evidence_csv: str | None = batched(
        proof.evidence_csv,
        description="The evidence as comma-separated values; null for whom `audienceCount` is. For one post at a time,"
        " of at most 10,000 people.",
    )

    @connection(
        description="Who of the audience has acknowledged it, by name; also who has and is not in it any more. Those"
        " who see no `audienceCount` learn of whom they lead: in the solid line below them, or in a unit that they"
        " head."
    )
    def evidence(
        self,
        info: Info,
        is_acknowledged: Annotated[
            bool | None, argument(description="Only those who have in this round, or who have not.")
        ] = None,
        *,
        page: PageArgs,
    ) -> Connection[ReadingEvidence]:
        return proof.evidence(info.context, self, is_acknowledged, page)  # pyright: ignore[reportArgumentType]


@strawberry.type
class PostReading:
    """What a post has of having to be read."""

    must_read: MustRead | None = batched(
        actions.must_reads, description="That it must be read by its audience; null where it need not be."
    )


@strawberry.type
class ViewerReadings:
    """What a viewer has to read."""

    @connection(
        description="Posts that they must read and have not acknowledged: what is due first, in the end what is due by"
        " no time. Scope feed:read."
    )
    async def must_reads(self, info: Info, *, page: PageArgs) -> Connection[PostRef]:
        return await actions.owed(info.context, page)  # pyright: ignore[reportReturnType]


@strawberry.input(description="A post that must be read.")
class RequireReadingInput:
    post_id: strawberry.ID = strawberry.field(description="Which post; a published one.")
    due_at: datetime | None = strawberry.field(
        default=None, description="By when: a time to come. Absent or null: by no time."
    )


@strawberry.input(description="A post that need not be read any more.")
class WaiveReadingInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")


@strawberry.input(description="A post that one has read.")
class AcknowledgePostInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")
    round: int | None = strawberry.field(
        default=None, description="`mustRead.round` of the text that was read: refuse if it is another by now."
    )


@strawberry.type(description="What became of `requireReading`.")
class RequireReadingPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `waiveReading`.")
class WaiveReadingPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `acknowledgePost`.")
class AcknowledgePostPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post as it is now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Have a post be read by all of its audience, or by another time than before; communicators, and"
        " who moderates there. Scope feed:write."
    )
    @answers(RequireReadingPayload)
    async def require_reading(self, info: Info, input: RequireReadingInput) -> RequireReadingPayload:
        id = key("Post", input.post_id, ["postId"])
        return RequireReadingPayload(post=await actions.require_reading(info.context, id, input.due_at))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Have nobody need to read a post any more; who may require it. What was acknowledged is kept,"
        " should it be required again. Scope feed:write."
    )
    @answers(WaiveReadingPayload)
    async def waive_reading(self, info: Info, input: WaiveReadingInput) -> WaiveReadingPayload:
        id = key("Post", input.post_id, ["postId"])
        return WaiveReadingPayload(post=await actions.waive_reading(info.context, id))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Say that one has read a post that must be read; twice is once. Those of its audience. Scope"
        " feed:write."
    )
    @answers(AcknowledgePostPayload)
    async def acknowledge_post(self, info: Info, input: AcknowledgePostInput) -> AcknowledgePostPayload:
        id = key("Post", input.post_id, ["postId"])
        return AcknowledgePostPayload(post=await actions.acknowledge_post(info.context, id, input.round))  # pyright: ignore[reportArgumentType]
