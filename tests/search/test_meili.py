"""Meilisearch as an engine: what needs no server first, then the real one."""

from __future__ import annotations

import asyncio
import secrets
import socket
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from atrium.embedded.meilisearch import Meilisearch
from search import meili_filters as filters
from search.engine import Document, Sight, Unavailable
from search.meili import INDEX, Foreign, MeiliEngine
from search.meili_client import Client
from search.meili_documents import TERMS_MAX, asked_for, sign
from search.meili_settings import DECLARED, differing
from search.query import Query, typed
from tests.search.meilisearch import emptied, indexes, meili_engine, shared_server

MEMBER = Sight(frozenset(), is_member=True)
KINDS = ("PERSON", "POST", "COMMENT", "MESSAGE", "GROUP", "TAG")
NASTY = st.text(st.sampled_from("aA0 \\\"'`[](),=<>!:%\n\0\ud800é漢") | st.characters(), max_size=30)


def query(text: str, *terms: frozenset[str], **more: Any) -> Query:
    read = typed(text)
    return Query(more.pop("kinds", KINDS), read.wanted, read.unwanted, terms, **more)


def post(title: str = "", body: str = "", **more: Any) -> Document:
    values: dict[str, Any] = {"kind": "POST", "subject": uuid.uuid4(), "version": 1, "audiences": (), "open": True}
    return Document(title=title, body=body, **{**values, **more})


# Without a server


@given(NASTY, NASTY)
def test_terms_become_harmless_and_stay_different(one: str, other: str) -> None:
    assert set(sign(one)) <= set("abcdefghijklmnopqrstuvwxyz0123456789:_.-%") and len(sign(one)) <= 200
    assert (sign(one) == sign(other)) is (one == other)


@given(st.lists(NASTY, min_size=1, max_size=3), st.sets(NASTY, max_size=2))
def test_nothing_that_is_typed_is_part_of_a_filter(terms: list[str], without: set[str]) -> None:
    """Whatever the terms are, the filter is the one of as many words, but for what stands in the quotes."""
    plain, others = frozenset(f"t{n}" for n in range(len(set(terms)))), frozenset(f"w{n}" for n in range(len(without)))

    built = filters.found(query("", frozenset(terms), without=frozenset(without)), MEMBER)
    same = filters.found(query("", plain, without=others), MEMBER)

    assert built.split('"')[::2] == same.split('"')[::2]


def test_a_filter_says_what_may_be_found() -> None:
    ours, ann = uuid.UUID(int=1), uuid.UUID(int=2)
    day = datetime(2026, 1, 2, tzinfo=UTC)
    asked = query("", frozenset(["kind:POST"]), kinds=("POST",), after=day, before=day)

    assert filters.found(asked, Sight(frozenset([ours]), is_member=True, people=frozenset([ann]))) == (
        f'kind IN ["POST"] AND (audiences IN ["{ours}"] OR open = true OR id IN ["{ann}"])'
        f' AND signs IN ["kind:%50%4f%53%54"] AND moment >= {day.timestamp()} AND moment < {day.timestamp()}'
    )
    assert "id IN []" in filters.found(asked, Sight(frozenset(), is_member=False))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("red apples", ["red apples"]),
        ('"red apples" tree', ['"red apples" tree']),
        ("apples -red", ['-"red" apples']),
        ("-red", ['-"red"']),
        ("inc42 report", ['"inc42" report']),
        ("2024 report", ["2024 report"]),
    ],
)
def test_searches_are_written_in_its_own_words(text: str, parts: list[str]) -> None:
    assert asked_for(query(text))[0] == parts


def test_words_beyond_what_it_counts_are_asked_for_in_a_request_of_their_own() -> None:
    words = [f"word{chr(97 + n)}" for n in range(TERMS_MAX + 2)]

    assert asked_for(query(" ".join([*words, "-no"])))[0] == [
        f'-"no" {" ".join(words[:TERMS_MAX])}',
        f'-"no" {" ".join(words[TERMS_MAX:])}',
    ]


