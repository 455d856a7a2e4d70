"""Parts of texts: cut between words, and never inside what a reader takes for one character."""

from __future__ import annotations

import unicodedata

LEAD = 60  # characters that are shown before what matters, where there is room

# Unicode Standard Annex 29, 3.1.1, in a plain form that may join too much but never too little.
JOINED = {"Mn", "Mc", "Me", "Cf"}
LETTERS_BEHIND = "\u0e33\u0eb3\uff9e\uff9f"  # SARA AM of Thai and Lao, voiced marks of narrow Katakana
LETTERS_BEFORE = frozenset("\u0d4e\U000111c2\U000111c3\U000113d1\U0001193f\U00011941\U00011a3a\U00011d46\U00011f02")
SKINS = ("\U0001f3fb", "\U0001f3ff")
FLAGS = ("\U0001f1e6", "\U0001f1ff")
JAMO = (("\u1100", "\u11ff"), ("\ua960", "\ua97f"), ("\ud7b0", "\ud7ff"))
VIRAMA = 9  # combining class: what follows is part of the same syllable
UNSPACED = (
    *(("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\ua9e0", "\ua9ff"), ("\uaa60", "\uaa7f")),
    *(("\u2e80", "\u9fff"), ("\uf900", "\ufaff"), ("\U0001aff0", "\U0001b16f"), ("\U00020000", "\U0003ffff")),
)
"""Scripts that put no spaces between words: Thai, Lao, Burmese and Khmer; Han, Hiragana and Katakana."""


def around(text: str, start: int, end: int, most: int) -> tuple[int, int]:
    """The bounds of a part of at most `most` characters that shows what stands from `start` to `end`.

    It has whole words, unless one alone is longer, and is empty where a single character is.
    """
    first, last = _trimmed(text, 0, len(text))
    if end - first > most:
        lead = min(LEAD, max(most - (end - start), 0) // 2)
        first = next((at for at in range(start - lead, start) if _is_spaced(text, at)), start)
    if last - first > most:
        last = _cut(text, first, min(end, first + most), first + most)
    return _trimmed(text, first, last)


def widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Bounds moved outwards to where characters end, as readers count them."""
    while not is_apart(text, start):
        start -= 1
    while not is_apart(text, end):
        end += 1
    return start, end


def is_apart(text: str, at: int) -> bool:
    """Whether for certain one character ends before this place and another begins, as readers count them."""
    if at <= 0 or at >= len(text):
        return True
    left, right = text[at - 1], text[at]
    if left < "\x7f" and right < "\x7f":
        return (left, right) != ("\r", "\n")
    return not (
        unicodedata.category(right) in JOINED
        or unicodedata.category(left) == "Cf"
        or unicodedata.combining(left) == VIRAMA
        or right in LETTERS_BEHIND
        or left in LETTERS_BEFORE
        or SKINS[0] <= right <= SKINS[1]
        or (FLAGS[0] <= left <= FLAGS[1] and FLAGS[0] <= right <= FLAGS[1])
        or any(first <= right <= last for first, last in JAMO)
    )


def is_unspaced(character: str) -> bool:
    """Whether it is of a script that puts no spaces between words."""
    return character > UNSPACED[0][0] and any(first <= character <= last for first, last in UNSPACED)


def _cut(text: str, first: int, least: int, most: int) -> int:
    """Where to end, from `most` down to `least`, or before where a word is longer: the best place there is."""
    for is_good in (_is_spaced, _is_between):
        for at in range(most, least - 1, -1):
            if is_good(text, at):
                return at
    while most > first and not is_apart(text, most):
        most -= 1
    return most


def _is_spaced(text: str, at: int) -> bool:
    """Whether a space is here, or could be in a script that has none."""
    beside = text[max(at - 1, 0) : at + 1]
    return any(c.isspace() or is_unspaced(c) for c in beside) and is_apart(text, at)


def _is_between(text: str, at: int) -> bool:
    """Whether one of the neighbours is a sign."""
    return not text[max(at - 1, 0) : at + 1].isalnum() and is_apart(text, at)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Bounds without the white space at the ends."""
    while start < end and text[start].isspace() and is_apart(text, start + 1):
        start += 1
    while start < end and text[end - 1].isspace() and is_apart(text, end - 1):
        end -= 1
    return start, end
