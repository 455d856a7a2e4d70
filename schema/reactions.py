"""Reactions to posts, comments and messages."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import batched, column
from models.reactions import KINDS_MAX
from resolvers import reactions as actions
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.errors import UserError, answers, failed
from schema.nodes import Info, any_key
from schema.refs import PersonRef


@strawberry.type(description="How often one emoji stands on something.")
class ReactionCount:
    emoji: str = column("Fully qualified, as Unicode has it.")
    count: int = column("How many people reacted with it.")
    viewer_has_reacted: bool = column("Whether the viewer is one of them.")


@strawberry.interface(description="Something that people react to.")
class Reactable:
    id: strawberry.ID = strawberry.field(description="Opaque and stable; the same for everybody.")
    reactions: list[ReactionCount] = batched(
        actions.counts,
        description="The most frequent first, then the one that came first; at most 50.",
        reads=(),
        most=KINDS_MAX,
        usual=4,
    )
    viewer_can_react: bool = strawberry.field(description="Whether the viewer may react to it.")

    @connection(description="Those who reacted and whom the viewer may see, by name; also those who have left.")
    def reactors(
        self,
        info: Info,
        emoji: Annotated[str | None, argument(description="With this emoji; null: with any.")] = None,
        *,
        page: PageArgs,
    ) -> Connection[PersonRef]:
        return actions.reactors(info.context, self, emoji, page)


@strawberry.input(description="A reaction to be.")
class AddReactionInput:
    subject_id: strawberry.ID = strawberry.field(description="Of a post, a comment or a message.")
    emoji: str = strawberry.field(description="One emoji; ❤ and ❤️ are the same.")


@strawberry.input(description="A reaction to take back.")
class RemoveReactionInput:
    subject_id: strawberry.ID = strawberry.field(description="Of a post, a comment or a message.")
    emoji: str = strawberry.field(description="One emoji; ❤ and ❤️ are the same.")


@strawberry.type(description="What became of `addReaction`.")
class AddReactionPayload:
    subject: Reactable | None = strawberry.field(default=None, description="The subject as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `removeReaction`.")
class RemoveReactionPayload:
    subject: Reactable | None = strawberry.field(default=None, description="The subject as it is now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="React to a post, a comment or a message; twice is once. Those who belong to its audience, while it"
        " is not archived; at most 50 different emoji on one subject. Scope feed:write, for messages chat:write."
    )
    @answers(AddReactionPayload)
    async def add_reaction(self, info: Info, input: AddReactionInput) -> AddReactionPayload:
        subject = any_key(input.subject_id, ["subjectId"])
        return AddReactionPayload(subject=await actions.add_reaction(info.context, *subject, input.emoji))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Take a reaction back, also one that was not there. Scope feed:write, for messages chat:write."
    )
    @answers(RemoveReactionPayload)
    async def remove_reaction(self, info: Info, input: RemoveReactionInput) -> RemoveReactionPayload:
        subject = any_key(input.subject_id, ["subjectId"])
        return RemoveReactionPayload(subject=await actions.remove_reaction(info.context, *subject, input.emoji))  # pyright: ignore[reportArgumentType]
