"""Rules: audiences by what HR says of people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry import argument

from auth.policies import audiences as policy
from execution.fields import batched, column, computed, relation
from execution.ids import encode_id
from models.rule_terms import TERMS_MAX, Conditions
from resolvers import group_rules
from resolvers import rules as actions
from resolvers.lists import PageArgs
from resolvers.rule_input import PATHS
from resolvers.rules import RuleWarningCode
from schema.connections import Connection, connection
from schema.enums import shown
from schema.errors import UserError, answers, failed
from schema.nodes import Info, Node, found_key, identity, key, node, optional_key
from schema.policies import may
from schema.refs import PersonRef

USUAL = 5  # of the things that a list of conditions names

shown(
    RuleWarningCode,
    "What one should know before saving a rule.",
    {
        RuleWarningCode.NOBODY: "Nobody meets it; saved only when confirmed.",
        RuleWarningCode.ONE_PERSON: "Only one person meets it.",
        RuleWarningCode.EVERYBODY: "Everybody meets it; saved only when confirmed.",
    },
)


def _ids(name: str, type_name: str, description: str) -> Any:
    return computed(
        lambda said: [encode_id(type_name, id) for id in getattr(said, name)],
        description=description,
        most=TERMS_MAX,
        usual=USUAL,
    )


def _words(description: str) -> Any:
    return column(description, most=TERMS_MAX, usual=USUAL)


@strawberry.type(
    description="Whom a rule means: people who meet all that is said, or who are named; exceptions come before both."
)
class RuleConditions:
    org_unit_ids: list[strawberry.ID] = _ids("units", "OrgUnit", "In one of these units, or below it.")
    locations: list[str] = _words("At one of these locations.")
    titles: list[str] = _words("With one of these titles, however written.")
    grades: list[str] = _words("Of one of these grades.")
    is_manager: bool | None = column("Whether somebody reports to them today; null: either.")
    hired_from: date | None = column("In the company, without a break, since this day or a later one.")
    hired_before: date | None = column("In the company, without a break, since before this day.")
    person_ids: list[strawberry.ID] = _ids("people", "Person", "These, whatever else is said.")
    except_org_unit_ids: list[strawberry.ID] = _ids("except_units", "OrgUnit", "Not in these units, nor below them.")
    except_locations: list[str] = _words("Not at these locations.")
    except_titles: list[str] = _words("Without these titles.")
    except_grades: list[str] = _words("Not of these grades.")
    except_person_ids: list[strawberry.ID] = _ids("except_people", "Person", "Not these.")


@node("rules", description="An audience by attributes that HR owns; nobody puts themselves into it.")
class AudienceRule(Node):
    id: strawberry.ID = identity("AudienceRule")
    name: str = column("At most 100 characters.")
    conditions: RuleConditions | None = batched(
        actions.shown_conditions, description="Whom it means; null for who may not make rules."
    )
    is_snapshot: bool = column(
        "Whether it keeps those who met it when it was saved, but for those who leave; else it follows what HR says."
    )
    version: int = column("Rises with each change; edits may expect one.")
    created_at: datetime = column("When it was made.")
    creator: PersonRef | None = relation(
        "people", key="created_by", description="Who made it, and belongs to it; null where they are not visible."
    )
    member_count: int = relation("rule_member_counts", key="id", description="How many people the viewer sees in it.")
    viewer_can_update: bool = may(policy.can_make_rules, "Whether the viewer may change or delete it.")

    @connection(description="Those who belong to it and whom the viewer sees, by name.")
    def members(self, info: Info, *, page: PageArgs) -> Connection[PersonRef]:
        return actions.members(info.context, self, page)  # pyright: ignore[reportReturnType]


@strawberry.type(description="What one should know before saving a rule.")
class RuleWarning:
    code: RuleWarningCode = computed(lambda code: code, description="Stable; branch on this.")
    message: str = computed(lambda code: actions.SENTENCES[code], description="One sentence for people.")


@strawberry.type(description="Whom a rule would mean today, and what it would do to a group; null without a group.")
class RuleSimulation:
    person_count: int = column("How many people meet it.")
    would_join: int | None = column("How many would come into the group.")
    would_leave: int | None = column("How many came by the rule that it has, and would go.")
    stay_by_hand: int | None = column("How many do not meet it and stay, because they joined or were added.")
    kept_out_by_hand: int | None = column("How many meet it and stay out, because they were taken out or banned.")
    warnings: list[RuleWarning] = column("What to know before one saves it.", most=len(RuleWarningCode))

    @connection(description="Those of them whom the viewer sees, by name.")
    async def sample(self, info: Info, *, page: PageArgs) -> Connection[PersonRef]:
        return await actions.sample(info.context, self, page)  # pyright: ignore[reportReturnType, reportArgumentType]


def _listed(description: str) -> Any:
    return strawberry.field(default_factory=list, description=f"{description} At most 200.")


@strawberry.input(
    description="Whom a rule means: people who meet all that is said, or who are named; exceptions come before both."
    " Of a list one is enough. Guests are never meant, nor who has left."
)
class RuleConditionsInput:
    org_unit_ids: list[strawberry.ID] = _listed("In one of these units, or below it.")
    locations: list[str] = _listed("At one of these locations.")
    titles: list[str] = _listed("With one of these titles, in any case.")
    grades: list[str] = _listed("Of one of these grades.")
    is_manager: bool | None = strawberry.field(
        default=None, description="Whether somebody reports to them today; null: either."
    )
    hired_from: date | None = strawberry.field(
        default=None, description="In the company, without a break, since this day or a later one."
    )
    hired_before: date | None = strawberry.field(
        default=None, description="In the company, without a break, since before this day."
    )
    person_ids: list[strawberry.ID] = _listed("These, whatever else is said.")
    except_org_unit_ids: list[strawberry.ID] = _listed("Not in these units, nor below them.")
    except_locations: list[str] = _listed("Not at these locations.")
    except_titles: list[str] = _listed("Without these titles, in any case.")
    except_grades: list[str] = _listed("Not of these grades.")
    except_person_ids: list[strawberry.ID] = _listed("Not these.")

    def conditions(self) -> Conditions:
        """As the actions take them. Raises `NotFound` for the id of something else."""
        return Conditions(
            units=self._keys("units", "OrgUnit", self.org_unit_ids),
            locations=tuple(self.locations),
            titles=tuple(self.titles),
            grades=tuple(self.grades),
            is_manager=self.is_manager,
            hired_from=self.hired_from,
            hired_before=self.hired_before,
            people=self._keys("people", "Person", self.person_ids),
            except_units=self._keys("except_units", "OrgUnit", self.except_org_unit_ids),
            except_locations=tuple(self.except_locations),
            except_titles=tuple(self.except_titles),
            except_grades=tuple(self.except_grades),
            except_people=self._keys("except_people", "Person", self.except_person_ids),
        )

    @staticmethod
    def _keys(name: str, type_name: str, ids: list[strawberry.ID]) -> Any:
        return tuple(key(type_name, id, ["conditions", PATHS[name], i]) for i, id in enumerate(ids))


def _confirmed() -> Any:
    return strawberry.field(
        default=False, description="Whether it is meant although it means nobody, or everybody of the company."
    )


@strawberry.input(description="A rule to be. Whoever makes it belongs to it.")
class CreateAudienceRuleInput:
    name: str = strawberry.field(description="1 to 100 characters.")
    conditions: RuleConditionsInput = strawberry.field(description="Whom it means.")
    is_snapshot: bool = strawberry.field(
        default=False, description="Whether to keep those who meet it now; else it follows what HR says."
    )
    confirmed: bool = _confirmed()
    client_id: str | None = strawberry.field(
        default=None, description="The client's own id; the same again is the same rule. At most 100 characters."
    )


@strawberry.input(description="What is to be different of a rule; what is absent or null stays as it is.")
class UpdateAudienceRuleInput:
    rule_id: strawberry.ID = strawberry.field(description="Which rule.")
    expected_version: int | None = strawberry.field(
        default=None, description="Refuse if the rule is at another version."
    )
    name: str | None = strawberry.field(default=None, description="1 to 100 characters.")
    conditions: RuleConditionsInput | None = strawberry.field(
        default=None, description="Whom it means, all of it; a snapshot is taken anew."
    )
    is_snapshot: bool | None = strawberry.field(default=None, description="Whether it stays with those who are in it.")
    confirmed: bool = _confirmed()


@strawberry.input(description="A rule to delete.")
class DeleteAudienceRuleInput:
    rule_id: strawberry.ID = strawberry.field(description="Which rule.")


@strawberry.type(description="What became of `createAudienceRule`.")
class CreateAudienceRulePayload:
    rule: AudienceRule | None = strawberry.field(default=None, description="The rule; null where it was refused.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `updateAudienceRule`.")
class UpdateAudienceRulePayload:
    rule: AudienceRule | None = strawberry.field(default=None, description="The rule as it is now.")
    errors: list[UserError] = failed()


@strawberry.type(description="What became of `deleteAudienceRule`.")
class DeleteAudienceRulePayload:
    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="The id that is gone.")
    errors: list[UserError] = failed()


@strawberry.type
class Query:
    @strawberry.field(description="A rule that the viewer belongs to, or may change. Scope feed:read.")
    async def audience_rule(
        self, info: Info, id: Annotated[strawberry.ID, argument(description="Of a rule.")]
    ) -> AudienceRule | None:
        return await actions.rule(info.context, found_key("AudienceRule", id))

    @connection(
        description="The rules that the viewer belongs to, and for who makes rules all, by name. Scope feed:read."
    )
    async def audience_rules(self, info: Info, *, page: PageArgs) -> Connection[AudienceRule]:
        return await actions.rules(info.context, page)  # pyright: ignore[reportReturnType]

    @strawberry.field(
        description="Whom a rule would mean, and what it would do to a group, before it is saved; communicators, HR and"
        " administrators, and for their units the owners of groups who lead them. Scope feed:write, or groups:read for"
        " a group."
    )
    async def simulate_rule(
        self,
        info: Info,
        conditions: Annotated[RuleConditionsInput, argument(description="Whom it would mean.")],
        group_id: Annotated[
            strawberry.ID | None, argument(description="Of a group that the viewer owns and would bind to it.")
        ] = None,
    ) -> RuleSimulation:
        group = optional_key("Group", group_id, ["groupId"])
        return await group_rules.simulate_rule(info.context, conditions.conditions(), group)  # pyright: ignore[reportReturnType]


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Make a rule to post to; communicators, HR and administrators. Scope feed:write.")
    @answers(CreateAudienceRulePayload)
    async def create_audience_rule(self, info: Info, input: CreateAudienceRuleInput) -> CreateAudienceRulePayload:
        made = await actions.create_rule(
            info.context,
            name=input.name,
            conditions=input.conditions.conditions(),
            is_snapshot=input.is_snapshot,
            confirmed=input.confirmed,
            client_id=input.client_id,
        )
        return CreateAudienceRulePayload(rule=made)

    @strawberry.mutation(description="Change a rule; communicators, HR and administrators. Scope feed:write.")
    @answers(UpdateAudienceRulePayload)
    async def update_audience_rule(self, info: Info, input: UpdateAudienceRuleInput) -> UpdateAudienceRulePayload:
        changed = await actions.update_rule(
            info.context,
            key("AudienceRule", input.rule_id, ["ruleId"]),
            name=input.name,
            conditions=input.conditions.conditions() if input.conditions else None,
            is_snapshot=input.is_snapshot,
            expected_version=input.expected_version,
            confirmed=input.confirmed,
        )
        return UpdateAudienceRulePayload(rule=changed)

    @strawberry.mutation(
        description="Delete a rule that no post is for; communicators, HR and administrators. Scope feed:write."
    )
    @answers(DeleteAudienceRulePayload)
    async def delete_audience_rule(self, info: Info, input: DeleteAudienceRuleInput) -> DeleteAudienceRulePayload:
        await actions.delete_rule(info.context, key("AudienceRule", input.rule_id, ["ruleId"]))
        return DeleteAudienceRulePayload(deleted_id=input.rule_id)
