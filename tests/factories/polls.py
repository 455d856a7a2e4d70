"""Polls and votes, as rows."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from execution.ids import encode_id
from models.audiences import COMPANY
from models.feed import Post, PostKind
from models.people import Person
from models.polls import Poll, PollOption, PollVote
from tests.factories.feed import a_post
from tests.factories.ids import global_id

if TYPE_CHECKING:
    from tests.leaks.ground import Ground


async def a_poll(
    *texts: str, author: Person, audience: uuid.UUID = COMPANY, question: str = "Which one?", **more: Any
) -> Post:
    """A published post with a poll; its options are these, or two."""
    post = await a_post(question, author=author, audience=audience, kind=PostKind.POLL)
    await Poll.create(id=post.id, **more)
    for place, text in enumerate(texts or ("Red", "Blue")):
        await PollOption.create(poll_id=post.id, place=place, text=text)
    return post


async def options_of(post: Post) -> list[PollOption]:
    """A poll's options, in their order."""
    return await PollOption.filter(poll_id=post.id).order_by("place")


async def a_vote(post: Post, place: int, *, by: Person) -> PollVote:
    """Somebody's vote for the option at this place."""
    option = (await options_of(post))[place]
    return await PollVote.create(poll_id=post.id, option_id=option.id, person_id=by.id)


def option_id(option: PollOption) -> str:
    """The id that clients know an option by."""
    return encode_id("PollOption", option.id)


async def plant(ground: Ground) -> None:
    """A poll among insiders, in which they have voted."""
    words = ground.word("option"), ground.word("option")
    post = await a_poll(*words, author=ground.ida, audience=ground.unit.id, question=ground.word("question"))
    ground.hide(global_id(post))
    for option in await options_of(post):
        ground.hide(option_id(option))
    await a_vote(post, 0, by=ground.ivan)
