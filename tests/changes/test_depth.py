"""Units nest so deep and no deeper: made, moved or merged, on any day, in a draft, and at the same instant."""

from __future__ import annotations

from typing import Any

from models import db
from models.org import UNIT_DEPTH_MAX, OrgUnit, UnitClosure, UnitTerm
from tests.changes.test_races import at_once
from tests.conftest import Ask
from tests.drafts.test_drafts import a_draft
from tests.factories.changes import SOON, TOMORROW, an_hr, codes, path
from tests.factories.ids import global_id
from tests.factories.people import a_unit

TOO_DEEP = (["BAD_USER_INPUT"], ["input", "parentId"])


async def a_chain(name: str, length: int) -> list[OrgUnit]:
    """Units each below the one before."""
    units: list[OrgUnit] = []
    for n in range(1, length + 1):
        units.append(await a_unit(f"{name} {n}", parent=units[-1] if units else None))
    return units


class Tree:
    """What HR asks of the tree: `await tree.move(unit, parent)`."""

    def __init__(self, ask: Ask, who: Any) -> None:
        self.ask, self.who = ask, who

    async def create(self, parent: OrgUnit | None, **more: Any) -> dict[str, Any]:
        place = {"parent_id": global_id(parent)} if parent else {}
        return (await self.ask(self.who, "org/create_unit", name="New", **place, **more))["createUnit"]

    async def move(self, unit: OrgUnit, parent: OrgUnit | None, **more: Any) -> dict[str, Any]:
        given = {"org_unit_id": global_id(unit), "parent_id": global_id(parent) if parent else None}
        return (await self.ask(self.who, "org/move_unit", **given, **more))["moveUnit"]

    async def merge(self, unit: OrgUnit, into: OrgUnit, **more: Any) -> dict[str, Any]:
        given = {"org_unit_id": global_id(unit), "into_id": global_id(into)}
        return (await self.ask(self.who, "org/merge_units", **given, **more))["mergeUnits"]


async def levels() -> int:
    return await db.value("SELECT max(depth) + 1 FROM unit_closure")


async def test_a_chain_grows_to_the_last_level_and_no_further(ask: Ask) -> None:
    tree, above = Tree(ask, await an_hr()), None
    for _ in range(UNIT_DEPTH_MAX):
        payload = await tree.create(above)
        assert payload["errors"] == []
        above = await OrgUnit.filter().order_by("-created_at", "-id").first()

    refused = await tree.create(above)

    assert (codes(refused), path(refused)) == TOO_DEEP
    assert "at most 50 levels deep" in refused["errors"][0]["message"]
    assert (await levels(), await OrgUnit.all().count()) == (UNIT_DEPTH_MAX, UNIT_DEPTH_MAX)
    assert await UnitClosure.all().count() == UNIT_DEPTH_MAX * (UNIT_DEPTH_MAX + 1) // 2


async def test_what_lies_below_counts(ask: Ask) -> None:
    tree, a, b = Tree(ask, await an_hr()), await a_chain("A", 30), await a_chain("B", 30)

    refused = await tree.move(b[0], a[29])
    too_much = await tree.move(b[0], a[20])
    fitting = await tree.move(b[0], a[19])

    assert (codes(refused), path(refused)) == TOO_DEEP
    assert (codes(too_much), path(too_much)) == TOO_DEEP
    assert fitting["errors"] == []
    assert await levels() == UNIT_DEPTH_MAX


async def test_a_merger_counts_what_it_takes_along(ask: Ask) -> None:
    tree, a, b = Tree(ask, await an_hr()), await a_chain("A", 30), await a_chain("B", 30)

    refused = await tree.merge(b[0], a[21])
    fitting = await tree.merge(b[0], a[20])

    assert (codes(refused), path(refused)) == (["BAD_USER_INPUT"], ["input", "intoId"])
    assert fitting["errors"] == []
    assert await levels() == UNIT_DEPTH_MAX


async def test_days_to_come_count(ask: Ask) -> None:
    tree, a, b = Tree(ask, await an_hr()), await a_chain("A", 30), await a_chain("B", 25)
    top, child = await a_unit("Top"), await a_unit("Child")
    assert (await tree.move(child, b[24], valid_from=str(SOON)))["errors"] == []
    assert (await tree.move(top, a[24]))["errors"] == []

    # From SOON on the chain B has 26 levels, and below A 25 only 25 fit.
    refused = await tree.move(b[0], a[24])
    assert (codes(refused), path(refused)) == TOO_DEEP
    assert f"on {SOON} there would be more" in refused["errors"][0]["message"]

    # For a time it fits: until then B goes elsewhere again.
    assert (await tree.move(b[0], top, valid_from=str(SOON)))["errors"] != []
    assert (await tree.move(b[0], a[0], valid_from=str(SOON)))["errors"] == []
    assert (await tree.move(b[0], a[24], valid_from=str(TOMORROW)))["errors"] == []
    assert await UnitTerm.filter(unit_id=b[0].id).count() == 3


async def test_a_draft_is_held_back(ask: Ask) -> None:
    hana, a, b = await an_hr(), await a_chain("A", 40), await a_chain("B", 10)
    draft = await a_draft(ask, hana)
    made = await draft.add(createUnit={"name": "Between", "parentId": global_id(a[39])})
    await draft.add(moveUnit={"orgUnitId": global_id(b[0]), "parentId": made["change"]["subjectId"]})

    conflicts = (await draft.preview())["conflicts"]
    refused = await draft.apply(accept_headless_units=True)

    [deep] = [one for one in conflicts if one["code"] != "HEADLESS_UNIT"]
    assert (deep["code"], deep["message"].partition(";")[0]) == (
        "BAD_USER_INPUT",
        "Units nest at most 50 levels deep",
    )
    assert deep["message"] in [one["message"] for one in refused["conflicts"]]
    assert await OrgUnit.all().count() == 50


async def test_two_moves_at_once_do_not_nest_too_deep_together(ask: Ask) -> None:
    tree, other = Tree(ask, await an_hr("Hana")), Tree(ask, await an_hr("Hugo"))
    a, b, c = [await a_chain(name, 20) for name in "ABC"]
    for _ in range(5):
        found = await at_once(
            _named("moveUnit", tree.move(b[0], a[19])),
            _named("moveUnit", other.move(c[0], b[19])),
        )

        assert found == ["", "BAD_USER_INPUT"]
        assert await levels() == 40
        for unit in (b[0], c[0]):
            await tree.move(unit, None)


async def _named(name: str, payload: Any) -> dict[str, Any]:
    return {name: await payload}


async def test_a_tree_as_deep_as_may_be_is_changed_fast(ask: Ask) -> None:
    tree, top = Tree(ask, await an_hr()), await a_unit("Top")
    chains = [await a_chain(name, 49) for name in "AB"]
    for chain in chains:
        assert (await tree.move(chain[0], top))["errors"] == []

    assert await levels() == UNIT_DEPTH_MAX
    assert codes(await tree.move(chains[0][0], chains[1][48])) == ["BAD_USER_INPUT"]
    assert await UnitClosure.all().count() == 1 + 2 * (49 * 50 // 2 + 49)
