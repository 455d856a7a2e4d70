"""Praise: posts that thank people for something."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from execution.ids import encode_id
from models.feed import Post, PostKind, PraisedPerson
from models.people import Person
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def give(
    ask: Ask, who: Person, people: list[Any], value: str = "Courage", *, kind: str = "PRAISE", **more: Any
) -> dict[str, Any]:
    ids = [one if isinstance(one, str) else global_id(one) for one in people]
    praise = {"personIds": ids, "value": value}
    return (await ask(who, "praise/give_praise", kind=kind, body="Thank you!", praise=praise, **more))["createPost"]


async def praises(ask: Ask, who: Person, of: Person) -> list[dict[str, Any]]:
    found = (await ask(who, "praise/praises", id=global_id(of), first=20))["person"]["praises"]
    assert found["totalCount"] == len(found["nodes"])
    return [node["praise"] for node in found["nodes"]]


def names(praise: dict[str, Any]) -> list[str]:
    return [one["name"] for one in praise["people"]]


async def test_a_praise_names_people_in_their_order_and_what_for(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")

    payload = await give(ask, ann, [cem, bob, cem], "  Team   spirit ")

    assert codes(payload) == []
    [praise] = await praises(ask, bob, bob)
    assert (praise["value"], names(praise)) == ("Team spirit", ["Cem", "Bob"])
    assert await praises(ask, bob, ann) == []
    assert await PraisedPerson.all().count() == 2


async def test_nobody_praises_themselves(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")

    payload = await give(ask, ann, [bob, ann])

    assert codes(payload) == ["FORBIDDEN"]
    assert payload["errors"][0]["path"] == ["input", "praise", "personIds", "1"]
    assert await Post.all().count() == 0


async def test_only_people_whom_one_sees_and_who_have_not_left_are_praised(ask: Ask) -> None:
    ann, bob, lea = await a_person("Ann"), await a_person("Bob"), await a_person("Lea", active=False)
    gil, gus = await a_guest("Gil"), await a_guest("Gus")
    group = await a_group(owner=ann)
    await a_member(group, gil)
    for one in (lea, encode_id("Person", uuid.uuid4()), encode_id("Post", bob.id), "none"):
        payload = await give(ask, ann, [bob, one])
        assert codes(payload) == ["NOT_FOUND"]
        assert payload["errors"][0]["path"] == ["input", "praise", "personIds", "1"]

    within: dict[str, Any] = {"audience": {"groupId": global_id(group)}}
    assert codes(await give(ask, gil, [ann], **within)) == []
    assert codes(await give(ask, gil, [gus], **within)) == ["NOT_FOUND"]
    assert await Post.all().count() == 1


@pytest.mark.parametrize(("count", "value"), [(0, "Courage"), (21, "Courage"), (1, ""), (1, " "), (1, "x" * 61)])
async def test_a_praise_has_one_to_twenty_people_and_says_what_for(ask: Ask, count: int, value: str) -> None:
    ann = await a_person("Ann")
    people = [await a_person(f"P{i}") for i in range(count)]

    assert codes(await give(ask, ann, people, value)) == ["BAD_USER_INPUT"]
    assert await Post.all().count() == 0


async def test_praise_and_the_kind_praise_go_together(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")

    beside = await give(ask, ann, [bob], kind="DISCUSSION")
    without = await ask(ann, "posts/create_post", kind="PRAISE", body="Thank you!")

    assert codes(beside) == codes(without["createPost"]) == ["BAD_USER_INPUT"]


async def test_who_praises_learns_who_of_them_cannot_see_it(ask: Ask) -> None:
    unit = await a_unit()
    ann, bea, bob = await a_person("Ann", unit=unit), await a_person("Bea", unit=unit), await a_person("Bob")

    within = await give(ask, ann, [bea, bob], audience={"orgUnitId": global_id(unit)})
    for_all = await give(ask, ann, [bea, bob])
    refused = await give(ask, ann, [])

    [warning] = within["warnings"]
    assert (warning["code"], warning["person"]["name"]) == ("PRAISED_CANNOT_SEE", "Bob")
    assert codes(within) == []
    assert for_all["warnings"] == refused["warnings"] == []


async def test_praises_are_told_only_to_those_who_may_read_them(ask: Ask) -> None:
    unit = await a_unit()
    ann, bob, eve = await a_person("Ann", unit=unit), await a_person("Bob"), await a_person("Eve")
    await give(ask, ann, [bob], "Courage")
    await give(ask, ann, [bob], "Kindness", audience={"orgUnitId": global_id(unit)})

    for who, values in ((ann, ["Kindness", "Courage"]), (bob, ["Courage"]), (eve, ["Courage"])):
        assert sorted(one["value"] for one in await praises(ask, who, bob)) == sorted(values)


async def test_a_guest_reads_only_the_names_of_those_whom_they_see(ask: Ask) -> None:
    ann, bob, cem, gil = await a_person("Ann"), await a_person("Bob"), await a_person("Cem"), await a_guest("Gil")
    group = await a_group(owner=ann)
    for one in (bob, gil):
        await a_member(group, one)
    await give(ask, ann, [bob, cem], audience={"groupId": global_id(group)})

    assert [names(one) for one in await praises(ask, gil, bob)] == [["Bob"]]
    assert [names(one) for one in await praises(ask, ann, bob)] == [["Bob", "Cem"]]


async def test_a_removed_praise_forgets_whom_it_praised(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await give(ask, ann, [bob])

    await ask(ann, "posts/delete_post", post_id=global_id(await Post.get()))

    assert await praises(ask, ann, bob) == []
    assert await PraisedPerson.all().count() == 0


async def test_a_draft_praises_nobody_yet(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    draft = await a_post(author=ann, kind=PostKind.PRAISE, status="DRAFT", published_at=None, praise_value="Courage")
    await PraisedPerson.create(post_id=draft.id, person_id=bob.id)

    assert await praises(ask, ann, bob) == await praises(ask, bob, bob) == []
