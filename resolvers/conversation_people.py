"""Whom one may talk with: people whom one sees, who are there, and with whom there is no block."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from auth.scope import scope
from models import conversation_members as table
from models.errors import DomainError, Forbidden, Invalid, NotFound
from models.people import Person
from resolvers.context import Context

PEOPLE_MAX = 200  # people given or added at a time

Named = Sequence[uuid.UUID | None]
"""People as an input names them; None stands for what is no id of a person."""


async def admissible(ctx: Context, people: Named) -> tuple[list[uuid.UUID], list[DomainError]]:
    """Those of the people with whom the viewer may talk, each once, and why not with the others.

    Whoever has blocked the viewer looks like somebody who is not there.
    """
    me = ctx.me.person_id
    found = await scope(Person, ctx.me).filter(id__in=[id for id in set(people) if id])
    seen: dict[uuid.UUID, Person] = {one.id: one for one in found}
    blocks = await table.blocks(me, list(seen)) if seen.keys() - {me} else []
    blocked_by = {row["blocker_id"] for row in blocks} - {me}
    blocked = {row["person_id"] for row in blocks if row["blocker_id"] == me}
    fit: list[uuid.UUID] = []
    refused: list[DomainError] = []
    for i, id in enumerate(people):
        person, path = seen.get(id) if id else None, ["personIds", i]
        if id is None or person is None or id in blocked_by:
            refused.append(NotFound(path=path))
        elif id in blocked:
            refused.append(Forbidden("You have blocked this person. Unblock them first.", path))
        elif not person.active:
            refused.append(Invalid(f"{person.name} has left, or has not joined yet. Leave them out.", path))
        elif id not in fit:
            fit.append(id)
    return fit, refused
