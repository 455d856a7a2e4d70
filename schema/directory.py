"""The directory and its facets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry import argument

from execution.fields import batched, column, computed
from execution.rows import read
from resolvers import directory as reads
from resolvers.context import Context
from resolvers.directory import FACET_MAX, PersonFilter
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.nodes import Info, optional_key
from schema.profiles import ProfileFieldFilterInput, field_filters
from schema.refs import OrgUnitRef, PersonRef, SkillRef


@strawberry.input(
    name="PersonFilter", description="What people must have in common; what is absent or null asks nothing."
)
class PersonFilterInput:
    org_unit_id: strawberry.ID | None = strawberry.field(default=None, description="In this unit or below it.")
    location: str | None = strawberry.field(default=None, description="At this location.")
    manager_id: strawberry.ID | None = strawberry.field(
        default=None, description="Reporting to this person, through vacancies, too."
    )
    title: str | None = strawberry.field(default=None, description="With this title, as it is written.")
    grade: str | None = strawberry.field(default=None, description="In a position of this grade.")
    skills: list[str] | None = strawberry.field(
        default=None, description="With all of these skills, by whole name or synonym (see `skills`); at most 20."
    )
    is_active: bool | None = strawberry.field(default=None, description="Active, or closed accounts.")
    text: str | None = strawberry.field(default=None, description="With this in their name.")
    fields: list[ProfileFieldFilterInput] | None = strawberry.field(
        default=None, description="With this in the company's own fields, as far as the viewer sees them; at most 10."
    )

    def asked(self) -> PersonFilter:
        """What it asks for. Raises `NotFound`."""
        return PersonFilter(
            unit=optional_key("OrgUnit", self.org_unit_id, ["filterBy", "orgUnitId"]),
            location=self.location,
            manager=optional_key("Person", self.manager_id, ["filterBy", "managerId"]),
            title=self.title,
            grade=self.grade,
            active=self.is_active,
            text=self.text,
            skills=tuple(self.skills or ()),
            fields=field_filters(self.fields),
        )


def things(loader: str) -> Any:
    """The visible things of a facet's ids."""

    async def loaded(ctx: Context, facets: list[Any]) -> Sequence[Any]:
        return await ctx.loaders[loader].load_many([read(facet, "id") for facet in facets])

    return loaded


@strawberry.type(description="A text that some of the people found have in common.")
class ValueFacet:
    value: str = column("The text.")
    count: int = column("How many of the people found have it.")


@strawberry.type(description="Whether the people found are active.")
class ActiveFacet:
    is_active: bool = computed(lambda facet: facet.value == "true", description="Active, or closed accounts.")
    count: int = column("How many of the people found are.")


@strawberry.type(description="A unit in which some of the people found are.")
class OrgUnitFacet:
    org_unit: OrgUnitRef | None = batched(things("units"), description="The unit, without those below; null if hidden.")
    count: int = column("How many of the people found are right in it.")


@strawberry.type(description="A skill that some of the people found have.")
class SkillFacet:
    skill: SkillRef | None = batched(things("skills"), description="The skill.")
    count: int = column("How many of the people found have it.")


@strawberry.type(description="A manager of some of the people found.")
class ManagerFacet:
    manager: PersonRef | None = batched(things("people"), description="Who is right above them; null if hidden.")
    count: int = column("How many of the people found are right below.")


@strawberry.type(description="How the people of a directory's filter are spread: most frequent first, at most 50 each.")
class DirectoryFacets:
    units: list[OrgUnitFacet] = column("By unit.", most=FACET_MAX)
    locations: list[ValueFacet] = column("By location.", most=FACET_MAX)
    skills: list[SkillFacet] = column("By skill.", most=FACET_MAX)
    managers: list[ManagerFacet] = column("By manager.", most=FACET_MAX)
    titles: list[ValueFacet] = column("By title.", most=FACET_MAX)
    grades: list[ValueFacet] = column("By grade.", most=FACET_MAX)
    active: list[ActiveFacet] = column("Active ones and closed accounts.", most=2)


@strawberry.type
class Query:
    @connection(description="The directory, by name. Scope people:read.")
    async def people(
        self,
        info: Info,
        filter_by: Annotated[PersonFilterInput | None, argument(description="Only some of them.")] = None,
        *,
        page: PageArgs,
    ) -> Connection[PersonRef]:
        asked = (filter_by or PersonFilterInput()).asked()
        return await reads.directory(info.context, asked, page)  # pyright: ignore[reportReturnType]

    @strawberry.field(description="How the people of the directory are spread. Scope people:read.")
    async def people_facets(
        self,
        info: Info,
        filter_by: Annotated[PersonFilterInput | None, argument(description="Only some of them.")] = None,
    ) -> DirectoryFacets:
        return await reads.facets(info.context, (filter_by or PersonFilterInput()).asked())  # pyright: ignore[reportReturnType]
