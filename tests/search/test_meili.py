"""Meilisearch as an engine, on a real server: what is found by whom, by which words, in which order."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from search.engine import Sight
from search.meili import MeiliEngine
from tests.search.meili_asking import MEMBER, found, post, query


async def test_what_is_put_is_found_and_what_is_dropped_is_not(meili: MeiliEngine) -> None:
    at = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
    one = post("Marmalade", "on toast", version=3, edition=-5, terms=("author:x", 'location:"A\\'), moment=at)
    await meili.put([one, post("Honey")])

    result = await meili.find(query("marmalade"), MEMBER)
    hit = result.hits[0]

    assert result.whole and len(result.hits) == 1
    assert (hit.kind, hit.subject, hit.version, hit.edition, hit.terms) == ("POST", one.subject, 3, -5, one.terms)
    assert await meili.versions([one.subject, uuid.uuid4()]) == {one.subject: (3, -5)}
    await meili.drop([one.subject])
    assert await found(meili, "marmalade") == [] and await meili.versions([one.subject]) == {}


async def test_an_older_version_never_replaces_a_newer_one(meili: MeiliEngine) -> None:
    new = post("Honey", version=2)
    await meili.put([new])

    await meili.put([post("Marmalade", subject=new.subject, version=1)])
    await meili.put([post("Honey cake", subject=new.subject, version=2), post("Jam", subject=new.subject, version=1)])

    assert await found(meili, "marmalade") == await found(meili, "jam") == []
    assert await found(meili, "cake") == [new.subject]


async def test_only_what_a_viewer_may_find_is_found(meili: MeiliEngine) -> None:
    ours, theirs = uuid.uuid4(), uuid.uuid4()
    open_, inside, outside = (
        post("plan one"),
        post("plan two", open=False, audiences=(ours,)),
        post("plan three", open=False, audiences=(theirs,)),
    )
    await meili.put([open_, inside, outside])

    async def seen(sight: Sight) -> set[uuid.UUID]:
        return set(await found(meili, "plan", sight))

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
async def test_words_are_found_as_people_write_them(meili: MeiliEngine, title: str, text: str, is_found: bool) -> None:
    document = post(title)
    await meili.put([document])

    assert (await found(meili, text) == [document.subject]) is is_found


async def test_terms_are_exact_whatever_they_hold(meili: MeiliEngine) -> None:
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
    await meili.put(documents)

    for term, document in zip(terms, documents, strict=True):
        assert await found(meili, query("", frozenset([term]))) == [document.subject], term
        assert document.subject not in await found(meili, query("same", without=frozenset([term]))), term


async def test_terms_moments_and_kinds_narrow(meili: MeiliEngine) -> None:
    day = datetime(2026, 1, 2, tzinfo=UTC)
    a, b, c = post("x", terms=("t:1", "u:1"), moment=day), post("x", terms=("t:2", "u:1")), post("x", kind="PERSON")
    await meili.put([a, b, c])

    async def had(*terms: frozenset[str], **more: Any) -> set[uuid.UUID]:
        return set(await found(meili, query("x", *terms, **more)))

    assert await had() == {a.subject, b.subject, c.subject}
    assert await had(kinds=("PERSON",)) == await had(frozenset(["kind:PERSON"])) == {c.subject}
    assert await had(frozenset(["t:1", "t:2"]), frozenset(["u:1"])) == {a.subject, b.subject}
    assert await had(without=frozenset(["u:1"])) == {c.subject}
    assert await had(after=day) == {a.subject}
    assert await had(before=day) == await had(kinds=()) == set()


async def test_the_newest_of_equals_comes_first(meili: MeiliEngine) -> None:
    days = [post("same words", moment=datetime(2026, 1, day, tzinfo=UTC)) for day in (2, 9, 5)]
    await meili.put(days)

    assert await found(meili, "same words") == [days[1].subject, days[2].subject, days[0].subject]


async def test_all_words_must_be_there_however_many(meili: MeiliEngine) -> None:
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
    await meili.put([whole, lacking])

    assert await found(meili, " ".join(words)) == [whole.subject]
    assert set(await found(meili, " ".join(words[:-1]))) == {whole.subject, lacking.subject}
