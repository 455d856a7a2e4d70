"""Text as it is stored: in normal form, and nothing that costs more to look at than to write."""

from __future__ import annotations

import pytest

from models.errors import Invalid
from models.keys import uuid7
from models.text import clean, clean_email, clean_line, clean_optional, line_key


def test_a_line_has_no_marks_that_turn_it_around() -> None:
    assert clean_line("\u202eevil\u2066  name\u200f ", most=50, path=[], what="A name") == "evil name"


def test_a_line_of_unseen_characters_alone_is_empty() -> None:
    with pytest.raises(Invalid, match="empty"):
        clean_line("\u202e\u2066\u200b", most=50, path=[], what="A name")


def test_piles_of_accents_are_refused() -> None:
    with pytest.raises(Invalid, match="accents"):
        clean("a" + "\u0301" * 31, most=20_000, path=["body"])


def test_accents_of_real_languages_are_composed() -> None:
    assert clean("e\u0301te\u0301", most=10, path=[]) == "été"
    assert clean("Việt Nam", most=20, path=[]) == "Việt Nam"


@pytest.mark.parametrize("text", ["nul \x00", "half \ud800"])
def test_what_no_database_takes_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        clean(text, most=100, path=[])


@pytest.mark.parametrize(
    "text", ["", "ann", "ann@", "@x.yy", "ann@x", "a b@x.yy", "ann@x.yy,bob@x.yy", "x" * 400 + "@x.yy"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        clean_email(text, path=["email"])


def test_keys_rise_within_a_millisecond() -> None:
    keys = [uuid7() for _ in range(2_000)]

    times = [key.int >> 64 for key in keys]
    assert times == sorted(times)
    assert {key.version for key in keys} == {7}
    assert len(set(keys)) == len(keys)


def test_lines_that_look_alike_have_one_key() -> None:
    assert line_key("Straße \u00a0 Ⅳ") == line_key("STRASSE iv")
    assert line_key("Öl") == line_key("O\u0308L")
    assert line_key("resume") != line_key("résumé")


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b", "\u200d\u200d", "\u202e \u2066", "\u00ad", "\ufeff"])
def test_what_shows_nothing_is_empty(text: str) -> None:
    assert clean_optional(text, most=100, path=[]) == ""
    for cleaned in (clean, clean_line):
        with pytest.raises(Invalid, match="is empty"):
            cleaned(text, most=100, path=[], what="The name")


def test_marks_within_words_and_emoji_are_kept() -> None:
    for text in ("می\u200cخواهم", "👩\u200d🚀", "co\u00adop"):
        assert clean(text, most=100, path=[]) == text
