"""How much an operation may give, before it is run."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from graphql import parse

from execution.limits import TRUSTED, LimitExceeded, Limits
from execution.survey import Survey
from tests.execution.weighing import code, exceeded, nested, refused, schema, weigh


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("{ viewer { name } }", 0),
        ("{ feed { totalCount } }", 20),
        ("{ feed(first: null) { totalCount } }", 20),
        ("{ feed(first: 0) { nodes { comments(first: 100) { totalCount } } } }", 0),
        ("{ feed(last: 7) { totalCount } }", 7),
        ("{ feed(first: 5, last: 7) { totalCount } }", 7),
        ("{ feed(first: 10) { nodes { comments { totalCount } } } }", 200),
        ("{ feed(first: 9) { edges { node { comments(first: 2) { nodes { replies(first: 3) { x } } } } } } }", 54),
        ("{ feed(first: 10) { nodes { comments(first: 0) { totalCount } } } }", 10),
        ("{ feed(first: 100) { nodes { comments(first: 100) { totalCount } } } }", 10_000),
        ("{ a: feed(first: 3) { totalCount } b: feed(first: 4) { totalCount } }", 7),
        ("{ feed(first: 3) { ...F ...F } } fragment F on PostConnection { nodes { comments(first: 2) { x } } }", 6),
        ("{ feed(first: 3) { nodes { ... on Post { comments(first: 2) { totalCount } } } } }", 6),
        ("{ node(id: 1) { ... on Person { posts(first: 9) { totalCount } } } }", 9),
        ("{ nodes(ids: [1, 2, 3]) { ... on Person { posts(first: 9) { totalCount } } } }", 27),
        ("{ nodes(ids: 1) { ... on Person { posts(first: 9) { totalCount } } } }", 9),
        ("{ suggest(kinds: []) { posts(first: 9) { totalCount } } }", 180),
        ("{ search(first: \"5\") { comments(first: 9) { totalCount } } }", 180),
        ("query ($n: Int = 7) { feed(first: $n) { totalCount } }", 7),
        ("{ viewer { unknown(first: 9) { posts(first: 2) { x } } } unknown { feed(first: 9) { x } } }", 0),
    ],
)  # fmt: skip
def test_nodes_are_page_sizes_multiplied(text: str, nodes: int) -> None:
    assert weigh(text).nodes == nodes


@pytest.mark.parametrize(
    ("variables", "nodes"),
    [
        ({"n": 5}, 10), ({"n": 5.0}, 10), ({"n": None}, 40), ({}, 40), ({"n": "5"}, 40), ({"n": True}, 40),
        ({"n": float("nan")}, 40), ({"n": float("inf")}, 40), ({"n": 5, "m": 4}, 20), ({"n": 0}, 0),
    ],
)  # fmt: skip
def test_nodes_depend_on_variables(variables: dict[str, Any], nodes: int) -> None:
    text = "query ($n: Int, $m: Int = 2) { feed(first: $n) { nodes { comments(first: $m) { totalCount } } } }"

    assert weigh(text, variables).nodes == nodes


def test_a_list_of_ids_sizes_a_list_of_nodes() -> None:
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Person { posts(first: 100) { totalCount } } } }"

    assert weigh(text, {"ids": ["x"] * 100}).nodes == 10_000
    assert exceeded(text, {"ids": ["x"] * 101})[:2] == ("nodes", 10_100)


def test_the_dearest_selections_are_named() -> None:
    error = refused("""{
        feed(first: 100) { ...F edges { node { comments(first: 50) { totalCount } } } }
        mine: feed(first: 90) { nodes { comments(first: 100) { nodes { replies(first: 2) { totalCount } } } } }
        viewer { posts(first: 3) { totalCount } }
    }
    fragment F on PostConnection { nodes { author { posts(first: 80) { totalCount } } } }""")

    assert isinstance(error, LimitExceeded)
    assert (error.limit, error.measured, code(error)) == ("nodes", 31_003, "QUERY_TOO_COMPLEX")
    assert (error.extensions or {})["selections"] == [
        {"path": "mine.nodes.comments.nodes.replies", "nodes": 18_000},
        {"path": "feed.nodes.author.posts", "nodes": 8_000},
        {"path": "feed.edges.node.comments", "nodes": 5_000},
    ]
    assert "mine.nodes.comments.nodes.replies (18,000)" in error.message


@pytest.mark.parametrize(
    "argument", ["first: 101", "last: 101", "first: -1", "first: 99999999999999999999", "last: 2000"]
)
def test_a_page_size_out_of_range_is_refused(argument: str) -> None:
    error = refused(f"{{ feed({argument}) {{ totalCount }} }}")

    assert isinstance(error, LimitExceeded)
    assert (error.limit, code(error)) == ("page", "BAD_USER_INPUT")


@pytest.mark.parametrize("size", [101, -1, 10**30, 1e300])
def test_a_page_size_in_a_variable_is_refused_too(size: float) -> None:
    assert exceeded("query ($n: Int) { feed(first: $n) { totalCount } }", {"n": size})[0] == "page"


def test_single_objects_are_limited_through_fragments() -> None:
    """Three relations to one person each, ten levels deep: 100 bytes a level, and 3 times the objects."""

    def family(levels: int) -> str:
        fragments = [
            f"fragment F{i} on Person {{ manager {{ ...{n} }} deputy {{ ...{n} }} assistant {{ ...{n} }} }}"
            for i in range(levels)
            for n in [f"F{i + 1}"]
        ]
        return "{ viewer { ...F0 } }" + " ".join(fragments) + f"fragment F{levels} on Person {{ id }}"

    assert weigh(family(5)).objects == 1 + 3 + 9 + 27 + 81 + 243
    assert exceeded(family(10))[0] == "objects"


def test_a_larger_page_may_be_a_setting() -> None:
    limits = replace(Limits(), page=500, nodes=1_000)

    assert weigh("{ feed(first: 500) { totalCount } }", limits=limits).nodes == 500


def test_a_trusted_document_may_be_of_any_size_but_not_its_pages() -> None:
    wide = "{ " + " ".join(f"r{i}: viewer {{ {nested(25)} }}" for i in range(50)) + " }"

    assert weigh(wide, limits=TRUSTED).aliases == 50
    with pytest.raises(LimitExceeded):
        weigh("{ feed(first: 101) { totalCount } }", limits=TRUSTED)
    assert all(limit > 0 for limit in asdict(TRUSTED).values())


def test_a_survey_weighs_again_only_for_variables_that_matter() -> None:
    document = parse("query ($n: Int, $text: String) { feed(first: $n) { totalCount } suggest(prefix: $text) { id } }")
    known = Survey(document, schema, Limits())

    first = known.check(None, {"n": 5, "text": "a"})

    assert known.check(None, {"n": 5, "text": "b"}) is first
    assert known.check(None, {"n": 5.0}) is first
    assert known.check(None, {"n": 6}).nodes == 6 + 20
    for n in range(100):
        assert known.check(None, {"n": n}).nodes == n + 20
