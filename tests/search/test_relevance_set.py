"""The relevance set is sound: what it expects is there, the searcher may see it, and no right answer is left out."""

from __future__ import annotations

from collections import Counter

import pytest_asyncio

from resolvers.context import Services
from tests.search.relevance import NAMED, SAYING, SORTS, Query, Seen, Target, has, holders, relevance_set, seen, settle

QUERIES = relevance_set().queries
OPERATOR = "operator"


@pytest_asyncio.fixture
async def found(services: Services) -> Seen:
    """What the searcher sees of the company."""
    await settle(services, relevance_set())
    return await seen(services)


def test_it_is_large_and_of_all_sorts() -> None:
    sorts = Counter(query.sort for query in QUERIES)

    assert set(sorts) == set(SORTS)
    assert min(sorts.values()) >= 8
    assert len(QUERIES) >= 130


def test_nothing_is_asked_twice() -> None:
    asked = Counter((query.text, query.kinds) for query in QUERIES)

    assert [one for one, count in asked.items() if count > 1] == []


def test_each_answer_is_of_a_kind_that_is_asked_for() -> None:
    for query in QUERIES:
        assert query.finds, query.text
        for target in query.finds:
            assert target.kind in (query.kinds or (*NAMED, *SAYING)), query.text
            assert (target.name is None) == (target.kind in SAYING), query.text
            assert (target.says is None) == (target.kind in NAMED), query.text


async def test_the_searcher_may_see_all_that_is_expected(found: Seen) -> None:
    unseen = [(query.text, target) for query in QUERIES for target in query.finds if not has(found, target)]
    unfair = [(query.text, target) for query in QUERIES for target in _left_out(query, found)]

    assert unseen == []
    assert unfair == [], "what says the same is as right, of whatever kind"
    for query in QUERIES:
        if query.sort in ("skill", "synonym"):
            assert {target.name for target in query.finds} == await holders(query.text), query.text


def _left_out(query: Query, found: Seen) -> list[Target]:
    """What says the same as an expected text, is of another kind that is asked for, and not expected."""
    if query.sort == OPERATOR:  # says who must have written it, or where
        return []
    kinds = [kind for kind in query.kinds or SAYING if kind in SAYING]
    same = [Target(kind, says=target.says) for target in query.finds if target.says for kind in kinds]
    return [target for target in same if target not in query.finds and has(found, target)]
