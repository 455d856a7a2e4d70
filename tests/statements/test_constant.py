"""An operation runs the same number of statements whether it has much to tell or little, and few."""

from __future__ import annotations

import re
from typing import Any

import pytest
from graphql import OperationDefinitionNode, OperationType, parse
from graphql.language import NonNullTypeNode

from tests import engine
from tests.conftest import OPERATIONS, Ask
from tests.statements import changed as changed
from tests.statements import profiled as profiled
from tests.statements import skilled as skilled  # what it arranges must be declared before anything is run
from tests.statements.arranged import ARRANGED, Arranged, Company, a_company

FEW, MANY = 2, 20

MOST = {
    "directory/people_facets": 6,
    "drafts/add_org_draft_change": 10,
    "drafts/apply_org_draft": 43,
    "drafts/create_org_draft": 6,
    "drafts/org_draft": 37,
    "drafts/org_drafts": 5,
    "drafts/remove_org_draft_change": 7,
    "drafts/update_org_draft": 5,
    "drafts/withdraw_org_draft": 6,
    "feed/add_comment": 9,
    "feed/create_post": 8,
    "feed/delete_comment": 8,
    "feed/delete_post": 9,
    "feed/edit_comment": 7,
    "feed/edit_post": 7,
    "feed/home_feed": 11,
    "feed/newer_posts": 2,
    "feed/post": 8,
    "follows/block_person": 12,
    "follows/blocked_people": 3,
    "follows/follow_person": 9,
    "follows/following": 4,
    "headcounts/head_count": 4,
    "lines/line": 16,
    "lines/org_path": 5,
    "org/add_reporting_line": 29,
    "org/assign_position": 30,
    "org/create_person": 66,
    "org/create_position": 40,
    "org/create_unit": 34,
    "org/deactivate_person": 30,
    "org/dissolve_unit": 23,
    "org/end_position": 22,
    "org/end_reporting_line": 25,
    "org/merge_units": 44,
    "org/move_person": 41,
    "org/move_unit": 33,
    "org/org_chart": 4,
    "org/org_unit": 6,
    "org/org_units": 4,
    "org/promote_person": 27,
    "org/record_leave": 34,
    "org/rehire_person": 54,
    "org/rename_person": 24,
    "org/rename_unit": 24,
    "org/set_manager": 34,
    "org/set_unit_head": 28,
    "org/vacate_position": 26,
    "people/directory": 3,
    "people/person_by": 2,
    "people/profile": 8,
    "people/reports": 5,
    "people/update_profile": 9,
    "positions/position": 12,
    "profile_fields/create_profile_field": 7,
    "profile_fields/delete_profile_field": 8,
    "profile_fields/govern_built_in_field": 7,
    "profile_fields/profile_fields": 1,
    "profile_fields/purge_profile_field": 7,
    "profile_fields/restore_profile_field": 8,
    "profile_fields/update_profile_field": 8,
    "profiles/change_profile": 17,
    "profiles/people_profiles": 8,
    "profiles/profile_details": 8,
    "search/search": 3,
    "session/activate_account": 13,
    "session/change_password": 12,
    "session/create_token": 5,
    "session/me": 2,
    "session/revoke_access": 6,
    "session/sessions": 2,
    "session/sign_in": 13,
    "session/sign_out": 5,
    "skills/add_skill": 15,
    "skills/add_skill_synonym": 11,
    "skills/endorse_skill": 12,
    "skills/endorsers": 6,
    "skills/merge_skills": 22,
    "skills/person_skills": 9,
    "skills/remove_skill": 10,
    "skills/remove_skill_synonym": 10,
    "skills/rename_skill": 11,
    "skills/skill": 7,
    "skills/skills": 4,
    "skills/withdraw_endorsement": 10,
}
"""The most statements of each operation, those that begin and end its transaction included."""


def committed() -> dict[str, OperationDefinitionNode]:
    """Every committed operation, by its path below `graphql/operations/`."""
    found: dict[str, OperationDefinitionNode] = {}
    for file in sorted(OPERATIONS.rglob("*.graphql")):
        [operation] = parse(file.read_text()).definitions
        assert isinstance(operation, OperationDefinitionNode)
        found[str(file.relative_to(OPERATIONS).with_suffix(""))] = operation
    return found


COMMITTED = committed()
# A stream asks anew at each event, by design: what it tells must be true at that moment.
COUNTED = [name for name, operation in COMMITTED.items() if operation.operation is not OperationType.SUBSCRIPTION]


CHANCE = 2
"""Two levels that ask one loader share a batch, or not, by which of two statements was answered first."""


@pytest.mark.parametrize("operation", COUNTED)
async def test_the_number_of_statements_is_constant(ask: Ask, statements: list[str], operation: str) -> None:
    few, little = await run(ask, statements, operation, FEW)
    many, much = await run(ask, statements, operation, MANY)

    assert kinds(many) == kinds(few), "\n".join([operation, *many])
    assert abs(len(many) - len(few)) <= CHANCE, "\n".join([operation, *many])
    assert operation in MOST, (
        f"{operation} runs {len(many)} statements: if that is right, note it in MOST of {__file__}"
    )
    assert len(many) <= MOST[operation] + CHANCE, "\n".join([operation, *many])
    if "first" in {variable.variable.name.value for variable in COMMITTED[operation].variable_definitions or ()}:
        assert len(much) > len(little), f"{operation} gave no list: arrange one for it"


def kinds(statements: list[str]) -> set[str]:
    """The statements by their words: numbers of parameters and rows differ with the size, savepoints are numbered."""
    return {re.sub(r"\$?\d+|savepoint_\w+", "n", re.sub(r"\((?:\$\d+, ?)*\$\d+\)", "(n)", text)) for text in statements}


async def run(ask: Ask, statements: list[str], operation: str, size: int) -> tuple[list[str], str]:
    """The statements and the answer of an operation in a company of that size."""
    await engine.empty()
    arranged = await arrange(operation, await a_company(ask.services, size))
    statements.clear()
    data = await ask(arranged.viewer, operation, **arranged.variables)
    assert not refusals(data), f"{operation} was refused: {data}"
    return list(statements), str(data)


async def arrange(operation: str, company: Company) -> Arranged:
    """What the operation needs; those that need no variables are Ann's."""
    if operation in ARRANGED:
        return await ARRANGED[operation](company)
    needed = [v for v in COMMITTED[operation].variable_definitions or () if isinstance(v.type, NonNullTypeNode)]
    assert not needed, (
        f"Nothing tells with which variables to run {operation}: write a function that does into"
        f' tests/statements/arranged.py, under @arranges("{operation}").'
    )
    return Arranged(company.viewer, {})


def refusals(data: dict[str, Any]) -> list[Any]:
    """The user errors of a mutation's payload."""
    payloads: list[Any] = [payload for payload in data.values() if isinstance(payload, dict)]
    return [error for payload in payloads for error in payload.get("errors", ())]
