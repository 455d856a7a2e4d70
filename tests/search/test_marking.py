"""Passages that show what was searched: safe whatever the text, true to it, and cut where readers would."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search import languages
from search.marking import CUT, PASSAGE_MAX, Marker, marked
from search.matching import wanted
from search.passages import around, is_apart, widened
from search.places import CHUNK, spans
from search.query import Query, typed
from search.words import tokens, words

PARTS = st.sampled_from(
    [
        *("lemon", "Lemons", "lemno", "tree", "Bäume", "baum", "O'Brien", "obrien's", "C++", ".NET", "ABC-123", "1st"),
        *(
            "東京オフィス",
            "ภาษาไทย",
            "हिन्दी",
            "한국어",
            "Иванов",
            "e\u0301te\u0301",
            "👩🏽\u200d💻",
            "🇨🇭🇩🇪",
            "1\ufe0f\u20e3",
            "™",
        ),
        *(
            "<b>",
            "&amp;",
            "<mark>",
            "</mark>",
            "…",
            "\"'",
            "<script>alert(1)</script>",
            "-->",
            "\u202e",
            "\u200d",
            "\u0301",
        ),
        *(" ", " ", " ", "\n", "\r\n", "\u00a0", "\u3000", ",", ".", "-", "_", "'", "a", "x" * 300, "ﷺ", "¨", "\x00"),
    ]
)
TEXTS = st.lists(PARTS, max_size=40).map("".join) | st.text(max_size=120)
SEARCHES = st.lists(
    st.sampled_from(
        [
            *(
                "lemon",
                "lemons tree",
                "bau",
                "obrien",
                "o'brien",
                "c++",
                "net",
                "abc-123",
                "東京",
                "ภา",
                "हिन्दी",
                "한국",
                "ivanov",
            ),
            *("été", "👩‍💻", "💻", "xxx", "a", "mark", "script", "b", '"lemon tree"', "salla", "1"),
        ]
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


class Seen(HTMLParser):
    """What a browser would show: the text, and which of its characters are marked."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.marks, self.depth = "", list[tuple[int, int]](), 0
        self.feed(html)
        self.close()
        assert self.depth == 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert (tag, attrs, self.depth) == ("mark", [], 0)
        self.depth = 1
        self.marks.append((len(self.text), len(self.text)))

    def handle_endtag(self, tag: str) -> None:
        assert (tag, self.depth) == ("mark", 1)
        self.depth = 0

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.depth:
            self.marks[-1] = (self.marks[-1][0], len(self.text))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def a_query(text: str) -> Query:
    read = typed(text)
    return Query(("POST",), read.wanted, read.unwanted)


def shown(searched: str, text: str, most: int = PASSAGE_MAX) -> str | None:
    return marked(a_query(searched), text, most=most)


def holds(query: Query, text: str) -> bool:
    """Whether a phrase of the search stands in a text, looked for in the plainest way."""
    found = tokens(text)
    language = languages.language(words(text[:500])) or "en"
    stems = languages.stems(language, [token.word for token in found])
    return any(
        all(one.form(found[at + i], stems[at + i], language) is not None for i, one in enumerate(phrase))
        for phrase in wanted(query)
        for at in range(len(found) - len(phrase) + 1)
    )


def without_cuts(text: str, of: str) -> tuple[str, bool, bool]:
    """A passage without the ellipses that are ours, and whether there were any before it and behind."""
    for begun, ended in ((False, False), (True, False), (False, True), (True, True)):
        core = text[len(CUT) if begun else 0 : len(text) - len(CUT) if ended else len(text)]
        if (not begun or text.startswith(CUT)) and (not ended or text.endswith(CUT)):
            at = of.find(core)
            while at >= 0:
                if begun == bool(of[:at].strip()) and ended == bool(of[at + len(core) :].strip()):
                    return core, begun, ended
                at = of.find(core, at + 1)
    raise AssertionError(f"{text!r} is no part of {of!r}")


