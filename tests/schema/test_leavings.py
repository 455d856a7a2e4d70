"""What an operation leaves behind: nearly nothing that the garbage collector would have to find."""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest

from execution.compiled import Plans
from resolvers.context import Services
from schema.build import build
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.people import a_person

MOST = 60  # objects of an operation; a page of the feed makes more than a thousand that hold each other
TIMES = 5


@pytest.fixture
def uncollected() -> Generator[None]:
    """The collector looks only when it is told to."""
    gc.disable()
    yield
    gc.enable()


async def test_what_was_loaded_goes_with_the_operation(services: Services, uncollected: None) -> None:
    ask = Ask(build(plans=Plans(from_run=1)), services)
    ann = await a_person("Ann")
    for _ in range(20):
        await a_comment(await a_post(author=ann), author=ann)
    viewer = (await ask.context(ann)).viewer
    for _ in range(2):
        await ask(viewer, "feed/home_feed", first=20)
    gc.collect()

    for _ in range(TIMES):
        await ask(viewer, "feed/home_feed", first=20)

    assert gc.collect() <= TIMES * MOST
