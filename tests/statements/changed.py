"""What changes of the org chart and drafts need before they can be run: a viewer who is HR, and something to change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from execution.ids import encode_id
from models.drafts import OrgDraft, OrgDraftChange
from models.positions import LineKind, ReportingLine
from resolvers.changes import kinds
from resolvers.changes.kinds import OrgChange, stored
from resolvers.changes.making import enact
from resolvers.context import Context
from tests.factories.ids import global_id
from tests.factories.people import a_person, a_position, a_unit, post_of
from tests.statements.arranged import Arranged, Company, arranges, hr

Say = Callable[[Company], Awaitable[dict[str, Any]]]


def said(*operations: str) -> Callable[[Say], Say]:
    """Has HR run these with the variables that a function gives."""

    def declare(say: Say) -> Say:
        async def arrange(company: Company) -> Arranged:
            return Arranged(await hr(company), await say(company))

        arranges(*operations)(arrange)
        return say

    return declare


@said("org/create_person")
async def somebody_new(company: Company) -> dict[str, Any]:
    place = {"org_unit_id": global_id(company.top), "manager_id": global_id(company.ann)}
    return {"name": "Eva", "employee_id": "E1", "title": "Nurse", **place}


@said("org/move_person")
async def another_unit(company: Company) -> dict[str, Any]:
    person, unit = company.people[0], company.units[1]
    return {"person_id": global_id(person), "org_unit_id": global_id(unit), "manager_id": None}


@said("org/set_manager")
async def another_manager(company: Company) -> dict[str, Any]:
    return {"person_id": global_id(company.people[0]), "manager_id": global_id(company.people[1])}


@said("org/promote_person")
async def another_title(company: Company) -> dict[str, Any]:
    return {"person_id": global_id(company.people[0]), "title": "Matron", "grade": "7"}


@said("org/rename_person")
async def a_married_name(company: Company) -> dict[str, Any]:
    return {"person_id": global_id(company.people[0]), "name": "Dana"}


@said("org/record_leave", "org/deactivate_person")
async def a_leaver(company: Company) -> dict[str, Any]:
    return {"person_id": global_id(company.people[0])}


@said("org/rehire_person")
async def somebody_back(company: Company) -> dict[str, Any]:
    lea = await a_person("Lea", unit=company.top)
    await _made(company, kinds.Leave(lea.id))
    return {"person_id": global_id(lea), "org_unit_id": global_id(company.top), "title": "Nurse"}


@said("org/assign_position")
async def a_position_and_somebody(company: Company) -> dict[str, Any]:
    position = await a_position("Guard", unit=company.top)
    return {"position_id": global_id(position), "person_id": global_id(company.people[0])}


@said("org/vacate_position")
async def a_second_position(company: Company) -> dict[str, Any]:
    position = await a_position("Guard", unit=company.top)
    await _made(company, kinds.AssignPosition(position.id, company.people[0].id))
    return {"position_id": global_id(position), "person_id": global_id(company.people[0])}


@said("org/create_position")
async def a_place(company: Company) -> dict[str, Any]:
    return {"title": "Guard", "org_unit_id": global_id(company.top), "manager_id": global_id(company.ann)}


@said("org/end_position")
async def an_empty_position(company: Company) -> dict[str, Any]:
    return {"position_id": global_id(await a_position("Guard", unit=company.top))}


@said("org/add_reporting_line")
async def two_people(company: Company) -> dict[str, Any]:
    first, second = company.people[:2]
    return {"person_id": global_id(first), "manager_id": global_id(second), "kind": "DOTTED"}


@said("org/end_reporting_line")
async def a_line(company: Company) -> dict[str, Any]:
    line = await ReportingLine.get(position_id=await post_of(company.people[0]), kind=LineKind.SOLID)
    return {"line_id": encode_id("ReportingLine", line.id)}


@said("org/create_unit")
async def a_parent_and_a_head(company: Company) -> dict[str, Any]:
    return {"name": "Night", "parent_id": global_id(company.top), "head_id": global_id(company.ann)}


@said("org/rename_unit")
async def another_name(company: Company) -> dict[str, Any]:
    return {"org_unit_id": global_id(company.units[0]), "name": "Night"}


@said("org/move_unit")
async def another_parent(company: Company) -> dict[str, Any]:
    return {"org_unit_id": global_id(company.units[0]), "parent_id": global_id(company.units[1])}


@said("org/set_unit_head")
async def another_head(company: Company) -> dict[str, Any]:
    return {"org_unit_id": global_id(company.units[0]), "head_id": global_id(company.people[1])}


@said("org/merge_units")
async def a_full_unit(company: Company) -> dict[str, Any]:
    unit = await a_unit("Full", parent=company.top)
    for i in range(company.size):
        await a_person(f"Eva {i}", unit=unit)
        await a_unit(f"Below {i}", parent=unit)
    return {"org_unit_id": global_id(unit), "into_id": global_id(company.top)}


@said("org/dissolve_unit")
async def an_empty_unit(company: Company) -> dict[str, Any]:
    return {"org_unit_id": global_id(await a_unit("Empty", parent=company.top))}


@said("drafts/create_org_draft")
async def a_plan(company: Company) -> dict[str, Any]:
    return {"name": "Spring", "effective_on": str(company.services.clock.now().date()), "client_id": "d1"}


@said("drafts/org_drafts")
async def many_drafts(company: Company) -> dict[str, Any]:
    for _ in range(company.size):
        await _draft(company)
    return {"first": company.size}


@said("drafts/org_draft")
async def a_draft_that_concerns_all(company: Company) -> dict[str, Any]:
    return {"id": global_id(await _draft(company)), "first": company.size}


@said("drafts/apply_org_draft", "drafts/withdraw_org_draft")
async def a_draft(company: Company) -> dict[str, Any]:
    return {"draft_id": global_id(await _draft(company))}


@said("drafts/update_org_draft")
async def another_plan(company: Company) -> dict[str, Any]:
    later = company.services.clock.now().date() + timedelta(days=30)
    return {"draft_id": global_id(await _draft(company)), "name": "Autumn", "effective_on": str(later)}


@said("drafts/add_org_draft_change")
async def one_more_change(company: Company) -> dict[str, Any]:
    change = {"setManager": {"personId": global_id(company.people[0]), "managerId": global_id(company.ann)}}
    return {"draft_id": global_id(await _draft(company)), "change": change, "client_id": "c1"}


@said("drafts/remove_org_draft_change")
async def one_change_too_many(company: Company) -> dict[str, Any]:
    change = await OrgDraftChange.filter(draft_id=(await _draft(company)).id).order_by("rank").first()
    assert change
    return {"change_id": global_id(change)}


async def _draft(company: Company) -> OrgDraft:
    """A draft of two changes: everybody's unit goes by another name, and somebody by another title."""
    now = company.services.clock.now()
    draft = await OrgDraft.create(name="Spring", effective_on=now.date(), author_id=company.ann.id, created_at=now)
    changes: list[OrgChange] = [
        kinds.RenameUnit(company.top.id, "Summit"),
        kinds.SetManager(company.people[0].id, company.people[1].id),
    ]
    for rank, change in enumerate(changes):
        await OrgDraftChange.create(draft_id=draft.id, rank=rank, kind=change.kind, refs=stored(change))
    return draft


async def _made(company: Company, change: OrgChange) -> None:
    ctx = Context(company.services, viewer=None)
    await enact(ctx, change, ctx.today())
