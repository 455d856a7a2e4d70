"""What the operations of guests and of the end of groups need before they can be run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from models.groups import Group, GroupRole
from models.people import Person
from tests.factories.feed import a_comment, a_post
from tests.factories.groups import a_group, a_member
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person
from tests.factories.session import as_viewer
from tests.statements.arranged import Arranged, Company, arranges


@arranges("guests/invite_guest")
async def a_guest_to_be(company: Company) -> Arranged:
    group = await _full(company)
    given = {"name": "Gil", "email": "gil@partner.example", "group_ids": [global_id(group)]}
    return await _ann(company, **given, expires_at=_in(company, 30).isoformat())


@arranges("guests/extend_guest")
async def a_guest_of_many(company: Company) -> Arranged:
    guest = await _guest(company, await _full(company))
    return await _ann(company, person_id=global_id(guest), expires_at=_in(company, 30).isoformat())


@arranges("guests/remove_guest")
async def a_guest_too_many(company: Company) -> Arranged:
    return await _ann(company, person_id=global_id(await _guest(company, await _full(company))))


@arranges("guests/group_guests")
async def many_guests(company: Company) -> Arranged:
    group = await _full(company)
    for i in range(company.size):
        await _guest(company, group, f"Gil {i:02}")
    return await _ann(company, id=global_id(group), first=company.size)


@arranges("group_ends/archive_group")
async def a_group_in_use(company: Company) -> Arranged:
    return await _ann(company, group_id=global_id(await _full(company)))


@arranges("group_ends/wake_group", "group_ends/purge_group")
async def an_old_group(company: Company) -> Arranged:
    return await _ann(company, group_id=global_id(await _full(company, archived=True)))


@arranges("group_ends/transfer_group")
async def an_heir(company: Company) -> Arranged:
    group = await _full(company)
    return await _ann(company, group_id=global_id(group), person_id=global_id(company.people[0]))


@arranges("group_ends/purge_preview")
async def many_old_groups(company: Company) -> Arranged:
    for _ in range(company.size):
        await _full(company, archived=True)
    return await _ann(company, first=company.size)


async def _full(company: Company, *, archived: bool = False) -> Group:
    """A group that Ann owns, with her reports and what they write."""
    group = await a_group(owner=company.ann, archived=archived)
    for person in company.people[:5]:
        await a_member(group, person)
        await a_comment(await a_post(author=person, audience=group.id), author=person)
    return group


async def _guest(company: Company, group: Group, name: str = "Gil") -> Person:
    """Somebody from outside in a group of Ann's, and in one that she does not lead."""
    guest = await a_guest(name, expires_at=_in(company, 10))
    for one in (group, await a_group("Other", owner=await a_person("Eva"))):
        await a_member(one, guest, GroupRole.GUEST)
    return guest


def _in(company: Company, days: int) -> datetime:
    return company.services.clock.now() + timedelta(days=days)


async def _ann(company: Company, **variables: Any) -> Arranged:
    """Ann asks, with the groups that she has come to own."""
    return Arranged(await as_viewer(company.ann, company.services.clock.now()), variables)
