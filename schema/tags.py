"""Tags: words by which posts are found and followed."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import batched, column
from execution.lengths import at_most
from models.tags import TAG_SYNONYMS_MAX, TAGS_MAX
from resolvers import tag_keeping as keeping
from resolvers import tagging, trending
from resolvers import tags as actions
from resolvers.lists import PageArgs
from resolvers.trending import TRENDING_MAX
from schema.connections import Connection, connection
from schema.errors import UserError, answers, failed
from schema.nodes import Info, Node, found_key, identity, key, node
from schema.refs import PostRef, TagRef


@node(
    "tags",
    description="A word by which posts are found and followed. It is known to those who may read a post with it, to who"
    " began or follows it and, once it is kept in order by communicators, to everybody of the company.",
)
class Tag(Node):
    id: strawberry.ID = identity("Tag")
    name: str = column("At most 60 characters; in lower case unless communicators have named it.")
    description: str = column("What it is for; empty where nobody has said. At most 1,000 characters.")
    synonyms: list[str] = batched(
        actions.synonyms, description="Other names that mean it; at most 50.", most=TAG_SYNONYMS_MAX, usual=2
    )
    is_restricted: bool = column(
        "Whether only those who may announce to an audience put it on posts there.", source="restricted"
    )
    is_priority: bool = column("Whether it lifts posts for those who follow it.", source="priority")
    follower_count: int = batched(
        actions.follower_counts,
        description="How many active people follow it, counted since the viewer could know of it.",
    )
    viewer_is_following: bool = batched(actions.followed_by_viewer, description="Whether the viewer follows it.")
    version: int = column("Rises with each change; edits may expect one.")
    viewer_can_update: bool = batched(
        keeping.keepable, description="Whether the viewer may rename, describe, rule and merge it."
    )

    @connection(description="The published posts with it that the viewer may read, newest first.")
    def posts(self, info: Info, *, page: PageArgs) -> Connection[PostRef]:
        return actions.posts_of(info.context, self, page)


@strawberry.type
class PostTags:
    """What a post has of tags."""

    tags: list[TagRef] = batched(
        actions.of_posts,
        description="Its tags: those that it was given, then those in its text; at most 10.",
        most=TAGS_MAX,
        usual=3,
    )


@strawberry.type
class ViewerTags:
    """What a viewer has of tags."""

    @connection(description="The tags that they follow, by name. Scope feed:read.")
    async def followed_tags(self, info: Info, *, page: PageArgs) -> Connection[Tag]:
        return await actions.followed_tags(info.context, page)  # pyright: ignore[reportReturnType]


@strawberry.input(one_of=True, description="Which tag: exactly one of these.")
class TagBy:
    id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Its id; also one that it had before it was merged into another tag."
    )
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="A name or synonym, however written; at most 60 characters."
    )


@strawberry.input(description="A tag to follow, or no longer.")
class FollowTagInput:
    tag_id: strawberry.ID = strawberry.field(description="Which tag.")
    follow: bool = strawberry.field(description="Whether to follow it from now on.")


@strawberry.input(description="The tags of a post.")
class SetPostTagsInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")
    tags: list[str] = strawberry.field(
        description="All that it is to have besides those in its text; at most 10 together, of at most 60 characters"
        " each. An unknown one is made.",
        metadata=at_most(TAGS_MAX),
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the post is at another version."
    )


@strawberry.input(description="A new name of a tag; the old one becomes a synonym.")
class RenameTagInput:
    tag_id: strawberry.ID = strawberry.field(description="Which tag.")
    name: str = strawberry.field(description="1 to 60 characters; no other tag's name or synonym.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the tag is at another version."
    )


@strawberry.input(description="What a tag is for, and its rules.")
class UpdateTagInput:
    tag_id: strawberry.ID = strawberry.field(description="Which tag.")
    description: str | None = strawberry.field(
        default=None, description="At most 1,000 characters. Absent or null: stays; empty: none."
    )
    is_restricted: bool | None = strawberry.field(default=None, description="Absent or null: stays.")
    is_priority: bool | None = strawberry.field(default=None, description="Absent or null: stays.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the tag is at another version."
    )


@strawberry.input(description="Another name of a tag.")
class AddTagSynonymInput:
    tag_id: strawberry.ID = strawberry.field(description="Which tag.")
    name: str = strawberry.field(description="1 to 60 characters; no other tag's name or synonym.")


@strawberry.input(description="A name that is to mean a tag no longer.")
class RemoveTagSynonymInput:
    tag_id: strawberry.ID = strawberry.field(description="Which tag.")
    name: str = strawberry.field(description="The synonym, however written.")


@strawberry.input(description="Two tags that are one.")
class MergeTagsInput:
    tag_id: strawberry.ID = strawberry.field(description="The one that goes; its name becomes a synonym.")
    into_id: strawberry.ID = strawberry.field(description="The one that stays.")


@strawberry.type(description="What became of `followTag`.")
class FollowTagPayload:
    tag: Tag | None = strawberry.field(default=None, description="The tag as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `setPostTags`.")
class SetPostTagsPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `renameTag`.")
class RenameTagPayload:
    tag: Tag | None = strawberry.field(default=None, description="The tag as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `updateTag`.")
class UpdateTagPayload:
    tag: Tag | None = strawberry.field(default=None, description="The tag as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `addTagSynonym`.")
class AddTagSynonymPayload:
    tag: Tag | None = strawberry.field(default=None, description="The tag as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `removeTagSynonym`.")
class RemoveTagSynonymPayload:
    tag: Tag | None = strawberry.field(default=None, description="The tag as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `mergeTags`.")
class MergeTagsPayload:
    tag: Tag | None = strawberry.field(default=None, description="The tag that stays, as it is now.")
    errors: list[UserError] = failed()


@strawberry.type
class Query:
    @strawberry.field(
        description="A tag by its id or any of its names; null where there is none or the viewer may not know of it."
        " Scope feed:read."
    )
    async def tag(self, info: Info, by: Annotated[TagBy, argument(description="Which one.")]) -> Tag | None:
        if isinstance(by.name, str):
            return await actions.tag_by_name(info.context, by.name)  # pyright: ignore[reportReturnType]
        return await actions.tag(info.context, found_key("Tag", by.id or ""))  # pyright: ignore[reportReturnType]

    @connection(description="The tags that the viewer may know of, by name. Scope feed:read.")
    async def tags(
        self,
        info: Info,
        query: Annotated[
            str | None,
            argument(description="Only those of which a name or synonym begins with it; at most 60 characters."),
        ] = None,
        *,
        page: PageArgs,
    ) -> Connection[Tag]:
        return await actions.tags(info.context, query, page)  # pyright: ignore[reportReturnType]

    @strawberry.field(
        description="The tags of the last 7 days' posts that the viewer may read, by how many people wrote with them"
        " and how lately; those of fewer than 3 people are left out. At most 50. Scope feed:read.",
        metadata=at_most(TRENDING_MAX, usual=10),
    )
    async def trending_tags(
        self, info: Info, first: Annotated[int, argument(description="How many: 0 to 50.")] = 10
    ) -> list[Tag]:
        return await trending.trending_tags(info.context, first)


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Follow a tag, or no longer; twice is once. Scope feed:write.")
    @answers(FollowTagPayload)
    async def follow_tag(self, info: Info, input: FollowTagInput) -> FollowTagPayload:
        id = key("Tag", input.tag_id, ["tagId"])
        return FollowTagPayload(tag=await actions.follow_tag(info.context, id, follow=input.follow))

    @strawberry.mutation(
        description="Replace the tags that a post was given; who may edit it. Those in its text stay. Scope feed:write."
    )
    @answers(SetPostTagsPayload)
    async def set_post_tags(self, info: Info, input: SetPostTagsInput) -> SetPostTagsPayload:
        id = key("Post", input.post_id, ["postId"])
        tagged = await tagging.set_tags(info.context, id, input.tags, expected_version=input.expected_version)
        return SetPostTagsPayload(post=tagged)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Call a tag otherwise; COMMUNICATOR and ADMIN. Links and followers stay. Scope feed:write."
    )
    @answers(RenameTagPayload)
    async def rename_tag(self, info: Info, input: RenameTagInput) -> RenameTagPayload:
        id = key("Tag", input.tag_id, ["tagId"])
        renamed = await keeping.rename_tag(info.context, id, input.name, expected_version=input.expected_version)
        return RenameTagPayload(tag=renamed)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Describe a tag, restrict it, have it lift posts for its followers; COMMUNICATOR and ADMIN. It is"
        " known to the company from then on. Scope feed:write."
    )
    @answers(UpdateTagPayload)
    async def update_tag(self, info: Info, input: UpdateTagInput) -> UpdateTagPayload:
        updated = await keeping.update_tag(
            info.context,
            key("Tag", input.tag_id, ["tagId"]),
            description=input.description,
            restricted=input.is_restricted,
            priority=input.is_priority,
            expected_version=input.expected_version,
        )
        return UpdateTagPayload(tag=updated)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Let another name mean a tag, too; COMMUNICATOR and ADMIN. Scope feed:write.")
    @answers(AddTagSynonymPayload)
    async def add_tag_synonym(self, info: Info, input: AddTagSynonymInput) -> AddTagSynonymPayload:
        id = key("Tag", input.tag_id, ["tagId"])
        return AddTagSynonymPayload(tag=await keeping.add_synonym(info.context, id, input.name))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Let a synonym mean a tag no longer; COMMUNICATOR and ADMIN. Scope feed:write.")
    @answers(RemoveTagSynonymPayload)
    async def remove_tag_synonym(self, info: Info, input: RemoveTagSynonymInput) -> RemoveTagSynonymPayload:
        id = key("Tag", input.tag_id, ["tagId"])
        return RemoveTagSynonymPayload(tag=await keeping.remove_synonym(info.context, id, input.name))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Make a tag part of another one, with its posts, followers and names; COMMUNICATOR and ADMIN. Scope"
        " feed:write."
    )
    @answers(MergeTagsPayload)
    async def merge_tags(self, info: Info, input: MergeTagsInput) -> MergeTagsPayload:
        id, into = key("Tag", input.tag_id, ["tagId"]), key("Tag", input.into_id, ["intoId"])
        return MergeTagsPayload(tag=await keeping.merge_tags(info.context, id, into))  # pyright: ignore[reportArgumentType]
