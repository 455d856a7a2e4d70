"""Posts."""

from __future__ import annotations

from datetime import datetime

import strawberry

from auth.policies import feed as policy
from execution.fields import column, computed, is_set, relation
from execution.lengths import at_most
from execution.scalars import Markdown
from models.feed import PostKind
from models.tags import TAGS_MAX
from resolvers import posts as actions
from resolvers.comments import thread
from schema.answers import PostAnswer
from schema.audiences import Audience, AudienceInput, audience_choice
from schema.bookmarks import PostBookmarks
from schema.connections import Connection, listed
from schema.errors import UserError, answers, failed
from schema.feed import PostReasons
from schema.mentions import PostContracts, TextWithMentions
from schema.nodes import Info, Node, identity, key, node, optional_key
from schema.pins import PostPins
from schema.policies import may
from schema.polls import PollInput, PostPoll, new_poll
from schema.praise import PostPraise, PraiseInput, PraiseWarnings, new_praise
from schema.publishing import PostLife
from schema.reach import PostReach
from schema.reactions import Reactable
from schema.readings import PostReading
from schema.refs import CommentRef, GroupRef, PersonRef
from schema.revisions import Revised
from schema.seen import PostSeen
from schema.sharing import PostSharing
from schema.survey_posts import PostSurvey, announced
from schema.tags import PostTags


@node("posts", description="One entry of the feed.")
class Post(
    Node,
    Reactable,
    Revised,
    PostLife,
    PostSharing,
    PostPoll,
    PostPraise,
    PostSurvey,
    PostAnswer,
    PostBookmarks,
    PostPins,
    PostReach,
    PostSeen,
    PostReading,
    PostReasons,
    PostTags,
    TextWithMentions,
):
    id: strawberry.ID = identity("Post")
    kind: PostKind = column("What it is meant as.")
    title: str | None = column("Null where it has none; at most 300 characters.")
    body: Markdown = column("Its text as written; at most 20,000 characters.")
    created_at: datetime = column("When it was written.")
    published_at: datetime | None = column("When it could first be seen; the feed is ordered by it. Null until then.")
    edited_at: datetime | None = column("When its text last changed; null if never.")
    is_edited: bool = computed(is_set, of="edited_at", description="Whether its text has changed since.")
    version: int = column("Rises with each change; edits may expect one.")
    author: PersonRef | None = relation(
        "people",
        key="author_id",
        shared=True,
        description="Who wrote it; null where they are not visible or their account is erased.",
    )
    audience: Audience | None = relation("audiences", key="audience_id", description="Who may see it.")
    group: GroupRef | None = relation(
        "groups", key="audience_id", description="The group that it was posted to; null for other audiences."
    )
    comment_count: int = relation("comment_counts", key="id", description="Comments the viewer may read.")
    viewer_can_update: bool = may(policy.can_edit_post, "Whether the viewer may edit it.")
    viewer_can_delete: bool = may(policy.can_delete_post, "Whether the viewer may remove it.")
    viewer_can_comment: bool = may(policy.can_comment, "Whether the viewer may comment on it.")
    viewer_can_react: bool = may(policy.can_take_part, "Whether the viewer may react to it.")

    comments: Connection[CommentRef] = listed(
        thread, key="id", description="The comments and replies, in the order they were written."
    )


@strawberry.input(description="A post to be.")
class CreatePostInput:
    kind: PostKind = strawberry.field(description="What it is meant as.")
    body: Markdown = strawberry.field(description="1 to 20,000 characters; a draft with a title may have none.")
    title: str | None = strawberry.field(default=None, description="At most 300 characters; an ARTICLE needs one.")
    audience: AudienceInput | None = strawberry.field(default=None, description="Absent or null: the company.")
    is_draft: bool = strawberry.field(default=False, description="Whether to keep it for oneself for now.")
    scheduled_at: datetime | None = strawberry.field(
        default=None, description="When to publish it, at most a year ahead; null: now."
    )
    on_behalf_of_id: strawberry.ID | None = strawberry.field(
        default=None, description="In whose name; they must have allowed it (`allowDelegate`). Null: one's own."
    )
    client_id: str | None = strawberry.field(
        default=None, description="The client's own id; the same again is the same post. At most 100 characters."
    )
    tags: list[str] | None = strawberry.field(
        default=None,
        description="At most 10, those in the text as `#word` included, of at most 60 characters each; an unknown one"
        " is made.",
        metadata=at_most(TAGS_MAX),
    )
    poll: PollInput | None = strawberry.field(default=None, description="For a POLL, and for nothing else.")
    praise: PraiseInput | None = strawberry.field(default=None, description="For a PRAISE, and for nothing else.")
    survey_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The survey that it announces, for any kind but POLL: one of `viewerCanAnnounce`, and a draft only"
        " where the post is one. Null: none.",
    )


@strawberry.input(description="What is to be otherwise about a post.")
class EditPostInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the post is at another version."
    )
    body: Markdown | None = strawberry.field(default=None, description="Absent or null: stays.")
    title: str | None = strawberry.field(default=None, description="Absent or null: stays; empty: none.")
    is_major: bool = strawberry.field(
        default=False, description="Whether who has read it should read it again: a must-read asks anew."
    )
    survey_id: strawberry.Maybe[strawberry.ID | None] = strawberry.field(
        description="The survey that it announces, as in `createPost`; null: none any more."
    )


@strawberry.input(description="A post to remove.")
class DeletePostInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")


@strawberry.type(description="What became of `createPost`.")
class CreatePostPayload(PostContracts, PraiseWarnings):
    post: Post | None = strawberry.field(default=None, description="The post; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `editPost`.")
class EditPostPayload(PostContracts):
    post: Post | None = strawberry.field(default=None, description="The post as it is now; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `deletePost`.")
class DeletePostPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id that is gone.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Write a post. It is published at once, unless the input says otherwise or posts there are looked"
        " at first. Scope feed:write."
    )
    @answers(CreatePostPayload)
    async def create_post(self, info: Info, input: CreatePostInput) -> CreatePostPayload:
        new = actions.NewPost(
            kind=input.kind,
            body=input.body,
            title=input.title,
            audience=audience_choice(input.audience),
            client_id=input.client_id,
            is_draft=input.is_draft,
            scheduled_at=input.scheduled_at,
            on_behalf_of=optional_key("Person", input.on_behalf_of_id, ["onBehalfOfId"]),
            tags=input.tags or (),
            poll=new_poll(input.poll),
            praise=new_praise(input.praise),
            survey=optional_key("Survey", input.survey_id, ["surveyId"]),
        )
        created = await actions.create_post(info.context, new)
        return CreatePostPayload(post=created)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Replace a post's text, or the survey in it; its author. Scope feed:write.")
    @answers(EditPostPayload)
    async def edit_post(self, info: Info, input: EditPostInput) -> EditPostPayload:
        id = key("Post", input.post_id, ["postId"])
        edited = await actions.edit_post(
            info.context,
            id,
            body=input.body,
            title=input.title,
            expected_version=input.expected_version,
            is_major=input.is_major,
            announced=announced(input.survey_id),
        )
        return EditPostPayload(post=edited)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Remove a post; its author, or a moderator of its unit. Scope feed:write.")
    @answers(DeletePostPayload)
    async def delete_post(self, info: Info, input: DeletePostInput) -> DeletePostPayload:
        await actions.delete_post(info.context, key("Post", input.post_id, ["postId"]))
        return DeletePostPayload(deleted_id=input.post_id)
