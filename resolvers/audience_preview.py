"""Whom an audience reaches, told before anything is posted to it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from auth.conditions import Params
from auth.policies import groups as policy
from execution.paging import Page
from models import belonging
from models.audiences import Audience, AudienceKind
from models.errors import Forbidden
from models.groups import Group
from models.people import Person
from models.profiles import BuiltIn
from models.rules import AudienceRule
from resolvers import audiences, lists, sight
from resolvers.audiences import AudienceChoice
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.people import BY_NAME

LARGE_FROM = 1_000  # people


class AudienceWarningCode(StrEnum):
    """What one should know before posting to an audience."""

    EMPTY = "EMPTY"
    ONE_PERSON = "ONE_PERSON"
    LARGE = "LARGE"
    INCLUDES_GUESTS = "INCLUDES_GUESTS"
    NOT_SECRET = "NOT_SECRET"
    SNAPSHOT = "SNAPSHOT"


Code = AudienceWarningCode


@dataclass(frozen=True)
class AudienceWarning:
    """One of them, in words."""

    code: AudienceWarningCode
    message: str


@dataclass(frozen=True)
class Reach:
    """Whom an audience reaches: a condition on the person `r`, its parameters from $1.

    `open_to`: the company reads it, too, and this many belong to it. `by_name`: the viewer may know who they are.
    """

    where: str
    params: tuple[object, ...]
    kind: AudienceKind
    open_to: int | None = None
    is_snapshot: bool = False
    by_name: bool = True


@dataclass(frozen=True)
class Preview:
    """Whom an audience reaches, counted, and what to know of it."""

    person_count: int
    guest_count: int
    warnings: list[AudienceWarning]
    reach: Reach


async def audience_preview(ctx: Context, choice: AudienceChoice) -> Preview:
    """Who would see what the viewer posts there: `person_count` people, guests among them.

    Raises `NotFound` for what the viewer does not know of, `Invalid` or `Forbidden`.
    """
    ctx.reach("feed:read")
    reach = await _reach(ctx, choice)
    counted = await belonging.counts(reach.where, *reach.params)
    people, guests = counted["people"], counted["guests"]
    return Preview(people, guests, [*_warnings(people, guests, reach)], reach)


async def sample(ctx: Context, preview: Preview, args: PageArgs) -> Page:
    """Those of them whom the viewer sees, by name."""
    reach = preview.reach
    if not reach.by_name:
        return await lists.page(ctx, Person, BY_NAME, args, where="FALSE")
    params, where = Params(reach.params), reach.where
    if reach.kind is AudienceKind.LOCATION:  # where somebody works may be hidden from the viewer
        where += f" AND {await sight.seen(ctx, BuiltIn.LOCATION, params)}"
    return await lists.page(ctx, Person, BY_NAME, args, where=where, params=params)


async def _reach(ctx: Context, choice: AudienceChoice) -> Reach:
    if choice.people is not None:
        listed = await audiences.visible_people(ctx, choice)
        return Reach(belonging.LISTED, (sorted(listed | {ctx.me.person_id}),), AudienceKind.PEOPLE)
    wanted, path = await audiences.named(ctx, choice)
    if ctx.me.is_guest and wanted not in ctx.me.audiences:
        raise Forbidden("Guests post to the groups that they are in. Name one of them.", path)
    audience = await Audience.get(id=wanted)
    reach = Reach(belonging.readers(wanted, open=audience.open), (wanted,), audience.kind)
    match audience.kind:
        case AudienceKind.GROUP:
            return await _reach_of_group(ctx, wanted, reach, is_open=audience.open)
        case AudienceKind.RULE:
            return replace(reach, is_snapshot=await AudienceRule.filter(id=wanted, is_snapshot=True).exists())
        case _:
            return reach


async def _reach_of_group(ctx: Context, group: uuid.UUID, reach: Reach, *, is_open: bool) -> Reach:
    members = await belonging.counts(belonging.readers(group, open=False), group) if is_open else None
    by_name = (await ctx.holds(policy.can_see_members, [await Group.get(id=group)]))[0]
    return replace(reach, open_to=members["people"] if members else None, by_name=by_name)


def _warnings(people: int, guests: int, reach: Reach) -> Iterator[AudienceWarning]:
    if people == 0:
        yield AudienceWarning(Code.EMPTY, "Nobody would see it. Choose another audience.")
    if people == 1:
        yield AudienceWarning(Code.ONE_PERSON, "Only one person would see it. Is that meant?")
    if people >= LARGE_FROM:
        yield AudienceWarning(Code.LARGE, f"{people:,} people would see it. Is it for all of them?")
    if guests:
        yield AudienceWarning(Code.INCLUDES_GUESTS, f"Among them are people from outside: {guests:,}.")
    if reach.open_to is not None:
        yield AudienceWarning(
            Code.NOT_SECRET,
            f"Targeted is not secret: it reaches the {reach.open_to:,} in the group, and as the group is open,"
            " everybody of the company may read it.",
        )
    if reach.is_snapshot:
        yield AudienceWarning(
            Code.SNAPSHOT, "These are the people who met the rule when it was saved. Whoever meets it since is not."
        )
