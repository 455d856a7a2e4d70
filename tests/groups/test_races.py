"""Groups under many hands at once: an owner stays, a person is in once, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.audiences import AudienceMember
from models.groups import GroupRole, JoinPolicy, Membership, MembershipStatus, Visibility
from models.people import Person
from tests.conftest import Ask
from tests.factories.changes import an_hr
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.groups.acting import act, codes, inside, told
from tests.races import rounds

WAYS = 50

pytestmark = pytest.mark.race

JOIN, LEAVE = "memberships/join_group", "memberships/leave_group"
ADD, REMOVE, ROLE = "memberships/add_group_members", "memberships/remove_group_member", "memberships/set_group_role"


async def viewers(ask: Ask, people: list[Person]) -> list[Any]:
    """The people, signed in once, with the rights that they have now."""
    return [(await ask.context(one)).viewer for one in people]


async def at_once(*asked: Any) -> list[str]:
    """Why each was refused ("" where it was not), in order of the reasons."""
    return sorted("".join(codes(payload)) for payload in await asyncio.gather(*asked))


async def owners(group: Any) -> int:
    return await Membership.filter(group_id=group.id, role=GroupRole.OWNER).count()


async def test_fifty_times_joining_is_joining_once(ask: Ask) -> None:
    ann, bob = await a_person("Ann"), await a_person("Bob")
    [viewer] = await viewers(ask, [bob])
    for _ in rounds():
        group = await a_group(owner=ann, join_policy=JoinPolicy.OPEN)

        assert await at_once(*(act(ask, viewer, JOIN, group) for _ in range(WAYS))) == [""] * WAYS

        assert await inside(group) == ["Ann", "Bob"]
        assert await told(group) == ["MemberJoined"]


async def test_fifty_who_join_at_once_are_all_in(ask: Ask) -> None:
    ann = await a_person("Ann")
    people = await viewers(ask, [await a_person(f"P{i}") for i in range(WAYS)])
    for _ in rounds(1):
        group = await a_group(owner=ann, join_policy=JoinPolicy.OPEN)

        assert await at_once(*(act(ask, one, JOIN, group) for one in people)) == [""] * WAYS

        assert len(await inside(group)) == WAYS + 1


async def test_the_last_owner_does_not_leave_while_another_is_taken_out(ask: Ask) -> None:
    people = [await a_person("Ann"), await a_person("Bob")]
    for _ in rounds(20):
        group = await a_group(owner=people[0])
        await a_member(group, people[1], GroupRole.OWNER)
        ann, bob = await viewers(ask, people)

        await at_once(
            act(ask, ann, LEAVE, group),
            act(ask, ann, REMOVE, group, person_id=people[1]),
            act(ask, bob, LEAVE, group),
            act(ask, bob, REMOVE, group, person_id=people[0]),
            act(ask, bob, ROLE, group, person_id=people[1], role="MEMBER"),
            act(ask, ann, ROLE, group, person_id=people[1], role="MODERATOR"),
        )

        assert await owners(group) == 1, "somebody owns it, and of two who go one went"
        await inside(group)


async def test_fifty_owners_who_leave_at_once_leave_one(ask: Ask) -> None:
    people = [await a_person(f"P{i}") for i in range(WAYS)]
    for _ in rounds(1):
        group = await a_group(owner=people[0], visibility=Visibility.SECRET)
        for person in people[1:]:
            await a_member(group, person, GroupRole.OWNER)
        asking = await viewers(ask, people)

        found = await at_once(*(act(ask, one, LEAVE, group) for one in asking))

        assert found == [""] * (WAYS - 1) + ["CONFLICT"]
        assert await owners(group) == len(await inside(group)) == 1


async def test_two_who_take_each_other_out_do_not_both_succeed(ask: Ask) -> None:
    people = [await a_person("Ann"), await a_person("Bob"), await a_person("Cem")]
    for _ in rounds(10):
        group = await a_group(owner=people[2])
        for one in people[:2]:
            await a_member(group, one, GroupRole.MODERATOR)
        ann, bob, _ = await viewers(ask, people)

        found = await at_once(
            act(ask, ann, REMOVE, group, person_id=people[1]), act(ask, bob, REMOVE, group, person_id=people[0])
        )

        assert found == ["", "FORBIDDEN"], "who has been taken out takes nobody out any more"
        assert len(await inside(group)) == 2


async def test_an_heir_is_found_while_the_other_owner_goes(ask: Ask) -> None:
    hana = (await viewers(ask, [await an_hr()]))[0]
    for _ in rounds(5):
        people = [await a_person("Ann"), await a_person("Bob"), await a_person("Cem")]
        group = await a_group(owner=people[0])
        await a_member(group, people[1], GroupRole.OWNER)
        await a_member(group, people[2])
        ann, bob, _ = await viewers(ask, people)

        await asyncio.gather(
            ask(hana, "org/deactivate_person", person_id=global_id(people[0])),
            act(ask, bob, LEAVE, group),
            act(ask, bob, ADD, group, people=[people[0], people[2]]),
            ask.answer(ann, LEAVE, group_id=global_id(group)),  # their session may have ended by then
        )

        assert await owners(group) == 1
        assert "Ann" not in await inside(group)


async def test_who_is_let_in_and_asks_no_longer_at_once_is_one_or_the_other(ask: Ask) -> None:
    people = [await a_person("Ann"), await a_person("Bob")]
    for _ in rounds(10):
        group = await a_group(owner=people[0], join_policy=JoinPolicy.REQUEST)
        await a_standing(group, people[1], MembershipStatus.REQUESTED)
        ann, bob = await viewers(ask, people)

        found = await at_once(
            act(ask, ann, "admissions/answer_join_request", group, person_id=people[1], accept=True),
            act(ask, bob, "admissions/withdraw_join_request", group),
        )

        assert found in (["", ""], ["", "NOT_FOUND"])
        assert await inside(group) == ["Ann"] + ["Bob"] * (found == ["", ""])


async def test_adding_the_same_people_to_many_groups_at_once_ends(ask: Ask) -> None:
    owner = await a_person("Ann")
    people = [await a_person(f"P{i}") for i in range(30)]
    groups = [await a_group(f"Group {i}", owner=owner) for i in range(10)]
    [ann] = await viewers(ask, [owner])
    for turn in rounds(1):
        adding = (act(ask, ann, ADD, group, people=people[:: (-1) ** i]) for i, group in enumerate(groups))

        assert await at_once(*adding) == [""] * len(groups)

        assert {len(await inside(group)) for group in groups} == {31}
        assert {person.auth_epoch for person in await Person.filter(name__startswith="P")} == {10 * (turn + 1)}
        for group in groups:
            await Membership.filter(group_id=group.id, role=GroupRole.MEMBER).delete()
            await AudienceMember.filter(audience_id=group.id).exclude(person_id=owner.id).delete()
