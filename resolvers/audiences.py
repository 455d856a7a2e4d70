"""Audiences as people choose them: whom a thing is for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from auth.conditions import in_audience
from auth.policies import feed as policy
from auth.policies.audiences import is_live
from auth.scope import scope
from models import audiences, db
from models.audiences import COMPANY
from models.errors import Forbidden, Invalid, NotFound
from models.groups import Group
from models.org import OrgUnit
from models.people import Person
from models.rules import AudienceRule
from resolvers.context import Context

PEOPLE_MAX = 200  # people of one list


@dataclass(frozen=True)
class AudienceChoice:
    """Whom a post is for: exactly one of these; none at all means the company."""

    company: bool | None = None
    group: uuid.UUID | None = None
    unit: uuid.UUID | None = None
    location: str | None = None
    people: Sequence[uuid.UUID] | None = None
    rule: uuid.UUID | None = None


async def chosen(ctx: Context, choice: AudienceChoice) -> uuid.UUID | None:
    """The audience that a choice names and the viewer may write to; None where it has yet to be made (`of_people`).

    Raises `NotFound` for what they do not know of, `Forbidden` where they do not belong to it or it is archived.
    """
    if choice.people is not None:
        return None
    wanted, path = await named(ctx, choice)
    row = {"audience_id": wanted}
    if (await ctx.holds(policy.can_post, [row]))[0]:
        return wanted
    if choice.group and (await ctx.holds(in_audience & ~is_live, [row]))[0]:
        raise Forbidden("This group is archived: it can be read, and nothing in it changes any more.", path)
    if choice.group:
        raise Forbidden("Join the group first: only its members write in it.", path)
    raise Forbidden("You can post only to audiences that you belong to.", path)


async def named(ctx: Context, choice: AudienceChoice) -> tuple[uuid.UUID, list[str]]:
    """The audience that a choice other than of people names, and the path of the input. Raises `NotFound`."""
    if choice.group is not None:
        wanted, path = choice.group, ["audience", "groupId"]
        if wanted not in ctx.me.joined and not await scope(Group, ctx.me).filter(id=wanted).exists():
            raise NotFound("There is no such group.", path)
        return wanted, path
    if choice.unit is not None:
        wanted, path = choice.unit, ["audience", "orgUnitId"]
        # The units that one is in need no look: a token may write to them without reading the org chart.
        if wanted not in ctx.me.unit_path and not await scope(OrgUnit, ctx.me).filter(id=wanted).exists():
            raise NotFound("There is no such unit.", path)
        return wanted, path
    if choice.location is not None:
        path = ["audience", "location"]
        located = await db.value("SELECT id FROM audience WHERE location = $1", choice.location)
        if located is None or ctx.me.is_guest:
            raise NotFound("Nobody works at this location.", path)
        return located, path
    if choice.rule is not None:
        path = ["audience", "ruleId"]
        if not await scope(AudienceRule, ctx.me).filter(id=choice.rule).exists():
            raise NotFound("There is no such rule.", path)
        return choice.rule, path
    return COMPANY, ["audience", "company"]


async def of_people(ctx: Context, choice: AudienceChoice | None) -> uuid.UUID:
    """The audience of a list of people: these and the author. Raises as `visible_people`, and `Forbidden`."""
    if not ctx.me.allows("feed:write"):
        raise Forbidden("This token may not post. Make one with the scope feed:write.", ["audience", "personIds"])
    return await audiences.of_people(await visible_people(ctx, choice) | {ctx.me.person_id})


async def visible_people(ctx: Context, choice: AudienceChoice | None) -> set[uuid.UUID]:
    """The people whom a choice lists. Raises `Invalid`, or `NotFound` for one whom the viewer cannot see."""
    listed = choice.people if choice and choice.people else ()
    path = ["audience", "personIds"]
    if not 1 <= len(set(listed)) <= PEOPLE_MAX:
        raise Invalid(f"Name between 1 and {PEOPLE_MAX} people.", path)
    seen = {one.id for one in await scope(Person, ctx.me).filter(id__in=list(set(listed)), active=True).only("id")}
    for i, person in enumerate(listed):
        if person not in seen:
            raise NotFound("This person does not exist, has left, or is not visible to you.", [*path, i])
    return seen
