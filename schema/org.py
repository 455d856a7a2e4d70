"""Units and the org chart."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import column, relation
from execution.rows import read
from models.org import CHART_MAX
from models.org import OrgUnit as UnitRow
from models.people import Person as PersonRow
from resolvers import lists
from resolvers import org as reads
from resolvers.lists import PageArgs
from resolvers.people import BY_NAME as PEOPLE_BY_NAME
from schema.connections import After, Before, Connection, First, Last
from schema.nodes import Info, Node, found_key, identity, node
from schema.refs import PersonRef


@node("units", description="A unit of the company.")
class OrgUnit(Node):
    id: strawberry.ID = identity("OrgUnit")
    name: str = column("What it is called.")
    parent: OrgUnit | None = relation("units", key="parent_id", description="The unit above; null at the top.")
    head: PersonRef | None = relation("people", key="head_id", description="Who leads it; null where nobody does.")

    @strawberry.field(description="The units right below, by name.")
    def children(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[OrgUnit]:
        args = PageArgs(first, after, last, before)
        return lists.pages(info.context, UnitRow, "parent_id", reads.BY_NAME, args).load(read(self, "id"))  # pyright: ignore[reportReturnType]

    @strawberry.field(description="The active people right in this unit, by name.")
    def people(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[PersonRef]:
        args = PageArgs(first, after, last, before)
        return lists.pages(info.context, PersonRow, "unit_id", PEOPLE_BY_NAME, args, "r.active").load(read(self, "id"))  # pyright: ignore[reportReturnType]


@strawberry.type(description="Who holds a post of the chart.")
class OrgChartHolder:
    name: str | None = column("Their name of that day; null where it is not given.")
    person: PersonRef | None = relation("people", key="person_id", description="The person, if visible.")


@strawberry.type(description="One post of the chart: a value of one day, so it has a key, not an id.")
class OrgChartEntry:
    key: str = column("Unique within the chart.")
    parent_key: str | None = column("The key of the entry above; null at the top of the chart.")
    depth: int = column("Levels below the top, which is 0.")
    title: str = column("The title of that day.")
    report_count: int = column("How many posts report to it, vacant ones among them.")
    # Some posts have many holders, but those of a chart together hardly have twice as many as there are posts.
    holders: list[OrgChartHolder] = column(
        "Who holds it: nobody where it is vacant, two where they share it. At most 20.", most=20, usual=2
    )


@strawberry.type(description="A part of the org chart, flat, so that any chart library can draw it.")
class OrgChart:
    entries: list[OrgChartEntry] = column("Level by level, by name; at most 2,000.", most=CHART_MAX)
    is_truncated: bool = column("Whether there would have been more.")


@strawberry.type
class Query:
    @strawberry.field(description="A unit; null where there is none or it is not visible. Scope org:read.")
    async def org_unit(
        self, info: Info, id: Annotated[strawberry.ID, argument(description="Of a unit.")]
    ) -> OrgUnit | None:
        return await reads.org_unit(info.context, found_key("OrgUnit", id))  # pyright: ignore[reportReturnType]

    @strawberry.field(description="The units, by name. Scope org:read.")
    async def org_units(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[OrgUnit]:
        info.context.reach("org:read")
        return await lists.page(info.context, UnitRow, reads.BY_NAME, PageArgs(first, after, last, before))  # pyright: ignore[reportReturnType]

    @strawberry.field(
        description="The chart below a person or a unit, `depth` levels (0 to 20) down. Null where the root is not"
        " visible. Scope org:read."
    )
    async def org_chart(
        self,
        info: Info,
        root_id: Annotated[strawberry.ID, argument(description="Of a person or a unit.")],
        depth: Annotated[int, argument(description="How many levels down; 0 to 20.")] = 3,
    ) -> OrgChart | None:
        return await reads.org_chart(info.context, root_id, depth)  # pyright: ignore[reportReturnType]
