"""Words and cursors of insiders, put wherever a text may stand, tell outsiders nothing."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence

from tests.factories.outsiders import Outsider
from tests.leaks.answers import is_id, members_of
from tests.leaks.conftest import Crawler
from tests.leaks.ground import Ground
from tests.leaks.hunting import assert_silent, is_heard, parties, shallow

WORDS = 8  # one of so many words is tried everywhere


@parties
async def test_words_and_cursors_of_insiders_tell_outsiders_nothing(
    crawl: Crawler, ground: Ground, party: Sequence[Outsider]
) -> None:
    await ground.plant()
    cursors = await cursors_of(crawl, ground)

    for who in party:
        viewer = await ground.viewer(who)
        words = sorted(text for text in ground.hidden_from(who) if text.isalnum() and not is_id(text))[::WORDS]
        words.append(uuid.uuid4().hex)
        for root in (root for root in shallow(crawl, "query") if is_heard(viewer, root)):
            for slot in (slot for slot in root.slots if slot.type.name == "String"):
                if slot.name in ("after", "before"):
                    for cursor in cursors:
                        assert_silent(ground, who, await crawl(viewer, root, root.filled(slot, cursor)), root, [])
                    continue
                for size in ({}, {"first": 0}) if "first" in root.arguments else ({},):
                    told = {text: await crawl(viewer, root, {**root.filled(slot, text), **size}) for text in words}
                    for text in words:
                        assert_silent(ground, who, told[text], root, [text])
                    assert len(set(told.values())) == 1, f"{root.name} {size} tells {who} which words there are: {told}"


async def cursors_of(crawl: Crawler, ground: Ground) -> list[str]:
    """The last cursor of every list that an insider sees."""
    found: list[str] = []
    for root in shallow(crawl, "query"):
        told = json.loads(await crawl(ground.ida, root, root.required))
        found += [text for name, text in members_of(told) if name == "endCursor"][:1]
    return found
