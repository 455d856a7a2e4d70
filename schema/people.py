"""People."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry import argument

from auth.conditions import by_viewer
from auth.policies import people as policy
from execution.fields import batched, column, computed, relation
from execution.rows import read
from execution.scalars import EmailAddress, Markdown, TimeZone
from models.people import Person as PersonRow
from resolvers import lists
from resolvers import people as reads
from resolvers.context import Context
from resolvers.lists import PageArgs
from resolvers.people import BY_NAME, PersonFilter, ProfileChange
from schema.connections import After, Before, Connection, First, Last
from schema.errors import UserError, answers, failed
from schema.nodes import Info, Node, found_key, identity, key, node, optional_key
from schema.refs import OrgUnitRef
from schema.visibility import Visibility, guarded, public


async def viewer_can_update(ctx: Context, rows: list[Any]) -> Sequence[bool]:
    return await ctx.holds(policy.can_update, rows)


@node("people", description="A person of the company, or a guest.")
class Person(Node):
    id: strawberry.ID = public(identity("Person"))
    name: str = public(column("The name they go by."))
    title: str | None = public(
        computed(lambda person: read(person, "title") or None, description="What they do; null if not said.")
    )
    email: EmailAddress | None = public(column("Null if they have none."))
    employee_id: str | None = guarded(
        Visibility.HR,
        by_viewer("id") | policy.manages,
        "employee_id",
        description="For themselves and HR; null for others.",
    )
    pronouns: str | None = public(column("As they wish to be spoken of; null if not said."))
    bio: Markdown = public(column("What they say of themselves, or of their post."))
    location: str | None = public(column("Where they work; null if not said."))
    time_zone: TimeZone | None = public(column("Where their day begins; null if not said."))
    is_active: bool = public(column("False once the account is closed.", source="active"))
    is_guest: bool = public(column("Whether they are from outside the company."))
    version: int = public(column("Rises with each change; edits may expect one."))
    org_unit: OrgUnitRef | None = public(relation("units", key="unit_id", description="Their unit; null for a guest."))
    manager: Person | None = public(
        relation("people", key="manager_id", description="Whom they report to; null at the top.")
    )
    manager_chain: list[Person] = public(
        batched(reads.manager_chains, description="The managers above them, nearest first; at most 64.", most=64)
    )
    report_count: int = public(batched(reads.report_counts, description="How many active people report to them."))
    viewer_can_update: bool = public(
        batched(viewer_can_update, description="Whether the viewer may change the profile.")
    )

    @strawberry.field(
        description="The active people who report to them, by name.", metadata={"atrium.visibility": Visibility.PUBLIC}
    )
    def reports(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Person]:
        args = PageArgs(first, after, last, before)
        return lists.pages(info.context, PersonRow, "manager_id", BY_NAME, args, "r.active").load(read(self, "id"))  # pyright: ignore[reportReturnType]


@strawberry.input(one_of=True, description="One way to name a person.")
class PersonBy:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="By id.")
    email: EmailAddress | None = strawberry.field(default=strawberry.UNSET, description="By e-mail address.")


@strawberry.input(
    name="PersonFilter", description="What people must have in common; what is absent or null asks nothing."
)
class PersonFilterInput:
    org_unit_id: strawberry.ID | None = strawberry.field(default=None, description="In this unit or below it.")
    location: str | None = strawberry.field(default=None, description="At this location.")
    manager_id: strawberry.ID | None = strawberry.field(default=None, description="Reporting to this person.")
    is_active: bool | None = strawberry.field(default=None, description="Active, or closed accounts.")
    text: str | None = strawberry.field(default=None, description="With this in their name.")


@strawberry.input(description="What to change of a profile: absent fields stay, null clears.")
class UpdateProfileInput:
    person_id: strawberry.ID = strawberry.field(description="Whose profile.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the profile is at another version."
    )
    bio: strawberry.Maybe[Markdown | None] = strawberry.field(description="At most 20,000 characters.")
    pronouns: strawberry.Maybe[str | None] = strawberry.field(description="At most 50 characters.")
    time_zone: strawberry.Maybe[TimeZone | None] = strawberry.field(description="Such as Europe/Berlin.")


@strawberry.type(description="What became of `updateProfile`.")
class UpdateProfilePayload:
    person: Person | None = strawberry.field(default=None, description="The person as they are now.")
    errors: list[UserError] = failed()


@strawberry.type
class Query:
    @strawberry.field(description="A person; null where there is none or they are not visible. Scope people:read.")
    async def person(self, info: Info, by: Annotated[PersonBy, argument(description="Whom.")]) -> Person | None:
        if isinstance(by.email, str):
            return await reads.person_by_email(info.context, by.email)  # pyright: ignore[reportReturnType]
        return await reads.person(info.context, found_key("Person", str(by.id)))  # pyright: ignore[reportReturnType]

    @strawberry.field(description="The directory, by name. Scope people:read.")
    async def people(
        self,
        info: Info,
        filter_by: Annotated[PersonFilterInput | None, argument(description="Only some of them.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Person]:
        asked = filter_by or PersonFilterInput()
        wanted = PersonFilter(
            unit=optional_key("OrgUnit", asked.org_unit_id, ["filterBy", "orgUnitId"]),
            location=asked.location,
            manager=optional_key("Person", asked.manager_id, ["filterBy", "managerId"]),
            active=asked.is_active,
            text=asked.text,
        )
        return await reads.directory(info.context, wanted, PageArgs(first, after, last, before))  # pyright: ignore[reportReturnType]


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Change a profile: one's own, or as HR. Scope people:write.")
    @answers(UpdateProfilePayload)
    async def update_profile(self, info: Info, input: UpdateProfileInput) -> UpdateProfilePayload:
        given = {"bio": input.bio, "pronouns": input.pronouns, "time_zone": input.time_zone}
        change = ProfileChange({name: some.value for name, some in given.items() if some is not None})
        person = await reads.update_profile(
            info.context, key("Person", input.person_id, ["personId"]), change, expected_version=input.expected_version
        )
        return UpdateProfilePayload(person=person)  # pyright: ignore[reportArgumentType]