@pytest.mark.parametrize(
    ("searched", "text", "html"),
    [
        ("lemons", "Lemons & <limes>", "<mark>Lemons</mark> &amp; &lt;limes&gt;"),
        ("lem", "A lemon, two (lemons).", "A <mark>lemon</mark>, two (<mark>lemons</mark>)."),
        ("muller", "Anna Müller", "Anna <mark>Müller</mark>"),
        ("muller", "Anna Mu\u0308ller", "Anna <mark>Mu\u0308ller</mark>"),
        ("olga", "Ольга Иванова", "<mark>Ольга</mark> Иванова"),
        ("c++", "C, C++ and C#", "C, <mark>C++</mark> and C#"),
        (".net", "Ported to .NET!", "Ported to .<mark>NET</mark>!"),
        ("abc-123", "See ABC-123, not ABC-124", "See <mark>ABC-123</mark>, not ABC-124"),
        ('"annual report"', "The annual report: annual", "The <mark>annual report</mark>: annual"),
        ("annual report", "The annual report", "The <mark>annual</mark> <mark>report</mark>"),
        ("deployed", "We are deploying it", "We are <mark>deploying</mark> it"),
        ("kubernets", "Kubernetes", "<mark>Kubernetes</mark>"),
        ("team", "Our team had a term", "Our <mark>team</mark> had a term"),
        ("the lemons", "the lemons", "the <mark>lemons</mark>"),
        ("東京", "新東京都", "新<mark>東京</mark>都"),
        ("👍", "Good 👍🏽, Bob", "Good <mark>👍🏽</mark>, Bob"),
        ("ann", "Ann's", "<mark>Ann&#x27;s</mark>"),
        ("mark", "<mark>", "&lt;<mark>mark</mark>&gt;"),
        ("lemons", "  lemons \n", "<mark>lemons</mark>"),
        ("bill", '"Bill"', "&quot;<mark>Bill</mark>&quot;"),
    ],
)
def test_what_matches_is_marked(searched: str, text: str, html: str) -> None:
    assert shown(searched, text) == html


@pytest.mark.parametrize(
    ("searched", "text"),
    [
        ("lemons", ""),
        ("lemons", "oranges"),
        ("", "lemons"),
        ("-lemons", "lemons"),
        ('"a b"', "a c b"),
        ("from:ann", "ann"),
    ],
)
def test_where_nothing_matches_nothing_is_shown(searched: str, text: str) -> None:
    assert shown(searched, text) is None


def test_the_passage_is_where_most_of_it_stands_together() -> None:
    text = f"Lemons. {'word ' * 100}Here grow lemons on a tree. {'other ' * 100}A tree."

    html = shown("lemons tree", text, most=60)

    assert html is not None
    assert "<mark>lemons</mark> on a <mark>tree</mark>" in html
    assert html.startswith(CUT) and html.endswith(CUT)


def test_its_own_words_come_before_beginnings() -> None:
    text = f"Lemonade. {'word ' * 100}A lemon. {'other ' * 100}"

    assert "A <mark>lemon</mark>." in str(shown("lemon", text, most=60))


def test_a_text_that_fits_is_shown_whole_and_others_from_where_they_begin_if_that_will_do() -> None:
    assert shown("lemon", "A lemon " + "x" * 200) == "A <mark>lemon</mark> " + "x" * 200
    assert shown("lemon", "A lemon " + "word " * 50, most=20) == f"A <mark>lemon</mark> word word{CUT}"


def test_words_are_cut_only_where_one_is_too_long() -> None:
    assert shown("xx", "x" * 300, most=50) == f"<mark>{'x' * 50}</mark>{CUT}"
    assert shown("東京", "東京" * 200, most=4) == f"<mark>東京</mark><mark>東京</mark>{CUT}"
    assert shown("yy", f"see https://x.example/{'y' * 300}", most=12) == f"{CUT}<mark>{'y' * 12}</mark>{CUT}"
    assert shown("a", "a" + "\u0301" * 400, most=5) is None


def test_misspellings_count_only_where_no_text_of_the_document_has_it_right() -> None:
    marker = Marker(a_query("lemons"))

    assert marker.marked(["Lemons", "lemosn"]) == ["<mark>Lemons</mark>", None]
    assert marker.marked(["Oranges", "lemosn"]) == [None, "<mark>lemosn</mark>"]


def test_inflections_are_those_of_the_language() -> None:
    marker = Marker(a_query("datenbank"))

    assert marker.marked(["zwei Datenbanken"], language="de") == ["zwei <mark>Datenbanken</mark>"]


