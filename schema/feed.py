"""Posts and comments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry import argument

from auth.policies import feed as policy
from execution.fields import batched, column, computed, relation
from execution.rows import read
from execution.scalars import HTML, Markdown
from models.audiences import AudienceKind
from models.errors import Invalid
from models.feed import Comment as CommentRow
from models.feed import PostKind
from resolvers import feed as actions
from resolvers import lists
from resolvers.context import Context
from resolvers.feed import THREAD, AudienceChoice
from resolvers.lists import PageArgs
from resolvers.markdown import to_html
from schema.connections import After, Before, Connection, First, Last
from schema.errors import UserError, answers, failed
from schema.nodes import Info, Node, identity, key, node, optional_key
from schema.refs import PersonRef


@strawberry.enum(description="How the home feed is ordered.")
class FeedOrder(Enum):
    RECENT = strawberry.enum_value("RECENT", description="The newest first.")


@strawberry.type(description="Who may see a thing.")
class Audience:
    kind: AudienceKind = column("What it is about.")
    name: str | None = column("The unit's or location's name; null for the company and for a list of people.")


def may(condition: Any, description: str) -> Any:
    """A field that tells whether a policy's condition holds for the viewer."""

    async def held(ctx: Context, rows: list[Any]) -> Sequence[bool]:
        return await ctx.holds(condition, rows)

    return batched(held, description=description)


@node("posts", description="One entry of the feed.")
class Post(Node):
    id: strawberry.ID = identity("Post")
    kind: PostKind = column("What it is meant as.")
    title: str | None = column("Null where it has none; at most 300 characters.")
    body: Markdown = column("Its text as written; at most 20,000 characters.")
    body_html: HTML = computed(lambda post: to_html(read(post, "body")), description="Its text, safe to show.")
    created_at: datetime = column("When it was written.")
    published_at: datetime = column("When it could first be seen; the feed is ordered by it.")
    edited_at: datetime | None = column("When its text last changed; null if never.")
    is_edited: bool = computed(
        lambda post: read(post, "edited_at") is not None, description="Whether its text has changed since."
    )
    version: int = column("Rises with each change; edits may expect one.")
    author: PersonRef | None = relation(
        "people",
        key="author_id",
        description="Who wrote it; null where they are not visible or their account is erased.",
    )
    audience: Audience | None = relation("audiences", key="audience_id", description="Who may see it.")
    comment_count: int = relation("comment_counts", key="id", description="Comments the viewer may read.")
    viewer_can_update: bool = may(policy.can_edit_post, "Whether the viewer may edit it.")
    viewer_can_delete: bool = may(policy.can_delete_post, "Whether the viewer may remove it.")
    viewer_can_comment: bool = may(policy.can_comment, "Whether the viewer may comment on it.")

    @strawberry.field(description="The comments and replies, in the order they were written.")
    def comments(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Comment]:
        args = PageArgs(first, after, last, before)
        return lists.pages(info.context, CommentRow, "post_id", THREAD, args).load(read(self, "id"))  # pyright: ignore[reportReturnType]


@node("comments", description="A comment under a post, or a reply to one.")
class Comment(Node):
    id: strawberry.ID = identity("Comment")
    body: Markdown = column("Its text as written; at most 10,000 characters.")
    body_html: HTML = computed(lambda comment: to_html(read(comment, "body")), description="Its text, safe to show.")
    created_at: datetime = column("When it was written.")
    is_edited: bool = computed(
        lambda comment: read(comment, "edited_at") is not None, description="Whether its text has changed since."
    )
    version: int = column("Rises with each change; edits may expect one.")
    author: PersonRef | None = relation(
        "people",
        key="author_id",
        description="Who wrote it; null where they are not visible or their account is erased.",
    )
    post: Post | None = relation("posts", key="post_id", description="What it is about.")
    reply_to: Comment | None = relation(
        "comments", key="reply_to_id", description="The comment that starts its thread; null where it starts one."
    )
    viewer_can_update: bool = may(policy.can_edit_comment, "Whether the viewer may edit it.")
    viewer_can_delete: bool = may(policy.can_delete_comment, "Whether the viewer may remove it.")


