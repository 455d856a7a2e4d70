"""Questions and their accepted answers."""

from __future__ import annotations

import strawberry

from execution.fields import relation
from resolvers import answers as actions
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key, optional_key
from schema.refs import CommentRef, PostRef


@strawberry.type
class PostAnswer:
    """What a post has of an answer."""

    accepted_answer: CommentRef | None = relation(
        "comments", key="accepted_id", description="The comment that answers this question; null where none does."
    )


@strawberry.input(description="A question and its answer.")
class AcceptAnswerInput:
    post_id: strawberry.ID = strawberry.field(description="The question.")
    comment_id: strawberry.ID | None = strawberry.field(
        description="One of its comments, in place of any that was accepted before; null: none answers it."
    )


@strawberry.type(description="What became of `acceptAnswer`.")
class AcceptAnswerPayload:
    post: PostRef | None = strawberry.field(default=None, description="The question as it is now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Say which comment answers a question; who asked it, or who moderates there. Scope feed:write."
    )
    @answers(AcceptAnswerPayload)
    async def accept_answer(self, info: Info, input: AcceptAnswerInput) -> AcceptAnswerPayload:
        id, comment = key("Post", input.post_id, ["postId"]), optional_key("Comment", input.comment_id, ["commentId"])
        return AcceptAnswerPayload(post=await actions.accept_answer(info.context, id, comment))  # pyright: ignore[reportArgumentType]
