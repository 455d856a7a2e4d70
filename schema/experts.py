"""Experts: whom to ask about a topic, and why."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import column, relation
from resolvers import experts as reads
from resolvers.expert_scores import ExpertReasonKind
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.enums import shown
from schema.errors import UserError, answers, failed
from schema.nodes import Info
from schema.refs import PersonRef, ViewerRef

shown(
    ExpertReasonKind,
    "What speaks for asking somebody; those that tell of what they know come before those that tell where they are.",
    {
        ExpertReasonKind.SKILL: "They say that they have the skill, and how well they know it.",
        ExpertReasonKind.ENDORSEMENTS: "People whom the viewer may see endorse the skill.",
        ExpertReasonKind.ACCEPTED_ANSWERS: "Their answers to other people's questions about it were accepted.",
        ExpertReasonKind.POSTS: "They have written about it within a year.",
        ExpertReasonKind.CLOSENESS: "They are near the viewer: in the line, by their unit or by their location.",
        ExpertReasonKind.AVAILABILITY: "They are here, or it is within their working hours.",
    },
)


@strawberry.type(description="Something that speaks for asking somebody.")
class ExpertReason:
    kind: ExpertReasonKind = column("What it is.")
    text: str = column("A sentence in English, made of what the viewer may see.")


@strawberry.type(description="Somebody who knows about a topic.")
class Expert:
    person: PersonRef | None = relation(
        "people", key="id", description="Who; null where they are removed at this very moment."
    )
    score: float = column("From 0 to 100, with 3 decimals: to be compared within one answer only.")
    reasons: list[ExpertReason] = column(
        "Why, one of a kind; what is hidden from the viewer neither counts nor is told.",
        most=len(ExpertReasonKind),
        usual=3,
    )


@strawberry.type
class ViewerExperts:
    """What a viewer has of being an expert."""

    @strawberry.field(description="Whether they may be suggested to others as somebody who knows about a topic.")
    async def is_suggested_as_expert(self, info: Info) -> bool:
        return await reads.is_suggested(info.context)


@strawberry.input(description="Whether the viewer may be suggested as an expert.")
class SetExpertSuggestionsInput:
    is_suggested: bool = strawberry.field(description="Whether; nobody else is told.")


@strawberry.type(description="What became of `setExpertSuggestions`.")
class SetExpertSuggestionsPayload:
    viewer: ViewerRef | None = strawberry.field(default=None, description="The viewer as they are now.")
    errors: list[UserError] = failed()


@strawberry.type
class Query:
    @connection(
        description="Whom to ask about a topic: active people of the company who have the skill or have written about"
        " it, those who know most first, then by name; at most 500. Never the viewer, who does not want to be"
        " suggested, nor anybody with a block between them and the viewer. Scopes people:read and search:read; what was"
        " written counts with feed:read only.",
        backward=False,
    )
    async def experts(
        self,
        info: Info,
        topic: Annotated[
            str,
            argument(
                description="A skill by any of its names, its beginning or nearly so, several skills, a tag, or any"
                " words; 1 to 200 characters."
            ),
        ],
        *,
        page: PageArgs,
    ) -> Connection[Expert]:
        return await reads.experts(info.context, topic, page)  # pyright: ignore[reportReturnType]


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Choose whether the viewer may be suggested as an expert; nobody else is told. Scope people:write."
    )
    @answers(SetExpertSuggestionsPayload)
    async def set_expert_suggestions(self, info: Info, input: SetExpertSuggestionsInput) -> SetExpertSuggestionsPayload:
        await reads.set_suggestions(info.context, suggested=input.is_suggested)
        return SetExpertSuggestionsPayload(viewer=info.context.viewer)  # pyright: ignore[reportArgumentType]