def test_settings_are_compared_as_far_as_the_server_knows_them() -> None:
    older = {
        **DECLARED,
        "typoTolerance": {n: v for n, v in DECLARED["typoTolerance"].items() if n != "disableOnNumbers"},
    }
    more = {**DECLARED, "proximityPrecision": "byWord", "synonyms": {"a": ["b"]}}

    assert differing(DECLARED) == differing(older) == {}
    assert differing(more) == {"synonyms": {}}
    assert set(differing({**older, "stopWords": ["the"], "typoTolerance": {"enabled": False}})) == {
        "stopWords",
        "typoTolerance",
    }


async def test_what_cannot_be_reached_is_named_without_secrets() -> None:
    with socket.create_server(("127.0.0.1", 0)) as line:
        port = line.getsockname()[1]
    client = Client(f"http://user:hidden@127.0.0.1:{port}", "key")
    try:
        with pytest.raises(Unavailable, match=f"cannot be reached at 127.0.0.1:{port}: start it") as caught:
            await MeiliEngine(client, "x").find(query("a"), MEMBER)
    finally:
        client.close()

    assert "hidden" not in str(caught.value)


async def test_another_server_is_not_taken_for_it() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as other:
        client = Client(f"http://127.0.0.1:{other.sockets[0].getsockname()[1]}", "key")
        try:
            for asking in (
                MeiliEngine(client, "x").find(query("a"), MEMBER),
                MeiliEngine(client, "x").put([post("a")]),
            ):
                with pytest.raises(Unavailable, match="is not Meilisearch"):
                    await asking
        finally:
            client.close()


# With a server


@pytest.fixture(scope="module")
def server() -> Meilisearch:
    return shared_server()


@pytest_asyncio.fixture
async def engine(server: Meilisearch) -> AsyncIterator[MeiliEngine]:
    async with meili_engine(server) as ready:
        yield ready


@pytest_asyncio.fixture
async def client(server: Meilisearch) -> AsyncIterator[Client]:
    ready = Client(server.url, server.key)
    await emptied(ready)
    yield ready
    ready.close()


async def found(engine: MeiliEngine, asked: Query | str, sight: Sight = MEMBER) -> list[uuid.UUID]:
    return [hit.subject for hit in (await engine.find(query(asked) if isinstance(asked, str) else asked, sight)).hits]


async def test_what_is_put_is_found_and_what_is_dropped_is_not(engine: MeiliEngine) -> None:
    at = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
    one = post("Marmalade", "on toast", version=3, edition=-5, terms=("author:x", 'location:"A\\'), moment=at)
    await engine.put([one, post("Honey")])

    result = await engine.find(query("marmalade"), MEMBER)
    hit = result.hits[0]

    assert result.whole and len(result.hits) == 1
    assert (hit.kind, hit.subject, hit.version, hit.edition, hit.terms) == ("POST", one.subject, 3, -5, one.terms)
    assert await engine.versions([one.subject, uuid.uuid4()]) == {one.subject: (3, -5)}
    await engine.drop([one.subject])
    assert await found(engine, "marmalade") == [] and await engine.versions([one.subject]) == {}


async def test_an_older_version_never_replaces_a_newer_one(engine: MeiliEngine) -> None:
    new = post("Honey", version=2)
    await engine.put([new])

    await engine.put([post("Marmalade", subject=new.subject, version=1)])
    await engine.put([post("Honey cake", subject=new.subject, version=2), post("Jam", subject=new.subject, version=1)])

    assert await found(engine, "marmalade") == await found(engine, "jam") == []
    assert await found(engine, "cake") == [new.subject]


async def test_only_what_a_viewer_may_find_is_found(engine: MeiliEngine) -> None:
    ours, theirs = uuid.uuid4(), uuid.uuid4()
    open_, inside, outside = (
        post("plan one"),
        post("plan two", open=False, audiences=(ours,)),
        post("plan three", open=False, audiences=(theirs,)),
    )
    await engine.put([open_, inside, outside])

    async def seen(sight: Sight) -> set[uuid.UUID]:
        return set(await found(engine, "plan", sight))

    assert await seen(MEMBER) == {open_.subject}
    assert await seen(Sight(frozenset([ours]), is_member=True)) == {open_.subject, inside.subject}
    assert await seen(Sight(frozenset([ours]), is_member=False)) == {inside.subject}
    assert await seen(Sight(frozenset(), is_member=False, people=frozenset([outside.subject]))) == {outside.subject}
    assert await seen(Sight(frozenset(), is_member=False)) == set()
    many = frozenset({ours, *(uuid.uuid4() for _ in range(2_000))})
    assert await seen(Sight(many, is_member=False)) == {inside.subject}


