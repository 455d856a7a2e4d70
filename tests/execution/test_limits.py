"""Limits of a document's shape: what they let through, what they refuse and what they say."""

import pytest
from graphql import get_introspection_query

from execution.limits import LimitExceeded
from tests.execution.weighing import code, exceeded, nested, refused, weigh


def test_a_page_of_the_feed_is_within_all_limits() -> None:
    weight = weigh(
        """
        query Home($first: Int!) {
          feed(first: $first) {
            edges { cursor node { id title author { id name } comments(first: 3) { nodes { id author { name } } } } }
            pageInfo { hasNextPage endCursor }
          }
        }""",
        {"first": 20},
    )

    assert (weight.depth, weight.nodes, weight.aliases) == (4, 60, 0)
    assert weight.objects == 20 * (1 + 1 + 3 * (1 + 1))


def test_depth_counts_fields_but_not_those_of_connections() -> None:
    assert weigh(f"{{ viewer {{ {nested(10)} }} }}").depth == 12
    assert exceeded(f"{{ viewer {{ {nested(11)} }} }}") == ("depth", 13, 12)
    assert weigh("{ feed { edges { node { id } } nodes { id } pageInfo { endCursor } } }").depth == 2


def test_depth_goes_on_through_fragments() -> None:
    text = f"{{ viewer {{ ...A }} }} fragment A on Person {{ {nested(6, '...B')} }} fragment B on Person {{ %s }}"

    assert weigh(text % nested(4)).depth == 12
    assert exceeded(text % nested(5)) == ("depth", 13, 12)
    assert exceeded(f"{{ viewer {{ ... {{ ... on Person {{ {nested(11)} }} }} }} }}") == ("depth", 13, 12)


def test_introspection_is_measured_apart() -> None:
    standard = get_introspection_query(input_value_deprecation=True, specified_by_url=True, one_of=True)
    deep = "{ __schema { queryType { " + "ofType { " * 14 + "name" + " }" * 14 + " } } }"

    weight = weigh(standard)

    assert (weight.depth, weight.introspection_depth, weight.nodes) == (0, 15, 0)
    assert (weight.objects, weight.parts) == (0, [])
    assert exceeded(deep) == ("introspection_depth", 17, 16)
    assert weigh(deep.replace("ofType { ", "", 1).replace(" }", "", 1)).introspection_depth == 16


def test_aliases_are_counted_each_time_they_are_spread() -> None:
    assert weigh("{ viewer { " + " ".join(f"a{i}: name" for i in range(30)) + " } }").aliases == 30
    assert exceeded("{ viewer { " + " ".join(f"a{i}: name" for i in range(1_000)) + " } }")[:2] == ("aliases", 1_000)
    ten = " fragment F on Person { " + " ".join(f"a{i}: name" for i in range(10)) + " }"
    assert exceeded("{ viewer { ...F manager { ...F deputy { ...F assistant { ...F } } } } }" + ten)[1] == 40


def test_root_fields_are_counted_through_fragments() -> None:
    def roots(count: int) -> str:
        fields = " ".join(f"r{i}: viewer {{ id }}" for i in range(count - 1))
        return f"{{ ...F ... on Query {{ __typename }} }} fragment F on Query {{ {fields} }}"

    assert weigh(roots(20)).aliases == 19
    assert exceeded(roots(21)) == ("root_fields", 21, 20)


def test_a_field_beside_itself_is_counted() -> None:
    spread = "{ viewer { ...A ...B } } fragment A on Person { %s } fragment B on Person { %s }"

    assert weigh("{ viewer { " + "name " * 100 + "} }").repeats == 100
    assert exceeded("{ viewer { " + "name " * 101 + "} }") == ("repeats", 101, 100)
    assert exceeded(spread % ("name " * 51, "... { name } " * 50)) == ("repeats", 101, 100)
    assert exceeded("{ viewer { id } } fragment A on Person { " + "name " * 101 + "}") == ("repeats", 101, 100)


