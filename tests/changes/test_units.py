"""Units: made, renamed, moved, led, merged and dissolved, each on its day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models import db
from models.errors import Invalid
from models.org import OrgUnit, UnitClosure, UnitTerm
from models.people import Person
from models.positions import PositionTerm
from resolvers.changes.kinds import MergeUnits
from resolvers.changes.making import enact
from tests.conftest import Ask
from tests.factories.changes import SOON, TODAY, TOMORROW, an_hr, codes, events, path, trail, turn_to
from tests.factories.feed import a_post
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit


async def readers(ask: Ask, post: str, *people: Person) -> list[str]:
    """Who of these can read a post."""
    answers = [(await ask(person, "posts/post", id=post, first=1))["node"] for person in people]
    return [person.name for person, found in zip(people, answers, strict=True) if found]


async def test_a_unit_is_there_with_its_audience(ask: Ask) -> None:
    hana, top, ann = await an_hr(), await a_unit("Top"), await a_person("Ann")
    given = {"name": " Ward ", "parent_id": global_id(top), "head_id": global_id(ann), "client_id": "u1"}

    payload = (await ask(hana, "org/create_unit", **given))["createUnit"]
    again = (await ask(hana, "org/create_unit", **given))["createUnit"]

    assert payload == again
    assert payload["errors"] == []
    unit = await OrgUnit.get(name="Ward")
    assert (unit.parent_id, unit.head_id, unit.active, unit.version) == (top.id, ann.id, True, 1)
    assert await UnitClosure.filter(descendant_id=unit.id).count() == 2
    assert await db.value("SELECT kind FROM audience WHERE id = $1", unit.id) == "UNIT"
    assert sorted(await events()) == ["HrChanged", "RightsChanged", "UnitCreated"]
    [told] = await trail()
    assert told["new"] == {"name": "Ward", "parent": str(top.id), "head": str(ann.id)}


async def test_a_unit_to_come_is_hrs_secret_until_its_day(ask: Ask) -> None:
    hana, ann = await an_hr(), await a_person("Ann")

    made = (await ask(hana, "org/create_unit", name="Ward", valid_from=str(SOON)))["createUnit"]

    id = made["orgUnit"]["id"]
    assert (await ask(ann, "org/org_unit", id=id, first=1))["orgUnit"] is None
    assert await events() == ["HrChanged"]
    await turn_to(ask.services, SOON)
    assert (await ask(ann, "org/org_unit", id=id, first=1))["orgUnit"]["name"] == "Ward"
    assert await events("HrChanged") == ["UnitCreated"]


async def test_a_unit_taken_back_before_its_day_never_was(ask: Ask) -> None:
    hana = await an_hr()
    made = (await ask(hana, "org/create_unit", name="Ward", valid_from=str(SOON)))["createUnit"]

    given = {"org_unit_id": made["orgUnit"]["id"], "valid_from": str(SOON)}
    payload = (await ask(hana, "org/dissolve_unit", **given))["dissolveUnit"]

    assert (payload["errors"], payload["orgUnit"]) == ([], None)
    assert await OrgUnit.all().count() == 0


async def test_a_new_name_outlasts_a_move_that_is_known(ask: Ask) -> None:
    hana, top, ward = await an_hr(), await a_unit("Top"), await a_unit("Ward")
    own = {"org_unit_id": global_id(ward)}
    await ask(hana, "org/move_unit", **own, parent_id=global_id(top), valid_from=str(SOON))

    await ask(hana, "org/rename_unit", **own, name="Night", valid_from=str(TOMORROW))

    terms = await UnitTerm.filter(unit_id=ward.id).order_by("valid_from")
    assert [(term.name, term.parent_id) for term in terms] == [("Ward", None), ("Night", None), ("Night", top.id)]
    assert (await OrgUnit.get(id=ward.id)).name == "Ward"
    await turn_to(ask.services, SOON)
    moved = await OrgUnit.get(id=ward.id)
    assert (moved.name, moved.parent_id) == ("Night", top.id)
    assert await events("HrChanged") == ["UnitChanged"]


async def test_a_move_takes_along_what_is_below_and_no_history(ask: Ask) -> None:
    hana, old, new = await an_hr(), await a_unit("Old"), await a_unit("New")
    ward = await a_unit("Ward", parent=old)
    night = await a_unit("Night", parent=ward)
    ann, bob = await a_person("Ann", unit=night), await a_person("Bob", unit=old)
    post = global_id(await a_post(author=bob, audience=old.id))
    own = global_id(await a_post(author=ann, audience=ward.id))
    versions = await db.rows("SELECT version FROM person ORDER BY id")

    payload = (await ask(hana, "org/move_unit", org_unit_id=global_id(ward), parent_id=global_id(new)))["moveUnit"]

    assert payload["orgUnit"]["parent"]["name"] == "New"
    assert await readers(ask, post, ann, bob) == ["Bob"]
    assert await readers(ask, own, ann, bob) == ["Ann"]
    assert await db.rows("SELECT version FROM person ORDER BY id") == versions
    assert await events() == ["UnitChanged", "HrChanged"]


async def test_no_unit_lies_below_itself_on_any_day(ask: Ask) -> None:
    hana, top = await an_hr(), await a_unit("Top")
    ward = await a_unit("Ward", parent=top)
    night = await a_unit("Night")
    await ask(hana, "org/move_unit", org_unit_id=global_id(night), parent_id=global_id(ward), valid_from=str(SOON))

    async def move(unit: OrgUnit, parent: OrgUnit, **more: str) -> dict[str, Any]:
        given = {"org_unit_id": global_id(unit), "parent_id": global_id(parent), **more}
        return (await ask(hana, "org/move_unit", **given))["moveUnit"]

    for refused in (
        await move(top, top),
        await move(top, ward),
        await move(top, night),
        await move(top, night, valid_from=str(SOON + timedelta(days=1))),
    ):
        assert (codes(refused), path(refused)) == (["UNIT_CYCLE"], ["input", "parentId"])
    unsaid = (await ask(hana, "org/move_unit", org_unit_id=global_id(ward)))["moveUnit"]
    assert codes(unsaid) == ["BAD_USER_INPUT"]
    merged = await ask(hana, "org/merge_units", org_unit_id=global_id(top), into_id=global_id(ward))
    assert codes(merged["mergeUnits"]) == ["UNIT_CYCLE"]
    assert len(await trail()) == 1


async def test_a_head_and_a_deputy_come_and_go_with_their_rights(ask: Ask) -> None:
    hana, ward, ann, bea = await an_hr(), await a_unit("Ward"), await a_person("Ann"), await a_person("Bea")
    own = {"org_unit_id": global_id(ward)}

    await ask(hana, "org/set_unit_head", **own, head_id=global_id(ann), deputy_id=global_id(bea))
    payload = (await ask(hana, "org/set_unit_head", **own, head_id=None, expected_version=2))["setUnitHead"]

    assert payload["errors"] == []
    unit = await OrgUnit.get(id=ward.id)
    assert (unit.head_id, unit.deputy_id) == (None, bea.id)
    told = await db.rows("SELECT subject_id FROM event WHERE kind = 'RightsChanged' ORDER BY generation, xid, id")
    assert [row["subject_id"] for row in told] == [*sorted([ann.id, bea.id]), ann.id]
    assert codes((await ask(hana, "org/set_unit_head", **own))["setUnitHead"]) == ["BAD_USER_INPUT"]
    stale = (await ask(hana, "org/set_unit_head", **own, head_id=None, expected_version=2))["setUnitHead"]
    assert codes(stale) == ["CONFLICT"]


async def test_a_merger_takes_everything_and_whoever_was_in_it_reads_on(ask: Ask) -> None:
    hana, ward, lab = await an_hr(), await a_unit("Ward"), await a_unit("Laboratory")
    night = await a_unit("Night", parent=ward)
    ann, bob = await a_person("Ann", unit=ward), await a_person("Bob", unit=night)
    cem = await a_person("Cem", unit=lab)
    of_ward = global_id(await a_post(author=ann, audience=ward.id))
    of_lab = global_id(await a_post(author=cem, audience=lab.id))
    given = {"org_unit_id": global_id(ward), "into_id": global_id(lab)}

    payload = (await ask(hana, "org/merge_units", **given))["mergeUnits"]

    assert (payload["errors"], payload["orgUnit"]["name"]) == ([], "Laboratory")
    assert (await Person.get(id=ann.id)).unit_id == lab.id
    assert (await OrgUnit.get(id=night.id)).parent_id == lab.id
    assert not (await OrgUnit.get(id=ward.id)).active
    assert await readers(ask, of_ward, ann, bob, cem) == ["Ann", "Bob"]
    assert await readers(ask, of_lab, ann, bob, cem) == ["Ann", "Bob", "Cem"]
    assert sorted(await events("RightsChanged")) == [
        *("HrChanged", "PersonChanged", "PositionChanged", "UnitChanged", "UnitDissolved"),
    ]
    assert (await ask(hana, "org/merge_units", **given))["mergeUnits"]["errors"] == []
    assert len(await trail()) == 1


async def test_a_merger_to_come_keeps_those_who_are_in_it_then(ask: Ask) -> None:
    hana, ward, lab = await an_hr(), await a_unit("Ward"), await a_unit("Laboratory")
    ann, bob = await a_person("Ann", unit=ward), await a_person("Bob", unit=lab)
    cem = await a_person("Cem", unit=ward)
    post = global_id(await a_post(author=ann, audience=ward.id))
    await ask(hana, "org/merge_units", org_unit_id=global_id(ward), into_id=global_id(lab), valid_from=str(SOON))
    await ask(hana, "org/move_person", person_id=global_id(ann), org_unit_id=global_id(lab))

    late = {"person_id": global_id(bob), "org_unit_id": global_id(ward), "valid_from": str(TOMORROW)}
    assert codes((await ask(hana, "org/move_person", **late))["movePerson"]) == ["ORPHAN"]
    assert await readers(ask, post, ann, bob, cem) == ["Cem"]
    await turn_to(ask.services, SOON)
    assert await readers(ask, post, ann, bob, cem) == ["Cem"]
    assert (await Person.get(id=cem.id)).unit_id == lab.id


async def test_what_is_known_to_come_into_a_unit_goes_where_it_goes(ask: Ask) -> None:
    hana, ward, lab = await an_hr(), await a_unit("Ward"), await a_unit("Laboratory")
    ann = await a_person("Ann", unit=lab)
    await ask(hana, "org/move_person", person_id=global_id(ann), org_unit_id=global_id(ward), valid_from=str(SOON))

    await ask(hana, "org/merge_units", org_unit_id=global_id(ward), into_id=global_id(lab))

    assert {term.unit_id for term in await PositionTerm.filter(title="", unit_id__not_isnull=True)} == {lab.id}


async def test_only_an_empty_unit_is_dissolved_without_another(ask: Ask) -> None:
    hana, top = await an_hr(), await a_unit("Top")
    ward = await a_unit("Ward", parent=top)
    ann = await a_person("Ann", unit=ward)

    async def dissolve(unit: OrgUnit, **more: str) -> dict[str, Any]:
        return (await ask(hana, "org/dissolve_unit", org_unit_id=global_id(unit), **more))["dissolveUnit"]

    assert codes(await dissolve(ward)) == ["NOT_EMPTY"]
    assert codes(await dissolve(top)) == ["NOT_EMPTY"]
    assert (await dissolve(ward, into_id=global_id(top)))["errors"] == []
    assert (await Person.get(id=ann.id)).unit_id == top.id
    await ask(hana, "org/move_person", person_id=global_id(ann), org_unit_id=global_id(await a_unit("New")))
    assert (await dissolve(top))["errors"] == []
    assert (await dissolve(top))["errors"] == []
    assert await OrgUnit.filter(active=True).count() == 1


async def test_of_what_is_gone_nothing_can_be_changed(ask: Ask) -> None:
    hana, ward = await an_hr(), await a_unit("Ward")
    await ask(hana, "org/dissolve_unit", org_unit_id=global_id(ward), valid_from=str(TODAY))
    own = {"org_unit_id": global_id(ward)}

    for operation, given in (
        ("rename_unit", {**own, "name": "Night"}),
        ("move_unit", {**own, "parent_id": None}),
        ("set_unit_head", {**own, "head_id": None}),
        ("create_unit", {"name": "Night", "parent_id": global_id(ward)}),
        ("create_position", own),
        ("move_person", {"person_id": global_id(hana), **own}),
    ):
        [payload] = (await ask(hana, f"org/{operation}", **given)).values()
        assert codes(payload) == ["BAD_USER_INPUT"], operation


async def test_a_unit_too_large_for_a_request_is_merged_by_the_house(ask: Ask) -> None:
    ward, lab = await a_unit("Ward"), await a_unit("Laboratory")
    for name in ("Ann", "Bob"):
        await a_person(name, unit=ward)
    ctx, change = await ask.context(None), MergeUnits(ward.id, lab.id)

    with pytest.raises(Invalid, match="at most 1 are moved"):
        await enact(ctx, change, TODAY, most=1)
    assert await events() == []
    await enact(ctx, change, TODAY)
    assert await Person.filter(unit_id=lab.id).count() == 2
