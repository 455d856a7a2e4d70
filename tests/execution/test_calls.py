"""How much Python runs for a screen: counted, not timed, so that it is the same on any machine, and kept from growing.

`calls.json` holds the calls of each screen as they were when somebody last looked. To renew it after a change that is
worth its calls: `ATRIUM_RENEW_CALLS=1 python -m pytest tests/execution/test_calls.py`, and say why in the change.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import FrameType

import pytest

from bench.beside.asked import OPERATIONS
from execution.compiled import Plans
from models.people import Person
from resolvers.context import Context, Request, Services
from schema.answer import execute
from schema.build import Schema, build
from tests.bench.screens import SCREENS, Wish
from tests.factories.people import a_person
from tests.factories.session import as_viewer

KEPT = Path(__file__).with_name("calls.json")
MORE = 1.15  # times as many as are kept
OF_REFERENCE = 1 / 4
WARM = 3  # runs before it counts: then everything is planned, prepared and cached

ROOT = str(Path(__file__).parents[2])
OTHERS = ("/graphql/", "/strawberry/", "/aiodataloader")
"""Of libraries those that execute; how often the event loop wakes is no property of ours."""

COUNTED = ("HomeFeed", "OrgChart", "ChatHistory")


@pytest.fixture(scope="module")
def reference() -> Schema:
    return build(plans=None)


@pytest.fixture(scope="module")
def compiled() -> Schema:
    return build(plans=Plans(from_run=1))


@pytest.mark.parametrize("screen", COUNTED)
async def test_a_screen_needs_no_more_calls_than_it_did(
    services: Services, compiled: Schema, reference: Schema, screen: str
) -> None:
    ann = await a_person("Ann")
    wish = await SCREENS[screen](ann)

    few, many = [await _counted(schema, services, ann, screen, wish) for schema in (compiled, reference)]

    _keep(screen, few)
    kept: dict[str, int] = json.loads(KEPT.read_text())
    assert few <= kept[screen] * MORE
    assert few <= many * OF_REFERENCE


async def _counted(schema: Schema, services: Services, ann: Person, screen: str, wish: Wish) -> int:
    """The calls of one answer, once the same was asked before."""
    [operation] = [one for one in OPERATIONS if one.name == screen]
    viewer = await as_viewer(ann, services.clock.now())
    calls = 0

    def called(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        if event == "call" and _counts(frame.f_code.co_filename):
            calls += 1

    for run in range(WARM + 1):
        ctx = Context(services, viewer, Request(id="test"))
        if run == WARM:
            sys.setprofile(called)
        try:
            answer = await execute(schema, ctx, operation.text, operation.variables(wish))
        finally:
            sys.setprofile(None)
        assert not answer.errors, answer.errors
    return calls


def _counts(path: str) -> bool:
    return (path.startswith(ROOT) and "/.venv/" not in path) or path.startswith("<") or any(o in path for o in OTHERS)


def _keep(screen: str, calls: int) -> None:
    if os.environ.get("ATRIUM_RENEW_CALLS"):
        kept: dict[str, int] = json.loads(KEPT.read_text())
        KEPT.write_text(json.dumps(kept | {screen: calls}, indent=2) + "\n")
