"""Limits: what they let through, what they refuse and what they say; and that no document is dear to refuse."""

import json
import time
from dataclasses import asdict, replace
from typing import Any

import pytest
from graphql import DocumentNode, GraphQLError, build_schema, get_introspection_query, parse

from execution.inputs import check_text, check_variables, parse_text
from execution.limits import TRUSTED, LimitExceeded, Limits
from execution.survey import Survey, check_document
from execution.weights import Scale, Weight

schema = build_schema("""
    directive @mark(n: Int) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | QUERY | FRAGMENT_DEFINITION
    interface Node { id: ID! }
    type PageInfo { hasNextPage: Boolean! endCursor: String }
    type Person implements Node {
      id: ID! name: String manager: Person deputy: Person assistant: Person
      posts(first: Int, last: Int, after: String): PostConnection
      tags: [Tag!]!
    }
    type Tag { name: String }
    type Post implements Node {
      id: ID! title: String author: Person
      comments(first: Int = 3, last: Int): CommentConnection
    }
    type Comment implements Node { id: ID! body: String author: Person replies(first: Int): CommentConnection }
    type PostEdge { cursor: String! node: Post! }
    type PostConnection { edges: [PostEdge!]! nodes: [Post!]! pageInfo: PageInfo! totalCount: Int }
    type CommentEdge { cursor: String! node: Comment! }
    type CommentConnection { edges: [CommentEdge!]! nodes: [Comment!]! pageInfo: PageInfo! totalCount: Int }
    input Filter { names: [String!] inner: Filter }
    type Query {
      viewer: Person
      node(id: ID!): Node
      nodes(ids: [ID!]!): [Node]!
      feed(first: Int, last: Int, filterBy: Filter): PostConnection
      suggest(kinds: [String!], prefix: String): [Person!]!
      search(text: String, first: String): [Post!]!
    }
    type Mutation { rename(name: String): Person }
    type Subscription { feedUpdated: Post inboxUpdated: Post }
""")


def weigh(
    text: str, variables: dict[str, Any] | None = None, name: str | None = None, limits: Limits | None = None
) -> Weight:
    limits = limits or Limits()
    check_text(text, limits)
    return check_document(parse_text(text, limits), schema, name, variables, limits)


def refused(text: str, variables: dict[str, Any] | None = None, name: str | None = None) -> GraphQLError:
    with pytest.raises(GraphQLError) as caught:
        weigh(text, variables, name)
    json.dumps(caught.value.formatted)  # whatever is said can be sent
    return caught.value


def exceeded(text: str, variables: dict[str, Any] | None = None) -> tuple[str, int, int]:
    error = refused(text, variables)
    assert isinstance(error, LimitExceeded)
    assert (error.extensions or {})["limit"] == error.limit
    return error.limit, error.measured, error.allowed


def code(error: GraphQLError) -> Any:
    return (error.extensions or {})["code"]


def nested(depth: int, leaf: str = "id") -> str:
    return "manager { " * depth + leaf + " }" * depth


# Text


def test_text_is_measured_in_bytes() -> None:
    check_text("#" * 100_000, Limits())
    check_text("#" + "é" * 49_999, Limits())

    for text in ("#" * 100_001, "#" + "é" * 50_000, "#" + "é" * 200_000):
        with pytest.raises(LimitExceeded) as caught:
            check_text(text, Limits())
        assert caught.value.limit == "text_bytes"
        assert code(caught.value) == "QUERY_TOO_COMPLEX"


def test_tokens_are_counted_comments_included() -> None:
    assert exceeded("{ " + "name " * 20_000 + "}")[0] in ("text_bytes", "tokens")
    assert exceeded("{" + " a" * 19_998 + "}") == ("tokens", 4_001, 4_000)
    assert exceeded("{ viewer { id } }" + "\n#" * 4_000) == ("tokens", 4_001, 4_000)


def test_braces_are_counted_before_anything_is_parsed() -> None:
    check_text("{" * 30 + "}" * 30, Limits())

    for text in ("{" * 31, "{" * 50_000 + "}" * 50_000, "[" * 100_000, "{[" * 16):
        with pytest.raises(LimitExceeded) as caught:
            check_text(text, Limits())
        assert (caught.value.limit, caught.value.measured) == ("nesting", 31)


def test_a_hundred_thousand_braces_are_too_long_already() -> None:
    assert exceeded("{" * 100_001)[0] == "text_bytes"


