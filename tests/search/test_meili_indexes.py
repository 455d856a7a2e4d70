"""Indexes of Meilisearch: whose they are, when they answer, how one takes over, on a real server."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import uuid

import pytest

from search.engine import Unavailable
from search.meili import INDEX, Foreign, MeiliEngine
from search.meili_client import Client, Refused
from tests.search.meili_asking import MEMBER, found, post, query
from tests.search.meilisearch import indexes, shared_server


async def test_what_is_held_is_told_in_order_and_forgotten_by_audience(meili: MeiliEngine) -> None:
    audience = uuid.uuid4()
    ids = sorted([uuid.UUID(int=n) for n in (1, 10**20, 10**30)] + [uuid.uuid4() for _ in range(20)])
    await meili.put([post("x", subject=one, audiences=(audience,)) for one in ids])
    group = post("x", kind="GROUP", audiences=(audience,))
    await meili.put([group])

    walked: list[uuid.UUID] = []
    while portion := await meili.subjects("POST", walked[-1] if walked else uuid.UUID(int=0), 7):
        walked.extend(portion)

    assert walked == ids and await meili.count() == len(ids) + 1
    await meili.drop_within(audience)
    assert await meili.subjects("POST", uuid.UUID(int=0), 100) == []
    assert await found(meili, "x") == [group.subject]


async def test_an_index_built_beside_takes_over_in_one_step(meili: MeiliEngine) -> None:
    old, new = post("old honey"), post("new honey")
    await meili.put([old])

    into = await meili.rebuilt()
    for _ in range(20):
        await into.put([post("new jam")])
    await into.put([new])
    before = await found(meili, "honey")
    await into.take_over()

    assert before == [old.subject] and await found(meili, "honey") == [new.subject]
    assert len(await found(meili, "jam")) == 20
    assert await indexes(meili.client) == [INDEX]
    assert await meili.unsettled() == {} and await meili.is_built()


async def test_an_index_does_not_answer_before_it_is_filled(meili_client: Client) -> None:
    engine = MeiliEngine(meili_client, "ours")
    with pytest.raises(Unavailable, match="not there yet"):
        await engine.find(query("honey"), MEMBER)
    await engine.put([post("honey")])

    with pytest.raises(Unavailable, match="not been filled yet"):
        await engine.find(query("honey"), MEMBER)
    await engine.take_over()

    assert len(await found(engine, "honey")) == 1


async def test_an_index_that_is_anothers_is_neither_used_nor_written(meili_client: Client) -> None:
    theirs, ours = MeiliEngine(meili_client, "theirs"), MeiliEngine(meili_client, "ours")
    document = post("honey")
    await theirs.put([document])
    await theirs.take_over()

    for attempt in (
        ours.find(query("honey"), MEMBER),
        ours.put([post("jam")]),
        ours.drop([document.subject]),
        ours.drop_within(uuid.uuid4()),
        ours.versions([document.subject]),
        ours.subjects("POST", uuid.UUID(int=0), 1),
        ours.rebuilt(),
        ours.take_over(),
    ):
        with pytest.raises(Foreign, match="belongs to another installation, theirs"):
            await attempt

    assert await theirs.count() == 1 and await found(theirs, "honey") == [document.subject]
    assert await indexes(meili_client) == [INDEX]


async def test_an_index_that_somebody_made_is_neither_used_nor_written(meili_client: Client) -> None:
    ours = MeiliEngine(meili_client, "ours")
    await meili_client.done(lambda one: one.index(INDEX).add_documents([{"id": "1", "title": "honey"}], "id"))

    for attempt in (ours.find(query("honey"), MEMBER), ours.put([post("jam")]), ours.take_over()):
        with pytest.raises(Foreign, match="belongs to somebody else"):
            await attempt

    assert (await meili_client.do(lambda one: one.index(INDEX).get_documents())).total == 1


async def test_an_index_that_is_just_being_made_is_not_taken_for_somebody_elses(meili_client: Client) -> None:
    maker = asyncio.create_task(MeiliEngine(meili_client, "ours").prepare())
    looker = MeiliEngine(meili_client, "ours")
    try:
        while not maker.done():
            with contextlib.suppress(Refused):  # none is there yet
                assert not await looker.is_built()
            with pytest.raises(Unavailable, match=r"not there yet|not been filled yet"):
                await looker.find(query("honey"), MEMBER)
    finally:
        await maker


async def test_settings_that_were_changed_are_put_right_by_the_next_who_begins(meili: MeiliEngine) -> None:
    await meili.client.done(lambda one: one.index(INDEX).update_settings({"stopWords": ["the"]}))
    assert await meili.unsettled() == {"stopWords": []}

    await MeiliEngine(meili.client, meili.installation).prepare()

    assert await meili.unsettled() == {}


async def test_an_index_that_was_deleted_is_made_anew_and_not_taken_for_whole(meili: MeiliEngine) -> None:
    await meili.put([post("honey")])
    await meili.client.done(lambda one: one.delete_index(INDEX))

    await meili.put([post("jam")])

    with pytest.raises(Unavailable, match="not been filled yet"):
        await meili.find(query("jam"), MEMBER)
    assert await meili.unsettled() == {}


async def test_a_wrong_key_is_told(meili: MeiliEngine) -> None:
    client = Client(shared_server().url, secrets.token_hex(16))
    stranger = MeiliEngine(client, meili.installation)
    try:
        for attempt in (stranger.find(query("honey"), MEMBER), stranger.put([post("jam")])):
            with pytest.raises(Unavailable, match="refuses our key: correct ATRIUM_MEILISEARCH_KEY"):
                await attempt
    finally:
        client.close()
