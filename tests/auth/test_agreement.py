"""Each condition of the policies says the same in its three forms, and what a fourth, naive one says."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tortoise.models import Model

from auth import policies, sessions
from auth.conditions import Condition, Params
from auth.facts import Facts
from auth.policies import READABLE
from auth.viewer import Viewer
from models import db
from tests import engine
from tests.auth.loading import load
from tests.auth.reference import REFERENCE, Asker
from tests.auth.worlds import Key, World, worlds
from tests.factories.people import NOW

LONG = bool(os.environ.get("ATRIUM_FUZZ"))
WORLDS = 300 if LONG else 12
TRIPLES = 1_000_000 if LONG else 100_000  # viewer, row, condition


@cache
def declared() -> dict[str, Condition]:
    """Every `readable…` and `can_…` condition of the policies, by `module.name`."""
    found: dict[str, Condition] = {}
    for info in pkgutil.iter_modules(policies.__path__):
        module = importlib.import_module(f"auth.policies.{info.name}")
        for name, value in vars(module).items():
            if isinstance(value, Condition) and name.startswith(("readable", "can_")):
                found[f"{info.name}.{name}"] = value
    return found


@dataclass
class Tally:
    """What was compared: triples of viewer, row and condition, not counting that each was negated as well."""

    triples: int = 0
    worlds: int = 0
    held: int = 0
    agreed: bool = False


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    counted = Tally()
    yield counted
    if not counted.agreed:
        return
    print(f"\n{counted.triples:,} triples of {counted.worlds} worlds agree; {counted.held:,} hold")
    assert counted.triples >= TRIPLES, f"only {counted.triples:,} triples were compared: make more worlds"
    assert counted.triples / 50 < counted.held < counted.triples / 2, f"{counted.held:,} hold: the worlds are lopsided"


def test_every_condition_has_a_reference() -> None:
    for name in sorted(declared().keys() - REFERENCE.keys()):
        pytest.fail(
            f"auth/policies has a new condition, {name}. Write what it means in tests/auth/reference, in plain loops"
            f' over the world, under a decorator such as @on_posts("{name}"); a new table also needs rows in worlds.py'
            " and loading.py."
        )
    assert not REFERENCE.keys() - declared().keys(), "a reference is left over from a condition that is gone"


def test_every_scope_is_among_the_conditions() -> None:
    conditions = list(declared().values())

    assert all(any(condition is one for one in conditions) for condition in READABLE.values())


@pytest.mark.fuzz
@settings(
    max_examples=WORLDS,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds())
async def test_all_forms_of_a_condition_agree(tally: Tally, database: None, world: World) -> None:
    tally.agreed = False
    await engine.empty()
    async with db.transaction():
        await load(world)
    for key in world.keys:
        person = next(person for person in world.people if person.id == key.person)
        viewer = await sessions.again(key.id, NOW)

        assert (viewer is not None) == person.active, "whoever has left is nobody's viewer, and only they"

        if viewer:
            today = replace(viewer, today=NOW.date())
            await compare(tally, world, Asker(world, person, key), today)
    tally.worlds, tally.agreed = tally.worlds + 1, True


async def compare(tally: Tally, world: World, asker: Asker, viewer: Viewer) -> None:
    """Ask all forms about all rows; the database is asked once for all conditions on a table."""
    for model in {reference.model for reference in REFERENCE.values()}:
        conditions = {name: one for name, one in declared().items() if REFERENCE[name].model is model}
        both = {**conditions, **{f"~ {name}": ~one for name, one in conditions.items()}}
        records = await db.rows(f"SELECT * FROM {table(model)}")
        by_sql = await selected(model, viewer, both)
        for name, condition in both.items():
            by_q = {row.pk for row in await model.filter(condition.q(viewer)).only("id")}
            by_test = await passing(condition, viewer, records)
            expected = naive(name, asker)
            assert by_sql[name] == expected, report(name, "SQL", asker, by_sql[name] ^ expected)
            assert by_q == expected, report(name, "Q", asker, by_q ^ expected)
            assert by_test == expected, report(name, "test", asker, by_test ^ expected)
            tally.triples += 0 if name.startswith("~") else len(records)
            tally.held += 0 if name.startswith("~") else len(expected)


async def selected(model: type[Model], viewer: Viewer, conditions: Mapping[str, Condition]) -> dict[str, set[UUID]]:
    """The rows for which each condition's SQL holds."""
    params = Params()
    columns = [f"({one.sql(viewer, params, 'r')}) IS TRUE" for one in conditions.values()]
    rows = await db.rows(f"SELECT r.id, {', '.join(columns)} FROM {table(model)} r", *params)
    return {name: {row[0] for row in rows if row[i]} for i, name in enumerate(conditions, start=1)}


async def passing(condition: Condition, viewer: Viewer, rows: Sequence[Any]) -> set[UUID]:
    """The rows that pass the condition's test in Python, which has learnt what it wants to know and no more."""
    facts, left = Facts(), condition.settled(viewer)
    if isinstance(left, bool):
        return {row["id"] for row in rows} if left else set()
    await facts.learn(viewer, left.wanted(viewer, rows))
    return {row["id"] for row in rows if left.test(viewer, row, facts)}


def table(model: type[Model]) -> str:
    return model._meta.db_table  # pyright: ignore[reportPrivateUsage]  # Tortoise's own name for it


def naive(name: str, asker: Asker) -> set[UUID]:
    """The rows for which the reference says so."""
    reference = REFERENCE[name.removeprefix("~ ")]
    return {row.id for row in reference.rows(asker.world) if reference.rule(asker, row) != name.startswith("~")}


def report(name: str, form: str, asker: Asker, differing: set[UUID]) -> str:
    rows = [row for row in REFERENCE[name.removeprefix("~ ")].rows(asker.world) if row.id in differing]
    key: Key = asker.key
    return f"{form} of {name} differs from the reference\n  for {asker.person}\n  with {key}\n  on {rows[:3]}"
