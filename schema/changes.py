"""Changes of the org chart by HR: one mutation a kind, each with its day."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

import strawberry

from resolvers import accounts
from resolvers.changes import making, results
from resolvers.changes.kinds import OrgChange
from schema import change_inputs as inputs
from schema import change_payloads as payloads
from schema.change_inputs import ChangeInput
from schema.errors import answers
from schema.nodes import Info, key

Change = TypeVar("Change", bound=OrgChange)


@strawberry.input(description="A person whose account is to be closed today.")
class DeactivatePersonInput:
    person_id: strawberry.ID = strawberry.field(description="Who.")


async def _make(info: Info, input: ChangeInput[Change]) -> Change:
    """Make the change that an input describes."""
    change = input.change(info.context)
    version: int | None = getattr(input, "expected_version", None)
    await making.make(info.context, change, input.valid_from, expected_version=version)
    return change


async def _now(info: Info, loader: str, id: uuid.UUID) -> Any:
    """A person ("people"), a position ("positions") or a unit ("units") as the viewer sees it after the change."""
    return await info.context.loaders[loader].load(id)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Add a person from a day on, with a position of their own. HR and ADMIN only. Scope people:write."
    )
    @answers(payloads.CreatePersonPayload)
    async def create_person(self, info: Info, input: inputs.CreatePersonInput) -> payloads.CreatePersonPayload:
        change = input.change(info.context)
        code = await accounts.employ(info.context, change, input.valid_from)
        return payloads.CreatePersonPayload(person=await _now(info, "people", change.about), activation_code=code)

    @strawberry.mutation(description="Move somebody to another unit. HR and ADMIN only. Scope org:write.")
    @answers(payloads.MovePersonPayload)
    async def move_person(self, info: Info, input: inputs.MovePersonInput) -> payloads.MovePersonPayload:
        change = await _make(info, input)
        return payloads.MovePersonPayload(person=await _now(info, "people", change.about))

    @strawberry.mutation(
        description="Have somebody, or a position, report to another. A loop is refused, over any number of steps and"
        " on any day. HR and ADMIN only. Scope org:write."
    )
    @answers(payloads.SetManagerPayload)
    async def set_manager(self, info: Info, input: inputs.SetManagerInput) -> payloads.SetManagerPayload:
        change = await _make(info, input)
        return payloads.SetManagerPayload(
            person=await _now(info, "people", change.subject) if input.person_id else None,
            position=await _now(info, "positions", change.subject) if input.position_id else None,
            reporting_line=await results.line(info.context, change, input.valid_from),  # pyright: ignore[reportArgumentType]
        )

    @strawberry.mutation(description="Give somebody another title or grade. HR and ADMIN only. Scope org:write.")
    @answers(payloads.PromotePersonPayload)
    async def promote_person(self, info: Info, input: inputs.PromotePersonInput) -> payloads.PromotePersonPayload:
        change = await _make(info, input)
        return payloads.PromotePersonPayload(person=await _now(info, "people", change.about))

    @strawberry.mutation(
        description="Have somebody go by another name; charts of days before keep the old one. HR and ADMIN only. Scope"
        " org:write."
    )
    @answers(payloads.RenamePersonPayload)
    async def rename_person(self, info: Info, input: inputs.RenamePersonInput) -> payloads.RenamePersonPayload:
        change = await _make(info, input)
        return payloads.RenamePersonPayload(person=await _now(info, "people", change.about))

    @strawberry.mutation(
        description="Have somebody leave: that day sessions, tokens and streams end; content stays, reports keep their"
        " line. HR and ADMIN only. Scope people:write."
    )
    @answers(payloads.RecordLeavePayload)
    async def record_leave(self, info: Info, input: inputs.RecordLeaveInput) -> payloads.RecordLeavePayload:
        change = await _make(info, input)
        return payloads.RecordLeavePayload(person=await _now(info, "people", change.about))

    @strawberry.mutation(
        description="Take somebody back who has left: the same person, with a new way in and without old roles. HR and"
        " ADMIN only. Scope people:write."
    )
    @answers(payloads.RehirePersonPayload)
    async def rehire_person(self, info: Info, input: inputs.RehirePersonInput) -> payloads.RehirePersonPayload:
        change = input.change(info.context)
        code = await accounts.employ(info.context, change, input.valid_from, expected_version=input.expected_version)
        return payloads.RehirePersonPayload(person=await _now(info, "people", change.about), activation_code=code)

    @strawberry.mutation(
        description="Have somebody take a position, beside those who hold it. HR and ADMIN only. Scope org:write."
    )
    @answers(payloads.AssignPositionPayload)
    async def assign_position(self, info: Info, input: inputs.AssignPositionInput) -> payloads.AssignPositionPayload:
        change = await _make(info, input)
        return payloads.AssignPositionPayload(position=await _now(info, "positions", change.about))

    @strawberry.mutation(description="Have somebody give a position up. HR and ADMIN only. Scope org:write.")
    @answers(payloads.VacatePositionPayload)
    async def vacate_position(self, info: Info, input: inputs.VacatePositionInput) -> payloads.VacatePositionPayload:
        change = await _make(info, input)
        return payloads.VacatePositionPayload(position=await _now(info, "positions", change.about))

    @strawberry.mutation(description="Add a vacant position. HR and ADMIN only. Scope org:write.")
    @answers(payloads.CreatePositionPayload)
    async def create_position(self, info: Info, input: inputs.CreatePositionInput) -> payloads.CreatePositionPayload:
        change = await _make(info, input)
        return payloads.CreatePositionPayload(position=await _now(info, "positions", change.about))

    @strawberry.mutation(description="End a position. HR and ADMIN only. Scope org:write.")
    @answers(payloads.EndPositionPayload)
    async def end_position(self, info: Info, input: inputs.EndPositionInput) -> payloads.EndPositionPayload:
        change = await _make(info, input)
        return payloads.EndPositionPayload(position=await _now(info, "positions", change.about))

    @strawberry.mutation(description="Add a line, for good or for a time. HR and ADMIN only. Scope org:write.")
    @answers(payloads.AddReportingLinePayload)
    async def add_reporting_line(
        self, info: Info, input: inputs.AddReportingLineInput
    ) -> payloads.AddReportingLinePayload:
        change = await _make(info, input)
        line = await results.line(info.context, change, input.valid_from)
        return payloads.AddReportingLinePayload(reporting_line=line)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="End a line. HR and ADMIN only. Scope org:write.")
    @answers(payloads.EndReportingLinePayload)
    async def end_reporting_line(
        self, info: Info, input: inputs.EndReportingLineInput
    ) -> payloads.EndReportingLinePayload:
        change = await _make(info, input)
        line = await results.line(info.context, change, input.valid_from)
        return payloads.EndReportingLinePayload(reporting_line=line)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Add a unit. HR and ADMIN only. Scope org:write.")
    @answers(payloads.CreateUnitPayload)
    async def create_unit(self, info: Info, input: inputs.CreateUnitInput) -> payloads.CreateUnitPayload:
        change = await _make(info, input)
        return payloads.CreateUnitPayload(org_unit=await _now(info, "units", change.about))

    @strawberry.mutation(description="Rename a unit. HR and ADMIN only. Scope org:write.")
    @answers(payloads.RenameUnitPayload)
    async def rename_unit(self, info: Info, input: inputs.RenameUnitInput) -> payloads.RenameUnitPayload:
        change = await _make(info, input)
        return payloads.RenameUnitPayload(org_unit=await _now(info, "units", change.about))

    @strawberry.mutation(
        description="Move a unit with all below it; below itself, on any day, is refused. HR and ADMIN only. Scope"
        " org:write."
    )
    @answers(payloads.MoveUnitPayload)
    async def move_unit(self, info: Info, input: inputs.MoveUnitInput) -> payloads.MoveUnitPayload:
        change = await _make(info, input)
        return payloads.MoveUnitPayload(org_unit=await _now(info, "units", change.about))

    @strawberry.mutation(description="Set who leads a unit. HR and ADMIN only. Scope org:write.")
    @answers(payloads.SetUnitHeadPayload)
    async def set_unit_head(self, info: Info, input: inputs.SetUnitHeadInput) -> payloads.SetUnitHeadPayload:
        change = await _make(info, input)
        return payloads.SetUnitHeadPayload(org_unit=await _now(info, "units", change.about))

    @strawberry.mutation(
        description="Merge a unit into another one, which is the answer. HR and ADMIN only. Scope org:write."
    )
    @answers(payloads.MergeUnitsPayload)
    async def merge_units(self, info: Info, input: inputs.MergeUnitsInput) -> payloads.MergeUnitsPayload:
        change = await _make(info, input)
        return payloads.MergeUnitsPayload(org_unit=await _now(info, "units", change.into))

    @strawberry.mutation(description="Dissolve a unit. HR and ADMIN only. Scope org:write.")
    @answers(payloads.DissolveUnitPayload)
    async def dissolve_unit(self, info: Info, input: inputs.DissolveUnitInput) -> payloads.DissolveUnitPayload:
        change = await _make(info, input)
        return payloads.DissolveUnitPayload(org_unit=await _now(info, "units", change.about))

    @strawberry.mutation(
        description="Close an account today: sessions, tokens and live streams end at once, content stays. HR and ADMIN"
        " only. Scope people:write."
    )
    @answers(payloads.DeactivatePersonPayload)
    async def deactivate_person(self, info: Info, input: DeactivatePersonInput) -> payloads.DeactivatePersonPayload:
        id = key("Person", input.person_id, ["personId"])
        await accounts.close_account(info.context, id)
        return payloads.DeactivatePersonPayload(person=await _now(info, "people", id))
