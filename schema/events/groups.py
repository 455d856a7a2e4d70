"""Events of groups."""

from __future__ import annotations

from typing import Any

import strawberry

from execution.fields import computed, relation
from execution.ids import encode_id
from schema.events.base import Event
from schema.refs import GroupRef, PersonRef

NOW = "The group as it is now; null for who may no longer know of it."


@strawberry.type(description="A group was made, or its name, description, policies or state are others.")
class GroupChanged(Event):
    group: GroupRef | None = relation("groups", key="group", description=NOW)


@strawberry.type(description="Somebody has come into a group.")
class MemberJoined(Event):
    person: PersonRef | None = relation("people", key="person", shared=True, description="Who has come.")
    group: GroupRef | None = relation("groups", key="group", description=NOW)


@strawberry.type(description="Somebody is no longer in a group.")
class MemberLeft(Event):
    person_id: strawberry.ID = computed(lambda event: encode_id("Person", event.person), description="Who has gone.")
    group: GroupRef | None = relation("groups", key="group", description=NOW)


@strawberry.type(description="A member of a group has another role.")
class GroupRoleChanged(Event):
    person: PersonRef | None = relation("people", key="person", shared=True, description="Whose it is.")
    group: GroupRef | None = relation("groups", key="group", description=NOW)


@strawberry.type(description="The viewer is invited to a group.")
class InvitedToGroup(Event):
    group: GroupRef | None = relation("groups", key="group", description=NOW)


TYPES: list[type[Any]] = [GroupChanged, MemberJoined, MemberLeft, GroupRoleChanged, InvitedToGroup]
