"""Units and the org chart."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import column, computed
from models.chart import CHART_MAX, HOLDERS_MAX
from models.org import OrgUnit as UnitRow
from models.people import Person as PersonRow
from models.positions import Position as PositionRow
from resolvers import org as reads
from resolvers.lists import PageArgs
from resolvers.org import Occupancy
from schema.connections import Connection, connection
from schema.days import AsOf, dated, dated_relation, followed
from schema.feed import UnitPosts
from schema.nodes import Info, Node, found_key, identity, node
from schema.pins import AudiencePins
from schema.publishing import UnitModeration
from schema.refs import PersonRef, PositionRef


@node("units", description="A unit of the company.")
class OrgUnit(Node, UnitPosts, AudiencePins, UnitModeration):
    id: strawberry.ID = identity("OrgUnit")
    name: str = column("What it is called.")
    is_active: bool = column("False once it is dissolved; what was posted to it stays.", source="active")
    version: int = column("Rises with each change; edits may expect one.")
    parent: OrgUnit | None = dated_relation(
        UnitRow, UnitRow, "parent_id", description="The unit above; null at the top."
    )
    ancestors: list[OrgUnit] = dated(
        UnitRow, reads.ancestors, description="The units above, nearest first.", empty=list, most=100
    )
    head: PersonRef | None = dated_relation(
        UnitRow, PersonRow, "head_id", description="Who leads it; null where nobody does."
    )
    deputy: PersonRef | None = dated_relation(
        UnitRow, PersonRow, "deputy_id", description="Who stands in for the head; null for nobody."
    )

    @connection(description="The units right below, by name.")
    def children(self, info: Info, as_of: AsOf = None, *, page: PageArgs) -> Connection[OrgUnit]:
        return reads.children(info.context, self, as_of, page)

    @connection(description="The people right in this unit, by name.")
    def people(self, info: Info, as_of: AsOf = None, *, page: PageArgs) -> Connection[PersonRef]:
        return reads.members(info.context, self, as_of, page)


@strawberry.type(description="Who holds a post of the chart.")
class OrgChartHolder:
    name: str | None = column("Their name of that day; null where it is not given.")
    person: PersonRef | None = followed(PersonRow, "id", description="The person, if visible.")


@strawberry.type(description="One post of the chart: a value of one day, so it has a key, not an id.")
class OrgChartEntry:
    key: str = computed(str, of="id", description="Unique within the chart.")
    parent_key: str | None = computed(
        reads.parent_key, of="parent_id", description="The key of the entry above; null at the top of the chart."
    )
    depth: int = column("Levels below the top, which is 0.")
    title: str = column("The title of that day; empty if it has none.")
    grade: str | None = column("The grade of that day; null if it has none.")
    occupancy: Occupancy = computed(reads.occupancy, description="Whether somebody holds it.")
    report_count: int = column("How many posts report to it, vacant ones among them.")
    # Some posts have many holders, but those of a chart together hardly have twice as many as there are posts.
    holders: list[OrgChartHolder] = computed(
        reads.holders,
        description="Who holds it: nobody where it is vacant or undisclosed, two where they share it. At most 20.",
        most=HOLDERS_MAX,
        usual=2,
    )
    org_unit: OrgUnit | None = followed(UnitRow, "unit_id", description="The unit of that day.")
    position: PositionRef | None = followed(PositionRow, "id", description="The position itself.")


@strawberry.type(description="A part of the org chart, flat, so that any chart library can draw it.")
class OrgChart:
    entries: list[OrgChartEntry] = column("Level by level, by name; at most 2,000.", most=CHART_MAX)
    is_truncated: bool = column("Whether there would have been more.")


@strawberry.type
class Query:
    @strawberry.field(description="A unit; null where there is none or it is not visible. Scope org:read.")
    async def org_unit(
        self, info: Info, id: Annotated[strawberry.ID, argument(description="Of a unit.")], as_of: AsOf = None
    ) -> OrgUnit | None:
        return await reads.org_unit(info.context, found_key("OrgUnit", id), as_of)  # pyright: ignore[reportReturnType]

    @connection(description="The units, by name. Scope org:read.")
    async def org_units(self, info: Info, as_of: AsOf = None, *, page: PageArgs) -> Connection[OrgUnit]:
        return await reads.org_units(info.context, as_of, page)  # pyright: ignore[reportReturnType]

    @strawberry.field(
        description="The chart below a person, a position or a unit, `depth` levels (0 to 20) down. Null where the root"
        " is not visible. Scope org:read."
    )
    async def org_chart(
        self,
        info: Info,
        root_id: Annotated[strawberry.ID, argument(description="Of a person, a position or a unit.")],
        depth: Annotated[int, argument(description="How many levels down; 0 to 20.")] = 3,
        as_of: AsOf = None,
    ) -> OrgChart | None:
        return await reads.org_chart(info.context, root_id, depth, as_of)  # pyright: ignore[reportReturnType]
