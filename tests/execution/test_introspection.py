"""Introspection has a budget of its own: the standard query fits whatever the schema, amplified ones do not."""

from itertools import product

import pytest
from graphql import get_introspection_query

from execution.limits import Limits
from tests.execution.weighing import code, exceeded, refused, weigh


def fifteen(selection: str) -> str:
    return "{ " + " ".join(f"a{i}: {selection}" for i in range(15)) + " }"


OPTIONS = (
    "descriptions", "specified_by_url", "directive_is_repeatable", "schema_description", "input_value_deprecation",
    "experimental_directive_deprecation", "one_of",
)  # fmt: skip


def test_the_standard_query_passes_with_all_its_options() -> None:
    for chosen in product((False, True), repeat=len(OPTIONS)):
        assert weigh(get_introspection_query(**dict(zip(OPTIONS, chosen, strict=True)))).introspection <= 45_000


def test_names_of_types_and_fields_weigh_little() -> None:
    names = 'query Names { __schema { types { name kind } } __type(name: "Query") { fields { name type { name } } } }'

    assert weigh(names).introspection == 1 + 100 * 3 + 1 + 10 * 4


@pytest.mark.parametrize(
    "text",
    [
        fifteen("__schema { types { fields { args { type { name } } } } }"),
        "{ __schema " + fifteen("types { fields { args { type { name } } } }") + " }",
        "{ __schema { types " + fifteen("fields { args { type { name } } }") + " } }",
        "{ __schema { types { fields " + fifteen("args { type { name kind } }") + " } } }",
        "{ __schema { types { fields { args " + fifteen("type { name kind description ofType { name } }") + " } } } }",
        "{ __schema { types { ...F } } } fragment F on __Type " + fifteen("fields { args { type { name } } }"),
        '{ __type(name: "Query") '
        + fifteen("fields { type { fields { type { fields { type { fields { id } } } } } } }")
        + " }",
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "{ __schema { types { possibleTypes { interfaces { possibleTypes { interfaces { possibleTypes "
        + fifteen("name")
        + " } } } } } } }",
    ],
)
def test_amplified_introspection_is_refused(text: str) -> None:
    error = refused(text)

    limit, measured, allowed = exceeded(text)
    assert (limit, allowed, code(error)) == ("introspection", Limits().introspection, "QUERY_TOO_COMPLEX")
    assert f"may give is {measured:,}" in error.message and "Ask for the schema once" in error.message


def test_the_standard_query_twice_is_refused() -> None:
    standard = get_introspection_query()
    body = standard[standard.index("__schema") : standard.index("fragment FullType")].rstrip().removesuffix("}")
    twice = standard.replace(body, f"{body} again: {body}", 1)

    assert exceeded(twice)[0] == "introspection"


def test_every_second_type_wraps_another() -> None:
    def chain(levels: int) -> str:
        return '{ __type(name: "A") { ' + "ofType { name " * levels + "}" * levels + " } }"

    assert [weigh(chain(levels)).introspection for levels in (1, 2, 9)] == [2, 3, 3]
