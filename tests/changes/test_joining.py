"""Joining, leaving and coming back, each with its day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from auth import codes as one_time
from auth import sessions
from models import db
from models.audiences import Audience, AudienceKind, AudienceMember
from models.org import OrgUnit, UnitTerm
from models.people import Person, PersonTerm
from models.positions import FOREVER, Holding, Position
from models.session import Access, CodePurpose, Credential, OneTimeCode, Role, RoleGrant
from resolvers.session import activate_account
from tests.conftest import Ask
from tests.factories.changes import SOON, TODAY, TOMORROW, YESTERDAY, an_hr, codes, events, path, trail, turn_to
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_unit, manager_of, post_of
from tests.factories.session import PASSWORD, a_password, a_role, as_viewer


async def test_somebody_joins_with_a_position_and_a_code(ask: Ask) -> None:
    hana, unit = await an_hr(), await a_unit("Ward")
    bea = await a_person("Bea", unit=unit)

    data = await ask(
        hana,
        "org/create_person",
        name="Ann Example",
        employee_id="4711",
        title="Nurse",
        org_unit_id=global_id(unit),
        manager_id=global_id(bea),
    )

    payload = data["createPerson"]
    assert payload["errors"] == []
    assert payload["person"]["title"] == "Nurse"
    assert payload["person"]["manager"]["id"] == global_id(bea)
    ann = await Person.get(employee_id="4711")
    assert (ann.name, ann.unit_id, ann.active, ann.planned, ann.version) == ("Ann Example", unit.id, True, False, 1)
    [term] = await PersonTerm.filter(person_id=ann.id)
    assert (term.name, term.valid_from, term.valid_to) == ("Ann Example", TODAY, FOREVER)
    assert await manager_of(ann, TODAY) == bea.id
    assert await events() == ["PersonJoined", "RightsChanged", "PositionChanged", "HrChanged"]
    [told] = await trail()
    assert (told["what"], told["actor"], told["audience"]) == ("CreatePerson", hana.id, None)
    assert told["old"] == {}
    assert told["new"]["name"] == "Ann Example"
    await activate_account(await ask.context(None), payload["activationCode"], PASSWORD, sessions.AccessKind.TOKEN)
    assert await Credential.filter(person_id=ann.id).exists()


async def test_whoever_joins_later_is_known_to_hr_alone_until_then(ask: Ask) -> None:
    hana, ann = await an_hr(), await a_person("Ann")

    data = await ask(hana, "org/create_person", name="Bob", employee_id="1", title="Nurse", valid_from=str(SOON))

    payload = data["createPerson"]
    bob = await Person.get(employee_id="1")
    assert (bob.active, bob.planned) == (False, True)
    assert await events("HrChanged") == []
    assert payload["person"]["isActive"] is False
    by = {"by": {"id": global_id(bob)}}
    assert (await ask(hana, "people/person_by", **by))["person"]
    assert (await ask(ann, "people/person_by", **by))["person"] is None
    assert await one_time.look(payload["activationCode"], ask.services.clock.now())

    await turn_to(ask.services, SOON)

    await bob.refresh_from_db()
    assert (bob.active, bob.planned, bob.title, bob.version) == (True, False, "Nurse", 1)
    assert (await ask(ann, "people/person_by", **by))["person"]
    assert await events("HrChanged") == ["PersonJoined", "RightsChanged", "PositionChanged"]
    signed_in = await activate_account(
        await ask.context(None), payload["activationCode"], PASSWORD, sessions.AccessKind.TOKEN
    )
    assert signed_in.viewer.person_id == bob.id


async def test_the_same_client_id_is_the_same_person(ask: Ask) -> None:
    hana, more = await an_hr(), {"name": "Ann", "employee_id": "1", "client_id": "a1"}

    first = (await ask(hana, "org/create_person", **more))["createPerson"]
    again = (await ask(hana, "org/create_person", **more))["createPerson"]

    assert first["person"] == again["person"]
    assert await Person.filter(employee_id="1").count() == 1
    assert again["activationCode"]
    other = (await ask(await an_hr("Hugo"), "org/create_person", **more))["createPerson"]
    assert codes(other) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    ("given", "code", "at"),
    [
        ({"name": " "}, "BAD_USER_INPUT", "name"),
        ({"name": "x" * 201}, "BAD_USER_INPUT", "name"),
        ({"title": "x" * 201}, "BAD_USER_INPUT", "title"),
        ({"grade": "x" * 51}, "BAD_USER_INPUT", "grade"),
        ({"employee_id": "00777"}, "BAD_USER_INPUT", "employeeId"),
        ({"valid_from": "1899-12-31"}, "BAD_DATES", "validFrom"),
        ({"valid_from": "2032-01-01"}, "BAD_DATES", "validFrom"),
        ({"org_unit_id": "nonsense"}, "NOT_FOUND", "orgUnitId"),
        ({"manager_id": "nonsense"}, "NOT_FOUND", "managerId"),
        ({"client_id": ""}, "BAD_USER_INPUT", "clientId"),
    ],
)
async def test_what_cannot_be_is_refused(ask: Ask, given: dict[str, str], code: str, at: str) -> None:
    hana = await an_hr()
    await a_person("Ann", employee_id="00777")

    payload = (await ask(hana, "org/create_person", **{"name": "Bob", **given}))["createPerson"]

    assert (codes(payload), path(payload)) == ([code], ["input", at])
    assert payload["person"] is None
    assert not await Person.filter(name="Bob").exists()
    assert await events() == []


async def test_a_leaver_is_out_at_once_and_leaves_no_line_cut(ask: Ask) -> None:
    unit = await a_unit("Ward")
    cem = await a_person("Cem", unit=unit)
    bea = await a_person("Bea", unit=unit, manager=cem)
    ann = await a_person("Ann", unit=unit, manager=bea)
    await ask(await an_hr(), "org/set_unit_head", org_unit_id=global_id(unit), head_id=global_id(bea))
    viewer = await as_viewer(bea, ask.services.clock.now())
    await one_time.issue(bea.id, CodePurpose.RESET, ask.services.clock.now())
    before = len(await events())

    payload = (await ask(await an_hr(), "org/record_leave", person_id=global_id(bea)))["recordLeave"]

    assert payload["errors"] == []
    assert payload["person"]["isActive"] is False
    assert await manager_of(ann, TODAY) == cem.id
    await unit.refresh_from_db()
    assert unit.head_id is None
    assert [term.head_id for term in await UnitTerm.filter(unit_id=unit.id).order_by("valid_from")] == [None]
    assert viewer.access_id
    assert await sessions.again(viewer.access_id, ask.services.clock.now()) is None
    assert not await Access.filter(person_id=bea.id).exists()
    assert not await OneTimeCode.filter(person_id=bea.id).exists()
    told = (await events())[before:]
    assert told == [
        *("AccessRevoked", "PersonDeactivated", "RightsChanged"),
        *("UnitChanged", "PositionChanged", "HrChanged"),
    ]


async def test_a_leave_to_come_changes_nothing_before_its_day(ask: Ask) -> None:
    unit = await a_unit("Ward")
    ann = await a_person("Ann", unit=unit)
    await OrgUnit.filter(id=unit.id).update(head_id=ann.id)
    await UnitTerm.filter(unit_id=unit.id).update(head_id=ann.id)
    hana = await an_hr()
    await as_viewer(ann, ask.services.clock.now())

    await ask(hana, "org/record_leave", person_id=global_id(ann), valid_from=str(SOON))

    await turn_to(ask.services, SOON - timedelta(days=1))
    assert (await Person.get(id=ann.id)).active
    assert await Access.filter(person_id=ann.id).exists()
    await turn_to(ask.services, SOON)
    assert not (await Person.get(id=ann.id)).active
    assert not await Access.filter(person_id=ann.id).exists()
    assert (await OrgUnit.get(id=unit.id)).head_id is None
    assert "PersonDeactivated" in await events()


async def test_leaving_again_is_as_before_and_on_another_day_corrects_it(ask: Ask) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    leave = {"person_id": global_id(ann)}

    await ask(hana, "org/record_leave", **leave)
    again = (await ask(hana, "org/record_leave", **leave))["recordLeave"]
    earlier = (await ask(hana, "org/record_leave", valid_from=str(YESTERDAY), **leave))["recordLeave"]
    later = (await ask(hana, "org/record_leave", valid_from=str(TOMORROW), **leave))["recordLeave"]

    assert (again["errors"], earlier["errors"]) == ([], [])
    assert codes(later) == ["BAD_USER_INPUT"]
    assert [term.valid_to for term in await PersonTerm.filter(person_id=ann.id)] == [YESTERDAY]
    assert len(await trail()) == 2


async def test_a_hire_taken_back_before_its_day_never_was(ask: Ask) -> None:
    hana = await an_hr()
    await ask(hana, "org/create_person", name="Bob", employee_id="1", valid_from=str(SOON))
    bob = await Person.get(employee_id="1")

    payload = (await ask(hana, "org/record_leave", person_id=global_id(bob), valid_from=str(SOON)))["recordLeave"]

    assert (payload["errors"], payload["person"]) == ([], None)
    assert not await Person.filter(id=bob.id).exists()


async def test_whoever_comes_back_is_the_same_person_with_nothing_of_before(ask: Ask) -> None:
    hana, unit = await an_hr(), await a_unit("Ward")
    ann = await a_person("Ann", unit=unit, bio="I like tea", location="Bern")
    await a_password(ann, ask.services.hasher, ask.services.clock.now())
    await a_role(ann, Role.HR)
    group = await Audience.create(kind=AudienceKind.GROUP)
    await AudienceMember.create(person_id=ann.id, audience_id=group.id)
    await ask(hana, "org/record_leave", person_id=global_id(ann))
    old = await post_of(ann)

    payload = (
        await ask(hana, "org/rehire_person", person_id=global_id(ann), title="Matron", org_unit_id=global_id(unit))
    )["rehirePerson"]

    assert payload["errors"] == []
    assert payload["person"] == {
        "id": global_id(ann),
        "name": "Ann",
        "title": "Matron",
        "isActive": True,
        "orgUnit": {"id": global_id(unit)},
    }
    assert await post_of(ann) != old
    assert (await Person.get(id=ann.id)).bio == "I like tea"
    assert not await Credential.filter(person_id=ann.id).exists()
    assert not await RoleGrant.filter(person_id=ann.id).exists()
    kinds = await db.rows(
        "SELECT a.kind FROM audience_member m JOIN audience a ON a.id = m.audience_id WHERE m.person_id = $1", ann.id
    )
    assert [row["kind"] for row in kinds] == ["LOCATION"]
    await activate_account(await ask.context(None), payload["activationCode"], PASSWORD, sessions.AccessKind.TOKEN)
    again = (await ask(hana, "org/rehire_person", person_id=global_id(ann)))["rehirePerson"]
    assert codes(again) == ["BAD_USER_INPUT"]


async def test_the_last_administrator_stays(ask: Ask) -> None:
    hana, ada = await an_hr(), await a_person("Ada")
    await a_role(ada, Role.ADMIN)
    leave = {"person_id": global_id(ada)}

    now = (await ask(hana, "org/record_leave", **leave))["recordLeave"]
    later = (await ask(hana, "org/record_leave", valid_from=str(SOON), **leave))["recordLeave"]
    closed = (await ask(hana, "org/deactivate_person", **leave))["deactivatePerson"]

    assert [codes(payload) for payload in (now, later, closed)] == [["CONFLICT"]] * 3
    assert (await Person.get(id=ada.id)).active


async def test_whoever_is_known_to_leave_is_no_administrator_to_count_on(ask: Ask) -> None:
    hana, ada, abe = await an_hr(), await a_person("Ada"), await a_person("Abe")
    for admin in (ada, abe):
        await a_role(admin, Role.ADMIN)

    first = await ask(hana, "org/record_leave", person_id=global_id(ada), valid_from=str(SOON))
    second = await ask(hana, "org/record_leave", person_id=global_id(abe), valid_from=str(TOMORROW))

    assert first["recordLeave"]["errors"] == []
    assert codes(second["recordLeave"]) == ["CONFLICT"]


async def test_deactivation_is_at_once_and_twice_as_once(ask: Ask) -> None:
    hana, ann, gil = await an_hr(), await a_person("Ann"), await a_guest()
    for one in (ann, gil):
        await as_viewer(one, ask.services.clock.now())

        first = (await ask(hana, "org/deactivate_person", person_id=global_id(one)))["deactivatePerson"]
        again = (await ask(hana, "org/deactivate_person", person_id=global_id(one)))["deactivatePerson"]

        assert first == again == {"person": {"id": global_id(one), "isActive": False}, "errors": []}
        assert not await Access.filter(person_id=one.id).exists()
    assert [told["what"] for told in await trail()] == ["Leave", "Leave"]
    assert await Holding.filter(person_id=ann.id, valid_to=FOREVER).count() == 0
    assert await Position.filter(active=True).count() == 2


async def test_nobody_deactivates_themselves(ask: Ask) -> None:
    hana = await an_hr()
    for operation, field in (("deactivate_person", "deactivatePerson"), ("record_leave", "recordLeave")):
        assert codes((await ask(hana, f"org/{operation}", person_id=global_id(hana)))[field]) == ["FORBIDDEN"]


async def test_another_name_holds_from_its_day(ask: Ask) -> None:
    hana, ann = await an_hr("Hana"), await a_person("Ann Single")

    answer = (await ask(hana, "org/rename_person", person_id=global_id(ann), name=" Ann  Married "))["renamePerson"]

    assert (answer["errors"], answer["person"]["name"]) == ([], "Ann Married")
    then = await ask(hana, "lines/line", id=global_id(ann), first=1, as_of=str(YESTERDAY))
    assert then["person"]["name"] == "Ann Single"
    nameless = (await ask(hana, "org/rename_person", person_id=global_id(ann), name=" "))["renamePerson"]
    assert codes(nameless) == ["BAD_USER_INPUT"]
