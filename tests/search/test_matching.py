"""Whether a document holds what was searched: kinds, terms, moments, and its words in all their forms."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search import languages
from search.engine import Document
from search.matching import Sought, matches, sieve, unwanted, wanted
from search.query import Query, typed
from search.words import Token, tokens, words

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)

WORDS = st.text("abcdeklmnorstu", min_size=1, max_size=9)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)
ANY_TEXT = st.text(max_size=60) | TEXTS


def a_document(body: str = "", kind: str = "POST", **values: Any) -> Document:
    return Document(kind, uuid.UUID(int=1), 1, (), body=body, **values)


def a_query(text: str, *kinds: str, **values: Any) -> Query:
    read = typed(text)
    return Query(kinds or ("POST",), read.wanted, read.unwanted, **values)


def holds(text: str, body: str, **values: Any) -> bool:
    return matches(a_query(text), a_document(body, **values))


@pytest.mark.parametrize(
    ("searched", "text"),
    [
        ("lemons", "Lemons for all"),
        ("all lemons", "Lemons for all"),
        ("muller", "Anna Müller"),
        ("mueller", "Anna Müller"),
        ("Müller", "Anna Mueller"),
        ("lukasz", "Łukasz"),
        ("olga ivanova", "Ольга Иванова"),
        ("o'brien", "Conan OBrien"),
        ("obrien", "Conan O’Brien"),
        ("c++", "We use C++ here"),
        (".net", "Ported to .NET"),
        ("dotnet", "Ported to .NET"),
        ("abc-123", "see ABC-123."),
        ("abc-123", "see abc 123"),
        ("東京", "東京オフィス"),
        ("👍🏽", "good 👍"),
        ("kub", "Kubernetes"),
        ("ku", "Kubernetes"),
        ("kub beginners", "Kubernetes for beginners"),
        ("deployed", "we are deploying"),
        ("database", "two databases"),
        ("kubernets", "Kubernetes"),
        ("kuberentes", "Kubernetes"),
        ("jonatan", "Jonathan"),
        ('"two databases"', "the two databases"),
        ("coffee -sugar", "coffee with milk"),
        ("the lemons", "lemons of ours"),
        ("the", "in the house"),
        ("", "anything"),
    ],
)
def test_it_is_found(searched: str, text: str) -> None:
    assert holds(searched, text)


@pytest.mark.parametrize(
    ("searched", "text"),
    [
        ("lemons", "oranges"),
        ("lemons oranges", "lemons"),
        ("c++", "C and C#"),
        ('"c"', "C++"),
        ("abc-123", "ABC-124"),
        ("abc-123", "123 abc"),
        ("京東", "東京"),
        ("k", "Kubernetes"),
        ("ku beginners", "Kubernetes for beginners"),
        ("ernetes", "Kubernetes"),
        ("cat", "cut"),
        ("Kubernetes", "Cuperneten"),
        ('"two database"', "the two databases"),
        ('"databases two"', "the two databases"),
        ('"two databasse"', "the two databases"),
        ("coffee -sugar", "coffee with sugar"),
        ("coffee -sugars", "coffee with sugar"),
        ('coffee -"with sugar"', "coffee with sugar"),
        ("the", "in a house"),
    ],
)
def test_it_is_not_found(searched: str, text: str) -> None:
    assert not holds(searched, text)


@pytest.mark.parametrize("searched", ["coffee -sug", "coffee -sugra", 'coffee -"sugars"', 'coffee -"sugar with"'])
def test_only_the_word_itself_and_its_inflections_are_unwanted(searched: str) -> None:
    assert holds(searched, "coffee with sugar")


def test_inflections_are_those_of_the_language_of_the_document() -> None:
    assert holds("datenbank", "die Datenbanken", terms=("language:de",))
    assert holds('x -"y" häusern', "x haus", terms=("language:de",)) == (
        languages.stems("de", words("häusern")) == languages.stems("de", ["haus"])
    )
    assert not holds("nosotros -hablar", "nosotros hablamos", terms=("language:es",))
    assert holds("nosotros -hablar", "nosotros hablamos", terms=("language:de",))


def test_words_may_stand_in_any_text_but_phrases_in_one() -> None:
    ann = a_document("Likes lemons", "PERSON", title="Anna Meier", keywords="Nurse, Ward 7")

    assert matches(a_query("lemons anna nurse", "PERSON"), ann)
    assert matches(a_query('"ward 7"', "PERSON"), ann)
    assert not matches(a_query('"meier nurse"', "PERSON"), ann)
    assert not matches(a_query('anna -"ward 7"', "PERSON"), ann)


def test_only_these_kinds_are_found() -> None:
    assert matches(a_query("x", "TAG", "POST"), a_document("x"))
    assert not matches(a_query("x", "TAG"), a_document("x"))


def test_of_each_set_of_terms_one_is_there_and_none_of_those_without() -> None:
    post = a_document("x", terms=("author:ann", "tag:red"))

    assert matches(a_query("", terms=(frozenset({"author:ann", "author:bob"}), frozenset({"tag:red"}))), post)
    assert matches(a_query("", terms=(frozenset({"kind:POST"}),), without=frozenset({"tag:blue"})), post)
    assert not matches(a_query("", terms=(frozenset({"author:ann"}), frozenset({"tag:blue"}))), post)
    assert not matches(a_query("", terms=(frozenset[str](),)), post)
    assert not matches(a_query("", without=frozenset({"tag:red"})), post)
    assert not matches(a_query("", without=frozenset({"kind:POST"})), post)


def test_moments_are_bounded_and_what_has_none_is_not_found_then() -> None:
    post, timeless = a_document("x", moment=NOON), a_document("x")

    assert matches(a_query("x", after=NOON, before=NOON + DAY), post)
    assert not matches(a_query("x", before=NOON), post)
    assert not matches(a_query("x", after=NOON + DAY), post)
    assert matches(a_query("x"), timeless)
    assert not matches(a_query("x", after=NOON), timeless)
    assert not matches(a_query("x", before=NOON), timeless)


@given(ANY_TEXT)
@example("¨ﷺ\x00\ud800")
def test_every_text_is_found_by_its_own_words(text: str) -> None:
    found = tokens(text)
    searched = typed(" ".join(token.word for token in found[:15]))

    assert matches(Query(("POST",), searched.wanted), a_document(text))


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_may_be_searched_in_any_other(searched: str, text: str) -> None:
    read = typed(searched)
    query = Query(("POST",), read.wanted, read.unwanted)

    assert matches(query, a_document(text)) in (True, False)


@given(TEXTS, TEXTS)
def test_more_text_hides_nothing(searched: str, text: str) -> None:
    if holds(searched, text):
        assert holds(searched, f"{text} and more")
        assert matches(a_query(searched), a_document("", title="And", keywords=text))


@given(TEXTS, TEXTS)
def test_what_is_found_in_quotes_is_found_without(searched: str, text: str) -> None:
    if searched and holds(f'"{searched}"', text):
        assert holds(searched, text)
        assert not holds(f'-"{searched}"', text)
        assert not holds(f"-{searched.split()[0]}", text)


@given(TEXTS, WORDS, WORDS, st.sampled_from(sorted(languages.LANGUAGES)))
@example("abcde", "abcd", "", "en")
def test_the_sieve_lets_through_whatever_has_a_form(searched: str, word: str, ending: str, language: str) -> None:
    phrases = wanted(a_query(searched)) + unwanted(a_query(f"-{ending}"))
    sought: list[Sought] = [one for phrase in phrases for one in phrase]
    may_be = sieve(sought, language)

    for other in (word, word + ending, *words(searched), *(found[1:] for found in words(searched) if found[1:])):
        stem = languages.stems(language, [other])[0]
        if any(one.form(Token(other), stem, language) is not None for one in sought):
            assert may_be(other, stem)
