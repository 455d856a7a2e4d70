"""Voting, and what is told of it."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import pytest

from execution.ids import encode_id
from models.feed import Post
from models.log import LoggedEvent
from models.polls import PollResults, PollVote
from models.session import Role
from subscriptions.polls import PollVoted
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.polls import a_poll, a_vote, option_id, options_of
from tests.factories.session import a_role
from tests.races import rounds


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def vote(ask: Ask, who: Any, post: Post, *places: int) -> dict[str, Any]:
    options = await options_of(post)
    return await vote_for(ask, who, post, [option_id(options[place]) for place in places])


async def vote_for(ask: Ask, who: Any, post: Post, ids: list[str]) -> dict[str, Any]:
    return (await ask(who, "polls/vote_poll", post_id=global_id(post), option_ids=ids))["votePoll"]


async def seen(ask: Ask, who: Any, post: Post) -> dict[str, Any]:
    return (await ask(who, "polls/poll", id=global_id(post)))["node"]["poll"]


def numbers(poll: dict[str, Any]) -> list[int | None]:
    return [option["voteCount"] for option in poll["options"]]


def own(poll: dict[str, Any]) -> list[bool]:
    return [option["viewerHasVoted"] for option in poll["options"]]


async def test_a_vote_is_stored_with_an_event_that_tells_nobody_whose_it_is(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_poll(author=ann)

    payload = await vote(ask, bob, post, 1)

    assert payload["errors"] == []
    poll = payload["post"]["poll"]
    assert (own(poll), numbers(poll), poll["voterCount"]) == ([False, True], [0, 1], 1)
    assert [(one.person_id, one.poll_id) for one in await PollVote.all()] == [(bob.id, post.id)]
    event = await LoggedEvent.get()
    assert (event.kind, event.audience_id, PollVoted.nameless) == ("PollVoted", post.audience_id, True)


async def test_a_second_vote_stands_in_place_of_the_first(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_poll(author=ann)

    await vote(ask, ann, post, 0)
    payload = await vote(ask, ann, post, 1)
    again = await vote(ask, ann, post, 1)

    assert payload == again
    assert (own(payload["post"]["poll"]), numbers(payload["post"]["poll"])) == ([False, True], [0, 1])
    assert await LoggedEvent.all().count() == 2


async def test_a_vote_for_nothing_withdraws(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_poll(author=ann)
    await vote(ask, ann, post, 0)

    payload = await vote(ask, ann, post)

    assert payload["errors"] == []
    assert (payload["post"]["poll"]["viewerHasVoted"], await PollVote.all().count()) == (False, 0)


async def test_several_can_be_chosen_only_where_the_poll_says_so(ask: Ask) -> None:
    ann = await a_person("Ann")
    one, several = await a_poll(author=ann), await a_poll("A", "B", "C", author=ann, is_multiple=True)

    refused = await vote(ask, ann, one, 0, 1)
    twice = await vote(ask, ann, one, 0, 0)
    done = await vote(ask, ann, several, 0, 2)

    assert codes(refused) == ["BAD_USER_INPUT"]
    assert numbers(twice["post"]["poll"]) == [1, 0]
    assert (numbers(done["post"]["poll"]), done["post"]["poll"]["voterCount"]) == ([1, 0, 1], 1)


async def test_the_option_of_another_poll_is_not_found(ask: Ask) -> None:
    ann = await a_person("Ann")
    post, other = await a_poll(author=ann, is_multiple=True), await a_poll(author=ann)
    mine, foreign = (await options_of(post))[0], (await options_of(other))[0]

    for id in (option_id(foreign), encode_id("PollOption", uuid.uuid4()), encode_id("Post", mine.id), "none"):
        payload = await vote_for(ask, ann, post, [option_id(mine), id])
        assert codes(payload) == ["NOT_FOUND"]
        assert payload["errors"][0]["path"] == ["input", "optionIds", "1"]
    too_many = await vote_for(ask, ann, post, [option_id(mine)] * 21)

    assert codes(too_many) == ["BAD_USER_INPUT"]
    assert await PollVote.all().count() == 0


async def test_nobody_votes_after_the_end(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    post = await a_poll(author=ann, closes_at=clock.now() + timedelta(hours=1))
    await vote(ask, ann, post, 0)
    clock.turn(hours=1)

    payload = await vote(ask, ann, post, 1)

    assert codes(payload) == ["FORBIDDEN"]
    poll = await seen(ask, ann, post)
    assert (poll["isClosed"], poll["viewerCanVote"], numbers(poll)) == (True, False, [1, 0])


async def test_nobody_votes_where_they_see_nothing(ask: Ask) -> None:
    unit = await a_unit()
    post = await a_poll(author=await a_person("Ann", unit=unit), audience=unit.id)

    assert codes(await vote(ask, await a_person("Eve"), post, 0)) == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("results", "before", "after_vote", "after_close"),
    [
        (PollResults.ALWAYS, [1, 0], [1, 1], [1, 1]),
        (PollResults.AFTER_VOTE, [None, None], [1, 1], [1, 1]),
        (PollResults.AFTER_CLOSE, [None, None], [None, None], [1, 1]),
    ],
)
async def test_results_are_told_as_the_poll_says(
    ask: Ask,
    results: PollResults,
    before: list[int | None],
    after_vote: list[int | None],
    after_close: list[int | None],
) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_poll(author=ann, results=results)
    await a_vote(post, 0, by=bob)

    assert numbers(await seen(ask, ann, post)) == before
    assert numbers((await vote(ask, ann, post, 1))["post"]["poll"]) == after_vote
    await vote(ask, ann, post)
    assert numbers(await seen(ask, ann, post)) == before
    await vote(ask, ann, post, 1)
    await ask(ann, "polls/close_poll", post_id=global_id(post))
    assert numbers(await seen(ask, ann, post)) == after_close


async def test_who_voted_what_is_told_to_nobody_the_author_and_administrators_included(ask: Ask) -> None:
    ann, bob, ada = await a_person("Ann"), await a_person("Bob"), await a_person("Ada")
    for role in (Role.ADMIN, Role.HR, Role.MODERATOR):
        await a_role(ada, role)
    post = await a_poll(author=ann, results=PollResults.ALWAYS)
    await a_vote(post, 1, by=bob)

    for who in (ann, ada):
        poll = await seen(ask, who, post)
        assert (own(poll), numbers(poll)) == ([False, False], [0, 1])
        assert bob.name not in str(poll)
        assert global_id(bob) not in str(poll)


@pytest.mark.race
async def test_fifty_votes_of_one_person_at_once_are_one_choice(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).viewer
    for _ in rounds():
        post = await a_poll(author=ann)

        answers = await asyncio.gather(*(vote(ask, viewer, post, i % 2) for i in range(50)))

        assert all(numbers(one["post"]["poll"]) in ([1, 0], [0, 1]) for one in answers)
        assert numbers(await seen(ask, ann, post)) in ([1, 0], [0, 1])
        assert await PollVote.filter(poll_id=post.id).count() == 1


@pytest.mark.race
async def test_many_people_at_once_are_all_counted(ask: Ask) -> None:
    people = [await a_person(f"P{i}") for i in range(50)]
    viewers = [(await ask.context(one)).viewer for one in people]
    for _ in rounds(1):
        post = await a_poll("A", "B", "C", author=people[0], is_multiple=True)

        await asyncio.gather(*(vote(ask, viewer, post, *range(i % 4)) for i, viewer in enumerate(viewers)))

        poll = await seen(ask, people[1], post)
        assert (numbers(poll), poll["voterCount"]) == ([37, 24, 12], 37)


@pytest.mark.race
async def test_options_do_not_change_under_a_vote(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    viewer, author = (await ask.context(bob)).viewer, (await ask.context(ann)).viewer
    for _ in rounds(5):
        post = await a_poll(author=ann)

        voted, changed = await asyncio.gather(
            vote(ask, viewer, post, 0),
            ask(author, "polls/update_poll", post_id=global_id(post), options=["Tea", "Milk"]),
        )

        found = (codes(voted), codes(changed["updatePoll"]))
        assert found in (([], ["FORBIDDEN"]), (["NOT_FOUND"], []))
        assert await PollVote.filter(poll_id=post.id).count() == (found[0] == [])
