"""Working on re-org drafts."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import date
from typing import Any

import strawberry

from execution.lengths import at_most
from models.errors import ErrorCode, Invalid
from resolvers import drafts as actions
from resolvers.changes.kinds import OrgChange
from resolvers.changes.rehearsal import CONFLICTS_MAX
from schema import change_inputs as inputs
from schema.change_inputs import ChangeInput
from schema.draft_changes import OrgDraftChange
from schema.drafts import OrgDraft, OrgDraftConflict
from schema.errors import UserError, answers, failed, user_error
from schema.nodes import Info, key


def _one(description: str) -> Any:
    return strawberry.field(default=strawberry.UNSET, description=description)


@strawberry.input(
    one_of=True, description="One change, as its mutation takes it, without `validFrom` and `expectedVersion`."
)
class OrgChangeInput:
    create_person: inputs.CreatePersonInput | None = _one("As `createPerson`; nobody is invited.")
    move_person: inputs.MovePersonInput | None = _one("As `movePerson`.")
    set_manager: inputs.SetManagerInput | None = _one("As `setManager`.")
    promote_person: inputs.PromotePersonInput | None = _one("As `promotePerson`.")
    rename_person: inputs.RenamePersonInput | None = _one("As `renamePerson`.")
    record_leave: inputs.RecordLeaveInput | None = _one("As `recordLeave`.")
    rehire_person: inputs.RehirePersonInput | None = _one("As `rehirePerson`; nobody is invited.")
    assign_position: inputs.AssignPositionInput | None = _one("As `assignPosition`.")
    vacate_position: inputs.VacatePositionInput | None = _one("As `vacatePosition`.")
    create_position: inputs.CreatePositionInput | None = _one("As `createPosition`.")
    end_position: inputs.EndPositionInput | None = _one("As `endPosition`; who reports to it may be moved later on.")
    add_reporting_line: inputs.AddReportingLineInput | None = _one("As `addReportingLine`.")
    end_reporting_line: inputs.EndReportingLineInput | None = _one("As `endReportingLine`.")
    create_unit: inputs.CreateUnitInput | None = _one("As `createUnit`.")
    rename_unit: inputs.RenameUnitInput | None = _one("As `renameUnit`.")
    move_unit: inputs.MoveUnitInput | None = _one("As `moveUnit`.")
    set_unit_head: inputs.SetUnitHeadInput | None = _one("As `setUnitHead`.")
    merge_units: inputs.MergeUnitsInput | None = _one("As `mergeUnits`.")
    dissolve_unit: inputs.DissolveUnitInput | None = _one("As `dissolveUnit`; what is in it may be moved later on.")

    def chosen(self) -> tuple[str, ChangeInput[OrgChange]]:
        """The one that was given, and what the API calls it. Raises `Invalid` for what the draft decides."""
        given = {f.name: value for f in dataclasses.fields(self) if (value := getattr(self, f.name))}
        [(name, change)] = given.items()
        first, *rest = name.split("_")
        path = first + "".join(word.capitalize() for word in rest)
        for told, shown in (("valid_from", "validFrom"), ("expected_version", "expectedVersion")):
            if getattr(change, told, None) is not None:
                raise Invalid(
                    f"Leave `{shown}` away: all changes of a draft are made on its day.",
                    ["change", path, shown],
                    code=ErrorCode.BAD_DATES if told == "valid_from" else None,
                )
        return path, change


def _version() -> Any:
    return strawberry.field(default=None, description="Refuse if the draft is at another version.")


def _client_id() -> Any:
    return strawberry.field(
        default=None,
        description="Makes a repetition harmless: the same id again is the same thing. At most 100 characters.",
    )


@strawberry.input(description="A re-org draft to begin.")
class CreateOrgDraftInput:
    name: str = strawberry.field(description="What it is called; at most 200 characters.")
    effective_on: date = strawberry.field(
        description="The day from which its changes are to hold; from 1900 on, at most five years ahead."
    )
    client_id: str | None = _client_id()


@strawberry.input(description="What to change of a draft; what is absent or null stays.")
class UpdateOrgDraftInput:
    draft_id: strawberry.ID = strawberry.field(description="Which draft.")
    name: str | None = strawberry.field(default=None, description="What it is called; at most 200 characters.")
    effective_on: date | None = strawberry.field(
        default=None, description="The day from which its changes are to hold."
    )
    expected_version: int | None = _version()


@strawberry.input(description="A change to put behind the others of a draft; at most 200 go into one.")
class AddOrgDraftChangeInput:
    draft_id: strawberry.ID = strawberry.field(description="Which draft.")
    change: OrgChangeInput = strawberry.field(description="The change.")
    client_id: str | None = _client_id()
    expected_version: int | None = _version()


@strawberry.input(description="A change to take out of its draft.")
class RemoveOrgDraftChangeInput:
    change_id: strawberry.ID = strawberry.field(description="Which change.")
    expected_version: int | None = _version()


@strawberry.input(description="A draft to give up.")
class WithdrawOrgDraftInput:
    draft_id: strawberry.ID = strawberry.field(description="Which draft.")
    expected_version: int | None = _version()


@strawberry.input(description="A draft to apply: all its changes are made from its day on, or none.")
class ApplyOrgDraftInput:
    draft_id: strawberry.ID = strawberry.field(description="Which draft.")
    accept_headless_units: bool = strawberry.field(
        default=False, description="Whether it may leave units without a head; all other conflicts must be mended."
    )
    expected_version: int | None = _version()


def _draft() -> Any:
    return strawberry.field(default=None, description="The draft as it is now.")


@strawberry.type(description="What became of `createOrgDraft`.")
class CreateOrgDraftPayload:
    org_draft: OrgDraft | None = _draft()
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `updateOrgDraft`.")
class UpdateOrgDraftPayload:
    org_draft: OrgDraft | None = _draft()
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `addOrgDraftChange`.")
class AddOrgDraftChangePayload:
    org_draft: OrgDraft | None = _draft()
    change: OrgDraftChange | None = strawberry.field(default=None, description="The change.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `removeOrgDraftChange`.")
class RemoveOrgDraftChangePayload:
    org_draft: OrgDraft | None = _draft()
    removed_id: strawberry.ID | None = strawberry.field(default=None, description="The id that is gone.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `withdrawOrgDraft`.")
class WithdrawOrgDraftPayload:
    org_draft: OrgDraft | None = _draft()
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `applyOrgDraft`.")
class ApplyOrgDraftPayload:
    org_draft: OrgDraft | None = _draft()
    conflicts: list[OrgDraftConflict] = strawberry.field(
        default_factory=list,
        description="Why it was not applied, where its changes do not fit; at most 200.",
        metadata=at_most(CONFLICTS_MAX),
    )
    errors: list[UserError] = failed()


def _key(id: str) -> uuid.UUID:
    return key("OrgDraft", id, ["draftId"])


async def _now(info: Info, id: uuid.UUID) -> Any:
    return await info.context.loaders["org_drafts"].load(id)


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Begin a re-org draft. HR and ADMIN only. Scopes org:write, org:read, people:read."
    )
    @answers(CreateOrgDraftPayload)
    async def create_org_draft(self, info: Info, input: CreateOrgDraftInput) -> CreateOrgDraftPayload:
        id = await actions.create_draft(info.context, input.name, input.effective_on, input.client_id)
        return CreateOrgDraftPayload(org_draft=await _now(info, id))

    @strawberry.mutation(
        description="Rename a draft, or choose another day for it. HR and ADMIN only. Scope org:write."
    )
    @answers(UpdateOrgDraftPayload)
    async def update_org_draft(self, info: Info, input: UpdateOrgDraftInput) -> UpdateOrgDraftPayload:
        id, version = _key(input.draft_id), input.expected_version
        await actions.update_draft(
            info.context, id, name=input.name, effective_on=input.effective_on, expected_version=version
        )
        return UpdateOrgDraftPayload(org_draft=await _now(info, id))

    @strawberry.mutation(description="Add a change to a draft. HR and ADMIN only. Scope org:write.")
    @answers(AddOrgDraftChangePayload)
    async def add_org_draft_change(self, info: Info, input: AddOrgDraftChangeInput) -> AddOrgDraftChangePayload:
        id, (path, chosen) = _key(input.draft_id), input.change.chosen()
        with inputs.below("change", path):
            change = chosen.change(info.context)
        added: Any = await actions.add_change(
            info.context, id, change, client_id=input.client_id, expected_version=input.expected_version
        )
        return AddOrgDraftChangePayload(org_draft=await _now(info, id), change=added)

    @strawberry.mutation(description="Take a change out of its draft. HR and ADMIN only. Scope org:write.")
    @answers(RemoveOrgDraftChangePayload)
    async def remove_org_draft_change(
        self, info: Info, input: RemoveOrgDraftChangeInput
    ) -> RemoveOrgDraftChangePayload:
        change = key("OrgDraftChange", input.change_id, ["changeId"])
        draft = await actions.remove_change(info.context, change, expected_version=input.expected_version)
        return RemoveOrgDraftChangePayload(org_draft=await _now(info, draft), removed_id=input.change_id)

    @strawberry.mutation(description="Give a draft up. HR and ADMIN only. Scope org:write.")
    @answers(WithdrawOrgDraftPayload)
    async def withdraw_org_draft(self, info: Info, input: WithdrawOrgDraftInput) -> WithdrawOrgDraftPayload:
        id = _key(input.draft_id)
        await actions.withdraw_draft(info.context, id, expected_version=input.expected_version)
        return WithdrawOrgDraftPayload(org_draft=await _now(info, id))

    @strawberry.mutation(
        description="Make all changes of a draft from its day on, or none where any does not fit. HR and ADMIN only."
        " Scope org:write."
    )
    @answers(ApplyOrgDraftPayload)
    async def apply_org_draft(self, info: Info, input: ApplyOrgDraftInput) -> ApplyOrgDraftPayload:
        id, accepts, version = _key(input.draft_id), input.accept_headless_units, input.expected_version
        try:
            await actions.apply_draft(info.context, id, accept_headless_units=accepts, expected_version=version)
        except actions.Unfit as unfit:
            conflicts: Any = unfit.conflicts
            return ApplyOrgDraftPayload(org_draft=await _now(info, id), conflicts=conflicts, errors=[user_error(unfit)])
        return ApplyOrgDraftPayload(org_draft=await _now(info, id))
