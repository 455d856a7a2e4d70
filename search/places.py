"""Where in a text its words stand: `search.words` folds texts, and tells no places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby

from search.passages import is_unspaced
from search.words import Token, words

CHUNK = re.compile(r"\S+")
"""What stands between spaces; no word reaches from one into another."""


def spans(chunk: str, found: Sequence[Token]) -> list[tuple[int, int]]:
    """From where to where each of the tokens of a chunk stands in it.

    A piece of the chunk is the place of a token for certain: where the words of all pieces are those of the whole.
    Where they are not, the whole is the place of each.
    """
    pieces = list(_pieces(chunk))
    held = [words(chunk[start:end]) for start, end in pieces]
    if [word for piece in held for word in piece] == [token.word for token in found]:
        return [span for span, piece in zip(pieces, held, strict=True) for _ in piece]
    whole = (pieces[0][0], pieces[-1][1]) if pieces else (0, len(chunk))
    return [whole] * len(found)


def _pieces(chunk: str) -> Iterator[tuple[int, int]]:
    """Words and pictures, without the signs around them; each letter where a script has no spaces."""
    at, kinds = 0, _kinds(chunk)
    for kind, run in groupby(kinds):
        length = sum(1 for _ in run)
        if kind:
            yield at, at + length
        at += length


def _kinds(chunk: str) -> Iterator[str]:
    """For each character what it belongs to: runs of the same make a piece, the empty ones none."""
    kind = ""
    for at, character in enumerate(chunk):
        category = unicodedata.category(character)
        if is_unspaced(character):
            kind = f"letter {at}"
        elif category[0] in "LN" or character == "_":
            kind = "word"
        elif category in ("So", "Sk"):
            kind = "picture"
        elif category[0] != "M" and category != "Cf" and not (character in "+#" and kind == "word"):
            kind = ""
        yield kind
