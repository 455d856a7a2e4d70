"""Re-org drafts: gathered, previewed, applied as a whole or not at all."""

from __future__ import annotations

from typing import Any

from models.drafts import OrgDraft, OrgDraftChange
from models.log import LoggedEvent
from models.org import OrgUnit
from models.people import Person
from models.timers import Timer
from tests.conftest import Ask
from tests.factories.changes import SOON, TODAY, an_hr, codes, events, path, trail, turn_to
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_unit, manager_of


class Draft:
    """A draft of somebody's: `await draft.add(movePerson={…})`, `await draft.seen()`, `await draft.apply()`."""

    def __init__(self, ask: Ask, who: Person, id: str) -> None:
        self.ask, self.who, self.id = ask, who, id

    async def add(self, **change: Any) -> dict[str, Any]:
        data = await self.ask(self.who, "drafts/add_org_draft_change", draft_id=self.id, change=change)
        return data["addOrgDraftChange"]

    async def seen(self) -> dict[str, Any]:
        return (await self.ask(self.who, "drafts/org_draft", id=self.id, first=50))["orgDraft"]

    async def preview(self) -> dict[str, Any]:
        return (await self.seen())["preview"]

    async def apply(self, **more: Any) -> dict[str, Any]:
        return (await self.ask(self.who, "drafts/apply_org_draft", draft_id=self.id, **more))["applyOrgDraft"]


async def a_draft(ask: Ask, who: Person, effective_on: str = str(SOON)) -> Draft:
    data = await ask(who, "drafts/create_org_draft", name="Spring", effective_on=effective_on)
    assert data["createOrgDraft"]["errors"] == []
    return Draft(ask, who, data["createOrgDraft"]["orgDraft"]["id"])


def told(preview: dict[str, Any]) -> set[tuple[str, str, str | None, str | None]]:
    return {(d["subjectName"], d["trait"], d["old"], d["new"]) for d in preview["differences"]}


async def test_a_preview_tells_and_changes_nothing(ask: Ask) -> None:
    hana, ward, lab = await an_hr(), await a_unit("Ward"), await a_unit("Laboratory")
    bea = await a_person("Bea", unit=ward, title="Matron")
    ann = await a_person("Ann", unit=ward, manager=bea, title="Nurse")
    draft = await a_draft(ask, hana)
    made = await draft.add(createUnit={"name": "Night", "parentId": global_id(lab), "headId": global_id(bea)})
    night = made["change"]["subjectId"]
    await draft.add(movePerson={"personId": global_id(ann), "orgUnitId": night, "managerId": None})
    await draft.add(renameUnit={"orgUnitId": global_id(ward), "name": "Day"})

    seen = await draft.seen()

    preview = seen["preview"]
    assert preview["conflicts"] == []
    assert told(preview) == {
        ("Night", "NAME", None, "Night"),
        ("Night", "PARENT", None, "Laboratory"),
        ("Night", "HEAD", None, "Bea"),
        ("Nurse, Ann", "UNIT", "Day", "Night"),
        ("Nurse, Ann", "SOLID", "Matron, Bea", None),
        ("Day", "NAME", "Ward", "Day"),
    }
    assert preview["peopleAffected"]["totalCount"] == 2
    assert [c["kind"] for c in seen["changes"]["nodes"]] == ["CREATE_UNIT", "MOVE_PERSON", "RENAME_UNIT"]
    assert seen["changes"]["nodes"][1]["traits"] == [
        {"name": "person", "value": global_id(ann)},
        {"name": "unit", "value": night},
        {"name": "manager", "value": None},
    ]
    assert await OrgUnit.all().count() == 2
    assert await LoggedEvent.all().count() == 0
    assert await Timer.all().count() == 0
    assert await manager_of(ann, SOON) == bea.id


