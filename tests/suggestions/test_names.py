"""The words of names: which beginnings find them, and what is kept of a document."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models import db
from models.audiences import COMPANY
from search import names
from search.engine import Document

NAMES = some.text(some.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)


def document(title: str, kind: str = "PERSON", **more: Any) -> Document:
    return Document(kind, uuid.uuid4(), 1, more.pop("audiences", (COMPANY,)), title, **more)


def finds(typed: str, *called: str) -> bool:
    return names.begin(names.typed(typed, 8), called)


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("ann mul", "Anna Müller"),
        ("mul ann", "Anna Müller"),
        ("MÜL", "Anna Müller"),
        ("lukasz", "Łukasz Żak"),
        ("zak", "Łukasz Żak"),
        ("иван", "Иван Петров"),
        ("c+", "C++ friends"),
        ("r", "R&D"),
        ("d", "R&D"),
        ("24", "24/7 Support"),
    ],
)
def test_every_word_begins_a_word_of_the_name(typed: str, called: str) -> None:
    assert finds(typed, called)


@pytest.mark.parametrize(
    ("typed", "called"), [("nna", "Anna Müller"), ("ann x", "Anna Müller"), ("anna müllers", "Anna Müller")]
)
def test_nothing_else_is_found(typed: str, called: str) -> None:
    assert not finds(typed, called)


def test_words_of_several_names_are_looked_for_in_all_of_them() -> None:
    assert finds("ecma", "JavaScript", "ECMA Script") and not finds("ecma x", "JavaScript", "ECMA Script")


@given(NAMES, some.data())
def test_a_name_is_found_by_any_beginnings_of_its_words(name: str, data: some.DataObject) -> None:
    words = [token[0] for token in names.typed(name, 8)]
    for word in words:
        typed = word[: data.draw(some.integers(1, len(word)))]
        assert names.begin([(typed,)], [name])
    assert names.begin([(word,) for word in reversed(words)], [name])


def test_what_is_kept_is_each_word_for_each_audience() -> None:
    group = uuid.uuid4()
    tag = document("Data", "TAG", keywords="ML data", audiences=(group,), open=True)

    kept = {(audience, word, said) for audience, _, word, _, said in names.rows(tag)}

    assert kept == {(audience, word, " data ml") for audience in (group, COMPANY) for word in ("data", "ml")}


@pytest.mark.parametrize(
    "unnamed", [document("Ann", terms=(names.LEFT,)), document("Ann", "POST"), document("…"), document("")]
)
def test_nothing_is_kept_of_what_is_not_suggested(unnamed: Document) -> None:
    assert not names.rows(unnamed)


async def test_a_name_is_replaced_and_forgotten(database: None) -> None:
    ann, bob = document("Ann Lee"), document("Bob")
    await names.put([ann, bob, document("Ann", "POST")])
    renamed = Document("PERSON", ann.subject, 2, (COMPANY,), "Ann Kim")

    await names.put([renamed])
    await names.put([renamed])
    once = await words()
    await names.put([Document("PERSON", ann.subject, 3, (COMPANY,), "Ann Kim", terms=(names.LEFT,))])
    await names.drop([bob.subject])

    assert once == {("ann", " ann kim"), ("kim", " ann kim"), ("bob", " bob")}
    assert await words() == set()


async def words() -> set[tuple[str, str]]:
    return {(row["word"], row["said"]) for row in await db.rows("SELECT word, said FROM search_name")}
