"""Guests: people from outside, in some groups for a while."""

from __future__ import annotations

from datetime import datetime

import strawberry

from execution.fields import batched, relation
from execution.scalars import EmailAddress
from resolvers import guests as actions
from schema.errors import UserError, answers, failed
from schema.memberships import person_key
from schema.nodes import Info, found_key
from schema.refs import PersonRef
from schema.visibility import Visibility, marked


@strawberry.type
class PersonStay:
    """What a person has of being a guest."""

    expires_at: datetime | None = marked(
        Visibility.HOSTS,
        batched(
            actions.stays,
            description="When the account of a guest closes, or has closed; for themselves, HR, and who leads a group"
            " that they are in. Null for others, for people of the company, and where it does not close by itself.",
        ),
    )


@strawberry.type
class GroupGuests:
    """What a group has of guests."""

    guest_count: int = relation("guest_counts", key="id", description="How many of its members are from outside.")


@strawberry.input(description="Somebody from outside to let into groups.")
class InviteGuestInput:
    email: EmailAddress = strawberry.field(description="With which they will sign in.")
    name: str = strawberry.field(description="1 to 200 characters; who is a guest already keeps their name.")
    group_ids: list[strawberry.ID] = strawberry.field(description="1 to 20 groups, all of which the viewer leads.")
    expires_at: datetime = strawberry.field(
        description="When the account closes, within 366 days. Who is a guest already stays as long as they may anyway."
    )


@strawberry.input(description="A guest who stays longer.")
class ExtendGuestInput:
    person_id: strawberry.ID = strawberry.field(description="Whom.")
    expires_at: datetime = strawberry.field(description="When the account closes: later than now, within 366 days.")


@strawberry.input(description="A guest to take out.")
class RemoveGuestInput:
    person_id: strawberry.ID = strawberry.field(description="Whom.")


@strawberry.type(description="What became of `inviteGuest`.")
class InviteGuestPayload:
    person: PersonRef | None = strawberry.field(default=None, description="The guest; null where it was refused.")
    activation_code: str | None = strawberry.field(
        default=None,
        description="For the guest, who chooses a password with `activateAccount`; shown this once, older ones are"
        " void. Null where they have a password, or are in groups that the viewer does not lead.",
    )
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `extendGuest`.")
class ExtendGuestPayload:
    person: PersonRef | None = strawberry.field(default=None, description="The guest; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `removeGuest`.")
class RemoveGuestPayload:
    person: PersonRef | None = strawberry.field(default=None, description="The guest; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Let somebody from outside into groups, for a while; who leads all of these. A guest by that"
        " address comes into these, too. Scope groups:write."
    )
    @answers(InviteGuestPayload)
    async def invite_guest(self, info: Info, input: InviteGuestInput) -> InviteGuestPayload:
        invited = await actions.invite_guest(
            info.context,
            name=input.name,
            email=input.email,
            groups=[found_key("Group", id) for id in input.group_ids],
            until=input.expires_at,
        )
        return InviteGuestPayload(person=invited.person, activation_code=invited.code)

    @strawberry.mutation(
        description="Have a guest's account close later; who leads a group that they are in. Scope groups:write."
    )
    @answers(ExtendGuestPayload)
    async def extend_guest(self, info: Info, input: ExtendGuestInput) -> ExtendGuestPayload:
        id = person_key(input.person_id)
        return ExtendGuestPayload(person=await actions.extend_guest(info.context, id, input.expires_at))

    @strawberry.mutation(
        description="Take a guest out of all groups that the viewer leads; in no group any more, their account closes."
        " What they wrote stays. Scope groups:write."
    )
    @answers(RemoveGuestPayload)
    async def remove_guest(self, info: Info, input: RemoveGuestInput) -> RemoveGuestPayload:
        return RemoveGuestPayload(person=await actions.remove_guest(info.context, person_key(input.person_id)))
