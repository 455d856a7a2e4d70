"""Comments under posts, and replies."""

from __future__ import annotations

from datetime import datetime

import strawberry

from auth.policies import feed as policy
from execution.fields import batched, column, computed, is_set, relation
from execution.scalars import Markdown
from resolvers import comments as actions
from schema.errors import UserError, answers, failed
from schema.mentions import CommentContracts, TextWithMentions
from schema.nodes import Info, Node, identity, key, node, optional_key
from schema.policies import may
from schema.reactions import Reactable
from schema.refs import PersonRef, PostRef
from schema.revisions import Revised


@node("comments", description="A comment under a post, or a reply to one.")
class Comment(Node, Reactable, Revised, TextWithMentions):
    id: strawberry.ID = identity("Comment")
    body: Markdown = column("Its text as written; at most 10,000 characters; empty once it is removed.")
    created_at: datetime = column("When it was written.")
    is_edited: bool = computed(is_set, of="edited_at", description="Whether its text has changed since.")
    is_removed: bool = column(
        "Whether it is gone, and only its place is kept, without text, author and reactions, for the replies to it.",
        source="removed",
    )
    is_accepted: bool = batched(actions.are_accepted, description="Whether it is the accepted answer of its question.")
    version: int = column("Rises with each change; edits may expect one.")
    author: PersonRef | None = relation(
        "people",
        key="author_id",
        shared=True,
        description="Who wrote it; null where they are not visible, their account is erased or the comment removed.",
    )
    post: PostRef | None = relation("posts", key="post_id", description="What it is about.")
    reply_to: Comment | None = relation(
        "comments", key="reply_to_id", description="The comment that starts its thread; null where it starts one."
    )
    viewer_can_update: bool = may(policy.can_edit_comment, "Whether the viewer may edit it.")
    viewer_can_delete: bool = may(policy.can_delete_comment, "Whether the viewer may remove it.")
    viewer_can_react: bool = may(policy.can_take_part_in_comment, "Whether the viewer may react to it.")


@strawberry.input(description="A comment to be.")
class AddCommentInput:
    post_id: strawberry.ID = strawberry.field(description="Under which post.")
    body: Markdown = strawberry.field(description="1 to 10,000 characters.")
    reply_to_id: strawberry.ID | None = strawberry.field(
        default=None, description="A comment of this post to reply to."
    )
    client_id: str | None = strawberry.field(
        default=None, description="The client's own id; the same again is the same comment. At most 100 characters."
    )


@strawberry.input(description="A comment's new text.")
class EditCommentInput:
    comment_id: strawberry.ID = strawberry.field(description="Which comment.")
    expected_version: int | None = strawberry.field(default=None, description="Refuse if it is at another version.")
    body: Markdown = strawberry.field(description="1 to 10,000 characters.")


@strawberry.input(description="A comment to remove.")
class DeleteCommentInput:
    comment_id: strawberry.ID = strawberry.field(description="Which comment.")


@strawberry.type(description="What became of `addComment`.")
class AddCommentPayload(CommentContracts):
    comment: Comment | None = strawberry.field(default=None, description="The comment; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `editComment`.")
class EditCommentPayload(CommentContracts):
    comment: Comment | None = strawberry.field(default=None, description="The comment as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `deleteComment`.")
class DeleteCommentPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id that is gone.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Comment on a post, or reply to a comment. Scope feed:write.")
    @answers(AddCommentPayload)
    async def add_comment(self, info: Info, input: AddCommentInput) -> AddCommentPayload:
        added = await actions.add_comment(
            info.context,
            key("Post", input.post_id, ["postId"]),
            body=input.body,
            reply_to=optional_key("Comment", input.reply_to_id, ["replyToId"]),
            client_id=input.client_id,
        )
        return AddCommentPayload(comment=added)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Replace a comment's text; its author. Scope feed:write.")
    @answers(EditCommentPayload)
    async def edit_comment(self, info: Info, input: EditCommentInput) -> EditCommentPayload:
        id = key("Comment", input.comment_id, ["commentId"])
        edited = await actions.edit_comment(info.context, id, body=input.body, expected_version=input.expected_version)
        return EditCommentPayload(comment=edited)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Remove a comment; its author, or a moderator of its unit. Scope feed:write.")
    @answers(DeleteCommentPayload)
    async def delete_comment(self, info: Info, input: DeleteCommentInput) -> DeleteCommentPayload:
        await actions.delete_comment(info.context, key("Comment", input.comment_id, ["commentId"]))
        return DeleteCommentPayload(deleted_id=input.comment_id)
