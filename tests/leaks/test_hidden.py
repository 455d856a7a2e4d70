"""What is hidden from somebody looks to them as if it were not there, whatever they ask by its id."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from execution.ids import decode_id, encode_id
from tests.factories.outsiders import Outsider
from tests.leaks.conftest import Crawler
from tests.leaks.ground import Ground
from tests.leaks.hunting import assert_silent, is_heard, named, parties, rows, shallow
from tests.leaks.naming import may_name


@parties
async def test_what_is_hidden_looks_as_if_it_were_not_there(
    crawl: Crawler, ground: Ground, party: Sequence[Outsider]
) -> None:
    await ground.plant()
    stored = await rows(ground)

    for who in party:
        hidden = ground.sample(who)
        for root in shallow(crawl, "query", "mutation"):
            viewer = await ground.viewer(who)
            for slot in root.slots if is_heard(viewer, root) else ():
                unknown: dict[str, str] = {}
                for id in (id for id in hidden if may_name(slot, id)):
                    kind = decode_id(id)[0]
                    if kind not in unknown:
                        stranger = encode_id(kind, uuid.uuid4())
                        unknown[kind] = (await crawl(viewer, root, named(root, slot, stranger))).replace(stranger, "…")
                    told = await crawl(viewer, root, named(root, slot, id))
                    assert told.replace(id, "…") == unknown[kind], f"{root.name} tells {who} that {id} exists"
                    assert_silent(ground, who, told, root, [id])
        assert await rows(ground) == stored, f"{who} has changed what they cannot see"