def test_braces_in_strings_and_comments_do_not_count() -> None:
    many = "{[" * 40

    for text in (f'"{many}"', f'"\\"{many}"', f'"""{many} \\""" " {many}"""', f"#{many}\r", f"#{many}\n{{}}"):
        check_text(text, Limits())
    for text in (f'""{many}', f'"" "" {many}', f"#\n{many}", f'"\n{many}', f'"""{many}""" {many}'):
        with pytest.raises(LimitExceeded):
            check_text(text, Limits())


@pytest.mark.parametrize("piece", ['\\"', '"""', '\\"""', '"\n', '"a', "#", '"\\', '""" \\"""'])
def test_no_text_is_dear_to_scan(piece: str) -> None:
    text = (piece * 100_000)[:99_999]

    started = time.process_time()
    check_text(text, Limits())

    assert time.process_time() - started < 1


@pytest.mark.parametrize("text", ["{ viewer { id } } # \ud800", '{ a(b: "\udfff") }'])
def test_half_a_surrogate_pair_is_refused(text: str) -> None:
    assert code(refused(text)) == "BAD_USER_INPUT"


def test_a_syntax_error_has_its_code() -> None:
    error = refused("{ viewer { id }")

    assert code(error) == "GRAPHQL_PARSE_FAILED"
    assert error.locations


# Shape


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
    assert weigh("{ viewer { " + "name " * 50 + "} }").worst_repeats == 50
    assert exceeded("{ viewer { " + "name " * 51 + "} }") == ("repeats", 51, 50)
    spread = "{ viewer { ...A ...B } } fragment A on Person { %s } fragment B on Person { %s }"
    assert exceeded(spread % ("name " * 26, "... { name } " * 25)) == ("repeats", 51, 50)


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


# Which operation


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


# Pages and nodes


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
        ("{ suggest(kinds: []) { posts(first: 9) { totalCount } } }", 9),
        ("{ search(first: \"5\") { comments(first: 9) { totalCount } } }", 9),
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


# Hostile documents


def doubling(levels: int, spread: str = "...F{0} ...F{0}") -> str:
    fragments = [f"fragment F{i} on Person {{ {spread.format(i + 1)} }}" for i in range(levels)]
    return "{ viewer { ...F0 } }" + " ".join(fragments) + f" fragment F{levels} on Person {{ name }}"


def survey(text: str, limits: Limits) -> tuple[Scale, DocumentNode]:
    """What `Survey` does, with the scale kept to see how often it was used."""
    document = parse(text)
    known = Survey(document, schema, limits)
    scale = Scale(schema, known.fragments, {}, limits)
    scale.weigh(known.operation(None))
    return scale, document


def test_doubling_fragments_are_weighed_once_each() -> None:
    """Unfolded the document has 268 million fields."""
    scale, _ = survey(doubling(28), Limits())

    assert scale.weighed == 2 + 2 * 28 + 1
    assert weigh(doubling(28)).depth == 2


@pytest.mark.parametrize(
    ("spread", "limit"),
    [
        ("manager {{ ...F{0} }} deputy {{ ...F{0} }}", "depth"),
        ("manager {{ ...F{0} }} again: manager {{ ...F{0} }}", "depth"),
        ("... {{ name ...F{0} }} ... {{ name ...F{0} }}", "repeats"),
        (
            "posts(first: 100) {{ nodes {{ author {{ ...F{0} }} }} edges {{ node {{ author {{ ...F{0} }} }} }} }}",
            "depth",
        ),
    ],
)
def test_doubling_fragments_of_any_kind_are_answered_at_once(spread: str, limit: str) -> None:
    started = time.process_time()
    found = exceeded(doubling(45, spread))

    assert found[0] == limit
    assert time.process_time() - started < 0.5


def test_figures_stay_small_enough_to_be_sent() -> None:
    limits = replace(TRUSTED, nodes=10)
    with pytest.raises(LimitExceeded) as caught:
        weigh(doubling(45, "posts(first: 100) {{ nodes {{ author {{ ...F{0} }} }} }}"), limits=limits)

    assert caught.value.measured == 2**31 - 1
    assert len((caught.value.extensions or {})["selections"]) == 1


def test_a_long_chain_of_deep_fragments_does_not_exhaust_the_stack() -> None:
    chain = [f"fragment F{i} on Person {{ {nested(22, f'...F{i + 1}')} }}" for i in range(49)]

    text = "{ viewer { ...F0 } }" + " ".join(chain) + " fragment F49 on Person { id }"

    assert exceeded(text) == ("depth", 49 * 22 + 2, 12)


