"""People and units, as rows that pass every constraint."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from models import audiences, db, lines, org
from models.org import OrgUnit, UnitTerm
from models.people import Person, PersonTerm
from models.positions import FOREVER, Holding, LineKind, Position, PositionTerm, ReportingLine
from tests.factories.ids import global_id
from tests.factories.outsiders import ALL, STRANGERS, Outsider

if TYPE_CHECKING:
    from tests.leaks.ground import Ground

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SINCE = date(2020, 1, 1)
_number = count(1)


async def a_unit(
    name: str = "Research",
    *,
    parent: OrgUnit | None = None,
    head: Person | None = None,
    deputy: Person | None = None,
    since: date = SINCE,
) -> OrgUnit:
    """A unit with its audience, there since long ago."""
    place: dict[str, Any] = {
        "parent_id": parent.id if parent else None,
        "head_id": head.id if head else None,
        "deputy_id": deputy.id if deputy else None,
    }
    async with db.transaction():
        unit = await OrgUnit.create(name=name, created_at=NOW, **place)
        await UnitTerm.create(unit_id=unit.id, name=name, valid_from=since, valid_to=FOREVER, **place)
        await org.rebuild_closure()
    return unit


async def a_person(
    name: str = "Ann",
    *,
    unit: OrgUnit | None = None,
    manager: Person | None = None,
    since: date = SINCE,
    **more: Any,
) -> Person:
    """An active person of the company with a position, there since long ago; not active, they have left today."""
    number = next(_number)
    values: dict[str, Any] = {
        "email": f"{name.split()[0].lower()}.{number}@company.example",
        "employee_id": f"{number:05}",
        "created_at": NOW,
        "updated_at": NOW,
    } | more
    async with db.transaction():
        if values.get("is_guest"):
            person = await Person.create(name=name, **values)
        else:
            person = await _employed(name, unit, since, values)
            if manager:
                await reports_to(person, manager, since=since)
        await audiences.follow_locations([person.id])
    return person


async def _employed(name: str, unit: OrgUnit | None, since: date, values: dict[str, Any]) -> Person:
    post = await a_position(values.get("title", ""), unit=unit, grade=values.pop("grade", None), since=since)
    active = values.get("active", True)
    person = await Person.create(
        name=name, unit_id=unit.id if unit else None, position_id=post.id if active else None, **values
    )
    until = FOREVER if active else NOW.date()
    await PersonTerm.create(person_id=person.id, name=name, valid_from=since, valid_to=until)
    await Holding.create(position_id=post.id, person_id=person.id, valid_from=since, valid_to=until)
    await Position.filter(id=post.id).update(filled=active)
    return person


async def a_position(
    title: str = "", *, unit: OrgUnit | None = None, grade: str | None = None, since: date = SINCE
) -> Position:
    """A position that nobody holds yet."""
    place: dict[str, Any] = {"title": title, "grade": grade, "unit_id": unit.id if unit else None}
    post = await Position.create(created_at=NOW, **place)
    await PositionTerm.create(position_id=post.id, valid_from=since, valid_to=FOREVER, **place)
    return post


async def post_of(person: Person) -> uuid.UUID:
    """The position that somebody holds, or held last."""
    held = await Holding.filter(person_id=person.id).order_by("-valid_to", "valid_from").first()
    assert held is not None
    return held.position_id


async def reports_to(person: Person, manager: Person | None, *, since: date = SINCE) -> None:
    """Have one person's position report to the other's, and to no other one."""
    post = await post_of(person)
    await ReportingLine.filter(position_id=post, kind=LineKind.SOLID).delete()
    if manager:
        await ReportingLine.create(
            position_id=post, manager_id=await post_of(manager), valid_from=since, valid_to=FOREVER
        )


async def manager_of(person: Person, day: date | None = None) -> uuid.UUID | None:
    """Who stands right above somebody, today or on a day."""
    above = await lines.above([person.id], day or NOW.date())
    return above[0]["id"] if above else None


async def a_guest(name: str = "Gil", **more: Any) -> Person:
    """Somebody from outside."""
    return await a_person(name, is_guest=True, **more)


async def settle(ground: Ground) -> None:
    """Somebody who is known to the company, with a number that only HR may know, and a unit below the insiders'."""
    bio, number = ground.word("bio", STRANGERS), ground.word("number", ALL - {Outsider.ADMIN})
    await Person.filter(id=ground.ida.id).update(bio=f"I like {bio}.", employee_id=number)
    await OrgUnit.filter(id=ground.cellar.id).update(name=ground.word("cellar", STRANGERS))
    for row in (ground.ida, ground.cellar):
        ground.hide(global_id(row), STRANGERS)
