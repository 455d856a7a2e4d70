"""The fields that profiles have: a company's own, and how it governs those that every profile has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry import argument

from auth.policies import profiles as policy
from execution.fields import batched, column, computed, is_set
from execution.lengths import at_most
from execution.rows import read
from models.profiles import CHOICES_MAX, FIELDS_MAX, BuiltIn, FieldKind, FieldVisibility
from resolvers import profile_fields as actions
from resolvers.context import Context
from resolvers.profile_fields import FieldRules
from schema.errors import UserError, answers, failed
from schema.nodes import Info, Node, identity, key, node

EXPECTED = "Refuse if it is at another version."


async def viewer_can_update(ctx: Context, rows: list[Any]) -> Sequence[bool]:
    return await ctx.holds(policy.can_keep_fields, rows)


def built_in(row: Any) -> BuiltIn | None:
    return BuiltIn(name) if (name := read(row, "builtin")) else None


@node("profile_fields", description="A field of everybody's profile, as the company has defined it.")
class ProfileField(Node):
    id: strawberry.ID = identity("ProfileField")
    name: str = column("What it is called; at most 100 characters.")
    kind: FieldKind = column("What its values are; TEXT for a built-in one, whose value is in a field of `Person`.")
    built_in: BuiltIn | None = computed(
        built_in, description="Which of those that every profile has it governs; null for one of the company's own."
    )
    choices: list[str] = column("What a CHOICE offers, in order; at most 200.", most=CHOICES_MAX, usual=10)
    visibility: FieldVisibility = column("Who sees what it says.")
    is_required: bool = column("Whether it must not be emptied.")
    is_locked: bool = column("Whether only HR and imports write it.")
    rank: int = column("Fields are shown by rank, the smallest first, then by name.")
    version: int = column("Rises with each change; edits may expect one.")
    is_deleted: bool = computed(is_set, of="deleted_at", description="Whether it is put away until restored or purged.")
    viewer_can_update: bool = batched(viewer_can_update, description="Whether the viewer may change the definition.")


@strawberry.input(description="A field to be.")
class CreateProfileFieldInput:
    name: str = strawberry.field(description="1 to 100 characters, unlike that of any other field.")
    kind: FieldKind = strawberry.field(description="What its values are; never to be changed.")
    choices: list[str] | None = strawberry.field(
        default=None, description="For a CHOICE: 1 to 200 of at most 200 characters."
    )
    visibility: FieldVisibility = strawberry.field(default=FieldVisibility.PUBLIC, description="Who sees what it says.")
    is_required: bool = strawberry.field(default=False, description="Whether it must not be emptied.")
    is_locked: bool = strawberry.field(default=False, description="Whether only HR and imports write it.")
    rank: int = strawberry.field(default=0, description="Fields are shown by rank, the smallest first.")


@strawberry.input(description="What to change of a field; absent or null: stays. Its kind never changes.")
class UpdateProfileFieldInput:
    field_id: strawberry.ID = strawberry.field(description="Which field.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED)
    name: str | None = strawberry.field(default=None, description="1 to 100 characters.")
    choices: list[str] | None = strawberry.field(default=None, description="All of them, of a CHOICE.")
    visibility: FieldVisibility | None = strawberry.field(default=None, description="Who sees what it says.")
    is_required: bool | None = strawberry.field(default=None, description="Whether it must not be emptied.")
    is_locked: bool | None = strawberry.field(default=None, description="Whether only HR and imports write it.")
    rank: int | None = strawberry.field(default=None, description="Fields are shown by rank, the smallest first.")
    force: bool = strawberry.field(
        default=False,
        description="Take choices away though people have chosen them; they stay with those until they choose anew.",
    )


@strawberry.input(description="How to govern a field that every profile has; absent or null: stays.")
class GovernBuiltInFieldInput:
    field: BuiltIn = strawberry.field(description="Which field.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED)
    visibility: FieldVisibility | None = strawberry.field(default=None, description="Who sees what it says.")
    is_required: bool | None = strawberry.field(default=None, description="Whether it must not be emptied.")
    is_locked: bool | None = strawberry.field(default=None, description="Whether only HR and imports write it.")
    rank: int | None = strawberry.field(default=None, description="Fields are shown by rank, the smallest first.")


@strawberry.input(description="A field to delete.")
class DeleteProfileFieldInput:
    field_id: strawberry.ID = strawberry.field(description="Which field.")


@strawberry.input(description="A deleted field to bring back.")
class RestoreProfileFieldInput:
    field_id: strawberry.ID = strawberry.field(description="Which field.")


@strawberry.input(description="A deleted field to remove for good, with all that it says.")
class PurgeProfileFieldInput:
    field_id: strawberry.ID = strawberry.field(description="Which field.")


def changed() -> Any:
    """The field of a payload that holds the definition."""
    return strawberry.field(default=None, description="The field as it is now; null where it was refused.")


@strawberry.type(description="What became of `createProfileField`.")
class CreateProfileFieldPayload:
    profile_field: ProfileField | None = changed()
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `updateProfileField`.")
class UpdateProfileFieldPayload:
    profile_field: ProfileField | None = changed()
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `governBuiltInField`.")
class GovernBuiltInFieldPayload:
    profile_field: ProfileField | None = changed()
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `deleteProfileField`.")
class DeleteProfileFieldPayload:
    profile_field: ProfileField | None = changed()
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `restoreProfileField`.")
class RestoreProfileFieldPayload:
    profile_field: ProfileField | None = changed()
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `purgeProfileField`.")
class PurgeProfileFieldPayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id that is gone.")
    errors: list[UserError] = failed()


@strawberry.type
class Query:
    @strawberry.field(
        description="The fields that profiles have besides those of `Person`, and how those are governed, by rank; at"
        " most 200. Scope people:read.",
        metadata=at_most(FIELDS_MAX + len(BuiltIn)),
    )
    async def profile_fields(
        self,
        info: Info,
        include_deleted: Annotated[bool, argument(description="Deleted ones too, for HR.")] = False,
    ) -> list[ProfileField]:
        return await actions.profile_fields(info.context, deleted=include_deleted)  # pyright: ignore[reportReturnType]


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Add a field to everybody's profile; HR and ADMIN of all. Scope people:write.")
    @answers(CreateProfileFieldPayload)
    async def create_profile_field(self, info: Info, input: CreateProfileFieldInput) -> CreateProfileFieldPayload:
        rules = FieldRules(
            name=input.name,
            choices=input.choices,
            visibility=input.visibility,
            required=input.is_required,
            locked=input.is_locked,
            rank=input.rank,
        )
        created = await actions.create_profile_field(info.context, input.kind, rules)
        return CreateProfileFieldPayload(profile_field=created)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(description="Change a field of all profiles; HR and ADMIN of all. Scope people:write.")
    @answers(UpdateProfileFieldPayload)
    async def update_profile_field(self, info: Info, input: UpdateProfileFieldInput) -> UpdateProfileFieldPayload:
        rules = FieldRules(
            name=input.name,
            choices=input.choices,
            visibility=input.visibility,
            required=input.is_required,
            locked=input.is_locked,
            rank=input.rank,
        )
        updated = await actions.update_profile_field(
            info.context, _key(input), rules, force=input.force, expected_version=input.expected_version
        )
        return UpdateProfileFieldPayload(profile_field=updated)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Say who sees, and who writes, a field that every profile has; HR and ADMIN of all. Scope"
        " people:write."
    )
    @answers(GovernBuiltInFieldPayload)
    async def govern_built_in_field(self, info: Info, input: GovernBuiltInFieldInput) -> GovernBuiltInFieldPayload:
        rules = FieldRules(
            visibility=input.visibility, required=input.is_required, locked=input.is_locked, rank=input.rank
        )
        governed = await actions.govern_built_in_field(
            info.context, input.field, rules, expected_version=input.expected_version
        )
        return GovernBuiltInFieldPayload(profile_field=governed)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Take a field out of all profiles; what it says is kept until it is purged. HR and ADMIN of all."
        " Scope people:write."
    )
    @answers(DeleteProfileFieldPayload)
    async def delete_profile_field(self, info: Info, input: DeleteProfileFieldInput) -> DeleteProfileFieldPayload:
        deleted = await actions.delete_profile_field(info.context, _key(input))
        return DeleteProfileFieldPayload(profile_field=deleted)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Bring a deleted field back, with all that it said; HR and ADMIN of all. Scope people:write."
    )
    @answers(RestoreProfileFieldPayload)
    async def restore_profile_field(self, info: Info, input: RestoreProfileFieldInput) -> RestoreProfileFieldPayload:
        restored = await actions.restore_profile_field(info.context, _key(input))
        return RestoreProfileFieldPayload(profile_field=restored)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Remove a deleted field and all that it says, for good; HR and ADMIN of all. Scope people:write."
    )
    @answers(PurgeProfileFieldPayload)
    async def purge_profile_field(self, info: Info, input: PurgeProfileFieldInput) -> PurgeProfileFieldPayload:
        await actions.purge_profile_field(info.context, _key(input))
        return PurgeProfileFieldPayload(deleted_id=input.field_id)


def _key(input: Any) -> Any:
    return key("ProfileField", input.field_id, ["fieldId"])
