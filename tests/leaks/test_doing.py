"""What outsiders may do changes nothing that is hidden from them, and tells them nothing."""

from __future__ import annotations

import pytest

from execution.documents import core_schema
from tests.factories.outsiders import ALL, STRANGERS, Outsider
from tests.leaks.conftest import Crawler
from tests.leaks.crawling import roots
from tests.leaks.ground import Ground
from tests.leaks.hunting import assert_silent, ids_of, rows
from tests.leaks.naming import may_name


@pytest.mark.parametrize("who", sorted(ALL - STRANGERS), ids=lambda who: who.name.lower())
async def test_what_outsiders_may_do_tells_them_nothing(crawl: Crawler, ground: Ground, who: Outsider) -> None:
    await ground.plant()
    stored = await rows(ground)
    mine = await ids_of(crawl, ground, who)

    for root in roots(core_schema(crawl.ask.schema), "mutation"):
        for slot in root.slots:
            for id in (id for id in mine if may_name(slot, id)):
                told = await crawl(await ground.viewer(who), root, root.filled(slot, id))
                assert_silent(ground, who, told, root, [])

    assert await rows(ground) == stored, f"{who} has changed what they cannot see"
