"""People in and around groups: what each is to the group."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from execution.fields import column, computed
from execution.rows import read
from models.groups import GroupRole, MembershipSource, MembershipStatus
from schema.connections import PageInfo, counted
from schema.nodes import Info
from schema.refs import PersonRef


def standing(name: str, description: str) -> Any:
    """A field of an edge: what the person of its row is to the group."""
    return computed(lambda edge: read(edge.node, name), description=description)


@strawberry.type(description="Where the viewer stands towards a group.")
class GroupMembership:
    status: MembershipStatus = column("Whether they are in it, or what else.")
    role: GroupRole = column("What they may do in it, once they are in it.")
    source: MembershipSource = column("How they came in, or would.")
    joined_at: datetime | None = column("When they came in; null unless they are in it.")
    expires_at: datetime | None = column("When the invitation, or a guest's stay, ends; null if neither does.")


@strawberry.type(description="A member of a group.")
class GroupMemberEdge:
    cursor: str = column("The entry's place: opaque, bound to this list, its order and its filters.")
    node: PersonRef = column("Who it is.")
    role: GroupRole = standing("_role", "What they may do in the group.")
    joined_at: datetime = standing("_joined_at", "When they came in.")
    source: MembershipSource = standing("_source", "How they came in.")


@strawberry.type(description="A page of the members of a group.")
class GroupMemberConnection:
    edges: list[GroupMemberEdge] = column("The members, with what they are to the group.")
    nodes: list[PersonRef] = column("The members alone.")
    page_info: PageInfo = column("Where this page lies.")
    total_count: int | None = counted("How many members the viewer may see in all; counted only when asked for.")


@strawberry.type(description="Somebody who waits to come into a group, or may not.")
class GroupStandingEdge:
    cursor: str = column("The entry's place: opaque, bound to this list, its order and its filters.")
    node: PersonRef = column("Who it is.")
    since: datetime = standing("_since", "When they asked, were invited or were banned.")
    expires_at: datetime | None = standing("_expires_at", "When the invitation ends; null for others.")

    @strawberry.field(description="Who invited or banned them; null for requests, and for whom the viewer cannot see.")
    def by(self, info: Info) -> PersonRef | None:
        by = read(self.node, "_by_id")
        return None if by is None else info.context.loaders["people"].load(by)  # pyright: ignore[reportReturnType]


@strawberry.type(description="A page of those who wait to come into a group, or may not.")
class GroupStandingConnection:
    edges: list[GroupStandingEdge] = column("The people, with where they stand.")
    nodes: list[PersonRef] = column("The people alone.")
    page_info: PageInfo = column("Where this page lies.")
    total_count: int | None = counted("How many there are that the viewer may see; counted only when asked for.")
