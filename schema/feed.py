"""The feed: posts in the order in which they are read."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import batched
from execution.infos import wanted
from models.ranking import FeedReason
from resolvers import feed as reads
from resolvers import feeds, ranking
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.enums import shown
from schema.nodes import Info
from schema.refs import PostRef
from schema.visibility import public


@strawberry.enum(description="How the home feed is ordered.")
class FeedOrder(Enum):
    RECENT = strawberry.enum_value("RECENT", description="The newest first.")
    RANKED = strawberry.enum_value(
        "RANKED",
        description="Of the newest 1,000 of 30 days those first that count most for the viewer, as `reasons` tell; all"
        " pages as of the moment of the first.",
    )


shown(
    FeedReason,
    "Why a post is where it is in the viewer's feed, those that count most first; in the end why it is there at all.",
    {
        FeedReason.MUST_READ: "The viewer must read it, and has not acknowledged it.",
        FeedReason.MENTIONED: "It, or a comment under it, mentions the viewer.",
        FeedReason.PRIORITY_TAG: "It has a priority tag that the viewer follows.",
        FeedReason.FOLLOWED_TAG: "It has a tag that the viewer follows.",
        FeedReason.FOLLOWED_PERSON: "The viewer follows its author.",
        FeedReason.CLOSE_COLLEAGUE: "Its author is in the viewer's unit, above them in their line, or reports to them.",
        FeedReason.SHARED_GROUPS: "Its author is in groups of the viewer.",
        FeedReason.TOOK_PART: "The viewer has commented on it or reacted to it.",
        FeedReason.GROUP: "It is for a group of the viewer.",
        FeedReason.UNIT: "It is for the viewer's unit, or one above.",
        FeedReason.LOCATION: "It is for the viewer's location.",
        FeedReason.COMPANY: "It is for everybody.",
        FeedReason.RULE: "It is for whom a rule describes, as the viewer is.",
        FeedReason.PEOPLE: "It is for people named one by one, the viewer among them.",
    },
)


@strawberry.type
class PostReasons:
    """Why a post is in a feed."""

    reasons: list[FeedReason] = batched(
        ranking.reasons,
        description="Why it counts for the viewer now, most of all first; whichever order the feed is in. Empty for"
        " what they may read without belonging to it.",
        most=len(FeedReason),
        usual=3,
    )


@strawberry.type
class PersonPosts:
    """What a person has of posts."""

    @public
    @connection(description="What they have published, as far as the viewer may see it; the newest first.")
    def posts(self, info: Info, *, page: PageArgs) -> Connection[PostRef]:
        return feeds.of_person(info.context, self, page)  # pyright: ignore[reportReturnType]


@strawberry.type
class UnitPosts:
    """What a unit has of posts."""

    @connection(
        description="What was posted to it, not to units above or below; the newest first. Empty for whoever is not in"
        " it or below it."
    )
    def posts(self, info: Info, *, page: PageArgs) -> Connection[PostRef]:
        return feeds.of_audience(info.context, self, page)  # pyright: ignore[reportReturnType]


@strawberry.type
class Query:
    @connection(description="The home feed: posts of all that the viewer belongs to. Scope feed:read.")
    async def feed(
        self,
        info: Info,
        *,
        page: PageArgs,
        order: Annotated[FeedOrder, argument(description="In which order.")] = FeedOrder.RECENT,
    ) -> Connection[PostRef]:
        home = ranking.home if order is FeedOrder.RANKED else reads.home
        return await home(info.context, page, wanted(info))  # pyright: ignore[reportReturnType]
