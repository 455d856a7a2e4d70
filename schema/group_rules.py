"""Groups that follow a rule, and groups that everybody who joins the company comes into."""

from __future__ import annotations

from datetime import datetime

import strawberry

from execution.fields import batched, column, computed
from resolvers import group_rules as actions
from resolvers.rules import conditions_of
from schema.errors import UserError, answers, failed
from schema.nodes import Info, key
from schema.refs import GroupRef
from schema.rules import RuleConditions, RuleConditionsInput


@strawberry.type(description="The rule that a group follows: who meets it is in.")
class GroupRule:
    conditions: RuleConditions = computed(conditions_of, description="Whom it means.")
    version: int = column("Rises with each change.")
    created_at: datetime = column("Since when the group follows a rule.")


@strawberry.type
class RuleBound:
    """What a group has of rules."""

    rule: GroupRule | None = batched(
        actions.rules_of_groups,
        description="The rule that it follows, besides what is decided by hand; null for none, and for who does not"
        " moderate it.",
    )
    is_default: bool = column("Whether everybody who joins the company comes into it.")


@strawberry.input(description="A rule for a group to follow.")
class SetGroupRuleInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    conditions: RuleConditionsInput | None = strawberry.field(
        description="Whom it means; to follow a unit, name it alone. Null: no rule any more, and everybody stays."
    )
    confirmed: bool = strawberry.field(
        default=False,
        description="Whether it is meant although members would leave, or it means nobody or everybody of the company.",
    )


@strawberry.input(description="A group for everybody who joins the company.")
class SetDefaultGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    is_default: bool = strawberry.field(description="Whether newcomers come into it, from now on.")


@strawberry.type(description="What became of `setGroupRule`.")
class SetGroupRulePayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `setDefaultGroup`.")
class SetDefaultGroupPayload:
    group: GroupRef | None = strawberry.field(default=None, description="The group as it is now.")
    errors: list[UserError] = failed()


@strawberry.type
class Mutation:
    @strawberry.mutation(
        description="Have a group follow a rule; its owners who are communicators, HR or administrators, and for the"
        " units that they lead the others. What was decided by hand stays. Scope groups:write."
    )
    @answers(SetGroupRulePayload)
    async def set_group_rule(self, info: Info, input: SetGroupRuleInput) -> SetGroupRulePayload:
        conditions = input.conditions.conditions() if input.conditions else None
        id = key("Group", input.group_id, ["groupId"])
        bound = await actions.set_rule(info.context, id, conditions, confirmed=input.confirmed)
        return SetGroupRulePayload(group=bound)

    @strawberry.mutation(
        description="Have everybody who joins the company come into a group, or not any more; administrators who are"
        " in it. Scope groups:write."
    )
    @answers(SetDefaultGroupPayload)
    async def set_default_group(self, info: Info, input: SetDefaultGroupInput) -> SetDefaultGroupPayload:
        id = key("Group", input.group_id, ["groupId"])
        return SetDefaultGroupPayload(group=await actions.set_default(info.context, id, is_default=input.is_default))
