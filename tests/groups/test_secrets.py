"""A secret group leaves no trace outside: whoever asks, and however, hears what they would hear of nothing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from execution.ids import encode_id
from models.groups import Group, MembershipStatus, Visibility
from models.people import Person
from models.session import Role
from tests.conftest import OPERATIONS, Ask
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit
from tests.factories.session import a_role
from tests.groups.acting import stored, told

OUTSIDERS = (
    "a colleague",
    "an administrator",
    "a head",
    "a guest",
    "a former member",
    "somebody banned",
    "somebody who said no",
)
ON_A_GROUP: dict[str, dict[str, Any]] = {
    "groups/update_group": {"name": "Mine", "confirmed": True},
    "memberships/join_group": {},
    "memberships/leave_group": {},
    "memberships/add_group_members": {"personIds": []},
    "memberships/remove_group_member": {"personId": ""},
    "memberships/set_group_role": {"personId": "", "role": "OWNER"},
    "memberships/ban_from_group": {"personId": ""},
    "memberships/lift_group_ban": {"personId": ""},
    "admissions/invite_to_group": {"personIds": []},
    "admissions/decline_invitation": {},
    "admissions/withdraw_invitation": {"personId": ""},
    "admissions/answer_join_request": {"personId": "", "accept": True},
    "admissions/withdraw_join_request": {},
    "group_ends/archive_group": {},
    "group_ends/wake_group": {},
    "group_ends/transfer_group": {"personId": ""},
    "group_ends/purge_group": {},
}


async def an_outsider(ask: Ask, who: str, group: Group, owner: Person) -> Person:
    """Somebody of whom the group is hidden."""
    if who == "a guest":
        gil = await a_guest("Gil")
        await a_member(await a_group("Another", owner=owner), gil)
        return gil
    eva = await a_person("Eva")
    if who == "an administrator":
        for role in (Role.ADMIN, Role.HR, Role.MODERATOR, Role.COMMUNICATOR, Role.SECURITY):
            await a_role(eva, role)
    if who == "a head":
        unit = await a_unit("All", head=eva)
        await Person.filter(id=owner.id).update(unit_id=unit.id)
    if who == "a former member":
        await a_member(group, eva)
        await ask(eva, "memberships/leave_group", group_id=global_id(group))
    if who == "somebody banned":
        await a_standing(group, eva, MembershipStatus.BANNED)
    if who == "somebody who said no":
        await a_standing(group, eva, MembershipStatus.INVITED)
        await ask(eva, "admissions/decline_invitation", group_id=global_id(group))
    return eva


@pytest.fixture(params=OUTSIDERS)
def who(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_it_is_found_by_no_id(ask: Ask, who: str) -> None:
    ann = await a_person("Ann")
    group = await a_group("Xylophone", owner=ann, visibility=Visibility.SECRET)
    await a_post("Zither", author=ann, audience=group.id)
    outsider = await an_outsider(ask, who, group, ann)
    document = """query($id: ID!, $key: String!) {
        node(id: $id) { id } nodes(ids: [$id]) { id } group(by: {id: $id}) { id name }
        _entities(representations: [{__typename: "Group", id: $key}]) { __typename } }"""

    answers = [
        await ask.text(outsider, document, {"id": id, "key": id})
        for id in (global_id(group), encode_id("Group", uuid.uuid4()))
    ]

    assert not any(answer.errors for answer in answers)
    assert answers[0].data == answers[1].data == {"node": None, "nodes": [None], "group": None, "_entities": [None]}


async def test_it_is_in_no_list_and_no_count(ask: Ask, who: str) -> None:
    ann = await a_person("Ann")
    group = await a_group("Xylophone", owner=ann, visibility=Visibility.SECRET)
    await a_post("Zither", author=ann, audience=group.id)
    outsider = await an_outsider(ask, who, group, ann)
    known = ["Another"] if who == "a guest" else []

    for asked in (None, {"text": "xylo"}, {"visibility": "SECRET"}, {"isMine": False}, {"isArchived": False}):
        found = (await ask(outsider, "groups/groups", first=10, filter_by=asked))["groups"]
        names = [one["name"] for one in found["nodes"]]
        assert (names, found["totalCount"]) in (([], 0), (known, len(known)))
    feed = (await ask(outsider, "feed/home_feed", first=10))["feed"]["edges"]
    assert feed == []


@pytest.mark.parametrize("operation", ON_A_GROUP)
async def test_acting_on_it_is_acting_on_nothing(ask: Ask, who: str, operation: str) -> None:
    ann = await a_person("Ann")
    group = await a_group("Xylophone", owner=ann, visibility=Visibility.SECRET)
    outsider = await an_outsider(ask, who, group, ann)
    before, heard = await stored(group), await told(group)
    person = global_id(outsider)
    given = {name: [person] if value == [] else value or person for name, value in ON_A_GROUP[operation].items()}
    text = (OPERATIONS / f"{operation}.graphql").read_text()

    answers = [
        await ask.text(outsider, text, {"input": {"groupId": id, **given}})
        for id in (global_id(group), encode_id("Group", uuid.uuid4()), global_id(outsider), "rubbish")
    ]

    assert not any(answer.errors for answer in answers)
    [payload] = (answers[0].data or {}).values()
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [("NOT_FOUND", ["input", "groupId"])]
    assert all(answer.data == answers[0].data for answer in answers)
    assert (await stored(group), await told(group)) == (before, heard)


async def test_nothing_is_posted_to_it(ask: Ask, who: str) -> None:
    ann = await a_person("Ann")
    group = await a_group("Xylophone", owner=ann, visibility=Visibility.SECRET)
    outsider = await an_outsider(ask, who, group, ann)

    payloads = [
        (await ask(outsider, "posts/create_post", kind="DISCUSSION", body="Hello", audience={"groupId": id}))
        for id in (global_id(group), encode_id("Group", uuid.uuid4()))
    ]

    assert payloads[0] == payloads[1]
    assert payloads[0]["createPost"]["errors"][0]["code"] == "NOT_FOUND"


async def test_members_see_all_of_it(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group("Xylophone", owner=ann, visibility=Visibility.SECRET)
    await a_member(group, bob)
    await a_post("Zither", author=ann, audience=group.id)

    page = (await ask(bob, "groups/group_page", id=global_id(group), first=5))["group"]

    assert [edge["node"]["name"] for edge in page["members"]["edges"]] == ["Ann", "Bob"]
    assert [post["body"] for post in page["posts"]["nodes"]] == ["Zither"]
