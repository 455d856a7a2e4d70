"""Changing a group: its owners do, and hear what comes of it for those who wait and for what was written."""

from __future__ import annotations

from typing import Any

import pytest

from models.audiences import Audience
from models.groups import Group, GroupRole, JoinPolicy, MembershipStatus, Visibility
from models.people import Person
from models.session import Role
from tests.conftest import Ask
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.session import a_role
from tests.groups.acting import act, codes, epoch, inside, paths, says, stored, told

UPDATE = "groups/update_group"
OPEN, PRIVATE, SECRET = Visibility.OPEN, Visibility.PRIVATE, Visibility.SECRET


def warned(payload: dict[str, Any]) -> list[str]:
    return [warning["code"] for warning in payload["warnings"]]


async def test_owners_change_what_they_name_and_nothing_else(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group("Launch", owner=ann, description="Of it")

    renamed = await act(ask, ann, UPDATE, group, name=" Launch  2 ")
    emptied = await act(ask, ann, UPDATE, group, description="", is_moderated=True)

    assert (codes(renamed), codes(emptied)) == ([], [])
    assert renamed["group"]["description"] == "Of it"
    found = await Group.get(id=group.id)
    assert (found.name, found.description, found.moderated, found.version) == ("Launch 2", "", True, 3)
    assert (found.visibility, found.join_policy) == (PRIVATE, JoinPolicy.INVITE)
    assert await told(group) == ["GroupChanged"] * 2


async def test_a_stale_version_is_refused(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group("Launch", owner=ann)
    await act(ask, ann, UPDATE, group, name="Mine", expected_version=1)

    payload = await act(ask, ann, UPDATE, group, name="Yours", expected_version=1)

    assert (codes(payload), paths(payload)) == (["CONFLICT"], [["input", "expectedVersion"]])
    assert (await Group.get(id=group.id)).name == "Mine"


@pytest.mark.parametrize("given", [{"name": " "}, {"name": "x" * 101}, {"description": "x" * 5_001}])
async def test_what_a_group_cannot_be_it_does_not_become(ask: Ask, given: dict[str, str]) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)

    payload = await act(ask, ann, UPDATE, group, **given)

    assert (codes(payload), paths(payload)) == (["BAD_USER_INPUT"], [["input", *given]])
    assert await told(group) == []


@pytest.mark.parametrize("who", ["a moderator", "a member", "a guest", "an administrator", "somebody outside"])
async def test_others_do_not_change_it(ask: Ask, who: str) -> None:
    ann, bob, gil = await a_person("Ann"), await a_person("Bob"), await a_guest("Gil")
    group = await a_group("Launch", owner=ann)
    asker = gil if who == "a guest" else bob
    roles = {"a moderator": GroupRole.MODERATOR, "a member": GroupRole.MEMBER, "a guest": GroupRole.GUEST}
    if who in roles:
        await a_member(group, asker, roles[who])
    if who == "an administrator":
        await a_role(asker, Role.ADMIN)

    payload = await act(ask, asker, UPDATE, group, name="Mine")

    assert codes(payload) == ["FORBIDDEN"]
    assert (await Group.get(id=group.id)).name == "Launch"


async def test_an_archived_group_stays_as_it_is(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group("Launch", owner=ann, archived=True)

    payload = await act(ask, ann, UPDATE, group, name="New")

    assert codes(payload) == ["FORBIDDEN"]
    assert "archived" in says(payload)


async def reads(ask: Ask, who: Person, post: Any) -> bool:
    return (await ask(who, "posts/post", id=global_id(post), first=1))["node"] is not None


@pytest.mark.parametrize(
    ("was", "becomes", "warnings"),
    [
        (PRIVATE, OPEN, ["PAST_BECOMES_READABLE"]),
        (SECRET, OPEN, ["PAST_BECOMES_READABLE", "BECOMES_KNOWN"]),
        (SECRET, PRIVATE, ["BECOMES_KNOWN"]),
    ],
)
async def test_more_people_come_to_see_it_only_where_that_is_confirmed(
    ask: Ask, was: Visibility, becomes: Visibility, warnings: list[str]
) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=was)
    post = await a_post("Written before", author=ann, audience=group.id)

    refused = await act(ask, ann, UPDATE, group, visibility=becomes.value)
    assert (codes(refused), paths(refused)) == (["CONFIRMATION_REQUIRED"], [["input", "confirmed"]])
    assert (await Group.get(id=group.id)).visibility is was
    assert not await reads(ask, bob, post)

    done = await act(ask, ann, UPDATE, group, visibility=becomes.value, confirmed=True)
    assert (codes(done), warned(done)) == ([], warnings)
    assert await reads(ask, bob, post) is (becomes is OPEN)
    assert (await Audience.get(id=group.id)).open is (becomes is OPEN)
    assert (await ask(bob, "groups/groups", first=5))["groups"]["totalCount"] == 1


@pytest.mark.parametrize("becomes", [PRIVATE, SECRET])
async def test_what_is_closed_is_hidden_from_others_at_once(ask: Ask, becomes: Visibility) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=OPEN, join_policy=JoinPolicy.INVITE)
    post = await a_post("Hello", author=ann, audience=group.id)
    assert await reads(ask, bob, post)

    payload = await act(ask, ann, UPDATE, group, visibility=becomes.value)

    assert (codes(payload), warned(payload)) == ([], ["HIDDEN_FROM_OTHERS"])
    assert not await reads(ask, bob, post)
    assert not (await Audience.get(id=group.id)).open
    assert await reads(ask, ann, post)
    known = (await ask(bob, "groups/groups", first=5))["groups"]["totalCount"]
    assert known == (0 if becomes is SECRET else 1)


