"""Misspelt words: what is near, and what the look-up reaches."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling import LOOKUPS_MAX, allowed, distance, folds, lookups, near

FEW = st.text("abcd", max_size=9)  # of few letters, so that words are often near
SPELT = st.text(string.ascii_lowercase + "éжया", min_size=4, max_size=30).filter(lambda word: allowed(word) > 0)
LETTERS = string.ascii_lowercase


@pytest.mark.parametrize(
    ("word", "errors"),
    [
        ("", 0),
        ("ann", 0),
        ("anna", 1),
        ("manager", 1),
        ("managers", 2),
        ("अभियंता", 1),
        ("сотрудник", 2),
        ("a" * 30, 2),
        ("a" * 31, 0),
        ("room42", 0),
        ("snake_case", 0),
        ("👩\u200d💻", 0),
    ],
)
def test_how_many_errors_a_word_may_have(word: str, errors: int) -> None:
    assert allowed(word) == errors
    assert bool(folds(word)) is bool(lookups(word)) is (errors > 0)


def test_a_word_is_stored_less_each_letter() -> None:
    assert folds("anna") == ["anna", "nna", "ana", "ann"]
    assert lookups("anna") == folds("anna")


def test_long_words_are_looked_up_less_two_letters() -> None:
    assert {"managers", "anagers", "nagers", "mnager"} <= set(lookups("managers"))


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("", "", 0),
        ("ann", "ann", 0),
        ("recieve", "receive", 1),
        ("adress", "address", 1),
        ("managment", "management", 1),
        ("definately", "definitely", 1),
        ("kubernets", "kubernetes", 1),
        ("ca", "abc", None),  # a letter is changed once: swapped, it takes none between
        ("accomodatoin", "accommodation", 2),
        ("schmidt", "smith", None),
    ],
)
def test_real_errors(one: str, other: str, far: int | None) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == far


@given(FEW, FEW, st.integers(0, 4))
def test_distance_is_that_of_the_definition(one: str, other: str, most: int) -> None:
    true = defined(one, other)

    assert distance(one, other, most) == (true if true <= most else None)


def defined(a: str, b: str) -> int:
    """The optimal string alignment as books write it."""
    d = [[max(i, j) if not i or not j else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            d[i][j] = min(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                d[i][j] = min(d[i][j], d[i - 2][j - 2] + 1)
    return d[-1][-1]


@given(SPELT)
def test_no_word_has_too_many_lookups(word: str) -> None:
    looked_up = lookups(word)

    assert len(looked_up) == len(set(looked_up)) <= LOOKUPS_MAX
    assert set(folds(word)) <= set(looked_up)


@given(SPELT, st.data())
def test_everything_one_error_away_is_reached(word: str, data: st.DataObject) -> None:
    misspelt = one_error(word, data)

    if allowed(misspelt):
        assert set(lookups(misspelt)) & set(folds(word))
        assert near(misspelt, [word]) == [word]


@given(st.text(LETTERS, min_size=8, max_size=11), st.data())
def test_a_letter_too_many_and_another_error_are_reached(word: str, data: st.DataObject) -> None:
    misspelt = inserted(one_error(word, data), data)

    if allowed(misspelt) > 1 and len(misspelt) <= 12:
        assert set(lookups(misspelt)) & set(folds(word))


@given(st.text(LETTERS, min_size=8, max_size=27), st.data())
def test_two_letters_too_many_side_by_side_are_reached_in_long_words(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word)))
    misspelt = word[:at] + data.draw(st.text(LETTERS, min_size=2, max_size=2)) + word[at:]

    assert set(lookups(misspelt)) & set(folds(word))


@pytest.mark.parametrize("misspelt", ["abxdefxh", "abdefh", "bacdefhg", "abxdefh"])
def test_other_pairs_of_errors_are_out_of_reach(misspelt: str) -> None:
    assert distance(misspelt, "abcdefgh", 2) == 2
    assert not set(lookups(misspelt)) & set(folds("abcdefgh"))


def one_error(word: str, data: st.DataObject) -> str:
    """A word with a letter wrong, missing, too many, or swapped with the next."""
    at, letter = data.draw(st.integers(0, len(word) - 2)), data.draw(st.sampled_from(LETTERS))
    return data.draw(
        st.sampled_from(
            [
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )


def inserted(word: str, data: st.DataObject) -> str:
    at = data.draw(st.integers(0, len(word)))
    return word[:at] + data.draw(st.sampled_from(LETTERS)) + word[at:]


def test_the_nearest_come_first_then_what_begins_alike_then_by_the_alphabet() -> None:
    assert near("mullet", ["bullet", "mullen", "mullet", "muller", "mallets", "muller"]) == [
        "mullet",
        "mullen",
        "muller",
        "bullet",
    ]


def test_what_may_have_no_error_is_near_to_itself_alone() -> None:
    assert near("ann", ["ann", "anna", "ane"]) == ["ann"]
    assert near("room42", ["room43"]) == []
