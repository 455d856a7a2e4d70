"""An operation runs the same number of statements whether it has much to tell or little, and few."""

from __future__ import annotations

import re
from typing import Any

import pytest
from graphql import OperationDefinitionNode, OperationType, parse
from graphql.language import NonNullTypeNode

from tests import engine
from tests.conftest import OPERATIONS, Ask
from tests.statements.arranged import ARRANGED, Arranged, Company, a_company

FEW, MANY = 2, 20

MOST = {
    "feed/add_comment": 9,
    "feed/create_post": 8,
    "feed/delete_comment": 8,
    "feed/delete_post": 9,
    "feed/edit_comment": 7,
    "feed/edit_post": 7,
    "feed/home_feed": 11,
    "feed/newer_posts": 2,
    "feed/post": 8,
    "org/org_chart": 3,
    "org/org_unit": 6,
    "org/org_units": 4,
    "people/directory": 3,
    "people/person_by": 2,
    "people/profile": 8,
    "people/reports": 5,
    "people/update_profile": 7,
    "search/search": 3,
    "session/activate_account": 13,
    "session/change_password": 12,
    "session/create_token": 5,
    "session/me": 2,
    "session/revoke_access": 6,
    "session/sessions": 2,
    "session/sign_in": 13,
    "session/sign_out": 5,
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
    """The statements by their words: numbers of parameters and rows differ with the size."""
    return {re.sub(r"\$?\d+", "n", re.sub(r"\((?:\$\d+, ?)*\$\d+\)", "(n)", text)) for text in statements}


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


def refusals(data: dict[str, dict[str, Any] | None]) -> list[Any]:
    """The user errors of a mutation's payload."""
    return [error for payload in data.values() if payload for error in payload.get("errors", ())]
