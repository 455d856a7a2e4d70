"""What became of a post, in numbers."""

from __future__ import annotations

import strawberry

from execution.fields import batched, column
from resolvers import reach as reads


@strawberry.type(
    description="What became of a post, in numbers of people other than its author. Numbers that could point at single"
    " people are null: the organisation says how many it takes (`ATRIUM_MIN_GROUP`, 5 unless changed)."
)
class Reach:
    audience_count: int | None = column("How many can see it now; null for too few.")
    seen_count: int | None = column(
        "How many of them have seen it, which is not to say read; null while these, or all others, are too few."
    )
    engaged_count: int | None = column(
        "How many of them reacted to it or below it, commented or voted; null while these, or all others, are too few."
    )
    is_suppressed: bool = column("Whether its audience is too small to tell anything.")


@strawberry.type
class PostReach:
    """What a post has of reach."""

    reach: Reach | None = batched(
        reads.reach,
        description="What became of it: for who wrote it, who moderates there and its communicators; null for others,"
        " and until it is published.",
    )
