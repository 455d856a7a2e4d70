"""Following people: somebody else, once, as long as they are here."""

from __future__ import annotations

import asyncio
from typing import Any

from models.follows import Follow
from models.log import LoggedEvent
from models.people import Person
from tests.conftest import Ask
from tests.factories.follows import a_block, a_follow
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person


async def follow(ask: Ask, who: Any, whom: Person, follow: bool = True) -> dict[str, Any]:
    return (await ask(who, "follows/follow_person", person_id=global_id(whom), follow=follow))["followPerson"]


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def listed(ask: Ask, who: Any, **page: Any) -> dict[str, Any]:
    return (await ask(who, "follows/following", **page))["viewer"]["following"]


async def test_twice_is_once_and_back(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")

    followed = [await follow(ask, ann, bob) for _ in range(2)]
    left = [await follow(ask, ann, bob, False) for _ in range(2)]

    assert [p["person"]["viewerIsFollowing"] for p in followed + left] == [True, True, False, False]
    assert [e.kind for e in await LoggedEvent.all().order_by("id")] == ["PersonFollowed", "PersonUnfollowed"]
    assert not await LoggedEvent.exclude(audience_id=None).exists(), "whom one follows is one's own business"


async def test_many_at_once_are_one(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    viewer = (await ask.context(ann)).viewer

    await asyncio.gather(*(follow(ask, viewer, bob) for _ in range(20)))

    assert await Follow.all().count() == 1


async def test_nobody_follows_themselves_nor_who_has_left(ask: Ask) -> None:
    ann, lea = await a_person("Ann"), await a_person("Lea", active=False)
    await a_follow(ann, lea)

    assert [codes(await follow(ask, ann, one)) for one in (ann, lea)] == [["FORBIDDEN"], ["FORBIDDEN"]]
    assert (await listed(ask, ann))["nodes"][0]["viewerCanFollow"] is False
    assert codes(await follow(ask, ann, lea, False)) == []
    assert not await Follow.exists()


async def test_who_is_not_seen_is_not_found(ask: Ask) -> None:
    ann, gil = await a_person("Ann"), await a_guest("Gil")

    for wanted in (True, False):
        assert codes(await follow(ask, gil, ann, wanted)) == ["NOT_FOUND"]


async def test_the_list_is_ones_own_by_name_in_pages(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    for name in ("dan", "Eve", "Cem"):
        await a_follow(ann, await a_person(name))
    await a_follow(bob, ann)

    first = await listed(ask, ann, first=2)
    rest = await listed(ask, ann, first=2, after=first["pageInfo"]["endCursor"])

    assert [one["name"] for one in first["nodes"] + rest["nodes"]] == ["Cem", "dan", "Eve"]
    assert first["totalCount"] == 3
    assert [one["name"] for one in (await listed(ask, bob))["nodes"]] == ["Ann"]


async def test_followers_are_counted_while_they_are_here(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    for follower in (ann, await a_person("Cem"), await a_person("Lea", active=False)):
        await a_follow(follower, bob)

    assert [one["followerCount"] for one in (await listed(ask, ann))["nodes"]] == [2]


async def test_whoever_is_blocked_is_told_what_one_is_told_of_nobody(ask: Ask) -> None:
    ann, bob, gone = await a_person("Ann"), await a_person("Bob"), await a_person("Gone")
    await a_block(bob, ann)
    await gone.delete()

    refused = await follow(ask, ann, bob)

    assert codes(refused) == ["NOT_FOUND"]
    assert refused == await follow(ask, ann, gone)
    assert codes(await follow(ask, bob, ann)) == ["FORBIDDEN"], "whoever blocks knows of it"
    assert not await Follow.exists()
