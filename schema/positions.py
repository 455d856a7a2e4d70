"""Positions, and the lines between them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import batched, column, computed, or_none
from models.org import OrgUnit as UnitRow
from models.people import Person as PersonRow
from models.positions import LineKind
from models.positions import Position as PositionRow
from resolvers import positions as reads
from resolvers.lists import PageArgs
from resolvers.org import Occupancy
from resolvers.positions import HELD_MAX
from schema.connections import Connection, connection
from schema.days import AsOf, dated, dated_relation, followed
from schema.nodes import Info, Node, found_key, identity, node
from schema.refs import OrgUnitRef, PersonRef
from schema.visibility import public


@strawberry.type(description="Whom a position reports to, and since when.")
class ReportingLine:
    id: strawberry.ID = identity("ReportingLine")
    kind: LineKind = column("Solid lines make the chart; the others give no rights.")
    valid_from: date = column("The first day.")
    valid_to: date | None = batched(
        reads.line_ends, description="The day after the last one; null for good, and where it is still to come."
    )
    position: Position | None = followed(PositionRow, "position_id", description="The position that reports.")
    manager: Position | None = followed(PositionRow, "manager_id", description="The position that it reports to.")


@node("positions", description="A post of the company, whoever holds it.")
class Position(Node):
    id: strawberry.ID = identity("Position")
    title: str | None = computed(or_none, of="title", description="What it is called; null if it has no name.")
    grade: str | None = column("Its grade or level; null if there is none.")
    is_active: bool = column("False once it has ended.", source="active")
    org_unit: OrgUnitRef | None = dated_relation(PositionRow, UnitRow, "unit_id", description="The unit it belongs to.")
    occupancy: Occupancy = batched(reads.occupancies, description="Whether somebody holds it.")
    holders: list[PersonRef] = dated(
        PositionRow,
        reads.holders,
        description="Who holds it: nobody where it is vacant or undisclosed, two where they share it.",
        empty=list,
        most=HELD_MAX,
    )
    manager: Position | None = dated(
        PositionRow, reads.managers, description="The position it reports to, filled or not; null at the top."
    )
    lines: list[ReportingLine] = dated(
        PositionRow,
        reads.lines,
        description="Its reporting lines: the solid one first, then dotted and project lines.",
        empty=list,
        most=HELD_MAX,
    )

    @connection(description="The positions right below it by solid lines, by title.")
    def reports(self, info: Info, as_of: AsOf = None, *, page: PageArgs) -> Connection[Position]:
        return reads.reports(info.context, self, as_of, page)


@strawberry.type
class PersonPositions:
    positions: list[Position] = public(
        dated(
            PersonRow,
            reads.posts,
            description="The positions they hold, the one held longest first: it gives their title, unit and manager.",
            empty=list,
            most=HELD_MAX,
        )
    )


@strawberry.type
class Query:
    @strawberry.field(description="A position; null where there is none or it is not visible. Scope org:read.")
    async def position(
        self,
        info: Info,
        id: Annotated[strawberry.ID, argument(description="Of a position.")],
        as_of: AsOf = None,
    ) -> Position | None:
        return await reads.position(info.context, found_key("Position", id), as_of)
