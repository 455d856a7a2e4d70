"""Changes at the same instant: each sees what the other has done, or waits until it can."""

from __future__ import annotations

import asyncio
from typing import Any

from models import db
from models.org import OrgUnit, UnitClosure
from models.people import Person
from models.session import Role, RoleGrant
from tests.conftest import Ask
from tests.factories.changes import TODAY, an_hr
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit, manager_of
from tests.factories.session import a_role

ROUNDS = 20


async def at_once(*asked: Any) -> list[str]:
    """Why each of the mutations was refused ("" where it was not), in order of the reasons."""
    payloads = [next(iter(data.values())) for data in await asyncio.gather(*asked)]
    return sorted("".join(error["code"] for error in payload["errors"]) for payload in payloads)


async def test_of_two_made_each_others_manager_one_is(ask: Ask) -> None:
    hana, hugo = await an_hr("Hana"), await an_hr("Hugo")
    ann, bea = await a_person("Ann"), await a_person("Bea")
    for _ in range(ROUNDS):
        found = await at_once(
            ask(hana, "org/set_manager", person_id=global_id(ann), manager_id=global_id(bea)),
            ask(hugo, "org/set_manager", person_id=global_id(bea), manager_id=global_id(ann)),
        )

        assert found == ["", "REPORTING_CYCLE"]
        above = [await manager_of(ann, TODAY), await manager_of(bea, TODAY)]
        assert above in ([bea.id, None], [None, ann.id])
        for one in (ann, bea):
            await ask(hana, "org/set_manager", person_id=global_id(one), manager_id=None)


async def test_of_three_in_a_ring_one_is_left_out(ask: Ask) -> None:
    hana = await an_hr()
    people = [await a_person(name) for name in ("Ann", "Bea", "Cem")]

    found = await at_once(
        *(
            ask(hana, "org/set_manager", person_id=global_id(one), manager_id=global_id(other))
            for one, other in zip(people, people[1:] + people[:1], strict=True)
        )
    )

    assert found == ["", "", "REPORTING_CYCLE"]


async def test_no_two_units_come_to_lie_below_each_other(ask: Ask) -> None:
    hana = await an_hr()
    ward, lab = await a_unit("Ward"), await a_unit("Laboratory")
    for _ in range(ROUNDS):
        found = await at_once(
            ask(hana, "org/move_unit", org_unit_id=global_id(ward), parent_id=global_id(lab)),
            ask(hana, "org/move_unit", org_unit_id=global_id(lab), parent_id=global_id(ward)),
        )

        assert found == ["", "UNIT_CYCLE"]
        assert await UnitClosure.all().count() == 3
        for unit in (ward, lab):
            await ask(hana, "org/move_unit", org_unit_id=global_id(unit), parent_id=None)


async def test_of_two_administrators_one_stays(ask: Ask) -> None:
    hana = await an_hr()
    for _ in range(ROUNDS):
        admins = [await a_person(name) for name in ("Ada", "Abe")]
        for admin in admins:
            await a_role(admin, Role.ADMIN)

        found = await at_once(
            ask(hana, "org/deactivate_person", person_id=global_id(admins[0])),
            ask(hana, "org/record_leave", person_id=global_id(admins[1])),
        )

        assert found == ["", "CONFLICT"]
        assert await Person.filter(id__in=[admin.id for admin in admins], active=True).count() == 1
        await RoleGrant.filter(role=Role.ADMIN).delete()


async def test_a_unit_is_not_dissolved_while_somebody_moves_in(ask: Ask) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    for _ in range(ROUNDS // 4):
        ward = await a_unit("Ward")

        found = await at_once(
            ask(hana, "org/dissolve_unit", org_unit_id=global_id(ward)),
            ask(hana, "org/move_person", person_id=global_id(ann), org_unit_id=global_id(ward)),
        )

        moved = (await Person.get(id=ann.id)).unit_id == ward.id
        assert found in (["", "NOT_EMPTY"], ["", "BAD_USER_INPUT"])
        assert (await OrgUnit.get(id=ward.id)).active == moved


async def test_the_same_request_many_times_at_once_makes_one(ask: Ask) -> None:
    hana = await an_hr()

    answers = await asyncio.gather(
        *(ask(hana, "org/create_unit", name="Ward", client_id="u1") for _ in range(6)),
        *(ask(hana, "org/create_person", name="Ann", employee_id="77", client_id="p1") for _ in range(6)),
    )

    assert all(payload["errors"] == [] for data in answers for payload in data.values())
    assert await OrgUnit.all().count() == 1
    assert await Person.filter(employee_id="77").count() == 1
    assert await db.value("SELECT count(*) FROM event WHERE kind = 'HrChanged'") == 2
