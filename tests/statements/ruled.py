"""What the operations of audiences and rules need before they can be run."""

from __future__ import annotations

from models.groups import Group
from models.rule_terms import Conditions
from models.rules import AudienceRule
from models.session import Role
from tests.factories.groups import a_group
from tests.factories.ids import global_id
from tests.factories.rules import a_rule
from tests.factories.session import a_role, as_viewer
from tests.statements.arranged import Arranged, Company, arranges, hr


@arranges("audiences/audience_preview")
async def the_rule_of_all_units(company: Company) -> Arranged:
    rule, _ = await _rules(company)
    ann = await as_viewer(company.ann, company.services.clock.now())
    return Arranged(ann, {"audience": {"ruleId": global_id(rule)}})


@arranges("access/explain_access")
async def a_comment_and_its_reader(company: Company) -> Arranged:
    post, reader = company.posts[0], company.people[-1]
    author = await as_viewer(company.people[0], company.services.clock.now())
    return Arranged(author, {"subject_id": global_id(post), "person_id": global_id(reader)})


@arranges("rules/audience_rules")
async def rules_of_the_company(company: Company) -> Arranged:
    for number in range(company.size):
        await a_rule(f"Rule {number:02}", *company.people, created_by=company.people[number].id)
    return Arranged(await hr(company), {"first": company.size})


@arranges("rules/audience_rule")
async def a_rule_of_many(company: Company) -> Arranged:
    rule, _ = await _rules(company)
    return Arranged(await hr(company), {"id": global_id(rule), "first": company.size})


@arranges("rules/simulate_rule")
async def conditions(company: Company) -> Arranged:
    await _rules(company)
    return Arranged(await hr(company), {"conditions": _said(company)})


@arranges("rules/create_audience_rule")
async def a_new_rule(company: Company) -> Arranged:
    return Arranged(await hr(company), {"name": "All units", "conditions": _said(company), "client_id": "r-1"})


@arranges("rules/update_audience_rule")
async def other_conditions(company: Company) -> Arranged:
    rule, _ = await _rules(company)
    given = {"rule_id": global_id(rule), "conditions": {"orgUnitIds": [global_id(company.units[0])]}}
    return Arranged(await hr(company), given)


@arranges("rules/delete_audience_rule")
async def a_rule_too_many(company: Company) -> Arranged:
    rule, _ = await _rules(company)
    return Arranged(await hr(company), {"rule_id": global_id(rule)})


@arranges("group_rules/set_group_rule")
async def a_rule_for_a_group(company: Company) -> Arranged:
    _, group = await _rules(company)
    return Arranged(await hr(company), {"group_id": global_id(group), "conditions": _said(company)})


@arranges("group_rules/set_default_group")
async def a_group_for_newcomers(company: Company) -> Arranged:
    _, group = await _rules(company)
    await a_role(company.ann, Role.ADMIN)
    viewer = await as_viewer(company.ann, company.services.clock.now())
    return Arranged(viewer, {"group_id": global_id(group), "is_default": True})


async def _rules(company: Company) -> tuple[AudienceRule, Group]:
    """A rule of all units with their people, and a group of Ann's."""
    units = tuple(unit.id for unit in company.units)
    rule = await a_rule("All units", company.ann, *company.people, conditions=Conditions(units=units))
    return rule, await a_group(owner=company.ann)


def _said(company: Company) -> dict[str, object]:
    return {"orgUnitIds": [global_id(unit) for unit in company.units], "isManager": False}
