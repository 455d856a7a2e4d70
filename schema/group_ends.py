"""How groups end: archived and woken, handed over, deleted."""

from __future__ import annotations

from datetime import datetime

import strawberry

from execution.fields import batched, column
from resolvers import group_ends as actions
from schema.errors import UserError, answers, failed
from schema.memberships import group_key, person_key
from schema.nodes import Info
from schema.refs import GroupRef


@strawberry.type(description="What would be deleted with a group.")
class PurgePreview:
    post_count: int = column("How many posts.")
    comment_count: int = column("How many comments under them.")
    member_count: int = column("How many people are in it.")
    scheduled_for: datetime | None = column("When it will be deleted; null while nobody has said so.")


@strawberry.type
class GroupEnding:
    """What a group has of its end."""

    purge_preview: PurgePreview | None = batched(
        actions.previews, description="What would be deleted with it; null for who does not own it."
    )


@strawberry.input(description="A group in which nothing shall change any more.")
class ArchiveGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")


@strawberry.input(description="An archived group that shall live on.")
class WakeGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")


@strawberry.input(description="A group to hand over.")
class TransferGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    person_id: strawberry.ID = strawberry.field(description="Who shall own it: a member who is no guest.")
    stay: bool = strawberry.field(
        default=True, description="Whether the viewer stays in it, as a moderator, or leaves it."
    )


@strawberry.input(description="An archived group to delete.")
class PurgeGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    at: datetime | None = strawberry.field(
        default=None, description="When: 7 to 366 days from now. Null: as was said before, else in 30 days."
    )


@strawberry.type(description="What became of `archiveGroup`.")
class ArchiveGroupPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `wakeGroup`.")
class WakeGroupPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `transferGroup`.")
class TransferGroupPayload:
    group: GroupRef | None = strawberry.field(
        default=None, description="The group; null where it was refused, or the viewer no longer sees it."
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `purgeGroup`.")
class PurgeGroupPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Have a group be read as before, and nothing in it change any more; its owners. Who asks to join,"
        " or is invited, no longer does or is. Members can still leave. Scope groups:write."
    )
    @answers(ArchiveGroupPayload)
    async def archive_group(self, info: Info, input: ArchiveGroupInput) -> ArchiveGroupPayload:
        return ArchiveGroupPayload(group=await actions.archive_group(info.context, group_key(input.group_id)))

    @strawberry.mutation(
        description="Have an archived group live on; its owners. If it was to be deleted, it no longer is."
        " Scope groups:write."
    )
    @answers(WakeGroupPayload)
    async def wake_group(self, info: Info, input: WakeGroupInput) -> WakeGroupPayload:
        return WakeGroupPayload(group=await actions.wake_group(info.context, group_key(input.group_id)))

    @strawberry.mutation(description="Have a member own a group in the viewer's place; its owners. Scope groups:write.")
    @answers(TransferGroupPayload)
    async def transfer_group(self, info: Info, input: TransferGroupInput) -> TransferGroupPayload:
        id, heir = group_key(input.group_id), person_key(input.person_id)
        return TransferGroupPayload(group=await actions.transfer_group(info.context, id, heir, stay=input.stay))

    @strawberry.mutation(
        description="Have an archived group deleted for good, with all posts and comments in it; its owners. Until then"
        " `wakeGroup` calls it off. Scope groups:write."
    )
    @answers(PurgeGroupPayload)
    async def purge_group(self, info: Info, input: PurgeGroupInput) -> PurgeGroupPayload:
        return PurgeGroupPayload(group=await actions.purge_group(info.context, group_key(input.group_id), input.at))
