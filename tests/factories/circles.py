"""A group and its people at once."""

from __future__ import annotations

from typing import Any

from models.groups import Group, GroupRole
from models.people import Person
from tests.factories.groups import a_group, a_member


async def a_circle(owner: Person, *members: Person, **more: Any) -> Group:
    """A private group, if nothing else is said, of an owner and members; those from outside are its guests."""
    group = await a_group(owner=owner, **more)
    for person in members:
        await a_member(group, person, GroupRole.GUEST if person.is_guest else GroupRole.MEMBER)
    return group
