"""Moves, promotions, positions and lines: each on its day, for as long as what it replaces would have held."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.org import OrgUnit
from models.people import Person
from models.positions import FOREVER, Holding, Position, PositionTerm, ReportingLine
from tests.conftest import Ask
from tests.factories.changes import SOON, TODAY, TOMORROW, YESTERDAY, an_hr, codes, events, path, trail, turn_to
from tests.factories.ids import global_id
from tests.factories.people import a_guest, a_person, a_position, a_unit, manager_of, post_of


async def test_a_move_takes_the_position_along_and_tells_whose_rights_changed(ask: Ask) -> None:
    hana, ward, lab = await an_hr(), await a_unit("Ward"), await a_unit("Laboratory")
    cem = await a_person("Cem", unit=lab)
    ann = await a_person("Ann", unit=ward)
    epoch, post = (await Person.get(id=ann.id)).auth_epoch, await post_of(ann)

    data = await ask(
        hana,
        "org/move_person",
        person_id=global_id(ann),
        org_unit_id=global_id(lab),
        manager_id=global_id(cem),
        expected_version=1,
    )

    assert data["movePerson"]["errors"] == []
    assert data["movePerson"]["person"]["orgUnit"]["name"] == "Laboratory"
    assert data["movePerson"]["person"]["manager"]["name"] == "Cem"
    moved = await Person.get(id=ann.id)
    assert (moved.unit_id, moved.auth_epoch, await post_of(ann)) == (lab.id, epoch + 1, post)
    assert sorted(await events()) == ["HrChanged", "PersonChanged", "PositionChanged", "RightsChanged"]
    [told] = await trail()
    assert (told["old"][f"{post}.unit"], told["new"][f"{post}.unit"]) == (str(ward.id), str(lab.id))
    stale = await ask(
        hana, "org/move_person", person_id=global_id(ann), org_unit_id=global_id(ward), expected_version=1
    )
    assert codes(stale["movePerson"]) == ["CONFLICT"]


async def test_a_move_to_come_waits_for_its_day(ask: Ask) -> None:
    hana, ward, lab = await an_hr(), await a_unit("Ward"), await a_unit("Laboratory")
    ann = await a_person("Ann", unit=ward)

    await ask(hana, "org/move_person", person_id=global_id(ann), org_unit_id=global_id(lab), valid_from=str(SOON))

    assert (await Person.get(id=ann.id)).unit_id == ward.id
    assert await events() == ["HrChanged"]
    await turn_to(ask.services, SOON)
    assert (await Person.get(id=ann.id)).unit_id == lab.id
    assert "RightsChanged" in await events()


async def test_a_move_in_the_past_is_true_of_that_day(ask: Ask) -> None:
    hana, ward, lab = await an_hr(), await a_unit("Ward"), await a_unit("Laboratory")
    ann = await a_person("Ann", unit=ward)

    await ask(hana, "org/move_person", person_id=global_id(ann), org_unit_id=global_id(lab), valid_from=str(YESTERDAY))

    terms = await PositionTerm.filter(position_id=await post_of(ann)).order_by("valid_from")
    assert [(term.unit_id, term.valid_to) for term in terms] == [(ward.id, YESTERDAY), (lab.id, FOREVER)]
    assert (await Person.get(id=ann.id)).unit_id == lab.id


async def test_of_two_who_share_a_position_one_moves(ask: Ask) -> None:
    hana, ward, lab = await an_hr(), await a_unit("Ward"), await a_unit("Laboratory")
    bea = await a_person("Bea", unit=ward)
    ann, bob = await a_person("Ann", unit=ward, title="Nurse", manager=bea), await a_person("Bob", unit=ward)
    shared = await post_of(ann)
    for old in [await post_of(bob)]:
        await Holding.filter(person_id=bob.id).update(position_id=shared)
        await Position.filter(id=old).update(filled=False)
    await Person.filter(id=bob.id).update(position_id=shared, title="Nurse")

    await ask(hana, "org/move_person", person_id=global_id(ann), org_unit_id=global_id(lab))

    assert ((await Person.get(id=ann.id)).unit_id, (await Person.get(id=bob.id)).unit_id) == (lab.id, ward.id)
    assert await post_of(ann) != shared
    assert (await Person.get(id=ann.id)).title == "Nurse"
    assert await manager_of(ann, TODAY) == bea.id


async def test_a_promotion_lasts_through_a_move_that_is_known(ask: Ask) -> None:
    hana, ward, lab = await an_hr(), await a_unit("Ward"), await a_unit("Laboratory")
    ann = await a_person("Ann", unit=ward, title="Nurse")
    await ask(hana, "org/move_person", person_id=global_id(ann), org_unit_id=global_id(lab), valid_from=str(SOON))

    payload = (await ask(hana, "org/promote_person", person_id=global_id(ann), title="Matron"))["promotePerson"]

    assert payload["person"]["title"] == "Matron"
    terms = await PositionTerm.filter(position_id=await post_of(ann)).order_by("valid_from")
    assert [(term.title, term.unit_id) for term in terms] == [
        ("Nurse", ward.id),
        ("Matron", ward.id),
        ("Matron", lab.id),
    ]
    nothing = (await ask(hana, "org/promote_person", person_id=global_id(ann)))["promotePerson"]
    assert codes(nothing) == ["BAD_USER_INPUT"]


async def test_the_same_again_changes_and_tells_nothing(ask: Ask) -> None:
    hana, bea, ann = await an_hr(), await a_person("Bea"), await a_person("Ann")
    given = {"person_id": global_id(ann), "manager_id": global_id(bea), "valid_from": str(SOON)}

    first = (await ask(hana, "org/set_manager", **given))["setManager"]
    again = (await ask(hana, "org/set_manager", **given))["setManager"]

    assert first == again
    line = first["reportingLine"]
    assert (line["kind"], line["validFrom"], line["validTo"]) == ("SOLID", str(SOON), None)
    assert first["person"]["manager"] is None
    assert len(await trail()) == 1


async def test_a_manager_is_a_person_or_a_position_or_nobody(ask: Ask) -> None:
    hana, ann, bea = await an_hr(), await a_person("Ann"), await a_person("Bea")
    post = await a_position("Guard")

    above = (await ask(hana, "org/set_manager", person_id=global_id(ann), manager_id=global_id(post)))["setManager"]
    below = (await ask(hana, "org/set_manager", position_id=global_id(post), manager_id=global_id(bea)))["setManager"]

    assert above["reportingLine"]["manager"]["id"] == global_id(post)
    assert below["position"]["manager"] is not None
    assert await manager_of(ann, TODAY) == bea.id
    alone = (await ask(hana, "org/set_manager", person_id=global_id(ann), manager_id=None))["setManager"]
    assert (alone["person"]["manager"], alone["reportingLine"]) == (None, None)
    assert await manager_of(ann, TODAY) is None


@pytest.mark.parametrize("given", [{}, {"both": True}, {"unsaid": True}])
async def test_who_reports_to_whom_must_be_said(ask: Ask, given: dict[str, bool]) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    said: dict[str, Any] = {} if "unsaid" in given else {"manager_id": None}
    if given:
        said["person_id"] = global_id(ann)
    if "both" in given:
        said["position_id"] = global_id(await a_position())

    assert codes((await ask(hana, "org/set_manager", **said))["setManager"]) == ["BAD_USER_INPUT"]


async def test_a_loop_is_refused_on_whichever_day_it_would_close(ask: Ask) -> None:
    hana = await an_hr()
    ann, bea, cem = [await a_person(name) for name in ("Ann", "Bea", "Cem")]

    async def report(who: Person, to: Person, **more: str) -> dict[str, Any]:
        given = {"person_id": global_id(who), "manager_id": global_id(to), **more}
        return (await ask(hana, "org/set_manager", **given))["setManager"]

    assert codes(await report(ann, ann)) == ["REPORTING_CYCLE"]
    assert (await report(ann, bea))["errors"] == []
    assert (await report(bea, cem, valid_from=str(SOON)))["errors"] == []
    refused = await report(cem, ann)
    assert (codes(refused), path(refused)) == (["REPORTING_CYCLE"], ["input", "managerId"])
    assert str(SOON) in refused["errors"][0]["message"]
    assert codes(await report(cem, ann, valid_from=str(SOON + timedelta(days=400)))) == ["REPORTING_CYCLE"]
    assert await ReportingLine.all().count() == 2


async def test_dotted_lines_stand_beside_and_only_equal_ones_overlap(ask: Ask) -> None:
    hana, ann, bea, cem = await an_hr(), await a_person("Ann"), await a_person("Bea"), await a_person("Cem")

    async def add(to: Person, kind: str, **more: str) -> dict[str, Any]:
        given = {"person_id": global_id(ann), "manager_id": global_id(to), "kind": kind, **more}
        return (await ask(hana, "org/add_reporting_line", **given))["addReportingLine"]

    first = await add(bea, "PROJECT", valid_from=str(TODAY), valid_to=str(SOON))
    again = await add(bea, "PROJECT", valid_from=str(TODAY), valid_to=str(SOON))

    assert first == again
    assert (first["reportingLine"]["validTo"], first["reportingLine"]["kind"]) == (str(SOON), "PROJECT")
    assert codes(await add(bea, "PROJECT", valid_from=str(TOMORROW))) == ["OVERLAPPING_LINE"]
    assert (await add(bea, "PROJECT", valid_from=str(SOON)))["errors"] == []
    assert (await add(cem, "PROJECT"))["errors"] == []
    assert (await add(bea, "SOLID"))["errors"] == []
    assert codes(await add(cem, "SOLID")) == ["OVERLAPPING_LINE"]
    assert codes(await add(ann, "DOTTED")) == ["REPORTING_CYCLE"]
    for end in (TODAY, YESTERDAY):
        refused = await add(cem, "DOTTED", valid_to=str(end))
        assert (codes(refused), path(refused)) == (["BAD_DATES"], ["input", "validTo"])


async def test_a_line_ends_on_its_day_and_what_is_not_there_is_not_found(ask: Ask) -> None:
    hana, bea = await an_hr(), await a_person("Bea")
    ann = await a_person("Ann", manager=bea)
    data = await ask(hana, "people/person_by", by={"id": global_id(ann)})
    assert data["person"]
    answer = await ask.text(hana, f'{{ person(by: {{id: "{global_id(ann)}"}}) {{ positions {{ lines {{ id }} }} }} }}')
    assert answer.data
    line = answer.data["person"]["positions"][0]["lines"][0]["id"]

    ended = (await ask(hana, "org/end_reporting_line", line_id=line, valid_from=str(SOON)))["endReportingLine"]
    again = (await ask(hana, "org/end_reporting_line", line_id=line, valid_from=str(SOON)))["endReportingLine"]

    assert ended == again
    assert ended["reportingLine"]["validTo"] == str(SOON)
    assert await manager_of(ann, SOON - timedelta(days=1)) == bea.id
    assert await manager_of(ann, SOON) is None
    gone = (await ask(hana, "org/end_reporting_line", line_id=global_id(ann)))["endReportingLine"]
    assert codes(gone) == ["NOT_FOUND"]
    before = len(await events())
    await turn_to(ask.services, SOON)
    assert (await events())[before:] == ["PersonChanged", "PositionChanged"]


async def test_a_position_is_held_by_one_two_nobody_or_somebody_undisclosed(ask: Ask) -> None:
    hana, ann, bob = await an_hr(), await a_person("Ann"), await a_person("Bob")
    more = {"title": "Guard", "grade": "3", "client_id": "p1"}
    made = (await ask(hana, "org/create_position", **more))["createPosition"]
    assert made == (await ask(hana, "org/create_position", **more))["createPosition"]
    post = {"position_id": made["position"]["id"]}
    assert made["position"]["occupancy"] == "VACANT"

    async def holders(operation: str, who: Person | None, **given: str) -> tuple[str, list[str]]:
        person = global_id(who) if who else None
        [payload] = (await ask(hana, f"org/{operation}", **post, person_id=person, **given)).values()
        assert payload["errors"] == []
        return payload["position"]["occupancy"], [one["name"] for one in payload["position"]["holders"]]

    assert await holders("assign_position", None) == ("UNDISCLOSED", [])
    assert await holders("vacate_position", None) == ("VACANT", [])
    assert await holders("assign_position", ann) == ("FILLED", ["Ann"])
    assert await holders("assign_position", ann) == ("FILLED", ["Ann"])
    occupancy, names = await holders("assign_position", bob, valid_to=str(SOON))
    assert (occupancy, sorted(names)) == ("FILLED", ["Ann", "Bob"])
    assert await holders("vacate_position", ann) == ("FILLED", ["Bob"])
    await turn_to(ask.services, SOON)
    assert await Holding.filter(position_id__not_in=[], valid_to=SOON).count() == 1


@pytest.mark.parametrize("operation", ["assign_position", "vacate_position"])
async def test_who_holds_a_position_must_be_said(ask: Ask, operation: str) -> None:
    [payload] = (await ask(await an_hr(), f"org/{operation}", position_id=global_id(await a_position()))).values()

    assert (codes(payload), path(payload)) == (["BAD_USER_INPUT"], ["input", "personId"])


async def test_nobody_is_left_without_a_position(ask: Ask) -> None:
    hana, ann = await an_hr(), await a_person("Ann")
    post = await Position.get(id=await post_of(ann))

    given = {"position_id": global_id(post), "person_id": global_id(ann)}
    vacated = (await ask(hana, "org/vacate_position", **given))["vacatePosition"]
    ended = (await ask(hana, "org/end_position", position_id=global_id(post)))["endPosition"]

    assert (codes(vacated), codes(ended)) == (["ORPHAN"], ["NOT_EMPTY"])
    assert "Ann would be left without a position" in vacated["errors"][0]["message"]
    assert await Holding.filter(position_id=post.id, valid_to=FOREVER).count() == 1


async def test_a_position_ends_once_nobody_reports_to_it(ask: Ask) -> None:
    hana, ann, post = await an_hr(), await a_person("Ann"), await a_position("Guard")
    await ask(hana, "org/set_manager", person_id=global_id(ann), manager_id=global_id(post), valid_from=str(SOON))

    async def end(**given: str) -> dict[str, Any]:
        return (await ask(hana, "org/end_position", position_id=global_id(post), **given))["endPosition"]

    assert codes(await end()) == ["NOT_EMPTY"]
    await ask(hana, "org/set_manager", person_id=global_id(ann), manager_id=None, valid_from=str(SOON))
    ended = await end()
    assert (ended["errors"], ended["position"]["isActive"]) == ([], False)
    assert await end() == ended


async def test_guests_and_leavers_have_no_place_in_the_chart(ask: Ask) -> None:
    hana, gil, leo = await an_hr(), await a_guest(), await a_person("Leo")
    post = await a_position()
    await ask(hana, "org/record_leave", person_id=global_id(leo))
    for who in (gil, leo):
        for operation, given in (
            ("set_manager", {"manager_id": None}),
            ("promote_person", {"title": "Nurse"}),
            ("assign_position", {"position_id": global_id(post)}),
        ):
            [payload] = (await ask(hana, f"org/{operation}", person_id=global_id(who), **given)).values()
            assert codes(payload) == ["BAD_USER_INPUT"], operation
    assert await OrgUnit.all().count() == 0
