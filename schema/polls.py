"""Polls: what people choose among, and what has become of it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from execution.fields import batched, column, computed, relation
from execution.ids import encode_id
from models.polls import OPTIONS_MAX, PollResults
from resolvers import polls as actions
from resolvers.polls import NewPoll, PollChange
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.refs import PostRef


@strawberry.type(description="One of a poll's options.")
class PollOption:
    id: strawberry.ID = computed(lambda option: encode_id("PollOption", option.id), description="For `votePoll`.")
    text: str = column("At most 200 characters.")
    vote_count: int | None = column("How many chose it; null while that is not told, see `Poll.results`.")
    viewer_has_voted: bool = column("Whether the viewer chose it.")


@strawberry.type(description="The poll of a post. Who voted what is told to nobody.")
class Poll:
    options: list[PollOption] = column("In their order; 2 to 20.", most=OPTIONS_MAX, usual=4)
    is_multiple: bool = column("Whether one may choose several.")
    closes_at: datetime | None = column("When it closes, or closed; null: not by itself.")
    is_closed: bool = column("Whether nobody can vote any more.")
    results: PollResults = column("When the numbers of votes are told.")
    voter_count: int = column("How many people have voted.")
    viewer_has_voted: bool = column("Whether the viewer has.")
    viewer_can_vote: bool = batched(actions.votable, description="Whether the viewer may vote now, or vote otherwise.")


@strawberry.type
class PostPoll:
    """What a post has of a poll."""

    poll: Poll | None = relation("polls", key="id", description="Its poll; null unless its kind is POLL.")


@strawberry.input(description="A poll to be.")
class PollInput:
    options: list[str] = strawberry.field(
        description="2 to 20, no two alike but for case; each 1 to 200 characters, in one line."
    )
    is_multiple: bool = strawberry.field(default=False, description="Whether one may choose several.")
    closes_at: datetime | None = strawberry.field(
        default=None, description="When it closes, after the post can be seen; absent or null: not by itself."
    )
    results: PollResults = strawberry.field(
        default=PollResults.AFTER_VOTE, description="When the numbers of votes are told."
    )


@strawberry.input(description="Whom or what to vote for, in place of what the viewer voted for before.")
class VotePollInput:
    post_id: strawberry.ID = strawberry.field(description="The post with the poll.")
    option_ids: list[strawberry.ID] = strawberry.field(
        description="Options of this poll: at most one, or several where it `isMultiple`; none: withdraw the vote."
    )


@strawberry.input(description="What is to be otherwise about a poll that is open; what is absent stays.")
class UpdatePollInput:
    post_id: strawberry.ID = strawberry.field(description="The post with the poll.")
    options: list[str] | None = strawberry.field(
        default=None, description="All of them, as in `createPost`; until the first vote."
    )
    is_multiple: bool | None = strawberry.field(
        default=None, description="Whether one may choose several; until the first vote."
    )
    results: PollResults | None = strawberry.field(
        default=None, description="When the numbers of votes are told; until the first vote."
    )
    closes_at: strawberry.Maybe[datetime | None] = strawberry.field(
        description="When it closes: later than now; null: not by itself."
    )


@strawberry.input(description="A poll in which nobody shall vote any more.")
class ClosePollInput:
    post_id: strawberry.ID = strawberry.field(description="The post with the poll.")


@strawberry.type(description="What became of `votePoll`.")
class VotePollPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post with its poll as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `updatePoll`.")
class UpdatePollPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post with its poll as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `closePoll`.")
class ClosePollPayload:
    post: PostRef | None = strawberry.field(default=None, description="The post with its poll as it is now.")
    errors: list[UserError] = failed()


def new_poll(given: PollInput | None) -> NewPoll | None:
    """The poll that an input describes."""
    return given and NewPoll(given.options, given.is_multiple, given.closes_at, given.results)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Vote in a poll that is open; again: otherwise. Those who belong to its audience, while it is not"
        " archived. Scope feed:write."
    )
    @answers(VotePollPayload)
    async def vote_poll(self, info: Info, input: VotePollInput) -> VotePollPayload:
        id = key("Post", input.post_id, ["postId"])
        options = [key("PollOption", option, ["optionIds", i]) for i, option in enumerate(input.option_ids)]
        return VotePollPayload(post=await actions.vote_poll(info.context, id, options))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Change a poll that is open; its author. Scope feed:write.")
    @answers(UpdatePollPayload)
    async def update_poll(self, info: Info, input: UpdatePollInput) -> UpdatePollPayload:
        change = PollChange(
            options=input.options,
            is_multiple=input.is_multiple,
            results=input.results,
            has_end=input.closes_at is not None,
            closes_at=input.closes_at.value if input.closes_at is not None else None,
        )
        id = key("Post", input.post_id, ["postId"])
        return UpdatePollPayload(post=await actions.update_poll(info.context, id, change))  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Close a poll now, for good; its author, or who moderates there. Twice is once. Scope feed:write."
    )
    @answers(ClosePollPayload)
    async def close_poll(self, info: Info, input: ClosePollInput) -> ClosePollPayload:
        id = key("Post", input.post_id, ["postId"])
        return ClosePollPayload(post=await actions.close_poll(info.context, id))  # pyright: ignore[reportArgumentType]
