"""Bookmarks: posts put aside for later."""

from __future__ import annotations

import strawberry

from execution.fields import batched
from resolvers import bookmarks as actions
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.refs import PostRef


@strawberry.type
class PostBookmarks:
    """What a post has of bookmarks."""

    viewer_has_bookmarked: bool = batched(
        actions.bookmarked_by_viewer, description="Whether the viewer has put it aside. Nobody else is told."
    )


@strawberry.type
class ViewerBookmarks:
    """What a viewer has of bookmarks."""

    @connection(description="The posts that they have put aside and may still see, the latest first. Scope feed:read.")
    async def bookmarks(self, info: Info, *, page: PageArgs) -> Connection[PostRef]:
        return await actions.bookmarks(info.context, page)  # pyright: ignore[reportReturnType]


@strawberry.input(description="A post to put aside, or no longer.")
class BookmarkPostInput:
    post_id: strawberry.ID = strawberry.field(description="Which post.")
    is_bookmarked: bool = strawberry.field(description="Whether it is put aside from now on.")


@strawberry.type(description="What became of `bookmarkPost`.")
class BookmarkPostPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post as it is now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Put a post aside, or no longer; twice is once. Scope feed:write.")
    @answers(BookmarkPostPayload)
    async def bookmark_post(self, info: Info, input: BookmarkPostInput) -> BookmarkPostPayload:
        id = key("Post", input.post_id, ["postId"])
        kept = await actions.bookmark_post(info.context, id, is_bookmarked=input.is_bookmarked)
        return BookmarkPostPayload(post=kept)  # pyright: ignore[reportArgumentType]
