"""How long guests stay: extended and ended by who leads their groups, and closed by itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from atrium.worker import fire
from models.groups import GroupRole, MembershipStatus
from models.people import Person
from models.session import Access, Role
from tests.clocks import TurnedClock
from tests.conftest import Ask
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.session import a_role
from tests.groups.acting import act, codes, inside, says, stored
from tests.guests.hosting import extended, gil, in_days, invited, removed
from tests.races import rounds


async def is_open(guest: Person) -> bool:
    return (await Person.get(id=guest.id)).active


async def test_the_account_closes_at_its_time_and_not_before(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)
    await invited(ask, ann, group, days=10)
    guest = await gil()
    await ask.context(guest)

    clock.turn(days=9, hours=23)
    await fire(ask.services)
    assert await is_open(guest) and await inside(group) == ["Ann", "Gil"]

    clock.turn(hours=1)
    await fire(ask.services)
    assert not await is_open(guest) and await inside(group) == ["Ann"]
    assert await Access.filter(person_id=guest.id).count() == 0


async def test_who_leads_one_of_the_groups_extends_the_stay(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    group = await a_group(owner=ann)
    await a_member(group, bob, GroupRole.MODERATOR)
    await invited(ask, ann, group, days=10)

    payload = await extended(ask, bob, await gil(), 20)

    assert codes(payload) == [] and payload["person"]["expiresAt"]
    assert codes(await extended(ask, bob, await gil(), 20)) == [], "twice is once"
    clock.turn(days=11)
    await fire(ask.services)
    assert await is_open(await gil())
    clock.turn(days=9)
    await fire(ask.services)
    assert not await is_open(await gil())


async def test_a_stay_is_extended_not_shortened_and_not_for_ever(ask: Ask) -> None:
    ann, una = await a_person("Ann"), await a_guest("Una")
    group = await a_group(owner=ann)
    await a_member(group, una, GroupRole.GUEST)
    await invited(ask, ann, group, days=10)

    for guest, days in ((await gil(), 9), (await gil(), 367), (await gil(), -1), (una, 30)):
        assert codes(await extended(ask, ann, guest, days)) == ["BAD_USER_INPUT"]
    stays_until = (await gil()).expires_at
    assert stays_until and stays_until.isoformat() == in_days(ask, 10)
    assert "colleague" in says(await extended(ask, ann, ann, 9))


async def test_nobody_else_extends_or_removes(ask: Ask) -> None:
    ann, bob, admin, una = await a_person("Ann"), await a_person("Bob"), await a_person("Ada"), await a_guest("Una")
    await a_role(admin, Role.ADMIN)
    group = await a_group(owner=ann)
    await a_member(group, bob)
    await a_member(group, una, GroupRole.GUEST)
    await a_group("Other", owner=bob)
    await invited(ask, ann, group)
    guest = await gil()

    for who in (bob, admin, una, guest):
        assert codes(await extended(ask, who, guest, 60)) == ["FORBIDDEN"]
        assert codes(await removed(ask, who, guest)) == ["FORBIDDEN"]
    assert await inside(group) == ["Ann", "Bob", "Una", "Gil"]


async def test_removed_from_the_last_group_the_account_closes(ask: Ask) -> None:
    ann = await a_person("Ann")
    one, other = await a_group("One", owner=ann), await a_group("Other", owner=ann)
    await invited(ask, ann, one, other)
    guest = await gil()

    payload = await removed(ask, ann, guest)

    assert codes(payload) == [] and payload["person"]["isActive"] is False
    assert await inside(one) == await inside(other) == ["Ann"]
    assert codes(await removed(ask, ann, guest)) == [], "twice is once"


async def test_a_guest_is_removed_from_ones_own_groups_alone(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    one, other = await a_group("One", owner=ann), await a_group("Other", owner=bob)
    await invited(ask, ann, one)
    await invited(ask, bob, other)

    payload = await removed(ask, ann, await gil())

    assert payload["person"]["isActive"] is True
    assert await inside(one) == ["Ann"] and await inside(other) == ["Bob", "Gil"]


async def test_an_open_invitation_keeps_the_account(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    one, other = await a_group("One", owner=ann), await a_group("Other", owner=bob)
    await invited(ask, ann, one)
    await a_standing(other, await gil(), MembershipStatus.INVITED)

    await removed(ask, ann, await gil())

    assert await is_open(await gil())


async def test_whose_time_ran_out_is_invited_anew_and_has_nothing_of_before(ask: Ask, clock: TurnedClock) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    old, new = await a_group("Old", owner=bob), await a_group("New", owner=ann)
    await invited(ask, bob, old, days=1)
    clock.turn(days=2)
    await fire(ask.services)

    payload = await invited(ask, ann, new)

    assert codes(payload) == [] and payload["activationCode"]
    assert await is_open(await gil())
    assert await inside(old) == ["Bob"] and await inside(new) == ["Ann", "Gil"]


async def test_whom_an_administrator_closed_is_not_invited_anew(ask: Ask) -> None:
    ann, admin = await a_person("Ann"), await a_person("Ada")
    await a_role(admin, Role.ADMIN)
    group = await a_group(owner=ann)
    await invited(ask, ann, group)
    await ask(admin, "org/deactivate_person", person_id=global_id(await gil()))

    payload = await invited(ask, ann, group)

    assert codes(payload) == ["BAD_USER_INPUT"] and "closed" in says(payload)
    assert not await is_open(await gil())


async def test_when_a_stay_ends_is_told_to_themselves_hosts_and_hr(ask: Ask) -> None:
    ann, bob, hana = await a_person("Ann"), await a_person("Bob"), await a_person("Hana")
    await a_role(hana, Role.HR)
    group = await a_group(owner=ann)
    await a_member(group, bob)
    await invited(ask, ann, group)
    asked = "query Q($id: ID!) { node(id: $id) { ... on Person { isGuest expiresAt } } }"

    async def told(who: Person) -> Any:
        answer = await ask.text(who, asked, {"id": global_id(await gil())})
        assert answer.data and answer.data["node"]["isGuest"]
        return answer.data["node"]["expiresAt"]

    assert await told(ann) == await told(hana) == await told(await gil()) is not None
    assert await told(bob) is None


async def test_a_group_counts_its_guests(ask: Ask) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)
    await a_standing(group, await a_guest("Una"), MembershipStatus.INVITED)
    await invited(ask, ann, group)

    found = (await ask(ann, "guests/group_guests", id=global_id(group), first=5))["group"]

    assert found["guestCount"] == 1 and [one["name"] for one in found["members"]["nodes"]] == ["Gil"]
    assert found["members"]["nodes"][0]["expiresAt"]


@pytest.mark.race
async def test_extending_and_expiring_at_once_is_one_or_the_other(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    for i in rounds(10):
        group = await a_group(owner=ann)
        await a_person(f"P{i}")
        payload = await invited(ask, ann, group, days=1, email=f"g{i}@partner.example")
        assert codes(payload) == []
        guest = await Person.get(email=f"g{i}@partner.example")
        clock.turn(days=1)
        viewer = (await ask.context(ann)).viewer

        extension, _ = await asyncio.gather(extended(ask, viewer, guest, 5), fire(ask.services))

        assert await is_open(guest) == (codes(extension) == [])
        assert ("Gil" in await stored(group)) == (codes(extension) == [])


async def test_leaving_the_last_group_oneself_keeps_the_account_until_its_time(ask: Ask, clock: TurnedClock) -> None:
    ann = await a_person("Ann")
    group = await a_group(owner=ann)
    await invited(ask, ann, group, days=1)

    assert codes(await act(ask, await gil(), "memberships/leave_group", group)) == []

    assert await is_open(await gil())
    clock.turn(days=1)
    await fire(ask.services)
    assert not await is_open(await gil())