def test_repeats_multiply_where_what_holds_them_is_repeated() -> None:
    """Fifty managers with ten deputies each are five hundred selections of one deputy."""
    assert weigh("{ viewer { " + ("manager { " + "deputy { id } " * 10 + "} ") * 10 + "} }").repeats == 100
    assert exceeded("{ viewer { " + ("manager { " + "deputy { id } " * 10 + "} ") * 50 + "} }")[:2] == ("repeats", 500)
    fragment = " fragment F on Person { " + "deputy { id } " * 10 + "}"
    assert exceeded("{ viewer { " + "manager { ...F } " * 11 + "} }" + fragment)[:2] == ("repeats", 110)


@pytest.mark.parametrize(
    "place",
    ["{ viewer %s { id } }", "query Q %s { viewer { id } }", "{ viewer { ... %s { id } } }",
     "{ viewer { ...F %s } } fragment F on Person { id }", "{ viewer { ...F } } fragment F on Person %s { id }"],
)  # fmt: skip
def test_directives_of_one_place_are_counted(place: str) -> None:
    weigh(place % ("@mark " * 5))
    assert exceeded(place % ("@mark " * 6)) == ("directives", 6, 5)


def test_fragments_are_counted() -> None:
    def many(count: int) -> str:
        return (
            "{ viewer { "
            + " ".join(f"...F{i}" for i in range(count))
            + " } }"
            + "".join(f" fragment F{i} on Person {{ id }}" for i in range(count))
        )

    weigh(many(50))
    assert exceeded(many(51)) == ("fragments", 51, 50)


@pytest.mark.parametrize(
    ("text", "circles"),
    [
        ("{ viewer { ...A } } fragment A on Person { ...A }", {"A → A"}),
        (
            "{ viewer { id } } fragment A on Person { ...B } fragment B on Person { manager { ...A } }",
            {"A → B → A", "B → A → B"},  # both are right
        ),
        ("{ viewer { ...C } } fragment B on Person { id } fragment C on Person { ...B ...C }", {"C → C"}),
        (
            "fragment A on Person { ...B } fragment B on Person { ...C } fragment C on Person { ...A }",
            {"A → B → C → A", "B → C → A → B", "C → A → B → C"},
        ),
    ],
)
def test_fragments_in_a_circle_are_refused(text: str, circles: set[str]) -> None:
    error = refused(text)

    assert code(error) == "GRAPHQL_VALIDATION_FAILED"
    assert error.message.rpartition(": ")[2].rstrip(".") in circles


@pytest.mark.parametrize(
    ("text", "roots"),
    [
        ("subscription { feedUpdated { id } inboxUpdated { id } }", 2),
        ("subscription { a: feedUpdated { id } b: feedUpdated { id } }", 2),
        ("subscription { ...F ... { inboxUpdated { id } } } fragment F on Subscription { feedUpdated { id } }", 2),
        ("subscription { ...F } fragment F on Subscription { ...Unknown }", 0),
    ],
)
def test_a_subscription_has_one_root_field(text: str, roots: int) -> None:
    error = refused(text)

    assert code(error) == "GRAPHQL_VALIDATION_FAILED"
    assert f"has {roots}" in error.message


def test_one_root_field_of_a_subscription_may_be_written_twice() -> None:
    assert weigh("subscription { feedUpdated { id } feedUpdated { title } }").depth == 2


def test_the_only_operation_needs_no_name() -> None:
    assert weigh("query A { viewer { id } }").depth == 2
    assert weigh("query A { viewer { id } }", name="A").depth == 2
    assert weigh("query A { viewer { id } } mutation B { rename { manager { id } } }", name="B").depth == 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("query A { viewer { id } } query B { viewer { id } }", None),
        ("{ viewer { id } } query B { viewer { id } }", None),
        ("query A { viewer { id } }", "B"),
        ("{ viewer { id } }", "A"),
        ("{ viewer { id } }", ""),
        ("fragment F on Person { id }", None),
    ],
)
def test_an_operation_must_be_meant(text: str, name: str | None) -> None:
    assert code(refused(text, name=name)) == "GRAPHQL_VALIDATION_FAILED"


def test_only_the_operation_that_runs_is_weighed() -> None:
    text = f"query A {{ viewer {{ id }} }} query B {{ viewer {{ {nested(20)} }} }}"

    assert weigh(text, name="A").depth == 2
    with pytest.raises(LimitExceeded):
        weigh(text, name="B")
