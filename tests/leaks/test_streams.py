"""A stream tells nobody of what is hidden from them, neither replayed from the start nor as it happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Coroutine, Mapping
from contextlib import aclosing
from typing import Any, cast

from strawberry.types import ExecutionResult

from auth.viewer import Viewer
from execution.documents import core_schema
from models.audiences import COMPANY
from models.log import START, LoggedEvent
from resolvers import streams
from schema.answer import answer
from subscriptions.live import running
from tests.factories.ids import global_id
from tests.factories.outsiders import ALL, STRANGERS, Outsider
from tests.factories.session import as_viewer
from tests.leaks.conftest import Crawler
from tests.leaks.crawling import roots
from tests.leaks.ground import Ground

NEWS = "the very last news"
PATIENCE = 20.0  # seconds until all must have heard it
SILENCE = 0.3  # seconds in which those who hear nothing would have heard something


async def test_streams_tell_only_insiders(crawl: Crawler, ground: Ground) -> None:
    """Half is planted before anybody listens and replayed, half while all do; company news goes to every member."""
    await ground.plant()
    async with running(crawl.ask.services.hub):
        told: dict[Outsider | None, list[str]] = {who: [] for who in (*ALL, None)}
        listening = [asyncio.create_task(listen(crawl, ground, who, told[who])) for who in told]
        await asyncio.sleep(0.1)
        await ground.plant()
        await write_and_remove(crawl, ground)
        elsa = ground.outsiders[Outsider.ELSEWHERE]
        await crawl.ask(elsa, "posts/create_post", kind="DISCUSSION", body=NEWS)
        await all_have_heard([told[who] for who in (None, *(ALL - STRANGERS))])
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)

    owner = "\n".join(told[None])
    planted = [
        secret.text for secret in ground.secrets if secret.text.startswith(("title", "body", "comment", "reply"))
    ]
    assert not [word for word in planted if word not in owner], "the owner's stream lacks something"
    public = await LoggedEvent.filter(audience_id=COMPANY, kind__in=[kind.__name__ for kind in streams.FEED]).count()
    for who in ALL:
        heard = "\n".join(told[who])
        assert not [text for text in ground.hidden_from(who) if text in heard], f"a stream tells {who}"
        events = [event for event in told[who] if '"errors"' not in event]
        assert len(events) == (0 if who in STRANGERS else public), f"a stream tells {who} that something happens"


async def write_and_remove(crawl: Crawler, ground: Ground) -> None:
    """An event that names a post which nobody can read any more."""
    unit = {"orgUnitId": global_id(ground.unit)}
    made = await crawl.ask(ground.ida, "posts/create_post", kind="DISCUSSION", body="No, rather not", audience=unit)
    post = made["createPost"]["post"]["id"]
    ground.hide(post)
    await crawl.ask(ground.ida, "posts/delete_post", post_id=post)


async def listen(crawl: Crawler, ground: Ground, who: Outsider | None, told: list[str]) -> None:
    """Write down what every stream says from the beginning of the log, also those of hidden things; None: the owner."""
    viewer = await ground.viewer(who) if who else await as_viewer(ground.ida, crawl.ask.services.clock.now())
    hidden = ground.sample(who) if who else []
    followed: list[Coroutine[Any, Any, None]] = []
    for root in roots(core_schema(crawl.ask.schema), "subscription"):
        slots = [slot for slot in root.slots if slot.type.name == "ID"]
        for variables in [root.required, *(root.filled(slot, id) for slot in slots for id in hidden)]:
            followed.append(follow(crawl, viewer, root.text, variables, told))
    await asyncio.gather(*followed)


async def follow(
    crawl: Crawler, viewer: Viewer | None, text: str, variables: Mapping[str, Any], told: list[str]
) -> None:
    ctx = await crawl.ask.context(viewer)
    values = {**variables, "after": streams.seal(ctx, START)}
    stream = await crawl.ask.schema.subscribe(text, variable_values=values, context_value=ctx)
    if isinstance(stream, ExecutionResult):
        told.append(json.dumps(answer(ctx, stream).body()))
        return
    async with aclosing(cast(Any, stream)) as results:
        async for result in results:
            told.append(json.dumps(answer(ctx, result).body()))


async def all_have_heard(notes: Collection[list[str]]) -> None:
    """Until the last news is in all of these."""
    async with asyncio.timeout(PATIENCE):
        while not all(NEWS in "".join(told[-1:]) for told in notes):
            await asyncio.sleep(0.05)
    await asyncio.sleep(SILENCE)
