"""Endorsements: once each, never one's own, never between two who have parted."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.follows import Block
from models.log import LoggedEvent
from models.people import Person
from models.skills import Endorsement, Skill
from tests.conftest import Ask
from tests.factories.follows import a_block
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.skills import a_person_skill, a_skill, an_endorsement


async def endorse(ask: Ask, who: Any, of: Person, skill: Skill) -> dict[str, Any]:
    variables = {"person_id": global_id(of), "skill_id": global_id(skill)}
    return (await ask(who, "skills/endorse_skill", **variables))["endorseSkill"]


async def withdraw(ask: Ask, who: Any, of: Person, skill: Skill) -> dict[str, Any]:
    variables = {"person_id": global_id(of), "skill_id": global_id(skill)}
    return (await ask(who, "skills/withdraw_endorsement", **variables))["withdrawEndorsement"]


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def test_twice_counts_once_and_answers_the_same(ask: Ask) -> None:
    ann, bob, rust = await a_person("Ann"), await a_person("Bob"), await a_skill()
    held = await a_person_skill(ann, rust)

    first = await endorse(ask, bob, ann, rust)
    again = await endorse(ask, bob, ann, rust)

    shown = {"id": global_id(held), "endorsementCount": 1, "viewerHasEndorsed": True}
    assert first == again == {"personSkill": shown, "errors": []}
    assert [e.kind for e in await LoggedEvent.all()] == ["SkillEndorsed"]


async def test_fifty_at_once_by_one_person_count_once(ask: Ask) -> None:
    ann, bob, rust = await a_person("Ann"), await a_person("Bob"), await a_skill()
    await a_person_skill(ann, rust)
    viewer = (await ask.context(bob)).viewer

    payloads = await asyncio.gather(*(endorse(ask, viewer, ann, rust) for _ in range(50)))

    assert [payload["personSkill"]["endorsementCount"] for payload in payloads] == [1] * 50
    assert await Endorsement.all().count() == 1


async def test_nobody_endorses_themselves(ask: Ask) -> None:
    ann, rust = await a_person("Ann"), await a_skill()
    await a_person_skill(ann, rust)

    assert codes(await endorse(ask, ann, ann, rust)) == ["FORBIDDEN"]
    assert not await Endorsement.exists()


async def test_withdrawing_may_be_repeated(ask: Ask) -> None:
    ann, bob, rust = await a_person("Ann"), await a_person("Bob"), await a_skill()
    held = await a_person_skill(ann, rust)
    await an_endorsement(held, bob)
    await an_endorsement(held, await a_person("Cem"))

    payloads = [await withdraw(ask, bob, ann, rust) for _ in range(2)]

    assert [p["personSkill"]["endorsementCount"] for p in payloads] == [1, 1]
    assert [p["personSkill"]["viewerHasEndorsed"] for p in payloads] == [False, False]
    assert await LoggedEvent.filter(kind="EndorsementWithdrawn").count() == 1


async def test_what_a_person_does_not_have_is_not_found(ask: Ask) -> None:
    ann, bob, rust = await a_person("Ann"), await a_person("Bob"), await a_skill()

    for act in (endorse, withdraw):
        assert codes(await act(ask, bob, ann, rust)) == ["NOT_FOUND"]


async def test_who_has_left_is_not_endorsed_and_what_they_said_still_counts(ask: Ask) -> None:
    ann, lea, rust = await a_person("Ann"), await a_person("Lea", active=False), await a_skill()
    await a_person_skill(lea, rust)
    held = await a_person_skill(ann, rust)
    await an_endorsement(held, lea)

    assert codes(await endorse(ask, ann, lea, rust)) == ["FORBIDDEN"]
    data = await ask(ann, "skills/endorsers", id=global_id(held))
    assert data["node"]["endorsementCount"] == 1
    assert data["node"]["endorsers"]["nodes"] == [{"id": global_id(lea), "name": "Lea", "isActive": False}]


async def test_whoever_is_blocked_is_told_what_one_is_told_of_a_skill_that_is_not_there(ask: Ask) -> None:
    ann, bob, rust = await a_person("Ann"), await a_person("Bob"), await a_skill()
    absent = await a_skill("Cobol")
    await a_person_skill(ann, rust)
    await a_person_skill(bob, rust)
    await a_block(ann, bob)

    refused = await endorse(ask, bob, ann, rust)

    assert codes(refused) == ["NOT_FOUND"]
    assert refused == await endorse(ask, bob, ann, absent)
    assert codes(await endorse(ask, ann, bob, rust)) == ["FORBIDDEN"], "whoever blocks knows of it"
    assert not await Endorsement.exists()


@pytest.mark.parametrize("blocks_first", [True, False])
async def test_whoever_endorses_while_blocked_leaves_nothing(ask: Ask, blocks_first: bool) -> None:
    ann, bob, rust = await a_person("Ann"), await a_person("Bob"), await a_skill()
    await a_person_skill(ann, rust)
    await a_person_skill(bob, rust)
    anns, bobs = [(await ask.context(one)).viewer for one in (ann, bob)]

    for _ in range(5):
        await Block.all().delete()
        block = ask(anns, "follows/block_person", person_id=global_id(bob), block=True)
        acts = [endorse(ask, bobs, ann, rust), endorse(ask, anns, bob, rust)]
        await asyncio.gather(*([block, *acts] if blocks_first else [*acts, block]))

        assert not await Endorsement.exists()


async def test_endorsers_come_by_name_in_pages(ask: Ask) -> None:
    ann, rust = await a_person("Ann"), await a_skill()
    held = await a_person_skill(ann, rust)
    for name in ("eve", "Bob", "Dan", "Cem"):
        await an_endorsement(held, await a_person(name))

    first = (await ask(ann, "skills/endorsers", id=global_id(held), first=3))["node"]["endorsers"]
    after = first["pageInfo"]["endCursor"]
    rest = (await ask(ann, "skills/endorsers", id=global_id(held), first=3, after=after))["node"]["endorsers"]

    assert [one["name"] for one in first["nodes"] + rest["nodes"]] == ["Bob", "Cem", "Dan", "eve"]
    assert first["totalCount"] == 4 and not rest["pageInfo"]["hasNextPage"]


async def test_a_guest_neither_endorses_nor_sees(ask: Ask) -> None:
    ann, gil, rust = await a_person("Ann"), await a_guest("Gil"), await a_skill()
    held = await a_person_skill(ann, rust)

    assert codes(await endorse(ask, gil, ann, rust)) == ["NOT_FOUND"]
    assert (await ask(gil, "skills/endorsers", id=global_id(held)))["node"] is None


async def test_the_flag_says_who_may_endorse(ask: Ask) -> None:
    ann, bob, lea = await a_person("Ann"), await a_person("Bob"), await a_person("Lea", active=False)
    rust = await a_skill()
    for one in (ann, lea):
        await a_person_skill(one, rust)

    async def may(who: Person, of: Person) -> bool:
        data = await ask(who, "skills/person_skills", id=global_id(of))
        return data["person"]["skills"]["nodes"][0]["viewerCanEndorse"]

    assert [await may(bob, ann), await may(ann, ann), await may(bob, lea)] == [True, False, False]
