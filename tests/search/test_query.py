"""Searches as people type them, read into words, phrases, what is unwanted, and operators."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.query import OPERATORS, PHRASES_MAX, Operator, Phrase, Query, Typed, typed
from search.words import tokens

PARTS = st.sampled_from(
    [
        '"',
        "“",
        "„",
        "-",
        " ",
        ":",
        "/",
        "from:",
        "IN:",
        "tag:",
        "before:",
        "x:",
        "ann",
        "b",
        "O'Neil",
        "C++",
        "é",
        "東京",
        "👍",
    ]
)
SEARCHES = st.lists(PARTS, max_size=25).map("".join) | st.text(max_size=80)
NAMES = st.sampled_from(sorted(OPERATORS))
PLAIN = st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=5)


def said(*phrases: Phrase) -> list[str]:
    """Phrases as one would write them: exact ones in quotes, the words of others joined."""
    return [
        f'"{" ".join(token.word for token in phrase.words)}"'
        if phrase.exact
        else "+".join(token.word for token in phrase.words)
        for phrase in phrases
    ]


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("annual report", ["annual", "report"], []),
        ("Annual  REPORT annual", ["annual", "report"], []),
        ('"annual report" out', ['"annual report"', "out"], []),
        ("“annual report”", ['"annual report"'], []),
        ("„annual report“", ['"annual report"'], []),
        ("«annual report»", ['"annual report"'], []),
        ('"annual report', ['"annual report"'], []),
        ('annual "', ["annual"], []),
        ('""', [], []),
        ("coffee -sugar", ["coffee"], ["sugar"]),
        ('-"brown sugar" coffee', ["coffee"], ['"brown sugar"']),
        ("well-known", ["well+known"], []),
        ("ABC-123", ["abc+123"], []),
        ("a - b", ["a", "b"], []),
        ("-", [], []),
        ("https://x.example/y", ["https+x+example+y"], []),
        ("10:30", ["10+30"], []),
        ("todo: milk", ["todo", "milk"], []),
        ("C++ c# .NET", ["cplusplus", "csharp", "net"], []),
        ("東京 office", ["東+京", "office"], []),
        ("", [], []),
    ],
)
def test_words_and_phrases(text: str, wanted: list[str], unwanted: list[str]) -> None:
    read = typed(text)

    assert (said(*read.wanted), said(*read.unwanted), read.operators) == (wanted, unwanted, ())


@pytest.mark.parametrize(
    ("text", "operators", "wanted"),
    [
        ("from:ann lemons", [Operator("from", "ann")], ["lemons"]),
        ('from:"Ann Meier" lemons', [Operator("from", "Ann Meier")], ["lemons"]),
        ("FROM:Ann", [Operator("from", "Ann")], []),
        ('-in:"Bread and Butter" x', [Operator("in", "Bread and Butter", negated=True)], ["x"]),
        ("-tag:sale tag:new", [Operator("tag", "sale", negated=True), Operator("tag", "new")], []),
        ("after:2026-01-01 before:2026-02-01", [Operator("after", "2026-01-01"), Operator("before", "2026-02-01")], []),
        ("from:“Ann Meier”", [Operator("from", "Ann Meier")], []),
        ("from: ann", [], ["from", "ann"]),
        ("from://ann", [], ["from+ann"]),
        ("from:ann@x.example", [Operator("from", "ann@x.example")], []),
    ],
)
def test_operators(text: str, operators: list[Operator], wanted: list[str]) -> None:
    read = typed(text)

    assert (list(read.operators), said(*read.wanted)) == (operators, wanted)


@given(SEARCHES)
@example('"-"x:"')
@example("\x00\ud800 from:\x00")
@example("from:" * 200)
@example('-"' * 300)
def test_any_text_is_read_within_bounds(text: str) -> None:
    read = typed(text)

    for phrases in (read.wanted, read.unwanted):
        assert len(phrases) <= PHRASES_MAX
        assert len(set(phrases)) == len(phrases)
        assert all(phrase.words for phrase in phrases)
    assert len(read.operators) <= PHRASES_MAX
    assert all(operator.name in OPERATORS for operator in read.operators)
    hash(Query(("POST",), read.wanted, read.unwanted))


@given(SEARCHES)
def test_words_are_those_of_the_text_and_no_others(text: str) -> None:
    read = typed(text)
    known = {token.word for token in tokens(text)} | {token.word for part in text.split() for token in tokens(part)}

    found = {token.word for phrase in (*read.wanted, *read.unwanted) for token in phrase.words}

    assert all(any(word in other or other in word for other in known) for word in found)


@given(PLAIN)
def test_plain_words_are_wanted_each_by_itself(parts: list[str]) -> None:
    assert said(*typed(" ".join(parts)).wanted) == list(dict.fromkeys(parts))


@given(PLAIN, PLAIN, NAMES)
def test_what_is_quoted_stays_together(parts: list[str], others: list[str], name: str) -> None:
    quoted, before = " ".join(parts), " ".join(others)

    assert typed(f'"{quoted}"') == Typed((Phrase(tuple(tokens(quoted)), exact=True),))
    assert typed(f'{before} -"{quoted}"').unwanted == (Phrase(tuple(tokens(quoted)), exact=True),)
    assert typed(f'{before} {name}:"{quoted}"').operators == (Operator(name, quoted),)
    assert typed(f'{before} -{name}:"{quoted}"').operators == (Operator(name, quoted, negated=True),)


@given(SEARCHES)
def test_a_quote_that_is_not_closed_is_closed_at_the_end(text: str) -> None:
    if text.count('"') % 2 and not set("“”„«»‟〝〞＂") & set(text):
        assert typed(text) == typed(f'{text}"')


@given(SEARCHES, SEARCHES)
def test_what_follows_a_space_leaves_what_came_before_as_it_was(text: str, more: str) -> None:
    closed = text.count('"') % 2 == 0 and not set("“”„«»‟〝〞＂") & set(text + more)
    if closed and not text.endswith("-"):
        before, both = typed(text), typed(f"{text} {more}")

        assert both.wanted[: len(before.wanted)] == before.wanted
        assert both.unwanted[: len(before.unwanted)] == before.unwanted
        assert both.operators[: len(before.operators)] == before.operators


@given(st.integers(1, 500))
def test_only_so_many_words_count(number: int) -> None:
    read = typed(" ".join(f"word{i} -not{i} from:ann{i}" for i in range(number)))

    assert len(read.wanted) == len(read.unwanted) == len(read.operators) == min(number, PHRASES_MAX)
