"""Polls: made with their posts, changed until somebody votes, and closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from atrium.worker import fire
from execution.ids import encode_id
from models.feed import Post, PostKind, PostStatus
from models.log import LoggedEvent
from models.people import Person
from models.polls import Poll, PollOption, PollVote
from models.session import Role
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit
from tests.factories.polls import a_poll, a_vote, options_of
from tests.factories.session import a_role
from tests.posts.telling import a_draft, a_written

NOW = TurnedClock().now()


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def make(ask: Ask, who: Person, poll: Any, kind: str = "POLL") -> dict[str, Any]:
    return (await ask(who, "posts/create_post", kind=kind, body="Which one?", poll=poll))["createPost"]


async def change(ask: Ask, who: Person, post: Post, **what: Any) -> dict[str, Any]:
    return (await ask(who, "polls/update_poll", post_id=global_id(post), **what))["updatePoll"]


async def close(ask: Ask, who: Person, post: Post) -> dict[str, Any]:
    return (await ask(who, "polls/close_poll", post_id=global_id(post)))["closePoll"]


async def seen(ask: Ask, who: Person, id: str) -> dict[str, Any]:
    return (await ask(who, "polls/poll", id=id))["node"]["poll"]


async def test_a_poll_is_made_with_its_post(ask: Ask) -> None:
    ann = await a_person("Ann")
    ends = (NOW + timedelta(days=1)).isoformat().replace("+00:00", "Z")

    made = await make(ask, ann, {"options": ["  Red ", "Blue"], "isMultiple": True, "closesAt": ends})

    assert made["errors"] == []
    poll = await seen(ask, ann, made["post"]["id"])
    assert [option["text"] for option in poll["options"]] == ["Red", "Blue"]
    assert (poll["isMultiple"], poll["closesAt"], poll["isClosed"], poll["results"]) == (
        True,
        ends,
        False,
        "AFTER_VOTE",
    )
    assert (poll["voterCount"], poll["viewerHasVoted"], poll["viewerCanVote"]) == (0, False, True)


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ([], []),
        (["Red"], []),
        ([f"Option {i}" for i in range(21)], []),
        (["Red", " "], ["1"]),
        (["Red", "x" * 201], ["1"]),
        (["Red", "Blue", "red"], ["2"]),
        (["Red", "Ｒｅｄ"], ["1"]),
        (["Red", "Re\u200bd"], ["1"]),
    ],
)
async def test_a_poll_has_two_to_twenty_different_options(ask: Ask, options: list[str], path: list[str]) -> None:
    payload = await make(ask, await a_person("Ann"), {"options": options})

    assert codes(payload) == ["BAD_USER_INPUT"]
    assert payload["errors"][0]["path"] == ["input", "poll", "options", *path]
    assert await Post.all().count() == await PollOption.all().count() == 0


async def test_a_poll_that_was_over_before_it_began_is_refused(ask: Ask) -> None:
    payload = await make(ask, await a_person("Ann"), {"options": ["Red", "Blue"], "closesAt": NOW.isoformat()})

    assert codes(payload) == ["BAD_USER_INPUT"]
    assert payload["errors"][0]["path"] == ["input", "poll", "closesAt"]


async def test_only_a_post_of_the_kind_poll_has_one(ask: Ask) -> None:
    ann = await a_person("Ann")

    without = await make(ask, ann, None)
    beside = await make(ask, ann, {"options": ["Red", "Blue"]}, kind="DISCUSSION")

    assert codes(without) == codes(beside) == ["BAD_USER_INPUT"]
    assert await Post.all().count() == 0
    assert await seen(ask, ann, global_id(await a_post(author=ann))) is None


async def test_until_the_first_vote_all_of_a_poll_can_change(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_poll(author=ann)

    payload = await change(ask, ann, post, options=["Tea", "Milk", "Water"], is_multiple=True, results="AFTER_CLOSE")

    assert payload["errors"] == []
    poll = payload["post"]["poll"]
    assert [option["text"] for option in poll["options"]] == ["Tea", "Milk", "Water"]
    assert (poll["isMultiple"], poll["results"], poll["closesAt"]) == (True, "AFTER_CLOSE", None)
    assert (await LoggedEvent.get()).kind == "PollChanged"


@pytest.mark.parametrize("what", [{"options": ["Tea", "Milk"]}, {"is_multiple": True}, {"results": "ALWAYS"}])
async def test_after_the_first_vote_only_its_end_can_change(ask: Ask, what: dict[str, Any]) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_poll(author=ann)
    await a_vote(post, 0, by=bob)
    ends = NOW + timedelta(days=1)

    refused = await change(ask, ann, post, **what)
    done = await change(ask, ann, post, closes_at=ends.isoformat())

    assert (codes(refused), done["errors"]) == (["FORBIDDEN"], [])
    assert [option.text for option in await options_of(post)] == ["Red", "Blue"]
    assert (await Poll.get(id=post.id)).closes_at == ends
    assert await PollVote.all().count() == 1


async def test_a_new_end_lies_ahead(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_poll(author=ann)

    for past in (NOW, NOW - timedelta(days=400)):
        payload = await change(ask, ann, post, closes_at=past.isoformat())
        assert codes(payload) == ["BAD_USER_INPUT"]
        assert payload["errors"][0]["path"] == ["input", "closesAt"]


async def test_only_the_author_changes_a_poll_and_only_who_moderates_closes_it_too(ask: Ask) -> None:
    unit = await a_unit()
    ann, bob, mod = [await a_person(name, unit=unit) for name in ("Ann", "Bob", "Mod")]
    await a_role(mod, Role.MODERATOR, unit)
    post = await a_poll(author=ann, audience=unit.id)

    for who in (bob, mod):
        assert codes(await change(ask, who, post, is_multiple=True)) == ["FORBIDDEN"]
    assert codes(await close(ask, bob, post)) == ["FORBIDDEN"]
    assert codes(await close(ask, await a_person("Eve"), post)) == ["NOT_FOUND"]
    assert (await close(ask, mod, post))["post"]["poll"]["isClosed"]


async def test_a_closed_poll_stays_closed(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_poll(author=ann)

    first, again = await close(ask, ann, post), await close(ask, ann, post)
    reopened = await change(ask, ann, post, closes_at=None)

    assert first == again
    assert first["post"]["poll"]["isClosed"]
    assert codes(reopened) == ["FORBIDDEN"]
    assert await LoggedEvent.filter(kind="PollClosed").count() == 1


async def test_what_has_no_poll_cannot_be_voted_in_changed_or_closed(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_post(author=ann)
    given = {"post_id": global_id(post)}

    voted = await ask(ann, "polls/vote_poll", **given, option_ids=[])

    assert codes(voted["votePoll"]) == codes(await change(ask, ann, post)) == ["NOT_FOUND"]
    assert codes(await close(ask, ann, post)) == ["NOT_FOUND"]
    for id in (global_id(ann), encode_id("Poll", post.id), "none"):
        assert codes((await ask(ann, "polls/close_poll", post_id=id))["closePoll"]) == ["NOT_FOUND"]


async def test_with_a_removed_post_goes_its_poll(ask: Ask) -> None:
    ann = await a_person("Ann")
    post = await a_poll(author=ann)
    await a_vote(post, 0, by=ann)

    await ask(ann, "posts/delete_post", post_id=global_id(post))

    assert await Poll.all().count() == await PollOption.all().count() == await PollVote.all().count() == 0
    assert (await Post.get(id=post.id)).kind is PostKind.POLL


async def test_a_draft_whose_poll_ran_out_before_anybody_saw_it_gets_another_end(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    post = await a_draft(ask, ann, kind="POLL", poll={"options": ["Tea", "Milk"], "closesAt": in_(clock, hours=1)})
    about = {"post_id": global_id(post)}
    clock.turn(hours=2)

    refused = (await ask(ann, "publishing/publish_post", **about))["publishPost"]
    changed = await change(ask, ann, post, closes_at=in_(clock, hours=1))
    done = (await ask(ann, "publishing/publish_post", **about))["publishPost"]

    assert (codes(refused), codes(changed), codes(done)) == (["BAD_USER_INPUT"], [], [])
    assert not (await seen(ask, ann, global_id(post)))["isClosed"]


async def test_a_scheduled_poll_ends_after_it_is_published(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    poll = {"options": ["Tea", "Milk"], "closesAt": in_(clock, hours=9)}
    post = await a_written(ask, ann, kind="POLL", poll=poll, scheduled_at=in_(clock, hours=5))

    early, at_once = [await change(ask, ann, post, closes_at=in_(clock, hours=hours)) for hours in (1, 5)]
    later = await change(ask, ann, post, closes_at=in_(clock, hours=6))

    assert (codes(early), codes(at_once), codes(later)) == (["BAD_USER_INPUT"], ["BAD_USER_INPUT"], [])


async def test_a_poll_that_would_be_published_too_late_comes_back(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    poll = {"options": ["Tea", "Milk"], "closesAt": in_(clock, hours=2)}
    post = await a_written(ask, ann, kind="POLL", poll=poll, scheduled_at=in_(clock, hours=1))

    clock.turn(hours=3)
    assert await fire(ask.services) == 1

    stored = await Post.get(id=post.id)
    assert (stored.status, stored.returned) == (
        PostStatus.DRAFT,
        "The poll would be closed by then. Give it a later end first.",
    )


def in_(clock: TurnedClock, **by: float) -> str:
    return (clock.now() + timedelta(**by)).isoformat()
