"""What is told late heeds what is known to come: nothing outlasts what it depends on, and nothing known is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models import lines
from models.org import OrgUnit, UnitTerm
from models.people import Person, PersonTerm
from models.positions import FOREVER, Holding, PositionTerm, ReportingLine
from models.session import Credential, Role, RoleGrant
from tests.conftest import Ask
from tests.factories.changes import SOON, TODAY, TOMORROW, an_hr, codes, turn_to
from tests.factories.ids import global_id
from tests.factories.people import SINCE, a_person, a_position, a_unit, post_of
from tests.factories.session import a_password, a_role

LATER = SOON + timedelta(days=30)


async def make(ask: Ask, hana: Person, operation: str, **given: Any) -> dict[str, Any]:
    """A change that is made."""
    [payload] = (await ask(hana, f"org/{operation}", **given)).values()
    assert payload["errors"] == []
    return payload


async def test_a_leaver_takes_no_position_beyond_the_leave(ask: Ask) -> None:
    hana, ann, free = await an_hr(), await a_person("Ann"), await a_position("Free")
    await make(ask, hana, "record_leave", person_id=global_id(ann), valid_from=str(SOON))

    await make(ask, hana, "assign_position", position_id=global_id(free), person_id=global_id(ann))

    held = await Holding.get(position_id=free.id)
    assert (held.valid_from, held.valid_to) == (TODAY, SOON)
    await turn_to(ask.services, SOON)
    assert not (await Person.get(id=ann.id)).active
    assert await lines.above([ann.id], SOON) == []


async def test_nobody_holds_a_position_beyond_its_end(ask: Ask) -> None:
    hana, ann, free = await an_hr(), await a_person("Ann"), await a_position("Free")
    await make(ask, hana, "end_position", position_id=global_id(free), valid_from=str(SOON))

    await make(ask, hana, "assign_position", position_id=global_id(free), person_id=global_id(ann))

    assert (await Holding.get(position_id=free.id)).valid_to == SOON


async def test_what_is_held_for_a_while_leaves_what_is_known_to_come(ask: Ask) -> None:
    hana, ann, free = await an_hr(), await a_person("Ann"), await a_position("Free")
    own = {"position_id": global_id(free), "person_id": global_id(ann)}
    await make(ask, hana, "assign_position", **own, valid_from=str(SOON))

    await make(ask, hana, "assign_position", **own, valid_to=str(TOMORROW))

    held = await Holding.filter(position_id=free.id).order_by("valid_from")
    assert [(row.valid_from, row.valid_to) for row in held] == [(TODAY, TOMORROW), (SOON, FOREVER)]


async def test_a_line_for_a_while_leaves_what_is_known_to_come(ask: Ask) -> None:
    hana, boss, ann = await an_hr(), await a_person("Boss"), await a_person("Ann")
    between = {"person_id": global_id(ann), "manager_id": global_id(boss)}
    for kind in ("SOLID", "DOTTED"):
        await make(ask, hana, "add_reporting_line", **between, kind=kind, valid_from=str(SOON))

        await make(ask, hana, "add_reporting_line", **between, kind=kind, valid_to=str(TOMORROW))

        rows = await ReportingLine.filter(kind=kind).order_by("valid_from")
        assert [(row.valid_from, row.valid_to) for row in rows] == [(TODAY, TOMORROW), (SOON, FOREVER)]


async def test_a_leaver_leads_no_unit_beyond_the_leave(ask: Ask) -> None:
    hana, ann, bea, ward = await an_hr(), await a_person("Ann"), await a_person("Bea"), await a_unit("Ward")
    await make(ask, hana, "set_unit_head", org_unit_id=global_id(ward), head_id=global_id(bea), valid_from=str(LATER))
    await make(ask, hana, "record_leave", person_id=global_id(ann), valid_from=str(SOON))

    await make(ask, hana, "set_unit_head", org_unit_id=global_id(ward), head_id=global_id(ann))
    made = await make(ask, hana, "create_unit", name="New", deputy_id=global_id(ann))

    terms = await UnitTerm.filter(unit_id=ward.id).order_by("valid_from")
    assert [(term.valid_from, term.head_id) for term in terms] == [
        *((SINCE, None), (TODAY, ann.id), (SOON, None), (LATER, bea.id)),
    ]
    await turn_to(ask.services, SOON)
    assert (await OrgUnit.get(id=ward.id)).head_id is None
    assert (await OrgUnit.get(name="New")).deputy_id is None
    assert made["orgUnit"]["name"] == "New"


async def test_the_line_of_a_position_ends_with_it(ask: Ask) -> None:
    hana, boss, post = await an_hr(), await a_person("Boss"), await a_position("Short")
    await make(ask, hana, "end_position", position_id=global_id(post), valid_from=str(SOON))

    between = {"position_id": global_id(post), "manager_id": global_id(boss)}
    await make(ask, hana, "set_manager", **between)
    await make(ask, hana, "add_reporting_line", **between, kind="PROJECT")

    assert {row.valid_to for row in await ReportingLine.all()} == {SOON}
    chart = await ask(hana, "org/org_chart", root_id=global_id(boss), depth=1, as_of=str(SOON))
    assert [entry["reportCount"] for entry in chart["orgChart"]["entries"]] == [0]


async def test_nothing_that_is_known_to_come_is_handed_to_a_unit_that_ends(ask: Ask) -> None:
    hana, ward, lab = await an_hr(), await a_unit("Ward"), await a_unit("Laboratory")
    ann, old = await a_person("Ann"), await a_unit("Old")
    await make(ask, hana, "move_person", person_id=global_id(ann), org_unit_id=global_id(ward), valid_from=str(SOON))
    await make(ask, hana, "dissolve_unit", org_unit_id=global_id(lab), valid_from=str(LATER))

    given = {"org_unit_id": global_id(ward), "into_id": global_id(lab)}
    refused = (await ask(hana, "org/merge_units", **given))["mergeUnits"]

    assert codes(refused) == ["ORPHAN"]
    assert await PositionTerm.filter(unit_id=lab.id).count() == 0
    await make(ask, hana, "merge_units", **{**given, "into_id": global_id(old)})


async def test_whoever_is_to_come_back_keeps_everything_until_they_leave(ask: Ask) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    await a_password(ann, ask.services.hasher, ask.services.clock.now())
    await a_role(ann, Role.HR)
    await make(ask, hana, "record_leave", person_id=global_id(ann), valid_from=str(SOON))

    await make(ask, hana, "rehire_person", person_id=global_id(ann), valid_from=str(LATER))

    assert await Credential.filter(person_id=ann.id).exists()
    assert await RoleGrant.filter(person_id=ann.id).exists()
    await turn_to(ask.services, SOON)
    assert not await Credential.filter(person_id=ann.id).exists()
    assert not await RoleGrant.filter(person_id=ann.id).exists()
    await turn_to(ask.services, LATER)
    assert (await Person.get(id=ann.id)).active


async def test_whoever_comes_back_has_the_name_they_will_have_left_with(ask: Ask) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    own = {"person_id": global_id(ann)}
    await make(ask, hana, "rename_person", **own, name="Ann Married", valid_from=str(TOMORROW))
    await make(ask, hana, "record_leave", **own, valid_from=str(SOON))

    await make(ask, hana, "rehire_person", **own, valid_from=str(LATER))

    terms = await PersonTerm.filter(person_id=ann.id).order_by("valid_from")
    assert [(term.valid_from, term.name) for term in terms] == [
        *((SINCE, "Ann"), (TOMORROW, "Ann Married"), (LATER, "Ann Married")),
    ]


async def test_of_two_posts_one_below_the_other_a_chart_shows_each_once(ask: Ask) -> None:
    ann, post = await a_person("Ann", title="Upper"), await a_position("Lower")
    await ReportingLine.create(position_id=post.id, manager_id=await post_of(ann), valid_from=SINCE, valid_to=FOREVER)
    await Holding.create(position_id=post.id, person_id=ann.id, valid_from=SINCE, valid_to=FOREVER)

    chart = (await ask(ann, "org/org_chart", root_id=global_id(ann), depth=3))["orgChart"]

    assert [(entry["title"], entry["depth"]) for entry in chart["entries"]] == [("Upper", 0), ("Lower", 1)]