async def test_a_group_that_becomes_secret_takes_people_in_by_invitation(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=PRIVATE, join_policy=JoinPolicy.REQUEST)
    await a_standing(group, bob, MembershipStatus.REQUESTED)

    refused = await act(ask, ann, UPDATE, group, visibility="SECRET", join_policy="REQUEST")
    done = await act(ask, ann, UPDATE, group, visibility="SECRET")
    reopened = await act(ask, ann, UPDATE, group, join_policy="OPEN")

    assert (codes(refused), paths(refused)) == (["BAD_USER_INPUT"], [["input", "joinPolicy"]])
    assert (codes(done), warned(done)) == ([], ["INVITATION_ONLY", "REQUESTS_DECLINED"])
    assert done["group"]["joinPolicy"] == "INVITE"
    assert codes(reopened) == ["BAD_USER_INPUT"]


async def test_who_waits_is_let_in_where_the_door_opens(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_group(owner=ann, join_policy=JoinPolicy.REQUEST)
    for person in (bob, cem):
        await a_standing(group, person, MembershipStatus.REQUESTED)

    payload = await act(ask, ann, UPDATE, group, join_policy="OPEN")

    assert warned(payload) == ["REQUESTS_ACCEPTED"]
    assert (payload["acceptedRequestCount"], payload["declinedRequestCount"]) == (2, 0)
    assert payload["group"]["memberCount"] == 3
    assert sorted(await inside(group)) == ["Ann", "Bob", "Cem"]
    assert await told(group) == ["MemberJoined", "MemberJoined", "GroupChanged"]
    assert await epoch(bob) == 1


async def test_who_waits_is_declined_where_it_takes_an_invitation_now(ask: Ask) -> None:
    ann, bob, ina = await a_person("Ann"), await a_person("Bob"), await a_person("Ina")
    group = await a_group(owner=ann, join_policy=JoinPolicy.REQUEST)
    await a_standing(group, bob, MembershipStatus.REQUESTED)
    await a_standing(group, ina, MembershipStatus.INVITED)

    payload = await act(ask, ann, UPDATE, group, join_policy="INVITE")

    assert warned(payload) == ["INVITATION_ONLY", "REQUESTS_DECLINED"]
    assert (payload["acceptedRequestCount"], payload["declinedRequestCount"]) == (0, 1)
    assert sorted(await stored(group)) == ["Ann", "Ina"], "who was invited still is"
    assert await told(group) == ["JoinRequestDeclined", "GroupChanged"]


async def test_who_waits_goes_on_waiting_where_nothing_changes_for_them(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, join_policy=JoinPolicy.REQUEST)
    await a_standing(group, bob, MembershipStatus.REQUESTED)

    payload = await act(ask, ann, UPDATE, group, name="New", join_policy="REQUEST")

    assert warned(payload) == []
    assert (await stored(group))["Bob"] == ("MEMBER", "REQUESTED", False)