def test_the_largest_documents_that_pass_the_parser_are_surveyed_quickly() -> None:
    wide = "{ viewer { " + "manager { name } " * 790 + "} }"
    deep = "{ viewer { " + nested(27, "name") + " } }"
    lists = "{ feed(filterBy: {names: [" + '"x" ' * 3_900 + "]}) { totalCount } }"

    started = time.process_time()

    assert exceeded(wide)[0] == "repeats"
    assert exceeded(deep)[0] == "depth"
    assert exceeded(lists)[0] == "list_items"
    assert time.process_time() - started < 1


def test_what_validation_refuses_does_no_harm_here() -> None:
    for text in (
        "{ viewer { ...Unknown ... on Nothing { x { y } } } }",
        "{ viewer { ...F } } fragment F on Nothing { x(first: 5) { y } }",
        "subscription S { feedUpdated { id } } type Query { x: Int }",
        "{ viewer(first: $unknown) { id(last: 3) } }",
        "{ viewer { ...F } } fragment F on Person { id } fragment F on Person { name }",
        "mutation { unknown { id } }",
        "{ }",
    ):
        weigh(text)


# Variables and strings


def test_a_list_in_a_variable_has_an_end() -> None:
    check_variables({"input": {"tags": ["x"] * 200}}, Limits())

    with pytest.raises(LimitExceeded) as caught:
        check_variables({"input": {"all": [{"tags": ["x"] * 201}]}}, Limits())

    assert (caught.value.limit, code(caught.value)) == ("list_items", "BAD_USER_INPUT")
    assert "$input.all.0.tags has 201 items" in caught.value.message


def test_a_list_in_the_document_has_an_end() -> None:
    weigh("{ feed(filterBy: {names: [" + '"x" ' * 200 + "]}) { totalCount } }")
    assert exceeded("{ feed(filterBy: {names: [" + '"x" ' * 201 + "]}) { totalCount } }")[:2] == ("list_items", 201)


def deep(levels: int, make: Any) -> Any:
    value: Any = "end"
    for _ in range(levels):
        value = make(value)
    return value


def in_a_list(value: Any) -> Any:
    return [value]


def in_an_object(value: Any) -> Any:
    return {"inner": value}


@pytest.mark.parametrize("make", [in_a_list, in_an_object])
def test_variables_nest_only_so_deep(make: Any) -> None:
    check_variables({"input": deep(19, make)}, Limits())

    for levels in (20, 100_000):
        with pytest.raises(LimitExceeded) as caught:
            check_variables({"input": deep(levels, make)}, Limits())
        assert (caught.value.limit, caught.value.measured) == ("variable_nesting", 21)


@pytest.mark.parametrize(
    ("variables", "where"),
    [
        ({"body": "a\0b"}, "$body"),
        ({"body": "\ud800"}, "$body"),
        ({"input": {"tags": ["ok", "\udc00"]}}, "$input.tags.1"),
        ({"input": {"a\0": 1}}, "$input"),
        ({"input": {"\ud800": 1}}, "$input"),
    ],
)
def test_text_that_cannot_be_stored_is_refused(variables: dict[str, Any], where: str) -> None:
    with pytest.raises(GraphQLError) as caught:
        check_variables(variables, Limits())

    assert code(caught.value) == "BAD_USER_INPUT"
    assert caught.value.message.startswith(f"{where} ")


def test_text_of_all_languages_is_welcome() -> None:
    check_variables({"body": "Grüezi 你好 👋🏽 \u202b שלום", "n": 1, "f": 1.5, "none": None, "yes": True}, Limits())
    check_variables(None, Limits())


def test_a_string_in_the_document_is_checked_too() -> None:
    error = refused('{ suggest(prefix: "a\\u0000b") { id } }')

    assert code(error) == "BAD_USER_INPUT"
    assert error.locations


def test_a_survey_weighs_again_only_for_variables_that_matter() -> None:
    document = parse("query ($n: Int, $text: String) { feed(first: $n) { totalCount } suggest(prefix: $text) { id } }")
    known = Survey(document, schema, Limits())

    first = known.check(None, {"n": 5, "text": "a"})

    assert known.check(None, {"n": 5, "text": "b"}) is first
    assert known.check(None, {"n": 5.0}) is first
    assert known.check(None, {"n": 6}).nodes == 6
    for n in range(100):
        assert known.check(None, {"n": n}).nodes == n
