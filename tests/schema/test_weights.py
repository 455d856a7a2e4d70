"""What the real schema weighs: its lists are bounded, its operations pass, hostile ones are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, parse

from execution.documents import core_schema
from execution.lengths import unbounded_lists
from execution.limits import LimitExceeded, Limits
from execution.survey import check_document
from execution.weights import Weight
from schema.build import Schema

OPERATIONS = Path(__file__).parents[2] / "graphql" / "operations"
FILES = sorted(OPERATIONS.rglob("*.graphql"))

CHART = 'orgChart(rootId: "x", depth: 3) { entries { key holders { name person { id name } } } }'
PEOPLE_OF_HOLDERS = """
    orgChart(rootId: "x", depth: 20) { entries { holders { person { orgUnit { people(first: 99) { totalCount } } } } } }
"""

STANDARD = get_introspection_query(
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
    one_of=True,
)


def weigh(schema: Schema, text: str, variables: dict[str, Any] | None = None) -> Weight:
    return check_document(parse(text), core_schema(schema), None, variables, Limits())


def aliased(times: int, selection: str) -> str:
    return "{ " + " ".join(f"a{i}: {selection}" for i in range(times)) + " }"


def test_every_list_has_a_greatest_length(schema: Schema) -> None:
    found = unbounded_lists(core_schema(schema))

    assert not found, "\n".join(found)


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_every_operation_passes_with_pages_of_fifty(schema: Schema, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    [operation] = [node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode)]
    sizes = {node.variable.name.value for node in operation.variable_definitions or ()} & {"first", "last"}

    assert weigh(schema, text, dict.fromkeys(sizes, 50)).depth > 0


def test_introspection_in_all_its_detail_passes(schema: Schema) -> None:
    assert 0 < weigh(schema, STANDARD).introspection <= Limits().introspection


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        (f"{{ {CHART} }}", 4_000),
        ("{ person(by: {id: 1}) { managerChain { id name title } reports(first: 10) { nodes { id } } } }", 74),
        ("{ people(first: 100) { nodes { managerChain { id name } } } }", 6_400),
        ("{ viewer { roles { role scope { id name } } } }", 100),
    ],
)
def test_ordinary_lists_pass(schema: Schema, text: str, nodes: int) -> None:
    assert weigh(schema, text).nodes == nodes


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (aliased(5, PEOPLE_OF_HOLDERS), "nodes"),
        (aliased(1, PEOPLE_OF_HOLDERS), "nodes"),
        (aliased(3, CHART), "nodes"),
        ('{ orgChart(rootId: "x") { entries { holders { person { managerChain { id } } } } } }', "nodes"),
        ("{ people(first: 100) { nodes { managerChain { managerChain { id } } } } }", "nodes"),
        ("{ person(by: {id: 1}) { managerChain { managerChain { managerChain { id } } } } }", "nodes"),
        (aliased(15, "__schema { types { fields { args { type { name } } } } }"), "introspection"),
        ("{ __schema { types " + aliased(15, "fields { args { type { name } } }") + " } }", "introspection"),
    ],
)
def test_hostile_lists_are_refused(schema: Schema, text: str, limit: str) -> None:
    with pytest.raises(LimitExceeded) as caught:
        weigh(schema, text)

    assert (caught.value.limit, (caught.value.extensions or {})["code"]) == (limit, "QUERY_TOO_COMPLEX")
