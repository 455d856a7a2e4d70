"""Blocking: everything between two people goes, and the other one is not told."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.delegates import Delegate
from models.follows import Block, Follow
from models.log import LoggedEvent
from models.people import Person
from models.skills import Endorsement
from tests.conftest import Ask
from tests.factories.follows import a_block, a_follow
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.skills import a_person_skill, a_skill, an_endorsement

SEEN = """
query Seen($id: ID!) {
  person(by: { id: $id }) { id name bio isActive viewerIsFollowing viewerHasBlocked viewerCanFollow followerCount }
  viewer { following { totalCount } blockedPeople { totalCount } }
}
"""


async def block(ask: Ask, who: Any, whom: Person, block: bool = True) -> dict[str, Any]:
    return (await ask(who, "follows/block_person", person_id=global_id(whom), block=block))["blockPerson"]


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def test_all_between_two_goes_and_nothing_else(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    rust = await a_skill()
    anns, bobs = await a_person_skill(ann, rust), await a_person_skill(bob, rust)
    for follower, person in ((ann, bob), (bob, ann), (cem, ann), (bob, cem)):
        await a_follow(follower, person)
    for held, by in ((anns, bob), (bobs, ann), (anns, cem), (bobs, cem)):
        await an_endorsement(held, by)

    payload = await block(ask, ann, bob)

    shown = {"id": global_id(bob), "viewerHasBlocked": True, "viewerIsFollowing": False}
    assert payload == {"person": shown, "errors": []}
    assert {(f.follower_id, f.person_id) for f in await Follow.all()} == {(cem.id, ann.id), (bob.id, cem.id)}
    assert {(e.person_skill_id, e.endorser_id) for e in await Endorsement.all()} == {
        (anns.id, cem.id),
        (bobs.id, cem.id),
    }


@pytest.mark.parametrize("blocks", ["whose name it is", "the delegate"])
async def test_nobody_writes_in_the_name_of_who_is_between_them(ask: Ask, blocks: str) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    for delegate in (bob, cem):
        await ask(ann, "delegates/allow_delegate", person_id=global_id(delegate))

    await block(ask, ann, bob) if blocks == "whose name it is" else await block(ask, bob, ann)

    given = {"kind": "IDEA", "body": "By Ann", "on_behalf_of_id": global_id(ann)}
    by_bob, by_cem = [(await ask(who, "posts/create_post", **given))["createPost"] for who in (bob, cem)]
    assert (codes(by_bob), codes(by_cem)) == (["FORBIDDEN"], [])
    await block(ask, ann, bob, False) if blocks == "whose name it is" else await block(ask, bob, ann, False)
    assert [one.delegate_id for one in await Delegate.filter(person_id=ann.id)] == [cem.id]
    assert await LoggedEvent.filter(kind="DelegateWithdrawn", subject_id=ann.id).count() == 1


async def test_twice_is_once_and_the_end_of_it_brings_nothing_back(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await a_follow(ann, bob)

    blocked = [await block(ask, ann, bob) for _ in range(2)]
    ended = [await block(ask, ann, bob, False) for _ in range(2)]

    assert [p["person"]["viewerHasBlocked"] for p in blocked + ended] == [True, True, False, False]
    assert not await Follow.exists() and not await Block.exists()
    events = await LoggedEvent.all().order_by("id")
    assert [(e.kind, e.audience_id) for e in events] == [("PersonBlocked", None), ("PersonUnblocked", None)]


async def test_the_other_one_cannot_tell(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    viewer = (await ask.context(bob)).viewer
    before = await ask.text(viewer, SEEN, {"id": global_id(ann)})

    await block(ask, ann, bob)

    assert await ask.text(viewer, SEEN, {"id": global_id(ann)}) == before


async def test_the_list_is_ones_own(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    for name in ("dan", "Cem"):
        await a_block(ann, await a_person(name))
    await a_block(bob, ann)

    shown = (await ask(ann, "follows/blocked_people"))["viewer"]["blockedPeople"]

    assert [one["name"] for one in shown["nodes"]] == ["Cem", "dan"]
    assert all(one["viewerHasBlocked"] for one in shown["nodes"])


async def test_nobody_blocks_themselves_or_whom_they_do_not_see(ask: Ask) -> None:
    ann, gil = await a_person("Ann"), await a_guest("Gil")

    assert codes(await block(ask, ann, ann)) == ["FORBIDDEN"]
    assert codes(await block(ask, gil, ann)) == ["NOT_FOUND"]


async def test_who_has_left_can_be_blocked(ask: Ask) -> None:
    ann, lea = await a_person("Ann"), await a_person("Lea", active=False)

    assert codes(await block(ask, ann, lea)) == []


async def test_whoever_follows_while_blocked_leaves_nothing(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    anns, bobs = [(await ask.context(one)).viewer for one in (ann, bob)]

    def follow(who: Any, whom: Person) -> Any:
        return ask(who, "follows/follow_person", person_id=global_id(whom), follow=True)

    for _ in range(5):
        await Block.all().delete()
        await asyncio.gather(follow(bobs, ann), follow(anns, bob), block(ask, anns, bob), follow(bobs, ann))

        assert not await Follow.exists()


async def test_two_who_block_each_other_at_once_both_succeed(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    anns, bobs = [(await ask.context(one)).viewer for one in (ann, bob)]

    payloads = await asyncio.gather(block(ask, anns, bob), block(ask, bobs, ann))

    assert [codes(payload) for payload in payloads] == [[], []]
    assert await Block.all().count() == 2