async def test_applied_it_is_what_was_told_on_its_day(ask: Ask) -> None:
    hana, ward = await an_hr(), await a_unit("Ward")
    ann = await a_person("Ann", unit=ward, title="Nurse")
    draft = await a_draft(ask, hana)
    night = (await draft.add(createUnit={"name": "Night", "headId": global_id(ann)}))["change"]["subjectId"]
    await draft.add(movePerson={"personId": global_id(ann), "orgUnitId": night})

    applied = await draft.apply()
    again = await draft.apply()

    assert (applied["errors"], applied["orgDraft"]["status"]) == ([], "APPLIED")
    assert again == applied
    assert (await Person.get(id=ann.id)).unit_id == ward.id
    assert await events("HrChanged") == []
    assert [one["what"] for one in await trail()] == ["CreateUnit", "MovePerson"]
    await turn_to(ask.services, SOON)
    unit = await OrgUnit.get(name="Night")
    assert (unit.active, unit.head_id) == (True, ann.id)
    assert (await Person.get(id=ann.id)).unit_id == unit.id
    assert (await draft.seen())["preview"] is None


async def test_conflicts_are_told_each_with_its_change_and_nothing_is_made(ask: Ask) -> None:
    hana, ward = await an_hr(), await a_unit("Ward")
    bea = await a_person("Bea", unit=ward)
    ann = await a_person("Ann", unit=ward, manager=bea)
    post = (await ask(hana, "org/create_position", title="Guard"))["createPosition"]["position"]["id"]
    await ask(hana, "org/set_manager", person_id=global_id(bea), manager_id=post)
    await ask(hana, "org/set_unit_head", org_unit_id=global_id(ward), head_id=global_id(ann))
    before = await trail()
    draft = await a_draft(ask, hana, str(TODAY))
    await draft.add(setManager={"personId": global_id(bea), "managerId": global_id(ann)})
    await draft.add(endPosition={"positionId": post})
    await draft.add(recordLeave={"personId": global_id(ann)})
    await draft.add(promotePerson={"personId": global_id(ann), "title": "Matron"})

    conflicts = (await draft.preview())["conflicts"]
    refused = await draft.apply(accept_headless_units=True)

    assert [(c["code"], c["path"], c["change"] and c["change"]["kind"]) for c in conflicts] == [
        ("REPORTING_CYCLE", ["changes", "0", "managerId"], "SET_MANAGER"),
        ("BAD_USER_INPUT", ["changes", "3", "personId"], "PROMOTE_PERSON"),
        ("ORPHAN", [], None),
        ("HEADLESS_UNIT", [], None),
    ]
    assert codes(refused) == ["CONFLICT"]
    assert [c["code"] for c in refused["conflicts"]] == ["REPORTING_CYCLE", "BAD_USER_INPUT", "ORPHAN"]
    assert await trail() == before
    assert (await Person.get(id=ann.id)).active


async def test_what_one_change_leaves_open_another_may_mend(ask: Ask) -> None:
    hana, ward, lab = await an_hr(), await a_unit("Ward"), await a_unit("Laboratory")
    ann = await a_person("Ann", unit=ward)
    draft = await a_draft(ask, hana, str(TODAY))
    await draft.add(dissolveUnit={"orgUnitId": global_id(ward)})
    assert [c["code"] for c in (await draft.preview())["conflicts"]] == ["ORPHAN"]
    await draft.add(movePerson={"personId": global_id(ann), "orgUnitId": global_id(lab)})

    assert (await draft.preview())["conflicts"] == []
    assert (await draft.apply())["errors"] == []

    assert (await Person.get(id=ann.id)).unit_id == lab.id
    assert not (await OrgUnit.get(id=ward.id)).active


