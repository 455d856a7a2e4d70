"""Who may change what: HR and administrators of every unit that a change concerns, old and new."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tortoise.models import Model

from auth.conditions import Condition
from auth.policies import people as policy
from auth.policies.org import sees_future
from auth.scope import scope
from models import changes as table
from models.errors import Forbidden, NotFound
from models.org import OrgUnit
from models.people import Person
from models.positions import Position
from resolvers.changes import kinds
from resolvers.changes.kinds import KEEP, Keep, OrgChange
from resolvers.context import Context

Id = uuid.UUID
ANY: tuple[type[Model], ...] = (Person, Position)


@dataclass(frozen=True)
class Seen:
    """What the viewer must see, as one of these models, to name it."""

    id: Id
    path: str
    models: tuple[type[Model], ...]


@dataclass(frozen=True)
class Concern:
    """Whose units must be the viewer's to keep, and what they must see besides; None: no unit."""

    people: tuple[Id, ...] = ()
    positions: tuple[Id, ...] = ()
    units: tuple[Id | None, ...] = ()
    children: tuple[Id, ...] = ()  # units whose parents it concerns
    seen: tuple[Seen, ...] = ()
    needs: Condition = policy.can_place


async def permit(ctx: Context, change: OrgChange, day: date) -> None:
    """Raise `NotFound` for what the viewer does not see, `Forbidden` for what they may not change on a day."""
    if isinstance(change, kinds.EndLine):
        await _permit_end(ctx, change, day)
        return
    concern = concerned(change)
    await _see(ctx, concern)
    await _keep(ctx, concern, day)
    if isinstance(change, kinds.Leave) and change.person == ctx.me.person_id:
        raise Forbidden("You may not have yourself leave. Ask a colleague.", ["personId"])


def concerned(change: OrgChange) -> Concern:  # noqa: PLR0912 - one line a kind
    """What a change needs of whoever makes it."""
    match change:
        case kinds.CreatePerson():
            return Concern(units=(change.unit,), seen=_named(change.unit, change.manager), needs=policy.can_employ)
        case kinds.Rehire():
            seen = (*_person(change.person), *_named(change.unit, change.manager))
            return Concern(units=(change.unit,), seen=seen, needs=policy.can_employ)
        case kinds.Leave():
            return Concern((change.person,), seen=_person(change.person), needs=policy.can_employ)
        case kinds.Promote() | kinds.RenamePerson():
            return Concern((change.person,), seen=_person(change.person))
        case kinds.MovePerson():
            seen = (*_person(change.person), *_named(change.unit, change.manager))
            return Concern((change.person,), units=(change.unit,), seen=seen)
        case kinds.SetManager() | kinds.AddLine():
            seen = (Seen(change.subject, "personId", ANY), *_named(None, change.manager))
            return Concern((change.subject,), (change.subject,), seen=seen)
        case kinds.AssignPosition():
            person = (change.person,) if change.person else ()
            seen = (*_position(change.position), *(_person(change.person) if change.person else ()))
            return Concern(person, (change.position,), seen=seen)
        case kinds.VacatePosition() | kinds.EndPosition():
            return Concern(positions=(change.position,), seen=_position(change.position))
        case kinds.CreatePosition():
            return Concern(units=(change.unit,), seen=_named(change.unit, change.manager))
        case kinds.CreateUnit():
            leaders = (*_leader(change.head, "headId"), *_leader(change.deputy, "deputyId"))
            return Concern(units=(change.parent,), seen=(*_unit(change.parent, "parentId"), *leaders))
        case kinds.RenameUnit():
            return Concern(units=(change.unit,), seen=_unit(change.unit))
        case kinds.SetHead():
            leaders = (*_leader(change.head, "headId"), *_leader(change.deputy, "deputyId"))
            return Concern(units=(change.unit,), seen=(*_unit(change.unit), *leaders))
        case kinds.MoveUnit():
            seen = (*_unit(change.unit), *_unit(change.parent, "parentId"))
            return Concern(units=(change.unit, change.parent), children=(change.unit,), seen=seen)
        case kinds.MergeUnits() | kinds.DissolveUnit():
            into = () if change.into is None else (change.into,)
            seen = (*_unit(change.unit), *_unit(change.into, "intoId"))
            return Concern(units=(change.unit, *into), seen=seen)
        case _:
            raise TypeError(f"nobody knows who may apply {change.kind}")


async def _permit_end(ctx: Context, change: kinds.EndLine, day: date) -> None:
    hidden = NotFound(path=["lineId"])
    line = await table.line(change.line)
    if line is None:
        raise hidden
    concern = Concern(positions=(line["position_id"],), seen=(Seen(line["position_id"], "lineId", (Position,)),))
    await _see(ctx, concern)
    try:
        await _keep(ctx, concern, day)
    except Forbidden:
        is_known = line["valid_from"] <= ctx.today() or sees_future(ctx.me)
        raise (Forbidden("You may not end this line.", ["lineId"]) if is_known else hidden) from None


async def _see(ctx: Context, concern: Concern) -> None:
    found: dict[type[Model], set[Id]] = {}
    for model in (Person, Position, OrgUnit):
        wanted = [one.id for one in concern.seen if model in one.models]
        if wanted:
            found[model] = {row.id for row in await scope(model, ctx.me).filter(id__in=wanted).only("id")}
    for one in concern.seen:
        if not any(one.id in found[model] for model in one.models):
            raise NotFound(path=[one.path])


async def _keep(ctx: Context, concern: Concern, day: date) -> None:
    units = set(concern.units)
    if concern.people or concern.positions:
        units |= await table.offices(concern.people, concern.positions, day) or {None}
    for child in concern.children:
        units |= await table.parents(child, day)
    standing = await table.standing([unit for unit in units if unit], day)
    rows = [{"unit_id": None if unit is None else standing.get(unit)} for unit in sorted(units, key=str)]
    if not all(await ctx.holds(concern.needs, rows)):
        raise Forbidden("You may not change this: it takes HR or ADMIN for every unit that it concerns, old and new.")


def _person(id: Id) -> tuple[Seen, ...]:
    return (Seen(id, "personId", (Person,)),)


def _position(id: Id) -> tuple[Seen, ...]:
    return (Seen(id, "positionId", (Position,)),)


def _unit(id: Id | None, path: str = "orgUnitId") -> tuple[Seen, ...]:
    return () if id is None else (Seen(id, path, (OrgUnit,)),)


def _leader(id: Id | Keep | None, path: str) -> Iterable[Seen]:
    return () if id is None or id is KEEP else (Seen(id, path, (Person,)),)


def _named(unit: Id | None, manager: Id | Keep | None) -> tuple[Seen, ...]:
    above = () if manager is None or manager is KEEP else (Seen(manager, "managerId", ANY),)
    return (*_unit(unit), *above)
