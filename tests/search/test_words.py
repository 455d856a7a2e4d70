"""How texts become words, in many scripts."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.words import LETTERS, WORD_MAX, WORDS_MAX, Token, fold, tokens, words

SIGNIFICANT = set("'\"\\:/&|!<>()*+#,;@-.")  # to an engine, or to those who type searches


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" \t\n", []),
        ("... --- !!!", []),
        ("Hello, World!", ["hello", "world"]),
        ("  HELLO\u00a0world\u3000", ["hello", "world"]),
        ("naïve café résumé RÉSUMÉ re\u0301sume\u0301", ["naive", "cafe", "resume", "resume", "resume"]),
        ("Straße STRASSE STRAẞE", ["strasse"] * 3),
        ("Łukasz Đorđe Ørsted Œuvre Æther Þór Ħal", ["lukasz", "dorde", "orsted", "oeuvre", "aether", "thor", "hal"]),
        ("İstanbul ISTANBUL ıstanbul istanbul", ["istanbul"] * 4),
        (
            "Çağrı Şişli Năstase Ștefan Żółć Nguyễn Ưng",
            ["cagri", "sisli", "nastase", "stefan", "zolc", "nguyen", "ung"],
        ),
        ("Ελλάδα ΕΛΛΑΔΑ Γιώργος ΓΙΩΡΓΟΣ", ["ελλαδα", "ελλαδα", "γιωργοσ", "γιωργοσ"]),
        ("Ёлка ЕЛКА Юрий ЮРИЙ и\u0306", ["елка", "елка", "юрий", "юрий", "й"]),
        ("हिन्दी कि की", ["हिन्दी", "कि", "की"]),
        ("שָׁלוֹם שלום", ["שלום"] * 2),
        ("مُحَمَّد محمـــد أحمد احمد", ["محمد", "محمد", "احمد", "احمد"]),
        ("김민준 서울", ["김민준", "서울"]),
        ("ｃ＋＋ Ｗｉｄｅ ﬁne m² ½ Ⅷ ℡", ["cplusplus", "wide", "fine", "m2", "1", "2", "viii", "tel"]),
        ("soft\u00adware zero\u200bwidth \ufeffbom", ["software", "zerowidth", "bom"]),
        ("Atrium™ Acme® ©2026", ["atrium", "acme", "2026"]),
        ("a\x00b \ud800 c\udfff", ["a", "b", "c"]),
        ("_so_ __init__ snake_case ___", ["so", "init", "snake_case"]),
        ("**bold** `code` [link](url) ~~gone~~", ["bold", "code", "link", "url", "gone"]),
        ("CamelCase iPhone", ["camelcase", "iphone"]),
    ],
)
def test_words_are_folded(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("C C++ C# F# Notepad++", ["c", "cplusplus", "csharp", "fsharp", "notepadplusplus"]),
        ("C♯ Ｃ＃", ["csharp", "csharp"]),
        ("(C++), C#. C++/C#-Team", ["cplusplus", "csharp", "cplusplus", "csharp", "team"]),
        ("C++17", ["cplusplus", "17"]),
        ("C#开发", ["csharp", "开", "发"]),
        ("a+b a#b #tag +1 10+ 5# ++ #", ["a", "b", "a", "b", "tag", "1", "10", "5"]),
        ("## Heading ##", ["heading"]),
    ],
)
def test_signs_that_end_a_word_make_another(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_a_dot_that_begins_a_word_may_be_spelt_out() -> None:
    assert tokens(".NET") == tokens("(.net)") == [Token("net", ("dotnet",))]
    assert tokens("ASP.NET") == [Token("asp"), Token("net", glued=True)]
    assert tokens("well ...and") == [Token("well"), Token("and")]
    assert tokens("é .NET")[1] == Token("net", ("dotnet",))


@pytest.mark.parametrize("apostrophe", "'’‘`´ʼʻ＇")
def test_what_an_apostrophe_joins_is_found_apart_and_in_one(apostrophe: str) -> None:
    assert tokens(f"O{apostrophe}Brien") == [Token("o", ("obrien",)), Token("brien", ("obrien",))]
    assert tokens(f"l{apostrophe}Équipe") == [Token("l", ("lequipe",)), Token("equipe", ("lequipe",))]
    assert tokens(f"Ann{apostrophe}s") == [Token("ann", ("anns",))]


def test_apostrophes_elsewhere() -> None:
    assert tokens("don't") == [Token("don", ("dont",)), Token("t", ("dont",))]
    assert words("'quoted' ‘quoted’ dogs' ''wiki''") == ["quoted", "quoted", "dogs", "wiki"]
    assert {token.others for token in tokens("1'000'000")} == {("1000000",)}
    assert {token.others for token in tokens("col·lega")} == {("collega",)}
    assert {"компютер", "kompyuter"} <= set(tokens("комп’ютер")[0].others)
    assert tokens("O'Brien's")[1] == Token("brien", ("obriens", "obrien"))


@pytest.mark.parametrize(
    ("text", "glued"),
    [
        ("ABC-123", ["123"]),
        ("foo.bar@x.org", ["bar", "x", "org"]),
        ("Node.js 24/7", ["js", "7"]),
        ("https://x.org/a?b=c", ["x", "org", "a", "c"]),
        ("Müller–Lüdenscheidt", ["ludenscheidt"]),
        ("_so_-called", ["called"]),
        ("C++-Entwickler", ["entwickler"]),
        ("हिन्दी-भाषा", ["भाषा"]),
        ("1,000.50 a,b", ["000", "50"]),
        ("Ann, Bob (Cid) -x a - b a....b", []),
        ("great👍 👍great Java開 開Java", []),
        ("今日は", ["日", "は"]),
        ("会議、東京", ["議", "京"]),
    ],
)
def test_signs_without_a_space_glue(text: str, glued: list[str]) -> None:
    assert [token.word for token in tokens(text) if token.glued] == glued


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("Mueller", ()),
        ("Müller", ("mueller",)),
        ("MU\u0308LLER", ("mueller",)),
        ("Größe", ("groesse",)),
        ("Straße", ()),
        ("Bjørnson", ("bjoernson",)),
        ("Åse", ("aase",)),
        ("Łukasz", ()),
        ("José", ()),
        ("Иванов", ("ivanov",)),
        ("Щербакова", ("shcherbakova",)),
        ("Юрий", ("yuriy",)),
        ("Γιώργος", ("giorgos",)),
        ("김민준", ("gimminjun",)),
        ("प्रिया", ("priya",)),
        ("٤٢", ("42",)),
    ],
)
def test_other_spellings_of_one_word(text: str, others: tuple[str, ...]) -> None:
    (token,) = tokens(text)

    assert token.others == others


def test_letters_of_scripts_without_spaces_are_words() -> None:
    assert tokens("张伟") == [Token("张", ("zhang", "zhangwei")), Token("伟", ("wei",), glued=True)]
    assert tokens("さくら")[0] == Token("さ", ("sakura",))
    assert words("開発Javaチーム。") == ["開", "発", "java", "チ", "ー", "ム"]
    assert words("ｶﾞガカ\u3099") == ["ガ"] * 3
    assert words("カ") != words("ガ")
    assert words("กำลังใจ") == [fold(letter) for letter in ["ก\u0e4d", "า", "ลั", "ง", "ใ", "จ"]]
    assert all(token.others == () for token in tokens("ひらがなだけのながいぶん"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("👍🏽 👍 👍🏿", [Token("👍")] * 3),
        ("❤\ufe0f❤❤\ufe0e", [Token("❤")] * 3),
        ("🇨🇭🇫🇷", [Token("🇨🇭"), Token("🇫🇷")]),
        ("🤷🏽\u200d♀\ufe0f", [Token("🤷\u200d♀", ("🤷",))]),
        ("👨\u200d👩\u200d👧", [Token("👨\u200d👩\u200d👧", ("👨",))]),
        ("1\ufe0f\u20e3 *\ufe0f\u20e3", [Token("1")]),
        ("▪ → ↔ ➜ ✓", []),
        ("\U0001f3fd \ufe0f \u200d", []),
    ],
)
def test_emoji_are_words(text: str, found: list[Token]) -> None:
    assert tokens(text) == found


def test_long_words_and_long_texts_are_cut() -> None:
    assert words("a" * 61) == words("a" * 100_000) == ["a" * WORD_MAX]
    assert words("ä" * 61) == ["a" * WORD_MAX]
    assert [len(other) for other in tokens("ä" * 61)[0].others] == [WORD_MAX]
    assert len(words("a " * (WORDS_MAX + 1))) == len(words("é " * (WORDS_MAX + 1))) == WORDS_MAX
    assert len(words("字" * 100_000)) == WORDS_MAX


def test_piles_of_marks_take_no_time() -> None:
    assert words("a" + "\u0301\u0323" * 100_000 + "b") == ["ab"]


@given(st.text())
def test_any_text_has_words_that_are_fit_for_an_index(text: str) -> None:
    for token in tokens(text):
        fit(token)


def test_every_script_makes_words_that_are_fit_for_an_index() -> None:
    assigned = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) not in ("Cn", "Co")]
    alike = [c for c in assigned if unicodedata.name(c, "").startswith(("CJK UNIFIED", "HANGUL SYLLABLE"))]
    few = sorted({*assigned} - {*alike}) + alike[::100]

    for token in (token for c in few for token in tokens(f"x{c}y {c}")):
        fit(token)


def fit(token: Token) -> None:
    """Check what no token may break."""
    assert token.word not in token.others
    assert len(set(token.others)) == len(token.others)
    for spelling in (token.word, *token.others):
        assert 0 < len(spelling) <= WORD_MAX
        assert not SIGNIFICANT & set(spelling)
        assert not any(c.isspace() or unicodedata.category(c) in ("Cc", "Cs", "Zs") for c in spelling)
        assert spelling == unicodedata.normalize("NFC", spelling)


@given(st.text())
def test_words_of_words_are_the_same(text: str) -> None:
    found = words(text)

    assert words(" ".join(found)) == found


@given(st.text())
def test_the_normal_form_of_a_text_makes_no_difference(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@given(st.text("abc üß'’-.+#_19 ŁИйέ開か👍\u0301", max_size=30))
def test_case_makes_no_difference(text: str) -> None:
    assert words(text.upper()) == words(text.lower()) == words(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_read_as_any_other(text: str) -> None:
    assert tokens(f"{text} é")[:-1] == tokens(text)[: WORDS_MAX - 1]


def test_no_letter_is_folded_to_one_that_is_folded_again() -> None:
    assert all(fold(chr(letter)).isascii() for letter in LETTERS)