async def test_only_hr_of_the_whole_company_knows_of_drafts(ask: Ask) -> None:
    hana, ward = await an_hr(), await a_unit("Ward")
    draft = await a_draft(ask, hana)
    change = (await draft.add(renameUnit={"orgUnitId": global_id(ward), "name": "Day"}))["change"]["id"]

    for other in (await a_person("Ann"), await an_hr("Hugo", of=ward)):
        assert (await ask(other, "drafts/org_draft", id=draft.id, first=1))["orgDraft"] is None
        assert (await ask(other, "drafts/org_drafts", first=5))["orgDrafts"]["nodes"] == []
        for operation, given in (
            ("apply_org_draft", {"draft_id": draft.id}),
            ("withdraw_org_draft", {"draft_id": draft.id}),
            ("update_org_draft", {"draft_id": draft.id, "name": "Mine"}),
            ("remove_org_draft_change", {"change_id": change}),
        ):
            [payload] = (await ask(other, f"drafts/{operation}", **given)).values()
            assert codes(payload) == ["NOT_FOUND"]
        [payload] = (await ask(other, "drafts/create_org_draft", name="Mine", effective_on=str(SOON))).values()
        assert codes(payload) == ["FORBIDDEN"]
    assert await OrgDraft.all().count() == 1


async def test_a_draft_is_edited_at_its_version_and_closed_for_good(ask: Ask) -> None:
    hana = await an_hr()
    draft = await a_draft(ask, hana)
    own = {"draft_id": draft.id}

    changed = (await ask(hana, "drafts/update_org_draft", **own, name="Autumn", expected_version=1))["updateOrgDraft"]
    stale = (await ask(hana, "drafts/update_org_draft", **own, name="Winter", expected_version=1))["updateOrgDraft"]
    far = (await ask(hana, "drafts/update_org_draft", **own, effective_on="2040-01-01"))["updateOrgDraft"]
    gone = (await ask(hana, "drafts/withdraw_org_draft", **own))["withdrawOrgDraft"]
    again = (await ask(hana, "drafts/withdraw_org_draft", **own))["withdrawOrgDraft"]

    assert (changed["orgDraft"]["name"], changed["orgDraft"]["version"]) == ("Autumn", 2)
    assert (codes(stale), codes(far), path(far)) == (["CONFLICT"], ["BAD_DATES"], ["input", "effectiveOn"])
    assert gone == again
    assert gone["orgDraft"]["status"] == "WITHDRAWN"
    assert codes(await draft.apply()) == ["CONFLICT"]
    assert codes(await draft.add(createUnit={"name": "Night"})) == ["CONFLICT"]


async def test_the_same_client_id_is_the_same_draft_and_the_same_change(ask: Ask) -> None:
    hana = await an_hr()
    for _ in range(2):
        data = await ask(hana, "drafts/create_org_draft", name="Spring", effective_on=str(SOON), client_id="d1")
        id = data["createOrgDraft"]["orgDraft"]["id"]
        change = {"createUnit": {"name": "Night"}}
        await ask(hana, "drafts/add_org_draft_change", draft_id=id, change=change, client_id="c1")

    assert await OrgDraft.all().count() == 1
    assert await OrgDraftChange.all().count() == 1


async def test_a_change_of_a_draft_has_no_day_of_its_own(ask: Ask) -> None:
    draft = await a_draft(ask, await an_hr())

    dated = await draft.add(createUnit={"name": "Night", "validFrom": str(TODAY)})
    unsaid = await draft.add(setManager={"personId": global_id(draft.who)})

    assert (codes(dated), path(dated)) == (["BAD_DATES"], ["input", "change", "createUnit", "validFrom"])
    assert (codes(unsaid), path(unsaid)) == (["BAD_USER_INPUT"], ["input", "change", "setManager", "managerId"])


async def test_a_change_is_taken_out_again(ask: Ask) -> None:
    hana = await an_hr()
    draft = await a_draft(ask, hana)
    change = (await draft.add(createUnit={"name": "Night"}))["change"]["id"]

    payload = (await ask(hana, "drafts/remove_org_draft_change", change_id=change))["removeOrgDraftChange"]

    assert (payload["errors"], payload["removedId"]) == ([], change)
    assert (await draft.preview())["differences"] == []


async def test_one_draft_is_previewed_at_a_time(ask: Ask) -> None:
    hana = await an_hr()
    for _ in range(2):
        await a_draft(ask, hana)

    answer = await ask.text(hana, "{ orgDrafts(first: 2) { nodes { preview { differences { trait } } } } }")

    assert answer.code == "BAD_USER_INPUT"
