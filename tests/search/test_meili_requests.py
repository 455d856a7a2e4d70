"""What Meilisearch is told, as far as that needs no server: filters, words, settings, and who does not answer."""

from __future__ import annotations

import asyncio
import socket
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import meili_filters as filters
from search.engine import Sight, Unavailable
from search.meili import MeiliEngine
from search.meili_client import Client
from search.meili_documents import TERMS_MAX, asked_for, sign
from search.meili_settings import DECLARED, differing
from tests.search.meili_asking import MEMBER, post, query

NASTY = st.text(st.sampled_from("aA0 \\\"'`[](),=<>!:%\n\0\ud800é漢") | st.characters(), max_size=30)


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
