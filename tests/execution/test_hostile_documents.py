"""Documents that were written to be dear: each is refused or weighed at once."""

import time
from dataclasses import replace

import pytest
from graphql import parse

from execution.limits import TRUSTED, LimitExceeded, Limits
from execution.survey import Survey
from execution.weights import Scale
from tests.execution.weighing import exceeded, nested, refused, schema, weigh


def doubling(levels: int, spread: str = "...F{0} ...F{0}") -> str:
    fragments = [f"fragment F{i} on Person {{ {spread.format(i + 1)} }}" for i in range(levels)]
    return "{ viewer { ...F0 } }" + " ".join(fragments) + f" fragment F{levels} on Person {{ name }}"


def test_doubling_fragments_are_weighed_once_each() -> None:
    """Unfolded the document has 268 million fields."""
    survey = Survey(parse(doubling(28)), schema, Limits())
    scale = Scale(schema, survey.fragments, {}, Limits())

    assert scale.weigh(survey.operation(None)).depth == 2
    assert scale.weighed == 2 + 2 * 28 + 1
    assert weigh(doubling(28)).depth == 2


@pytest.mark.parametrize(
    ("spread", "limit"),
    [
        ("manager {{ ...F{0} }} deputy {{ ...F{0} }}", "depth"),
        ("manager {{ ...F{0} }} again: manager {{ ...F{0} }}", "depth"),
        ("... {{ id name name ...F{0} }} ... {{ name ...F{0} }}", "repeats"),
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
    deep = f"{{ viewer {{ {nested(27)} }} }}"
    many = " ".join(f"query Q{i} {{ ...F }}" for i in range(400)) + " fragment F on Query { " + "x " * 99 + "}"
    lists = "{ feed(filterBy: {names: [" + '"x" ' * 3_900 + "]}) { totalCount } }"

    started = time.process_time()

    assert exceeded(wide)[0] == "repeats"
    assert exceeded(deep)[0] == "depth"
    assert refused(many).message.startswith("The document holds 400 operations: name the one")
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
