"""The lines of a person: who stands above, below and beside them, and the way from one to another."""

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry import argument

from execution.fields import batched, column
from models.lines import STEPS_MAX
from models.org import OrgUnit as UnitRow
from models.people import Person as PersonRow
from resolvers import lines as reads
from resolvers.lines import PATH_MAX
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.days import AsOf, dated, dated_relation
from schema.nodes import Info, found_key
from schema.refs import OrgUnitRef, PersonRef
from schema.visibility import public


@strawberry.type
class PersonLine:
    org_unit: OrgUnitRef | None = public(
        dated_relation(PersonRow, UnitRow, "unit_id", description="Their unit; null for a guest.")
    )
    manager: PersonRef | None = public(
        dated(
            PersonRow,
            reads.managers,
            description="Whom they report to: who holds the next filled position above theirs; null at the top.",
        )
    )
    manager_is_interim: bool = public(
        batched(
            reads.interim,
            description="Whether the position right above theirs is vacant, so that their manager stands in for it.",
        )
    )
    manager_chain: list[PersonRef] = public(
        dated(
            PersonRow,
            reads.manager_chains,
            description="Everybody above them, nearest first; people who share a position stand beside each other.",
            empty=list,
            most=STEPS_MAX,
        )
    )
    report_count: int = public(
        batched(reads.report_counts, description="How many people report to them, through vacancies, too.")
    )

    team_count: int = public(
        batched(reads.team_counts, description="How many people stand anywhere below them in the chart.")
    )

    @public
    @connection(description="The people who report to them, through vacancies, too, by name.")
    def reports(self, info: Info, as_of: AsOf = None, *, page: PageArgs) -> Connection[PersonRef]:
        return reads.reports(info.context, self, as_of, page)

    @public
    @connection(description="The others who have the same manager, by name.")
    async def peers(self, info: Info, as_of: AsOf = None, *, page: PageArgs) -> Connection[PersonRef]:
        return await reads.peers(info.context, self, as_of, page)  # pyright: ignore[reportReturnType]


@strawberry.type(description="The shortest way from one person to another along their lines.")
class OrgPath:
    people: list[PersonRef] = column("From one to the other, both among them.", most=PATH_MAX, usual=8)
    common_manager: PersonRef = column("The person at the turn: above both, or one of them.", source="common")


@strawberry.type
class Query:
    @strawberry.field(
        description="The way between two people: up to whom both report to, and down again. Null where nobody stands"
        " above both, or either is not visible. Scope org:read."
    )
    async def org_path(
        self,
        info: Info,
        from_id: Annotated[strawberry.ID, argument(description="Of a person.")],
        to_id: Annotated[strawberry.ID, argument(description="Of a person.")],
        as_of: AsOf = None,
    ) -> OrgPath | None:
        start, end = found_key("Person", from_id), found_key("Person", to_id)
        return await reads.path(info.context, start, end, as_of)  # pyright: ignore[reportReturnType]
