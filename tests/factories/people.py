"""People and units, as rows that pass every constraint."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from models import audiences, db, org
from models.org import OrgUnit
from models.people import Person
from tests.factories.ids import global_id
from tests.factories.outsiders import ALL, STRANGERS, Outsider

if TYPE_CHECKING:
    from tests.leaks.ground import Ground

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
_number = count(1)


async def a_unit(name: str = "Research", *, parent: OrgUnit | None = None, head: Person | None = None) -> OrgUnit:
    """A unit with its audience."""
    async with db.transaction():
        unit = await OrgUnit.create(
            name=name, parent_id=parent.id if parent else None, head_id=head.id if head else None, created_at=NOW
        )
        await org.rebuild_closure()
    return unit


async def a_person(
    name: str = "Ann", *, unit: OrgUnit | None = None, manager: Person | None = None, **more: Any
) -> Person:
    """An active person of the company."""
    number = next(_number)
    values: dict[str, Any] = {
        "email": f"{name.split()[0].lower()}.{number}@company.example",
        "employee_id": f"{number:05}",
        "created_at": NOW,
        "updated_at": NOW,
    } | more
    async with db.transaction():
        person = await Person.create(
            name=name, unit_id=unit.id if unit else None, manager_id=manager.id if manager else None, **values
        )
        await audiences.follow_locations([person.id])
    return person


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
