"""What owners and moderators do with members: add, take out, give roles, ban."""

from __future__ import annotations

from typing import Any

import pytest

from models.groups import GroupRole, MembershipSource, MembershipStatus, Visibility
from models.rules import AudienceRule
from models.session import Role
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import NOW, a_guest, a_person
from tests.factories.session import a_role
from tests.groups.acting import act, codes, epoch, inside, paths, says, standing, stored, told

ADD, REMOVE = "memberships/add_group_members", "memberships/remove_group_member"
ROLE = "memberships/set_group_role"
BAN, LIFT = "memberships/ban_from_group", "memberships/lift_group_ban"


async def test_those_who_are_added_are_in_at_once(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_group(owner=ann, visibility=Visibility.SECRET)

    payload = await act(ask, ann, ADD, group, people=[bob, cem, bob])

    assert payload == {"group": {"id": global_id(group), "memberCount": 3}, "errors": []}
    assert sorted(await inside(group)) == ["Ann", "Bob", "Cem"]
    member = await standing(group, bob)
    assert member and (member.source, member.by_id) == (MembershipSource.ADDED, ann.id)
    assert await told(group) == ["MemberJoined"] * 2
    assert (await epoch(bob), await epoch(cem)) == (1, 1)


@pytest.mark.parametrize("state", [MembershipStatus.REQUESTED, MembershipStatus.INVITED, MembershipStatus.REMOVED])
async def test_whatever_they_were_before_they_are_in_now(ask: Ask, state: MembershipStatus) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_standing(group, bob, state)

    assert codes(await act(ask, ann, ADD, group, people=[bob])) == []
    assert await inside(group) == ["Ann", "Bob"]


async def test_adding_a_member_again_changes_nothing(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob, GroupRole.MODERATOR)

    assert codes(await act(ask, ann, ADD, group, people=[bob, ann])) == []

    assert await stored(group) == {"Ann": ("OWNER", "MEMBER", True), "Bob": ("MODERATOR", "MEMBER", True)}
    assert await told(group) == []


async def test_who_cannot_be_added_is_named_and_the_others_come_in(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    lea, bad = await a_person("Lea", active=False), await a_person("Bad")
    group = await a_group(owner=ann)
    await a_standing(group, bad, MembershipStatus.BANNED)
    nobody = global_id(await a_group("Another"))

    payload = await act(ask, ann, ADD, group, people=[lea, bad, nobody, "rubbish", bob])

    assert codes(payload) == ["BAD_USER_INPUT", "FORBIDDEN", "NOT_FOUND", "NOT_FOUND"]
    assert paths(payload) == [["input", "personIds", str(i)] for i in range(4)]
    assert payload["group"]["memberCount"] == 2
    assert await inside(group) == ["Ann", "Bob"]


@pytest.mark.parametrize("role", [GroupRole.OWNER, GroupRole.MODERATOR, GroupRole.MEMBER])
async def test_who_leads_a_group_lets_guests_in_and_they_are_guests(ask: Ask, role: GroupRole) -> None:
    ann, bob, gil = await a_person("Ann"), await a_person("Bob"), await a_guest("Gil")
    group = await a_group(owner=ann)
    await a_member(group, bob, role)

    as_owner = await act(ask, ann, ADD, group, people=[gil], role="OWNER")
    as_guest = await act(ask, bob, ADD, group, people=[gil])

    assert (codes(as_owner), codes(as_guest)) == (["BAD_USER_INPUT"], ["FORBIDDEN"] * (role is GroupRole.MEMBER))
    assert (await stored(group)).get("Gil") == (None if role is GroupRole.MEMBER else ("GUEST", "MEMBER", True))


@pytest.mark.parametrize("role", ["OWNER", "MODERATOR"])
async def test_only_an_owner_adds_people_with_a_role(ask: Ask, role: str) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_group(owner=ann)
    await a_member(group, bob, GroupRole.MODERATOR)

    by_moderator = await act(ask, bob, ADD, group, people=[cem], role=role)
    by_owner = await act(ask, ann, ADD, group, people=[cem], role=role)

    assert (codes(by_moderator), codes(by_owner)) == (["FORBIDDEN"], [])
    assert (await stored(group))["Cem"] == (role, "MEMBER", True)


async def test_between_one_and_two_hundred_people_are_added_at_a_time(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)

    none = await act(ask, ann, ADD, group, person_ids=[])
    most = await act(ask, ann, ADD, group, person_ids=[global_id(ann)] * 200)
    many = await ask.answer(ann, ADD, group_id=global_id(group), person_ids=[global_id(ann)] * 201)

    assert (codes(none), paths(none)) == (["BAD_USER_INPUT"], [["input", "personIds"]])
    assert codes(most) == []
    assert [error["extensions"]["code"] for error in many.errors or []] == ["BAD_USER_INPUT"]


async def test_nobody_is_made_a_guest_by_hand(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)

    added = await act(ask, ann, ADD, group, people=[bob], role="GUEST")
    await a_member(group, bob)
    given = await act(ask, ann, ROLE, group, person_id=bob, role="GUEST")

    assert [(codes(one), paths(one)) for one in (added, given)] == [(["BAD_USER_INPUT"], [["input", "role"]])] * 2


@pytest.mark.parametrize("operation", [ADD, REMOVE, ROLE, BAN, LIFT])
@pytest.mark.parametrize("who", ["a member", "a guest", "somebody outside", "an administrator", "a moderator"])
async def test_others_do_not_deal_with_members(ask: Ask, operation: str, who: str) -> None:
    ann, bob, gil, cem = await a_person("Ann"), await a_person("Bob"), await a_guest("Gil"), await a_person("Cem")
    asker = gil if who == "a guest" else bob
    group = await a_group(owner=ann, visibility=Visibility.OPEN)
    await a_member(group, cem)
    if who in ("a member", "a guest"):
        await a_member(group, asker, GroupRole.GUEST if who == "a guest" else GroupRole.MEMBER)
    if who == "an administrator":
        await a_role(asker, Role.ADMIN)
    if who == "a moderator":
        await a_member(group, asker, GroupRole.MODERATOR)
    before = await stored(group)
    given: dict[str, Any] = {"people": [cem]} if operation == ADD else {"person_id": cem}
    given |= {"role": "MODERATOR"} if operation == ROLE else {}

    payload = await act(ask, asker, operation, group, **given)

    may = who == "a moderator" and operation != ROLE
    assert codes(payload) == ([] if may else ["FORBIDDEN"])
    assert may or await stored(group) == before


@pytest.mark.parametrize("operation", [ADD, REMOVE, ROLE, BAN, LIFT])
async def test_in_an_archived_group_members_stay_as_they_are(ask: Ask, operation: str) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, archived=True)
    await a_member(group, bob)
    given: dict[str, Any] = {"people": [bob]} if operation == ADD else {"person_id": bob}
    given |= {"role": "OWNER"} if operation == ROLE else {}

    payload = await act(ask, ann, operation, group, **given)

    assert codes(payload) == ["FORBIDDEN"]
    assert "archived" in says(payload)
    assert (await stored(group))["Bob"] == ("MEMBER", "MEMBER", True)


async def test_who_is_taken_out_sees_no_more_of_it(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_group(owner=ann, visibility=Visibility.SECRET)
    await a_member(group, bob, GroupRole.MODERATOR)
    await a_member(group, cem)

    payloads = [await act(ask, bob, REMOVE, group, person_id=cem) for _ in range(2)]

    assert payloads == [{"group": {"id": global_id(group), "memberCount": 2}, "errors": []}] * 2, "twice is once"
    assert await inside(group) == ["Ann", "Bob"]
    assert await standing(group, cem) is None
    assert await told(group) == ["MemberLeft"]
    assert await epoch(cem) == 1
    assert (await ask(cem, "groups/group_page", id=global_id(group), first=1))["group"] is None


async def test_who_is_taken_out_of_a_group_with_a_rule_is_kept_out_by_hand(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob, GroupRole.MODERATOR)
    await AudienceRule.create(id=group.id, conditions={}, created_at=NOW)

    assert codes(await act(ask, ann, REMOVE, group, person_id=bob)) == []

    removed = await standing(group, bob)
    assert removed and (removed.status, removed.role, removed.by_id) == ("REMOVED", "MEMBER", ann.id)
    assert await inside(group) == ["Ann"]


@pytest.mark.parametrize("operation", [REMOVE, BAN])
async def test_only_owners_deal_with_owners(ask: Ask, operation: str) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_group(owner=ann)
    await a_member(group, bob, GroupRole.OWNER)
    await a_member(group, cem, GroupRole.MODERATOR)

    by_moderator = await act(ask, cem, operation, group, person_id=bob)
    by_owner = await act(ask, ann, operation, group, person_id=bob)

    assert (codes(by_moderator), codes(by_owner)) == (["FORBIDDEN"], [])
    assert await inside(group) == ["Ann", "Cem"]


async def test_the_last_owner_is_neither_taken_out_nor_made_less(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob, GroupRole.MODERATOR)

    removed = await act(ask, ann, REMOVE, group, person_id=ann)
    demoted = await act(ask, ann, ROLE, group, person_id=ann, role="MODERATOR")

    assert (codes(removed), codes(demoted)) == (["CONFLICT"], ["CONFLICT"])
    assert (await stored(group))["Ann"] == ("OWNER", "MEMBER", True)


async def test_owners_give_roles_that_hold_at_once(ask: Ask) -> None:
    ann, bob, cem = await a_person("Ann"), await a_person("Bob"), await a_person("Cem")
    group = await a_group(owner=ann)
    await a_member(group, bob)

    payload = await act(ask, ann, ROLE, group, person_id=bob, role="MODERATOR")
    await act(ask, ann, ROLE, group, person_id=bob, role="MODERATOR")

    assert payload["errors"] == []
    assert await told(group) == ["GroupRoleChanged"]
    assert await epoch(bob) == 1
    assert codes(await act(ask, bob, ADD, group, people=[cem])) == []


async def test_who_gives_up_owning_has_lost_it_in_the_answer(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob, GroupRole.OWNER)

    payload = await act(ask, ann, ROLE, group, person_id=ann, role="MEMBER")

    assert payload["group"]["viewerMembership"] == {"role": "MEMBER", "status": "MEMBER"}
    assert codes(await act(ask, ann, ROLE, group, person_id=ann, role="OWNER")) == ["FORBIDDEN"]


@pytest.mark.parametrize("state", [None, MembershipStatus.REQUESTED, MembershipStatus.INVITED, MembershipStatus.BANNED])
async def test_only_members_have_roles(ask: Ask, state: MembershipStatus | None) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    if state:
        await a_standing(group, bob, state)

    payload = await act(ask, ann, ROLE, group, person_id=bob, role="OWNER")

    assert codes(payload) == ["NOT_FOUND"]
    assert paths(payload) == [["input", "personId"]]


async def test_a_guest_stays_a_guest(ask: Ask) -> None:
    ann, gil = await a_person("Ann"), await a_guest("Gil")
    group = await a_group(owner=ann)
    await a_member(group, gil, GroupRole.GUEST)

    payload = await act(ask, ann, ROLE, group, person_id=gil, role="OWNER")

    assert codes(payload) == ["BAD_USER_INPUT"]
    assert (await stored(group))["Gil"] == ("GUEST", "MEMBER", True)


@pytest.mark.parametrize("state", [None, "MEMBER", "REQUESTED", "INVITED", "REMOVED"])
async def test_who_is_banned_is_out_and_stays_out_until_it_is_lifted(ask: Ask, state: str | None) -> None:
    ann, bob, mod = await a_person("Ann"), await a_person("Bob"), await a_person("Mod")
    group = await a_group(owner=ann, visibility=Visibility.PRIVATE)
    await a_member(group, mod, GroupRole.MODERATOR)
    if state == "MEMBER":
        await a_member(group, bob, GroupRole.MODERATOR)
    elif state:
        await a_standing(group, bob, MembershipStatus(state))

    for _ in range(2):
        assert codes(await act(ask, mod, BAN, group, person_id=bob)) == []

    assert (await stored(group))["Bob"] == ("MEMBER", "BANNED", False)
    assert await told(group) == ["MemberLeft"] * (state == "MEMBER") + ["BannedFromGroup"]
    assert await epoch(bob) == (1 if state == "MEMBER" else 0)
    assert codes(await act(ask, ann, ADD, group, people=[bob])) == ["FORBIDDEN"]
    assert codes(await act(ask, ann, "admissions/invite_to_group", group, people=[bob])) == ["FORBIDDEN"]

    for _ in range(2):
        assert codes(await act(ask, mod, LIFT, group, person_id=bob)) == []
    assert await standing(group, bob) is None
    assert codes(await act(ask, ann, ADD, group, people=[bob])) == []


async def test_nobody_bans_themselves(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)

    assert codes(await act(ask, ann, BAN, group, person_id=ann)) == ["FORBIDDEN"]
    assert await inside(group) == ["Ann"]


@pytest.mark.parametrize("operation", [REMOVE, ROLE, BAN, LIFT])
async def test_whom_one_cannot_see_is_not_found(ask: Ask, operation: str) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)
    given = {"role": "MEMBER"} if operation == ROLE else {}

    for id in (global_id(group), "rubbish", global_id(await a_person("Pia", planned=True, active=False))):
        payload = await act(ask, ann, operation, group, person_id=id, **given)

        assert (codes(payload), paths(payload)) == (["NOT_FOUND"], [["input", "personId"]])
