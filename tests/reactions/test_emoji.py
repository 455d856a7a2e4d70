"""What is one emoji, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.emoji import EMOJI_MAX, emoji

THUMB, HEART, FAMILY = "👍", "❤\ufe0f", "👨\u200d👩\u200d👧\u200d👦"


@pytest.mark.parametrize(
    "one",
    [
        THUMB,
        HEART,
        FAMILY,
        "👍🏽",
        "✌🏽",
        "❤\ufe0f\u200d🔥",
        "👁\ufe0f\u200d🗨\ufe0f",
        "🏳\ufe0f\u200d🌈",
        "👩🏽\u200d❤\ufe0f\u200d💋\u200d👨🏻",
        "🇨🇭",
        "1\ufe0f\u20e3",
        "#\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "🪿",  # newer than the Unicode of this Python
    ],
)
def test_an_emoji_is_kept_as_it_is(one: str) -> None:
    assert emoji(one) == one
    assert len(one) <= EMOJI_MAX


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("❤", HEART),
        ("❤\ufe0e", HEART),
        (" ❤\ufe0f ", HEART),
        ("👍\ufe0f", THUMB),
        ("1\u20e3", "1\ufe0f\u20e3"),
        ("❤\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("✌\ufe0f🏽", "✌🏽"),
    ],
)
def test_one_picture_has_one_form(written: str, kept: str) -> None:
    assert emoji(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x",
        "ok",
        "5",
        "#",
        ":+1:",
        "👍👍",
        "👍x",
        "👍 👍",
        "❤❤",
        "é",
        "♔",
        "€",
        "\ufe0f",
        "\u200d",
        "👍\u200d",
        "\u200d👍",
        "🇨",
        "🇨🇭🇨",
        "🏽",
        "👍\u0300",
        "👍\x00",
        "\ud83d",
        "\u20e3",
        "🏴\U000e0067",
        "👍\u202e",
        "<img>",
        "\u200d".join("👍" * 5),
        "👍" * 1_000_000,
    ],
)
def test_what_is_no_emoji_or_several_is_none(text: str) -> None:
    assert emoji(text) is None


@given(st.text(alphabet="👍❤✌🏽🇨🇭1#\u20e3\u200d\ufe0e\ufe0f🏴x", max_size=8))
def test_the_form_of_a_form_is_itself(text: str) -> None:
    kept = emoji(text)

    assert kept is None or emoji(kept) == kept
