"""The roots: every domain's fields together, and the nodes by id."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry import argument

from models.errors import Invalid
from schema import (
    access,
    admissions,
    answers,
    audiences,
    bookmarks,
    changes,
    comments,
    conversation_people,
    conversation_reading,
    conversations,
    delegates,
    directory,
    draft_mutations,
    drafts,
    experts,
    feed,
    follows,
    group_ends,
    group_rules,
    groups,
    guests,
    headcounts,
    lines,
    memberships,
    message_pins,
    messages,
    org,
    people,
    pins,
    polls,
    positions,
    posts,
    presence,
    profile_fields,
    profiles,
    publishing,
    reactions,
    readings,
    rules,
    search,
    seen,
    session,
    sharing,
    skills,
    streams,
    suggestions,
    survey_answering,
    survey_audiences,
    survey_exports,
    survey_life,
    survey_making,
    survey_quizzes,
    survey_series,
    surveys,
    tags,
)
from schema.nodes import Info, Node, load

NODES_MAX = 100


@strawberry.type
class NodeQuery:
    @strawberry.field(description="Anything with an id; null where there is nothing or it is not visible.")
    async def node(self, info: Info, id: Annotated[strawberry.ID, argument(description="Of anything.")]) -> Node | None:
        _signed_in(info)
        return await load(info.context, id)

    @strawberry.field(description="Several at once, in the order of the ids, at most 100; null where there is nothing.")
    async def nodes(
        self, info: Info, ids: Annotated[list[strawberry.ID], argument(description="At most 100.")]
    ) -> list[Node | None]:
        _signed_in(info)
        if len(ids) > NODES_MAX:
            raise Invalid(f"Ask for at most {NODES_MAX} ids at a time.", ["ids"])
        return await _all(info, ids)


@strawberry.type(description="What can be asked.")
class Query(
    streams.Query,
    session.Query,
    people.Query,
    directory.Query,
    profile_fields.Query,
    skills.Query,
    org.Query,
    headcounts.Query,
    drafts.Query,
    lines.Query,
    positions.Query,
    groups.Query,
    feed.Query,
    tags.Query,
    publishing.Query,
    audiences.Query,
    rules.Query,
    access.Query,
    conversations.Query,
    search.Query,
    suggestions.Query,
    experts.Query,
    surveys.Query,
    survey_audiences.Query,
    survey_series.Query,
    NodeQuery,
):
    pass


@strawberry.type(description="What can be done.")
class Mutation(
    session.Mutation,
    profiles.Mutation,
    profile_fields.Mutation,
    skills.Mutation,
    follows.Mutation,
    experts.Mutation,
    groups.Mutation,
    group_rules.Mutation,
    group_ends.Mutation,
    guests.Mutation,
    rules.Mutation,
    memberships.Mutation,
    admissions.Mutation,
    posts.Mutation,
    presence.Mutation,
    tags.Mutation,
    publishing.Mutation,
    sharing.Mutation,
    delegates.Mutation,
    comments.Mutation,
    reactions.Mutation,
    readings.Mutation,
    polls.Mutation,
    answers.Mutation,
    bookmarks.Mutation,
    seen.Mutation,
    pins.Mutation,
    conversations.Mutation,
    conversation_people.Mutation,
    conversation_reading.Mutation,
    messages.Mutation,
    message_pins.Mutation,
    changes.Mutation,
    draft_mutations.Mutation,
    survey_making.Mutation,
    survey_life.Mutation,
    survey_answering.Mutation,
    survey_quizzes.Mutation,
    survey_exports.Mutation,
    survey_series.Mutation,
):
    pass


@strawberry.type(description="What can be followed as it happens.")
class Subscription(streams.Subscription):
    pass


def _signed_in(info: Info) -> None:
    _ = info.context.me


async def _all(info: Info, ids: Sequence[str]) -> list[Any]:
    return list(await asyncio.gather(*(load(info.context, id) for id in ids)))
