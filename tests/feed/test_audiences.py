"""Whom a post reaches: those whom it should, and nobody else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from execution.ids import decode_id
from models import audiences, db, org
from models.audiences import Audience
from models.feed import Post
from models.org import OrgUnit
from models.people import Person
from models.session import Role
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role


async def publish(ask: Ask, author: Person, audience: dict[str, Any] | None, body: str = "Hello") -> str:
    data = await ask(author, "posts/create_post", kind="DISCUSSION", body=body, audience=audience)
    assert data["createPost"]["errors"] == [], data
    return data["createPost"]["post"]["id"]


async def readers(ask: Ask, post: str, *people: Person) -> list[str]:
    """The names of those who find the post by its id; they are those in whose feed it is."""
    found: list[str] = []
    for person in people:
        node = (await ask(person, "posts/post", id=post))["node"]
        page = (await ask(person, "feed/home_feed", first=100))["feed"]
        listed = post in {edge["node"]["id"] for edge in page["edges"]}
        assert listed == (node is not None), f"{person.name} finds it in one way and not in the other"
        found += [person.name] if listed else []
    return found


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def test_the_company_is_everybody_but_guests(ask: Ask) -> None:
    ann, bob, gil = await a_person("Ann"), await a_person("Bob", unit=await a_unit()), await a_guest("Gil")

    for audience in (None, {"company": True}):
        assert await readers(ask, await publish(ask, ann, audience), ann, bob, gil) == ["Ann", "Bob"]


async def test_a_unit_is_its_people_and_those_of_the_units_below(ask: Ask) -> None:
    top = await a_unit("Top")
    left, right = await a_unit("Left", parent=top), await a_unit("Right", parent=top)
    below = await a_unit("Below", parent=left)
    tom, lea = await a_person("Tom", unit=top), await a_person("Lea", unit=left)
    ben, rob = await a_person("Ben", unit=below), await a_person("Rob", unit=right)

    post = await publish(ask, lea, {"orgUnitId": global_id(left)})

    assert await readers(ask, post, tom, lea, ben, rob, await a_person("Eve"), await a_guest()) == ["Lea", "Ben"]


async def test_a_location_is_who_works_there(ask: Ask) -> None:
    ann, bob, cem = [
        await a_person(name, location=place) for name, place in (("Ann", "Bern"), ("Bob", "Bern"), ("Cem", "Oslo"))
    ]
    gil = await a_guest("Gil", location="Bern")

    post = await publish(ask, ann, {"location": "Bern"})

    assert await readers(ask, post, ann, bob, cem, gil) == ["Ann", "Bob"]


async def test_a_list_is_the_named_and_the_author(ask: Ask) -> None:
    ann, bob, cem = [await a_person(name) for name in ("Ann", "Bob", "Cem")]
    gil = await a_guest("Gil")

    post = await publish(ask, ann, {"personIds": [global_id(bob), global_id(gil), global_id(bob)]})

    assert await readers(ask, post, ann, bob, cem, gil) == ["Ann", "Bob", "Gil"]


async def test_an_administrator_sees_no_more_than_others(ask: Ask) -> None:
    unit = await a_unit()
    ann, adam = await a_person("Ann", unit=unit), await a_person("Adam")
    for role in Role:
        await a_role(adam, role)

    posts = [
        await publish(ask, ann, {"orgUnitId": global_id(unit)}),
        await publish(ask, ann, {"personIds": [global_id(ann)]}),
    ]

    assert [await readers(ask, post, ann, adam) for post in posts] == [["Ann"], ["Ann"]]


async def test_who_moves_reads_where_they_are_at_once(ask: Ask) -> None:
    old, new = await a_unit("Old"), await a_unit("New")
    ann, bob, mona = await a_person("Ann", unit=old), await a_person("Bob", unit=new), await a_person("Mona", unit=old)
    left = await publish(ask, ann, {"orgUnitId": global_id(old)})
    right = await publish(ask, bob, {"orgUnitId": global_id(new)})
    own = await publish(ask, mona, {"orgUnitId": global_id(old)})

    await Person.filter(id=mona.id).update(unit_id=new.id)

    assert [await readers(ask, post, mona) for post in (left, right, own)] == [[], ["Mona"], []]
    data = await ask(mona, "posts/edit_post", post_id=own, expected_version=1, body="still mine?")
    assert codes(data["editPost"]) == ["NOT_FOUND"]


async def test_a_unit_that_moves_takes_its_people_along(ask: Ask) -> None:
    old, new = await a_unit("Old"), await a_unit("New")
    unit = await a_unit("Team", parent=old)
    ann, bob, mona = await a_person("Ann", unit=old), await a_person("Bob", unit=new), await a_person("Mona", unit=unit)
    left = await publish(ask, ann, {"orgUnitId": global_id(old)})
    right = await publish(ask, bob, {"orgUnitId": global_id(new)})
    kept = await publish(ask, mona, {"orgUnitId": global_id(unit)})

    async with db.transaction():
        await OrgUnit.filter(id=unit.id).update(parent_id=new.id)
        await org.rebuild_closure()

    assert [await readers(ask, post, mona) for post in (left, right, kept)] == [[], ["Mona"], ["Mona"]]


async def test_who_changes_location_or_leaves_a_list_loses_it_at_once(ask: Ask) -> None:
    ann, mona = await a_person("Ann", location="Bern"), await a_person("Mona", location="Bern")
    bern = await publish(ask, ann, {"location": "Bern"})
    listed = await publish(ask, ann, {"personIds": [global_id(mona)]})
    assert [await readers(ask, post, mona) for post in (bern, listed)] == [["Mona"], ["Mona"]]

    async with db.transaction():
        await Person.filter(id=mona.id).update(location="Oslo")
        await audiences.follow_locations([mona.id])
        await audiences.remove((await Post.get(id=decode_id(listed)[1])).audience_id, [mona.id])

    assert [await readers(ask, post, mona) for post in (bern, listed)] == [[], []]


async def test_one_posts_only_where_one_belongs(ask: Ask) -> None:
    unit = await a_unit()
    await a_person("Cem", location="Oslo")
    ann, gil = await a_person("Ann", location="Bern"), await a_guest("Gil")

    async def refusal(who: Person, audience: dict[str, Any]) -> list[str]:
        return codes(
            (await ask(who, "posts/create_post", kind="DISCUSSION", body="x", audience=audience))["createPost"]
        )

    assert await refusal(ann, {"orgUnitId": global_id(unit)}) == ["FORBIDDEN"]
    assert await refusal(ann, {"location": "Oslo"}) == ["FORBIDDEN"]
    assert await refusal(ann, {"location": "Atlantis"}) == ["NOT_FOUND"]
    assert await refusal(gil, {"company": True}) == ["FORBIDDEN"]
    assert await refusal(gil, {"orgUnitId": global_id(unit)}) == ["NOT_FOUND"]
    assert await refusal(gil, {"location": "Oslo"}) == ["NOT_FOUND"]
    assert await refusal(gil, {"personIds": [global_id(ann)]}) == ["NOT_FOUND"]
    assert await Post.all().count() == 0


@pytest.mark.parametrize(
    ("audience", "code"),
    [
        ({"company": False}, "BAD_USER_INPUT"),
        ({"orgUnitId": ""}, "NOT_FOUND"),
        ({"location": ""}, "NOT_FOUND"),
        ({"personIds": []}, "BAD_USER_INPUT"),
        ({"personIds": [""]}, "NOT_FOUND"),
    ],
    ids=str,
)
async def test_an_empty_audience_is_never_the_company(ask: Ask, audience: dict[str, Any], code: str) -> None:
    data = await ask(await a_person(), "posts/create_post", kind="DISCUSSION", body="secret", audience=audience)

    assert codes(data["createPost"]) == [code]
    assert await Post.all().count() == 0


@pytest.mark.parametrize(
    "audience", [{}, {"company": None}, {"orgUnitId": None}, {"company": True, "location": "Bern"}], ids=str
)
async def test_an_audience_is_exactly_one(ask: Ask, audience: dict[str, Any]) -> None:
    answer = await ask.answer(
        await a_person(), "posts/create_post", kind="DISCUSSION", body="secret", audience=audience
    )

    assert answer.code == "BAD_USER_INPUT"
    assert await Post.all().count() == 0


async def test_a_list_names_at_most_200_people_whom_the_author_sees(ask: Ask) -> None:
    ann, lost = await a_person("Ann"), await a_person("Lost", active=False)
    ids = [global_id(await a_person(f"P{i}")) for i in range(201)]

    async def refusal(ids: list[str]) -> tuple[list[str], Any]:
        data = await ask(ann, "posts/create_post", kind="DISCUSSION", body="x", audience={"personIds": ids})
        return codes(data["createPost"]), [error["path"] for error in data["createPost"]["errors"]]

    assert (await refusal([*ids[:2], global_id(lost)])) == (["NOT_FOUND"], [["input", "audience", "personIds", "2"]])
    assert (
        await ask.answer(ann, "posts/create_post", kind="DISCUSSION", body="x", audience={"personIds": ids})
    ).code == "BAD_USER_INPUT"
    assert (await refusal(ids[:200]))[0] == []
    assert await Audience.filter(kind="PEOPLE").count() == 1


async def test_an_audience_tells_its_name_to_its_members(ask: Ask) -> None:
    unit = await a_unit("Research")
    ann = await a_person("Ann", unit=unit, location="Bern")

    posts = [
        await publish(ask, ann, audience)
        for audience in (None, {"orgUnitId": global_id(unit)}, {"location": "Bern"}, {"personIds": [global_id(ann)]})
    ]

    told = [(await ask(ann, "posts/post", id=post))["node"]["audience"] for post in posts]
    assert told == [
        {"kind": "COMPANY", "name": None},
        {"kind": "UNIT", "name": "Research"},
        {"kind": "LOCATION", "name": "Bern"},
        {"kind": "PEOPLE", "name": None},
    ]


async def test_an_erased_author_leaves_the_post(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    post = await a_post("kept", author=ann)

    await Post.filter(id=post.id).update(author_id=None)

    node = (await ask(bob, "posts/post", id=global_id(post)))["node"]
    assert (node["body"], node["author"], node["viewerCanUpdate"]) == ("kept", None, False)


async def test_fifty_tries_with_one_client_id_make_one_post(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).viewer
    again = {"kind": "DISCUSSION", "body": "once", "client_id": "c-1"}

    answers = await asyncio.gather(*(ask(viewer, "posts/create_post", **again) for _ in range(50)))

    assert len({answer["createPost"]["post"]["id"] for answer in answers}) == 1
    assert await Post.all().count() == 1
    assert await db.value("SELECT count(*) FROM event WHERE kind = 'PostPublished'") == 1


async def test_a_client_id_is_its_authors_own(ask: Ask) -> None:
    again = {"kind": "DISCUSSION", "body": "mine", "client_id": "c-1"}

    for name in ("Ann", "Bob"):
        await ask(await a_person(name), "posts/create_post", **again)

    assert await Post.all().count() == 2
