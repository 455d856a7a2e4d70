"""Writing in somebody's name, because that person lets one."""

from __future__ import annotations

import strawberry

from resolvers import delegates as actions
from resolvers.lists import PageArgs
from schema.connections import Connection, connection
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.refs import PersonRef


@strawberry.type
class ViewerDelegates:
    """Who writes in a viewer's name, and in whose name the viewer writes."""

    @connection(
        description="The people who may write in the viewer's name, by name; also those who have left. At most 20."
        " Scope people:read."
    )
    async def delegates(self, info: Info, *, page: PageArgs) -> Connection[PersonRef]:
        return await actions.delegates(info.context, page)  # pyright: ignore[reportReturnType]

    @connection(description="The people in whose name the viewer may write, by name. Scope people:read.")
    async def principals(self, info: Info, *, page: PageArgs) -> Connection[PersonRef]:
        return await actions.principals(info.context, page)  # pyright: ignore[reportReturnType]


@strawberry.input(description="Whom to let write in the viewer's name.")
class AllowDelegateInput:
    person_id: strawberry.ID = strawberry.field(description="Whom; somebody of the company, not oneself.")


@strawberry.input(description="Whom to let write in the viewer's name no longer.")
class WithdrawDelegateInput:
    person_id: strawberry.ID = strawberry.field(description="Whom.")


@strawberry.type(description="What became of `allowDelegate`.")
class AllowDelegatePayload:
    person: PersonRef | None = strawberry.field(default=None, description="The delegate; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `withdrawDelegate`.")
class WithdrawDelegatePayload:
    person_id: strawberry.ID | None = strawberry.field(default=None, description="Who is no delegate now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Let somebody publish posts in the viewer's name, where the viewer may; the posts tell both names."
        " Twice is once. Scope feed:write."
    )
    @answers(AllowDelegatePayload)
    async def allow_delegate(self, info: Info, input: AllowDelegateInput) -> AllowDelegatePayload:
        person = await actions.allow_delegate(info.context, key("Person", input.person_id, ["personId"]))
        return AllowDelegatePayload(person=person)  # pyright: ignore[reportArgumentType]

    @strawberry.mutation(
        description="Let somebody write in the viewer's name no longer. What they have written stays, what they"
        " have scheduled comes back as a draft. Scope feed:write."
    )
    @answers(WithdrawDelegatePayload)
    async def withdraw_delegate(self, info: Info, input: WithdrawDelegateInput) -> WithdrawDelegatePayload:
        await actions.withdraw_delegate(info.context, key("Person", input.person_id, ["personId"]))
        return WithdrawDelegatePayload(person_id=input.person_id)