@pytest.mark.parametrize(
    ("title", "text", "is_found"),
    [
        ("Łukasz Müller", "lukasz", True),
        ("Łukasz Müller", "mueller", True),
        ("Mueller", "Müller", True),
        ("Иванов Иван", "ivanov", True),
        ("Ivanov", "иванов", True),
        ("C++ developer", "c++", True),
        ("C++ developer", "c#", False),
        ("C developer", "c++", False),
        ("ABC-123 is broken", "abc-123", True),
        ("ABC-124 is broken", "abc-123", False),
        ("Order inc42", "inc43", False),
        ("Room 2024", "2025", False),
        ("colleague", "coleague", True),
        ("colleague", '"coleague"', False),
        ("old red apples", '"red apples"', True),
        ("apples red", '"red apples"', False),
        ("apples red", "red apples", True),
        ("red apples", "apples -red", False),
        ("red apples", "apples -green", True),
        ("red apples", 'apples -"red apples"', False),
        ("red apples", 'apples -"green apples"', True),
        ("deploying databases", "deployed database", True),
        ("deploying databases", '"deployed"', False),
        ("the deploying", "the of deployed", True),
        ("marmalade", "marm", True),
        ("snake_case name", "snake_case", True),
        ("日本語の本", "日本", True),
        ("日本語の本", "本日", False),
        ("party 🎉 tonight", "🎉", True),
        ("party tonight", "🎉", False),
        ("node.js service", "node.js", True),
    ],
)
async def test_words_are_found_as_people_write_them(engine: MeiliEngine, title: str, text: str, is_found: bool) -> None:
    document = post(title)
    await engine.put([document])

    assert (await found(engine, text) == [document.subject]) is is_found


async def test_terms_are_exact_whatever_they_hold(engine: MeiliEngine) -> None:
    terms = [
        "a",
        "A",
        "a b",
        'a"',
        "a\\",
        'a\\"',
        "a'",
        "a\\\\",
        '"] OR open = true OR signs IN ["',
        "é",
        "e",
        "1",
        "1.0",
        "x" * 500,
    ]
    documents = [post("same", terms=(term,)) for term in terms]
    await engine.put(documents)

    for term, document in zip(terms, documents, strict=True):
        assert await found(engine, query("", frozenset([term]))) == [document.subject], term
        assert document.subject not in await found(engine, query("same", without=frozenset([term]))), term


async def test_terms_moments_and_kinds_narrow(engine: MeiliEngine) -> None:
    day = datetime(2026, 1, 2, tzinfo=UTC)
    a, b, c = post("x", terms=("t:1", "u:1"), moment=day), post("x", terms=("t:2", "u:1")), post("x", kind="PERSON")
    await engine.put([a, b, c])

    async def had(*terms: frozenset[str], **more: Any) -> set[uuid.UUID]:
        return set(await found(engine, query("x", *terms, **more)))

    assert await had() == {a.subject, b.subject, c.subject}
    assert await had(kinds=("PERSON",)) == await had(frozenset(["kind:PERSON"])) == {c.subject}
    assert await had(frozenset(["t:1", "t:2"]), frozenset(["u:1"])) == {a.subject, b.subject}
    assert await had(without=frozenset(["u:1"])) == {c.subject}
    assert await had(after=day) == {a.subject}
    assert await had(before=day) == await had(kinds=()) == set()


async def test_the_newest_of_equals_comes_first(engine: MeiliEngine) -> None:
    days = [post("same words", moment=datetime(2026, 1, day, tzinfo=UTC)) for day in (2, 9, 5)]
    await engine.put(days)

    assert await found(engine, "same words") == [days[1].subject, days[2].subject, days[0].subject]


async def test_all_words_must_be_there_however_many(engine: MeiliEngine) -> None:
    words = [
        "alpha",
        "bravo",
        "charlie",
        "delta",
        "echo",
        "foxtrot",
        "golf",
        "hotel",
        "india",
        "juliet",
        "kilo",
        "lima",
        "november",
        "quebec",
    ]
    whole, lacking = post(" ".join(words)), post(" ".join(words[:-1]))
    await engine.put([whole, lacking])

    assert await found(engine, " ".join(words)) == [whole.subject]
    assert set(await found(engine, " ".join(words[:-1]))) == {whole.subject, lacking.subject}