@strawberry.input(one_of=True, description="Whom a post is for: exactly one of these.")
class AudienceInput:
    company: bool | None = strawberry.field(default=strawberry.UNSET, description="Everybody of the company: true.")
    org_unit_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="A unit and those below it."
    )
    location: str | None = strawberry.field(default=strawberry.UNSET, description="Everybody at this location.")
    person_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="These people and the author; at most 200."
    )


@strawberry.input(description="A post to be.")
class CreatePostInput:
    kind: PostKind = strawberry.field(description="What it is meant as.")
    body: Markdown = strawberry.field(description="1 to 20,000 characters.")
    title: str | None = strawberry.field(default=None, description="At most 300 characters.")
    audience: AudienceInput | None = strawberry.field(default=None, description="Absent or null: the company.")
    client_id: str | None = strawberry.field(
        default=None, description="The client's own id; the same again is the same post. At most 100 characters."
    )


@strawberry.input(description="A post's new text.")
class EditPostInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the post is at another version."
    )
    body: Markdown | None = strawberry.field(default=None, description="Absent or null: stays.")
    title: str | None = strawberry.field(default=None, description="Absent or null: stays; empty: none.")


@strawberry.input(description="A post to remove.")
class DeletePostInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")


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


@strawberry.type(description="What became of `createPost`.")
class CreatePostPayload:
    post: Post | None = strawberry.field(default=None, description="The post; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `editPost`.")
class EditPostPayload:
    post: Post | None = strawberry.field(default=None, description="The post as it is now; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `deletePost`.")
class DeletePostPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id that is gone.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `addComment`.")
class AddCommentPayload:
    comment: Comment | None = strawberry.field(default=None, description="The comment; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `editComment`.")
class EditCommentPayload:
    comment: Comment | None = strawberry.field(default=None, description="The comment as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `deleteComment`.")
class DeleteCommentPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id that is gone.")
    errors: list[UserError] = failed()


@strawberry.type
class Query:
    @strawberry.field(description="The home feed: posts of all that the viewer belongs to. Scope feed:read.")
    async def feed(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        order: Annotated[FeedOrder, argument(description="In which order.")] = FeedOrder.RECENT,
    ) -> Connection[Post]:
        return await actions.home(info.context, PageArgs(first, after, last, before))  # pyright: ignore[reportReturnType]


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Publish a post. Scope feed:write.")
    @answers(CreatePostPayload)
    async def create_post(self, info: Info, input: CreatePostInput) -> CreatePostPayload:
        created = await actions.create_post(
            info.context,
            kind=input.kind,
            body=input.body,
            title=input.title,
            audience=audience_choice(input.audience),
            client_id=input.client_id,
        )
        return CreatePostPayload(post=created)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Replace a post's text; its author. Scope feed:write.")
    @answers(EditPostPayload)
    async def edit_post(self, info: Info, input: EditPostInput) -> EditPostPayload:
        id = key("Post", input.post_id, ["postId"])
        edited = await actions.edit_post(
            info.context, id, body=input.body, title=input.title, expected_version=input.expected_version
        )
        return EditPostPayload(post=edited)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Remove a post; its author, or a moderator of its unit. Scope feed:write.")
    @answers(DeletePostPayload)
    async def delete_post(self, info: Info, input: DeletePostInput) -> DeletePostPayload:
        await actions.delete_post(info.context, key("Post", input.post_id, ["postId"]))
        return DeletePostPayload(deleted_id=input.post_id)

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


def audience_choice(given: AudienceInput | None) -> AudienceChoice | None:
    """The choice that an input names, exactly as it stands: nothing empty ever comes to mean the company.

    Raises `Invalid`, or `NotFound` for an id of something else.
    """
    if given is None:
        return None
    if isinstance(given.org_unit_id, str):
        return AudienceChoice(unit=key("OrgUnit", given.org_unit_id, ["audience", "orgUnitId"]))
    if isinstance(given.location, str):
        return AudienceChoice(location=given.location)
    if isinstance(given.person_ids, list):
        path = ["audience", "personIds"]
        return AudienceChoice(people=[key("Person", id, [*path, i]) for i, id in enumerate(given.person_ids)])
    if given.company is not True:
        raise Invalid("`company` can only be true. To post to fewer, name them.", ["audience", "company"])
    return AudienceChoice(company=True)
