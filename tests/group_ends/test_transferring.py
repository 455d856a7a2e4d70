"""A group is handed over to one of its members, and always has an owner."""

from __future__ import annotations

import asyncio

import pytest

from models.groups import GroupRole, Membership, MembershipStatus, Visibility
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.groups.acting import act, codes, epoch, inside, stored, told
from tests.races import rounds

TRANSFER, LEAVE = "group_ends/transfer_group", "memberships/leave_group"


async def test_the_old_owner_stays_as_a_moderator(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob)

    payload = await act(ask, ann, TRANSFER, group, person_id=bob)

    assert codes(payload) == [] and payload["group"]["viewerMembership"]["role"] == "MODERATOR"
    assert await stored(group) == {"Ann": ("MODERATOR", "MEMBER", True), "Bob": ("OWNER", "MEMBER", True)}
    assert await told(group) == ["GroupRoleChanged", "GroupRoleChanged"]
    assert await epoch(ann) == await epoch(bob) == 1
    assert codes(await act(ask, ann, "groups/update_group", group, name="New")) == ["FORBIDDEN"]
    assert codes(await act(ask, bob, "groups/update_group", group, name="New")) == []


async def test_or_leaves_and_no_longer_sees_a_secret_group(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann, visibility=Visibility.SECRET)
    await a_member(group, bob, GroupRole.OWNER)

    payload = await act(ask, ann, TRANSFER, group, person_id=bob, stay=False)

    assert payload == {"group": None, "errors": []}
    assert await stored(group) == {"Bob": ("OWNER", "MEMBER", True)}
    assert await told(group) == ["MemberLeft"]


async def test_only_a_member_who_is_no_guest_takes_it_over(ask: Ask) -> None:
    ann, eva, una, inv = await a_person("Ann"), await a_person("Eva"), await a_guest("Una"), await a_person("Inv")
    group = await a_group(owner=ann)
    await a_member(group, una, GroupRole.GUEST)
    await a_standing(group, inv, MembershipStatus.INVITED)

    found = [codes(await act(ask, ann, TRANSFER, group, person_id=one)) for one in (eva, inv, una, ann)]

    assert found == [["NOT_FOUND"], ["NOT_FOUND"], ["BAD_USER_INPUT"], ["BAD_USER_INPUT"]]
    assert codes(await act(ask, ann, TRANSFER, group, person_id="nonsense")) == ["NOT_FOUND"]
    assert (await stored(group))["Ann"] == ("OWNER", "MEMBER", True)


async def test_nobody_but_an_owner_hands_it_over(ask: Ask) -> None:
    ann, mod = await a_person("Ann"), await a_person("Mod")
    group = await a_group(owner=ann)
    await a_member(group, mod, GroupRole.MODERATOR)

    assert codes(await act(ask, mod, TRANSFER, group, person_id=mod)) == ["FORBIDDEN"]


@pytest.mark.race
async def test_it_keeps_an_owner_while_the_heir_leaves_or_hands_it_back(ask: Ask) -> None:
    people = [await a_person("Ann"), await a_person("Bob"), await a_person("Cem")]
    for i in rounds(15):
        group = await a_group(owner=people[0])
        for one in people[1:]:
            await a_member(group, one)
        ann, bob, cem = [(await ask.context(one)).viewer for one in people]

        await asyncio.gather(
            act(ask, ann, TRANSFER, group, person_id=people[1], stay=bool(i % 2)),
            act(ask, bob, LEAVE, group),
            act(ask, ann, TRANSFER, group, person_id=people[2], stay=False),
            act(ask, cem, LEAVE, group),
            act(ask, bob, TRANSFER, group, person_id=people[0], stay=False),
        )

        assert await Membership.filter(group_id=group.id, role=GroupRole.OWNER).count() == 1
        await inside(group)


@pytest.mark.race
async def test_fifty_transfers_at_once_make_one_owner(ask: Ask) -> None:
    ann = await a_person("Ann")
    people = [await a_person(f"P{i}") for i in range(50)]
    for _ in rounds(1):
        group = await a_group(owner=ann)
        for one in people:
            await a_member(group, one)
        viewer = (await ask.context(ann)).viewer

        transfers = (act(ask, viewer, TRANSFER, group, person_id=global_id(one)) for one in people)
        payloads = await asyncio.gather(*transfers)

        assert sorted("".join(codes(one)) for one in payloads) == [""] + ["FORBIDDEN"] * 49
        assert await Membership.filter(group_id=group.id, role=GroupRole.OWNER).count() == 1
