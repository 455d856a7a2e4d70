"""The documents that are measured are ones that clients could send."""

from __future__ import annotations

import pytest
from graphql import OperationDefinitionNode, parse, validate

from bench.beside.asked import DOCUMENTS, OPERATIONS, Operation
from execution.documents import core_schema
from schema.build import Schema


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_it_is_valid_and_named_as_it_is_told(schema: Schema, operation: Operation) -> None:
    document = parse(operation.text)

    assert validate(core_schema(schema), document) == []
    [defined] = document.definitions
    assert isinstance(defined, OperationDefinitionNode) and defined.name
    assert defined.name.value == operation.name


def test_none_is_left_out() -> None:
    assert {path.stem for path in DOCUMENTS.iterdir()} == {operation.document for operation in OPERATIONS}
