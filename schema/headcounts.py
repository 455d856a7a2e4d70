"""Head-counts of units."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import column
from models.org import OrgUnit as UnitRow
from resolvers import headcounts as reads
from resolvers.headcounts import PARTS_MAX
from schema.days import AsOf, followed
from schema.nodes import Info, optional_key
from schema.refs import OrgUnitRef


@strawberry.type(description="Positions of a unit or grade, counted.")
class HeadCountPart:
    org_unit: OrgUnitRef | None = followed(
        UnitRow, "unit_id", description="The unit, with all below it; null for what lies right in the unit asked for."
    )
    grade: str | None = column("The grade; null for positions without one, and in counts by unit.")
    positions: int = column("How many positions there are.")
    people: int = column("How many people hold them; who holds two is counted once.")
    vacancies: int = column("How many of the positions nobody holds.")


@strawberry.type(description="How many positions and people there are on a day.")
class HeadCount:
    all: HeadCountPart = column("All together.")
    by_unit: list[HeadCountPart] = column(
        "By the units right below, each with all below it; largest first, at most 200.", most=PARTS_MAX
    )
    by_grade: list[HeadCountPart] = column("By grade; largest first, at most 200.", most=PARTS_MAX)


@strawberry.type
class Query:
    @strawberry.field(description="The head-count of a unit and all below it, or of the company. Scope org:read.")
    async def head_count(
        self,
        info: Info,
        org_unit_id: Annotated[strawberry.ID | None, argument(description="Of a unit; absent: the company.")] = None,
        as_of: AsOf = None,
    ) -> HeadCount:
        unit = optional_key("OrgUnit", org_unit_id, ["orgUnitId"])
        return await reads.head_count(info.context, unit, as_of)  # pyright: ignore[reportReturnType]
