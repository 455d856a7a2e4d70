"""Our own schema with all that the domains plant for the leak hunt: both executors tell everybody the same."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pytest
import pytest_asyncio

from auth.viewer import Viewer
from execution.compiled import Plans
from execution.documents import core_schema
from execution.limits import TRUSTED
from schema.answer import execute
from schema.build import Schema, build
from tests.conftest import Ask
from tests.execution.equality.asking import Taste
from tests.execution.equality.comparing import Answer, differences
from tests.execution.equality.running import question
from tests.factories.session import as_viewer
from tests.leaks.answers import is_id
from tests.leaks.crawling import EXAMPLES, deep_roots
from tests.leaks.ground import Ground, a_ground

LONG = bool(os.environ.get("ATRIUM_FUZZ"))
OPERATIONS = 5_000 if LONG else 60
SEED = int(os.environ.get("ATRIUM_FUZZ_SEED", "1"))

pytestmark = pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning")  # the reference executor leaves some behind


@pytest.fixture(scope="module")
def reference() -> Schema:
    return build(TRUSTED)


@pytest.fixture(scope="module")
def compiled() -> Schema:
    return build(TRUSTED, plans=Plans(from_run=1))


@pytest_asyncio.fixture
async def ground(ask: Ask) -> Ground:
    made = await a_ground(ask)
    await made.plant()
    return made


@pytest.mark.fuzz
async def test_random_queries(ground: Ground, reference: Schema, compiled: Schema) -> None:
    ids = sorted({one.text for one in ground.secrets if is_id(one.text)})
    said = {name: [value] for name, value in EXAMPLES.items()} | {"ID": [*ids, "none"], "Int": [0, 1, 3]}
    taste = Taste(scalars=said, never=frozenset({"Query._entities"}))
    now = ground.ask.services.clock.now()
    people = [ground.ida, ground.iris, *ground.outsiders.values()]
    viewers = [await as_viewer(person, now) for person in people[:4]]
    assert compiled.plans is not None
    compiled.plans.counts.clear()

    for seed in range(SEED * 1_000_000, SEED * 1_000_000 + OPERATIONS):
        asked = question(seed, core_schema(reference), "query", taste)
        both = [
            await told(ground, one, viewers[seed % 4], asked.text, asked.variables[0], asked.operation)
            for one in (reference, compiled)
        ]
        assert differences(asked.text, *both) == [], (seed, asked)

    assert compiled.plans.counts["compiled"] > 0.7 * OPERATIONS


@pytest.mark.fuzz
async def test_everything_that_can_be_asked(ground: Ground, reference: Schema, compiled: Schema) -> None:
    ida = await as_viewer(ground.ida, ground.ask.services.clock.now())

    for root in deep_roots(core_schema(reference))[:: 1 if LONG else 12]:
        both = [await told(ground, one, ida, root.text, dict(root.required)) for one in (reference, compiled)]
        assert differences(root.text, *both) == [], root.name

    assert compiled.plans is not None
    assert set(compiled.plans.counts) <= {"compiled", "null_condition"}


def test_a_schema_with_empty_plans_is_compiled() -> None:
    """Once these were nothing to it, and it ran by the reference executor."""
    plans = Plans()
    schema = build(plans=plans)

    assert schema.execute_sync("{ __typename }").data == {"__typename": "Query"}
    assert plans.counts == {"first": 1}


async def told(
    ground: Ground,
    schema: Schema,
    who: Viewer | None,
    text: str,
    variables: Mapping[str, Any],
    operation: str | None = None,
) -> Answer:
    answer = await execute(schema, await ground.ask.context(who), text, dict(variables), operation)
    return Answer(answer.data, answer.errors)
