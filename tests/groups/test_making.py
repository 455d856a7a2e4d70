"""Making a group: anybody of the company does, owns it, and makes it once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.audiences import Audience
from models.groups import Group
from models.session import Role
from tests.conftest import Ask
from tests.factories.people import a_guest, a_person
from tests.factories.session import a_role
from tests.groups.acting import act, codes, inside, paths, says, stored, told
from tests.races import rounds


async def make(ask: Ask, who: Any, name: str = "Launch", **more: Any) -> dict[str, Any]:
    given = {"visibility": "PRIVATE", "join_policy": "REQUEST"} | more
    return (await ask(who, "groups/create_group", name=name, **given))["createGroup"]


@pytest.mark.parametrize("visibility", ["OPEN", "PRIVATE", "SECRET"])
async def test_who_makes_a_group_owns_it(ask: Ask, visibility: str) -> None:
    ann = await a_person("Ann")

    payload = await make(ask, ann, " Launch ", visibility=visibility, join_policy="INVITE", description="**It**")

    group = await Group.get()
    assert payload["errors"] == []
    assert payload["group"]["name"] == group.name == "Launch"
    assert payload["group"]["visibility"] == visibility
    assert payload["group"]["memberCount"] == 1
    assert await stored(group) == {"Ann": ("OWNER", "MEMBER", True)}
    assert (await Audience.get(id=group.id)).open is (visibility == "OPEN")
    assert await told(group) == ["GroupCreated", "MemberJoined"]


async def test_who_makes_a_group_has_its_rights_at_once(ask: Ask) -> None:
    ann = await a_person("Ann")
    document = """mutation($input: CreateGroupInput!) { createGroup(input: $input) { group {
        viewerCanUpdate viewerCanModerate viewerCanJoin viewerMembership { role status source }
        members { nodes { name } } description descriptionHtml isModerated isArchived version } } }"""
    given = {"name": "Launch", "visibility": "SECRET", "joinPolicy": "INVITE", "description": "**It**"}

    answer = await ask.text(ann, document, {"input": {**given, "isModerated": True}})

    assert answer.data is not None
    group = answer.data["createGroup"]["group"]
    assert (group["viewerCanUpdate"], group["viewerCanModerate"], group["viewerCanJoin"]) == (True, True, False)
    assert group["viewerMembership"] == {"role": "OWNER", "status": "MEMBER", "source": "JOINED"}
    assert group["members"]["nodes"] == [{"name": "Ann"}]
    assert group["descriptionHtml"].strip() == "<p><strong>It</strong></p>"
    assert (group["isModerated"], group["isArchived"], group["version"]) == (True, False, 1)


async def test_guests_make_no_groups(ask: Ask) -> None:
    gil = await a_guest("Gil")
    await a_role(gil, Role.ADMIN)

    payload = await make(ask, gil)

    assert codes(payload) == ["FORBIDDEN"]
    assert not await Group.exists()


async def test_two_groups_may_have_one_name(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")

    first = await make(ask, ann, "Launch", visibility="SECRET", join_policy="INVITE")
    second = await make(ask, bob, "Launch", visibility="OPEN", join_policy="OPEN")

    assert (codes(first), codes(second)) == ([], [])
    assert await Group.filter(name="Launch").count() == 2


@pytest.mark.race
async def test_the_same_request_many_times_at_once_makes_one_group(ask: Ask) -> None:
    ann = await a_person("Ann")
    viewer = (await ask.context(ann)).viewer

    for turn in rounds(1):
        id = f"c{turn}"

        payloads = await asyncio.gather(*(make(ask, viewer, client_id=id) for _ in range(50)))
        again = await make(ask, viewer, "Another name", client_id=id)

        assert {payload["group"]["id"] for payload in [*payloads, again]} == {payloads[0]["group"]["id"]}
        assert [codes(payload) for payload in payloads] == [[]] * 50
        assert await inside(await Group.get(client_id=id)) == ["Ann"]


async def test_a_client_id_is_its_authors_own(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")

    await make(ask, ann, client_id="c1", visibility="SECRET", join_policy="INVITE")
    payload = await make(ask, bob, client_id="c1")

    assert codes(payload) == []
    assert await Group.all().count() == 2


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": "  "}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"description": "x" * 5_001}, "description"),
        ({"client_id": "x" * 101}, "clientId"),
        ({"visibility": "SECRET", "join_policy": "OPEN"}, "joinPolicy"),
        ({"visibility": "SECRET", "join_policy": "REQUEST"}, "joinPolicy"),
    ],
)
async def test_a_group_that_cannot_be_is_refused(ask: Ask, given: dict[str, Any], path: str) -> None:
    ann = await a_person("Ann")

    payload = await make(ask, ann, **given)

    assert codes(payload) == ["BAD_USER_INPUT"]
    assert paths(payload) == [["input", path]]
    assert not await Group.exists()
    assert not await Audience.filter(kind="GROUP").exists()


async def test_members_post_into_their_group_and_others_do_not(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = (await make(ask, ann, visibility="OPEN", join_policy="OPEN"))["group"]
    into = {"kind": "DISCUSSION", "body": "Hello", "audience": {"groupId": group["id"]}}

    by_ann = (await ask(ann, "posts/create_post", **into))["createPost"]
    by_bob = (await ask(bob, "posts/create_post", **into))["createPost"]
    await act(ask, bob, "memberships/join_group", group["id"])
    by_member = (await ask(bob, "posts/create_post", **into))["createPost"]

    assert (codes(by_ann), codes(by_bob), codes(by_member)) == ([], ["FORBIDDEN"], [])
    assert "Join the group first" in says(by_bob)
    data = await ask(ann, "groups/group_page", id=group["id"], first=5)
    assert [(one["body"], one["author"]["name"]) for one in data["group"]["posts"]["nodes"]] == [
        ("Hello", "Bob"),
        ("Hello", "Ann"),
    ]


async def test_a_post_tells_its_group(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = (await make(ask, ann))["group"]
    into = {"kind": "DISCUSSION", "body": "Hello", "audience": {"groupId": group["id"]}}
    post = (await ask(ann, "posts/create_post", **into))["createPost"]["post"]
    public = (await ask(ann, "posts/create_post", kind="DISCUSSION", body="All"))["createPost"]["post"]
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Post { group { id name } audience { kind name } } } }"

    answer = await ask.text(ann, document, {"ids": [post["id"], public["id"]]})

    assert answer.data is not None
    assert answer.data["nodes"] == [
        {"group": {"id": group["id"], "name": "Launch"}, "audience": {"kind": "GROUP", "name": "Launch"}},
        {"group": None, "audience": {"kind": "COMPANY", "name": None}},
    ]
