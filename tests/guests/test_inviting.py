"""Who leads groups lets people from outside into these, and into no others."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.groups import Group, GroupRole, MembershipStatus, Visibility
from models.people import Person
from models.session import Role
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.session import PASSWORD, a_password, a_role
from tests.groups.acting import codes, inside, paths, says, stored
from tests.guests.hosting import EMAIL, gil, in_days, invited
from tests.races import rounds


async def activated(ask: Ask, code: str | None) -> dict[str, Any]:
    given = {"code": code, "password": PASSWORD, "wants": "TOKEN"}
    return (await ask(None, "session/activate_account", **given))["activateAccount"]


@pytest.mark.parametrize("role", [GroupRole.OWNER, GroupRole.MODERATOR])
async def test_who_leads_a_group_invites_a_guest_into_it(ask: Ask, role: GroupRole) -> None:
    ann = await a_person("Ann")
    group = await a_group(visibility=Visibility.SECRET)
    await a_member(group, ann, role)

    payload = await invited(ask, ann, group)

    assert codes(payload) == [] and payload["person"]["name"] == "Gil"
    assert (await stored(group))["Gil"] == ("GUEST", "MEMBER", True)
    guest = await gil()
    assert guest.is_guest and guest.expires_at and guest.expires_at.isoformat() == in_days(ask, 30)


async def test_the_guest_comes_in_by_the_code_which_works_once(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)

    code = (await invited(ask, ann, group))["activationCode"]

    assert (await activated(ask, code))["viewer"]["person"]["id"] == global_id(await gil())
    assert codes(await activated(ask, code)) == ["CODE_EXPIRED"]


async def test_an_address_is_one_guest_in_whatever_case(ask: Ask) -> None:
    ann = await a_person("Ann")
    one, other = await a_group("One", owner=ann), await a_group("Other", owner=ann)
    await activated(ask, (await invited(ask, ann, one))["activationCode"])

    payload = await invited(ask, ann, one, other, email="GIL@Partner.example", name="Somebody else", days=60)

    assert codes(payload) == [] and payload["person"]["name"] == "Gil"
    assert payload["activationCode"] is None, "they have a password"
    assert await inside(one) == await inside(other) == ["Ann", "Gil"]
    guest = await gil()
    assert guest.expires_at and guest.expires_at.isoformat() == in_days(ask, 60)


async def test_inviting_for_less_never_shortens_a_stay(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    await invited(ask, ann, await a_group(owner=ann), days=90)
    unbounded = await a_guest("Una", email="una@partner.example")

    await invited(ask, bob, other := await a_group("Other", owner=bob), days=5)
    await invited(ask, bob, other, email="una@partner.example")

    guest = await gil()
    assert guest.expires_at and guest.expires_at.isoformat() == in_days(ask, 90)
    assert (await Person.get(id=unbounded.id)).expires_at is None


async def test_a_new_code_goes_to_who_leads_all_of_the_groups_alone(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    one, secret = await a_group("One", owner=ann), await a_group("Secret", owner=bob, visibility=Visibility.SECRET)
    first = (await invited(ask, ann, one))["activationCode"]
    second = (await invited(ask, ann, one))["activationCode"]
    assert first and second and first != second

    payload = await invited(ask, bob, secret)
    assert codes(payload) == [] and payload["activationCode"] is None, "it would open him Ann's group"

    assert (await invited(ask, ann, one))["activationCode"] is None, "it would open her a secret group"
    assert codes(await activated(ask, first)) == ["CODE_EXPIRED"]
    assert codes(await activated(ask, second)) == []


async def test_nobody_invites_into_a_group_that_they_do_not_lead(ask: Ask) -> None:
    ann, bob, admin = await a_person("Ann"), await a_person("Bob"), await a_person("Ada")
    await a_role(admin, Role.ADMIN)
    mine, hers = await a_group("Mine", owner=bob), await a_group("Hers", owner=ann)
    await a_member(hers, bob)

    for who in (bob, admin):
        payload = await invited(ask, who, *([mine] if who is bob else []), hers)

        assert codes(payload) == ["FORBIDDEN"] and "Hers" in says(payload)
        assert paths(payload) == [["input", "groupIds", "1" if who is bob else "0"]]
    assert not await Person.filter(email=EMAIL).exists() and await inside(mine) == ["Bob"]


async def test_a_group_that_one_does_not_know_of_is_not_found(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    mine, secret = await a_group("Mine", owner=bob), await a_group("Plot", owner=ann, visibility=Visibility.SECRET)

    told = [await invited(ask, bob, mine, one) for one in (secret, global_id(Group()), "nonsense", global_id(ann))]

    assert all(one == told[0] for one in told)
    assert (codes(told[0]), paths(told[0])) == (["NOT_FOUND"], [["input", "groupIds", "1"]])


async def test_a_guest_invites_nobody(ask: Ask) -> None:
    ann, una = await a_person("Ann"), await a_guest("Una")
    group = await a_group(owner=ann)
    await a_member(group, una, GroupRole.GUEST)

    assert codes(await invited(ask, una, group)) == ["FORBIDDEN"]


async def test_nobody_is_invited_into_an_archived_group(ask: Ask) -> None:
    ann = await a_person("Ann")

    payload = await invited(ask, ann, await a_group(owner=ann, archived=True))

    assert codes(payload) == ["FORBIDDEN"] and "archived" in says(payload)


async def test_who_is_banned_is_not_invited(ask: Ask) -> None:
    ann, una = await a_person("Ann"), await a_guest("Una", email=EMAIL)
    group = await a_group(owner=ann)
    await a_standing(group, una, MembershipStatus.BANNED)

    payload = await invited(ask, ann, group)

    assert codes(payload) == ["FORBIDDEN"] and "banned" in says(payload)


async def test_a_colleague_is_added_as_a_member_instead(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    left = await a_person("Lea", active=False)
    group = await a_group(owner=ann)

    assert "Bob is a colleague: add them as a member" in says(await invited(ask, ann, group, email=bob.email))
    assert "Lea" in says(await invited(ask, ann, group, email=left.email))
    assert await inside(group) == ["Ann"]


async def test_of_who_has_not_joined_yet_nothing_is_told(ask: Ask) -> None:
    ann = await a_person("Ann")
    await Person.filter(id=(await a_person("Sue", email="sue@company.example")).id).update(active=False, planned=True)

    payload = await invited(ask, ann, await a_group(owner=ann), email="sue@company.example")

    assert "Sue" not in says(payload) and "colleague" not in says(payload)


@pytest.mark.parametrize(
    "bad",
    [
        {"days": 0},
        {"days": -1},
        {"days": 367},
        {"name": " "},
        {"name": "x" * 201},
        {"email": "nobody"},
        {"email": ""},
        {"group_ids": []},
    ],
)
async def test_bad_input_is_refused(ask: Ask, bad: dict[str, Any]) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)

    given: dict[str, Any] = {"email": EMAIL, "name": "Gil", "group_ids": [global_id(group)], "days": 30} | bad
    given["expires_at"] = in_days(ask, given.pop("days"))
    answer = await ask.answer(ann, "guests/invite_guest", **given)

    assert answer.errors or codes((answer.data or {})["inviteGuest"]) == ["BAD_USER_INPUT"]
    assert not await Person.filter(is_guest=True).exists()


async def test_too_many_groups_are_refused(ask: Ask) -> None:
    ann = await a_person("Ann")

    assert codes(await invited(ask, ann, *[await a_group(owner=ann)] * 21)) == ["BAD_USER_INPUT"]


@pytest.mark.race
async def test_fifty_invitations_at_once_are_one_guest(ask: Ask) -> None:
    ann = await a_person("Ann")
    groups = [await a_group(f"Group {i}", owner=ann) for i in range(5)]
    viewer = (await ask.context(ann)).viewer

    for turn in rounds(1):
        guest: dict[str, Any] = {"name": f"Gil {turn}", "email": f"gil{turn}@partner.example"}

        payloads = await asyncio.gather(*(invited(ask, viewer, groups[i % 5], **guest) for i in range(50)))

        assert [one for payload in payloads for one in codes(payload)] == []
        assert await Person.filter(is_guest=True).count() == turn + 1
        assert all([(await inside(group))[turn + 1 :] == [f"Gil {turn}"] for group in groups])


async def test_a_guest_whose_password_is_set_keeps_it(ask: Ask) -> None:
    ann, una = await a_person("Ann"), await a_guest("Una", email=EMAIL)
    await a_password(una, ask.services.hasher, ask.services.clock.now())

    assert (await invited(ask, ann, await a_group(owner=ann)))["activationCode"] is None