@given(SEARCHES, TEXTS, st.integers(1, 260))
@example("a", "a" + "\u0301" * 400, 5)
@example("lemon", "\u0301 lemon\u0301", 5)
@example("lemon", "lemon\u200d" * 50, 20)
@example("👩‍💻", "👩🏽\u200d💻" * 50, 3)
def test_the_html_is_a_part_of_the_text_with_marks_and_nothing_else(searched: str, text: str, most: int) -> None:
    html = shown(searched, text, most)
    if html is None:
        return

    seen = Seen(html)
    core, begun, ended = without_cuts(seen.text, text)

    assert re.fullmatch(r"(?:[^<>\"']|</?mark>)*", html)
    assert seen.marks
    assert 0 < len(core) <= most
    assert begun or ended or core.strip() == text.strip()
    for start, end in seen.marks:
        assert start < end


@given(SEARCHES, TEXTS)
def test_there_is_a_passage_where_there_is_a_match(searched: str, text: str) -> None:
    query = a_query(searched)

    assert (marked(query, text, most=10_000) is not None) == holds(query, text)


@given(SEARCHES, TEXTS)
def test_what_is_marked_matches_with_what_is_written_with_it(searched: str, text: str) -> None:
    query, html = a_query(searched), shown(searched, text, 10_000)
    if html is not None:
        seen = Seen(html)

        for start, end in seen.marks:
            before, behind = seen.text[:start].split(), seen.text[end:].split()
            joined = before[-1] if before and not seen.text[start - 1].isspace() else ""
            joining = behind[0] if behind and not seen.text[end].isspace() else ""
            assert holds(query, joined + seen.text[start:end] + joining)


@given(TEXTS)
def test_no_word_reaches_over_a_space(text: str) -> None:
    assert [t for t in tokens(text) if not t.glued] == [
        t for chunk in CHUNK.findall(text) for t in tokens(chunk) if not t.glued
    ]
    assert words(text) == [word for chunk in CHUNK.findall(text) for word in words(chunk)]


@given(TEXTS)
def test_each_word_has_its_place(text: str) -> None:
    for chunk in CHUNK.findall(text):
        found = tokens(chunk)
        places = spans(chunk, found)

        assert len(places) == len(found)
        assert places == sorted(places)
        for token, (start, end) in zip(found, places, strict=True):
            assert 0 <= start < end <= len(chunk)
            assert token.word in words(chunk[start:end])


@given(TEXTS, st.integers(0, 40), st.integers(1, 60))
def test_a_part_is_within_the_text_and_its_bounds(text: str, number: int, most: int) -> None:
    chunks = [match.span() for match in CHUNK.finditer(text)]
    start, end = widened(text, *chunks[number % len(chunks)]) if chunks else (0, 0)

    first, last = around(text, start, end, most)

    assert 0 <= first <= last <= len(text)
    assert last - first <= most
    assert first == last or (is_apart(text, first) and is_apart(text, last))


@given(st.lists(st.sampled_from(["lemon", "tree", "word,", "other.", "(and)"]), min_size=1, max_size=120).map(" ".join))
def test_passages_have_whole_words(text: str) -> None:
    html = shown("lemon tree", text, 60)
    if html is not None:
        core, _, _ = without_cuts(Seen(html).text, text)

        assert f" {core} " in f" {text} "


@pytest.mark.parametrize(
    "character",
    [
        "e\u0301",
        "👩🏽\u200d💻",
        "🇨🇭",
        "1\ufe0f\u20e3",
        "हि",
        "क्ष",
        "กำ",
        "각",
        "❤\ufe0f",
        "\r\n",
        "🏴\U000e0067\U000e007f",
    ],
)
def test_nothing_is_cut_inside_of_what_readers_take_for_one_character(character: str) -> None:
    text = unicodedata.normalize("NFD", character) * 2 if character == "각" else character * 2

    assert not any(is_apart(text, at) for at in range(1, len(text) // 2))


@pytest.mark.parametrize("text", ["lemon " * 3_000, "lemno " * 3_000, "l" * 20_000, "le" * 10_000, "<&>" * 6_000])
def test_long_texts_are_no_burden(text: str) -> None:
    for searched in ("lemon", "le", '"lemon lemon"', " ".join(f"lemon{i}" for i in range(20))):
        html = shown(searched, text)

        assert html is None or len(Seen(html).text) <= PASSAGE_MAX + 2
