"""What the operations of groups and memberships need before they can be run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auth.viewer import Viewer
from models.groups import Group, GroupRole, JoinPolicy, MembershipStatus, Visibility
from models.people import Person
from tests.factories.feed import a_post
from tests.factories.groups import a_group, a_member, a_standing
from tests.factories.ids import global_id
from tests.factories.people import a_person
from tests.factories.session import as_viewer
from tests.statements.arranged import Arranged, Company, arranges


@arranges("groups/create_group")
async def a_group_to_be(company: Company) -> Arranged:
    given = {"name": "Launch", "visibility": "OPEN", "join_policy": "OPEN", "client_id": "g1"}
    return Arranged(company.viewer, given)


@arranges("groups/update_group")
async def a_door_that_opens(company: Company) -> Arranged:
    group = await _group(company, join_policy=JoinPolicy.REQUEST)
    await _at_the_door(group, await _others(company), MembershipStatus.REQUESTED)
    given = {"visibility": "OPEN", "join_policy": "OPEN", "confirmed": True, "expected_version": 1}
    return Arranged(await _again(company), {"group_id": global_id(group), **given})


@arranges("groups/group_page", "groups/group_members")
async def a_group_with_posts(company: Company) -> Arranged:
    group = await _group(company)
    for person in company.people:
        await a_post("Hello", author=person, audience=group.id)
    return Arranged(await _again(company), {"id": global_id(group), "first": company.size})


@arranges("groups/group_door")
async def a_full_door(company: Company) -> Arranged:
    group = await _group(company)
    for status in (MembershipStatus.REQUESTED, MembershipStatus.INVITED, MembershipStatus.BANNED):
        await _at_the_door(group, await _others(company), status, by_id=company.ann.id)
    return Arranged(await _again(company), {"id": global_id(group), "first": company.size})


@arranges("groups/groups")
async def many_groups(company: Company) -> Arranged:
    for _ in range(company.size):
        await _group(company)
    return Arranged(await _again(company), {"first": company.size, "filter_by": {"text": "launch", "isMine": True}})


@arranges("memberships/join_group")
async def an_open_group(company: Company) -> Arranged:
    group = await _group(company, join_policy=JoinPolicy.OPEN)
    [eva, *_] = await _others(company)
    return Arranged(await as_viewer(eva, company.services.clock.now()), {"group_id": global_id(group)})


@arranges("memberships/leave_group")
async def a_group_too_many(company: Company) -> Arranged:
    group = await _group(company)
    viewer = await as_viewer(company.people[0], company.services.clock.now())
    return Arranged(viewer, {"group_id": global_id(group)})


@arranges("memberships/add_group_members", "admissions/invite_to_group")
async def people_to_let_in(company: Company) -> Arranged:
    group, others = await _group(company), await _others(company)
    await _at_the_door(group, others[:1], MembershipStatus.REQUESTED)
    given = {"group_id": global_id(group), "person_ids": [global_id(one) for one in others]}
    return Arranged(await _again(company), given)


@arranges("memberships/remove_group_member", "memberships/ban_from_group")
async def a_member_too_many(company: Company) -> Arranged:
    return await _one(company, await _group(company), company.people[0])


@arranges("memberships/set_group_role")
async def a_moderator_to_be(company: Company) -> Arranged:
    return await _one(company, await _group(company), company.people[0], role="MODERATOR")


@arranges("memberships/lift_group_ban")
async def a_ban(company: Company) -> Arranged:
    return await _stands(company, MembershipStatus.BANNED)


@arranges("admissions/withdraw_invitation")
async def an_invitation(company: Company) -> Arranged:
    return await _stands(company, MembershipStatus.INVITED)


@arranges("admissions/answer_join_request")
async def a_request(company: Company) -> Arranged:
    return await _stands(company, MembershipStatus.REQUESTED, accept=True)


@arranges("admissions/decline_invitation", "admissions/withdraw_join_request")
async def a_door_to_turn_from(company: Company) -> Arranged:
    group, [eva, *_] = await _group(company), await _others(company)
    await _at_the_door(group, [eva], MembershipStatus.INVITED)
    return Arranged(await as_viewer(eva, company.services.clock.now()), {"group_id": global_id(group)})


async def _group(company: Company, join_policy: JoinPolicy = JoinPolicy.INVITE) -> Group:
    """Ann's group, in which all her reports are."""
    group = await a_group("Launch", owner=company.ann, visibility=Visibility.PRIVATE, join_policy=join_policy)
    for person in company.people:
        await a_member(group, person, GroupRole.MODERATOR)
    return group


async def _others(company: Company) -> list[Person]:
    """People outside, as many as the company is large."""
    return [await a_person(f"Eva {i:02}") for i in range(company.size)]


async def _at_the_door(group: Group, people: Sequence[Person], status: MembershipStatus, **more: Any) -> None:
    for person in people:
        await a_standing(group, person, status, **more)


async def _one(company: Company, group: Group, person: Person, **more: Any) -> Arranged:
    return Arranged(await _again(company), {"group_id": global_id(group), "person_id": global_id(person), **more})


async def _stands(company: Company, status: MembershipStatus, **more: Any) -> Arranged:
    group, [eva, *_] = await _group(company), await _others(company)
    await _at_the_door(group, [eva], status)
    return await _one(company, group, eva, **more)


async def _again(company: Company) -> Viewer:
    """Ann, with the groups that she has come to own."""
    return await as_viewer(company.ann, company.services.clock.now())
