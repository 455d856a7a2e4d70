"""Words that are misspelt: which words of the vocabulary may be meant, found by leaving letters out.

Two spellings a letter apart are alike once each has lost a letter or none. So each word of the vocabulary is stored
with its `folds`, an index answers which words have one of a misspelt word's `lookups`, and `near` keeps those that are
really near.

Of words of 4 to 30 letters, the lookup reaches everything at a distance of 1: a letter wrong, too many, missing, or two
side by side swapped. Of distance 2, allowed from 8 letters on, it reaches what has a letter too many and besides it any
one other error (with more than 12 letters: if the letters to be left out stand near each other). It does not reach two
wrong, missing or swapped letters, nor one of each: that would take words stored without two letters, some fifty each.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

FOLDED_MIN, FOLDED_MAX = 4, 30  # letters of words that may be misspelt
TWICE_MIN = 8  # letters of words that may have two errors
LOOKUPS_MAX = 80


def folds(word: str) -> list[str]:
    """What a word of the vocabulary is stored with: it, and it less each letter; empty for what is never misspelt."""
    return list(dict.fromkeys([word, *_less_one(word)])) if allowed(word) else []


def lookups(word: str) -> list[str]:
    """What to look up among the stored folds, at most `LOOKUPS_MAX`, to find the words that may be meant."""
    found = dict.fromkeys(folds(word))
    if allowed(word) > 1:
        for shorter in _less_two(word):
            if len(found) == LOOKUPS_MAX:
                break
            found[shorter] = None
    return list(found)


def allowed(word: str) -> int:
    """How many errors a word may have: 0 to 2. Short and very long words, figures and signs have none."""
    if not FOLDED_MIN <= len(word) <= FOLDED_MAX or not (word.isalpha() or all(map(_is_spelt, word))):
        return 0
    return 2 if len(word) >= TWICE_MIN else 1


def near(word: str, candidates: Iterable[str]) -> list[str]:
    """Those within the allowed distance: the nearest first, then those that begin alike, then by the alphabet."""
    most = allowed(word)
    measured = ((distance(word, candidate, most), candidate) for candidate in set(candidates))
    ranked = sorted((far, not near.startswith(word[:1]), near) for far, near in measured if far is not None)
    return [candidate for _, _, candidate in ranked]


def distance(a: str, b: str, most: int) -> int | None:
    """How many letters are wrong, missing, too many, or swapped with their neighbour; None for more than `most`.

    The optimal string alignment: no letter is changed twice.
    """
    if abs(len(a) - len(b)) > most:
        return None
    a, b = _unlike(a, b)
    two_up: list[int] = []
    up = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        row = [i]
        for j, right in enumerate(b, 1):
            best = up[j - 1] if left == right else 1 + min(up[j - 1], up[j], row[j - 1])
            if i > 1 and j > 1 and left == b[j - 2] and right == a[i - 2]:
                best = min(best, two_up[j - 2] + 1)
            row.append(best)
        if min(row) > most and min(up) >= most:  # a swap reaches over a row
            return None
        two_up, up = up, row
    return up[-1] if up[-1] <= most else None


def _unlike(a: str, b: str) -> tuple[str, str]:
    """Two words without what they begin and end with alike."""
    start, shorter = 0, min(len(a), len(b))
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]


def _less_one(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def _less_two(word: str) -> Iterator[str]:
    """A word less any two letters, those nearest to each other first: so do fingers slip."""
    for gap in range(1, len(word)):
        for i in range(len(word) - gap):
            yield word[:i] + word[i + 1 : i + gap] + word[i + gap + 1 :]


def _is_spelt(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"