async def test_what_is_held_is_told_in_order_and_forgotten_by_audience(engine: MeiliEngine) -> None:
    audience = uuid.uuid4()
    ids = sorted([uuid.UUID(int=n) for n in (1, 10**20, 10**30)] + [uuid.uuid4() for _ in range(20)])
    await engine.put([post("x", subject=one, audiences=(audience,)) for one in ids])
    group = post("x", kind="GROUP", audiences=(audience,))
    await engine.put([group])

    walked: list[uuid.UUID] = []
    while portion := await engine.subjects("POST", walked[-1] if walked else uuid.UUID(int=0), 7):
        walked.extend(portion)

    assert walked == ids and await engine.count() == len(ids) + 1
    await engine.drop_within(audience)
    assert await engine.subjects("POST", uuid.UUID(int=0), 100) == []
    assert await found(engine, "x") == [group.subject]


async def test_an_index_built_beside_takes_over_in_one_step(engine: MeiliEngine) -> None:
    old, new = post("old honey"), post("new honey")
    await engine.put([old])

    into = await engine.rebuilt()
    for _ in range(20):
        await into.put([post("new jam")])
    await into.put([new])
    before = await found(engine, "honey")
    await into.take_over()

    assert before == [old.subject] and await found(engine, "honey") == [new.subject]
    assert len(await found(engine, "jam")) == 20
    assert await indexes(engine.client) == [INDEX]
    assert await engine.unsettled() == {} and await engine.is_built()


async def test_an_index_does_not_answer_before_it_is_filled(client: Client) -> None:
    engine = MeiliEngine(client, "ours")
    with pytest.raises(Unavailable, match="not there yet"):
        await engine.find(query("honey"), MEMBER)
    await engine.put([post("honey")])

    with pytest.raises(Unavailable, match="not been filled yet"):
        await engine.find(query("honey"), MEMBER)
    await engine.take_over()

    assert len(await found(engine, "honey")) == 1


async def test_an_index_that_is_anothers_is_neither_used_nor_written(client: Client) -> None:
    theirs, ours = MeiliEngine(client, "theirs"), MeiliEngine(client, "ours")
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
    assert await indexes(client) == [INDEX]


async def test_an_index_that_somebody_made_is_neither_used_nor_written(client: Client) -> None:
    ours = MeiliEngine(client, "ours")
    await client.done(lambda one: one.index(INDEX).add_documents([{"id": "1", "title": "honey"}], "id"))

    for attempt in (ours.find(query("honey"), MEMBER), ours.put([post("jam")]), ours.take_over()):
        with pytest.raises(Foreign, match="belongs to somebody else"):
            await attempt

    assert (await client.do(lambda one: one.index(INDEX).get_documents())).total == 1


async def test_settings_that_were_changed_are_put_right_by_the_next_who_begins(engine: MeiliEngine) -> None:
    await engine.client.done(lambda one: one.index(INDEX).update_settings({"stopWords": ["the"]}))
    assert await engine.unsettled() == {"stopWords": []}

    await MeiliEngine(engine.client, engine.installation).prepare()

    assert await engine.unsettled() == {}


async def test_an_index_that_was_deleted_is_made_anew_and_not_taken_for_whole(engine: MeiliEngine) -> None:
    await engine.put([post("honey")])
    await engine.client.done(lambda one: one.delete_index(INDEX))

    await engine.put([post("jam")])

    with pytest.raises(Unavailable, match="not been filled yet"):
        await engine.find(query("jam"), MEMBER)
    assert await engine.unsettled() == {}


async def test_a_wrong_key_is_told(server: Meilisearch, engine: MeiliEngine) -> None:
    client = Client(server.url, secrets.token_hex(16))
    stranger = MeiliEngine(client, engine.installation)
    try:
        for attempt in (stranger.find(query("honey"), MEMBER), stranger.put([post("jam")])):
            with pytest.raises(Unavailable, match="refuses our key: correct ATRIUM_MEILISEARCH_KEY"):
                await attempt
    finally:
        client.close()
