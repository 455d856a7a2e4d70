"""Managers: named before or after their reports, in any way, and never in a ring."""

import os
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import db
from models.people import Person
from tests import engine
from tests.factories.people import a_person, manager_of, reports_to
from tests.imports.conftest import Bring, codes, stored

HEADER = "external_id,name,manager_external_id\n"


def a_file(managers: Iterable[tuple[str, str]]) -> str:
    return HEADER + "".join(f"{id},Person {id},{manager}\n" for id, manager in managers)


async def test_managers_may_come_later(bring: Bring) -> None:
    report = await bring(a_file([("a", "b"), ("b", "c"), ("c", "XX"), ("d", "xx"), ("e", "")]))

    assert not report.problems
    assert await stored("manager") == {"a": "b", "b": "c", "c": None, "d": None, "e": None}
    assert report.chart.as_dict() == {"posts": 5, "roots": 3, "depth": 2, "largestSpan": 1}


async def test_managers_may_come_from_an_earlier_import(bring: Bring) -> None:
    await bring(a_file([("a", "")]))

    report = await bring(a_file([("b", "a")]))

    assert await stored("manager") == {"a": None, "b": "a"}
    assert report.chart.as_dict() == {"posts": 2, "roots": 1, "depth": 1, "largestSpan": 1}


async def test_sources_do_not_mix(bring: Bring) -> None:
    await bring(a_file([("a", "")]), source="one")

    report = await bring(a_file([("b", "a")]), source="two")

    assert codes(report) == [(2, "unknown_ref")]
    assert report.chart.posts == 1


async def test_an_unknown_manager_may_come_at_last(bring: Bring) -> None:
    first = await bring(a_file([("a", "b")]))
    assert codes(first) == [(2, "unknown_ref")]
    assert (first.people.created, first.people.errors) == (1, 1)

    second = await bring(a_file([("a", "b"), ("b", "")]))

    assert (second.people.updated, second.people.created, second.problems) == (1, 1, [])
    assert await stored("manager") == {"a": "b", "b": None}


async def test_managers_by_address_and_by_name(bring: Bring) -> None:
    report = await bring(
        "external_id,name,email,manager\n1,Ann Lee,ann@acme.example,\n2,Bob,bob@acme.example,Ann@acme.example\n"
        "3,Cleo,,ann lee\n4,Dan,,2\n5,Eve,,Zed\n6,Cleo,,\n7,Fay,,Cleo\n"
    )

    assert codes(report) == [(6, "unknown_ref"), (8, "ambiguous_ref")]
    assert await stored("manager") == {"1": None, "2": "1", "3": "1", "4": "2", "5": None, "6": None, "7": None}


async def test_an_id_is_not_taken_for_a_name(bring: Bring) -> None:
    report = await bring(HEADER + "1,Ann,\n2,Bob,Ann\n")

    assert codes(report) == [(3, "unknown_ref")]


@pytest.mark.parametrize(
    ("ring", "loser"),
    [
        ([("a", "a")], "a"),
        ([("b", "a"), ("a", "b")], "a"),
        ([("3", "20"), ("20", "100"), ("100", "3")], "100"),  # by sign, not by number
    ],
)
async def test_a_ring_loses_one_line(bring: Bring, ring: list[tuple[str, str]], loser: str) -> None:
    report = await bring(a_file([*ring, ("z", ring[0][0])]))

    assert [(p.id, p.code, p.severity) for p in report.problems] == [(loser, "manager_cycle", "error")]
    assert await stored("manager") == dict(ring) | {loser: None, "z": ring[0][0]}
    assert report.people.created == len(ring) + 1
    assert (await bring(a_file([*ring, ("z", ring[0][0])]))).people.unchanged == len(ring) + 1


async def test_a_ring_through_people_who_are_there_already(bring: Bring) -> None:
    await bring(a_file([("a", "b"), ("b", "c"), ("c", "")]))

    report = await bring(a_file([("c", "a")]))

    assert [(p.id, p.code) for p in report.problems] == [("c", "manager_cycle")]
    assert await stored("manager") == {"a": "b", "b": "c", "c": None}


async def test_a_ring_through_somebody_of_another_source(bring: Bring) -> None:
    await bring(a_file([("a", ""), ("b", "a")]))
    boss = await a_person("Boss")
    a, b = await Person.get(name="Person a"), await Person.get(name="Person b")
    await reports_to(boss, b)
    await reports_to(a, boss)

    # What a file says of a manager holds, however the line was bent in between: so there is no ring in the end.
    report = await bring(a_file([("a", ""), ("b", "a")]))

    assert (report.people.updated, report.problems) == (1, [])
    assert await stored("manager") == {"a": None, "b": "a"}
    assert await manager_of(boss, bring.clock.now().date()) == b.id


async def test_turning_a_line_around_is_no_ring(bring: Bring) -> None:
    await bring(a_file([("a", "b"), ("b", "c"), ("c", "")]))

    report = await bring(a_file([("c", "b"), ("b", "a"), ("a", "")]))

    assert not report.problems
    assert await stored("manager") == {"a": None, "b": "a", "c": "b"}


EXAMPLES = 150 if os.environ.get("ATRIUM_FUZZ") else 10
IDS = [f"p{n}" for n in range(8)]


@pytest.mark.fuzz
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.dictionaries(st.sampled_from(IDS), st.sampled_from([*IDS, ""]), max_size=5),
    now=st.dictionaries(st.sampled_from(IDS), st.sampled_from([*IDS, "", "nobody"]), min_size=1),
    seed=st.integers(),
)
async def test_the_order_of_rows_does_not_matter(
    bring: Bring, before: dict[str, str], now: dict[str, str], seed: int
) -> None:
    shuffled = list(now.items())
    Random(seed).shuffle(shuffled)
    outcomes: list[object] = []
    for rows in (sorted(now.items()), shuffled):
        await engine.empty()
        if before:
            await bring(a_file(before.items()))
        told = await bring(a_file(rows), dry_run=True)
        report = await bring(a_file(rows))
        assert told == report
        outcomes.append((report.summary(), {(p.id, p.code) for p in report.problems}, await stored("manager")))
        assert (await bring(a_file(rows))).people.unchanged == len(rows)

    assert outcomes[0] == outcomes[1]
    managers = await stored("manager")
    assert not rings(managers)
    roots, spans = [id for id in managers if managers[id] is None], list(managers.values())
    assert report.chart.roots == len(roots)
    assert report.chart.largest_span == max((spans.count(id) for id in managers), default=0)


def rings(managers: dict[str, str | None]) -> set[str]:
    """Everyone who comes back to themselves, found the slow way."""
    found: set[str] = set()
    for start in managers:
        at: str | None = start
        for _ in managers:
            at = managers.get(at) if at else None
            if at == start:
                found.add(start)
    return found


async def test_a_long_line_is_followed_to_its_end(bring: Bring) -> None:
    people = [(f"{n:04}", f"{n + 1:04}" if n < 2_999 else "") for n in range(3_000)]

    report = await bring(a_file(people))

    assert report.chart.as_dict() == {"posts": 3_000, "roots": 1, "depth": 2_999, "largestSpan": 1}
    assert await db.value("SELECT count(*) FROM reporting_line") == 2_999
