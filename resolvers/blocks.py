"""Whom one can do something with: people whom one sees, as long as neither has blocked the other."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from auth.scope import scope
from models import follows as table
from models.errors import Forbidden, NotFound
from models.people import Person
from resolvers.context import Context


async def person(ctx: Context, id: uuid.UUID) -> Person:
    """A person whom the viewer may see. Raises `NotFound`."""
    found = await scope(Person, ctx.me).get_or_none(id=id)
    if found is None:
        raise NotFound(path=["personId"])
    return found


async def refuse_blocked(ctx: Context, person: uuid.UUID, argument: str) -> None:
    """Refuse whoever has blocked the person, or is blocked by them.

    Those who are blocked hear that what the argument names is not there (`NotFound`), for they must not learn of the
    block; those who have blocked know of it (`Forbidden`).
    """
    refuse_blockers(ctx, await table.blockers(ctx.me.person_id, person), argument)


def refuse_blockers(ctx: Context, blockers: Collection[uuid.UUID], argument: str) -> None:
    """The same, where it is known already who of the two has blocked the other."""
    if any(one != ctx.me.person_id for one in blockers):
        raise NotFound(path=[argument])
    if blockers:
        raise Forbidden("You have blocked this person. Unblock them first.", ["personId"])
