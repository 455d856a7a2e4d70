"""People."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import argument

from auth.conditions import by_viewer
from auth.policies import people as policy
from execution.fields import column, computed, or_none
from execution.scalars import EmailAddress
from resolvers import people as reads
from schema.days import AsOf
from schema.feed import PersonPosts
from schema.follows import PersonFollows
from schema.guests import PersonStay
from schema.lines import PersonLine
from schema.nodes import Info, Node, found_key, identity, node
from schema.positions import PersonPositions
from schema.praise import PersonPraises
from schema.profiles import PersonProfile
from schema.skills import PersonSkills
from schema.visibility import Visibility, guarded, public


@node("people", description="A person of the company, or a guest.")
class Person(
    Node,
    PersonProfile,
    PersonLine,
    PersonPositions,
    PersonSkills,
    PersonPraises,
    PersonFollows,
    PersonPosts,
    PersonStay,
):
    id: strawberry.ID = public(identity("Person"))
    name: str = public(column("The name they go by."))
    title: str | None = public(computed(or_none, of="title", description="What they do; null if not said."))
    employee_id: str | None = guarded(
        Visibility.HR,
        by_viewer("id") | policy.manages,
        "employee_id",
        description="For themselves and HR; null for others.",
    )
    is_active: bool = public(column("False once the account is closed.", source="active"))
    is_guest: bool = public(column("Whether they are from outside the company."))
    version: int = public(column("Rises with each change; edits may expect one."))


@strawberry.input(description="The id of a person in a system that was imported from.")
class ExternalId:
    source: str = strawberry.field(description="The name of the import's source.")
    id: str = strawberry.field(description="The id there.")


@strawberry.input(one_of=True, description="One way to name a person.")
class PersonBy:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="By id.")
    email: EmailAddress | None = strawberry.field(default=strawberry.UNSET, description="By e-mail address.")
    external_id: ExternalId | None = strawberry.field(
        default=strawberry.UNSET, description="By the id that an imported system knows them by."
    )


@strawberry.type
class Query:
    @strawberry.field(description="A person; null where there is none or they are not visible. Scope people:read.")
    async def person(
        self, info: Info, by: Annotated[PersonBy, argument(description="Whom.")], as_of: AsOf = None
    ) -> Person | None:
        if isinstance(by.email, str):
            return await reads.person_by_email(info.context, by.email, as_of)  # pyright: ignore[reportReturnType]
        if isinstance(by.external_id, ExternalId):
            named = by.external_id
            return await reads.person_by_external_id(info.context, named.source, named.id, as_of)  # pyright: ignore[reportReturnType]
        return await reads.person(info.context, found_key("Person", str(by.id)), as_of)  # pyright: ignore[reportReturnType]
