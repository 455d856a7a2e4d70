"""What becomes of groups when somebody leaves the company."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from models import heirs as table
from resolvers.context import Context
from subscriptions.events import Event
from subscriptions.groups import GroupChanged, GroupRoleChanged, MemberLeft


async def heirs(ctx: Context, people: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Have people who are not active any more leave all their groups; who has inherited one and so has other rights.

    Wants a transaction that holds the lock of the stream `ORG`: whoever changes a group shares it.
    """
    if not people:
        return set()
    parted = await table.part(sorted(people), ctx.now())
    for event in parting_told(parted):
        ctx.emit(event)
    return {heir["person_id"] for heir in parted.heirs}


def parting_told(parted: table.Inheritance) -> list[Event]:
    """What is to be told of it."""
    return [
        *(MemberLeft(one["group_id"], one["person_id"]) for one in parted.left),
        *(GroupRoleChanged(one["group_id"], one["person_id"]) for one in parted.heirs),
        *(GroupChanged(group) for group in parted.archived),
    ]
