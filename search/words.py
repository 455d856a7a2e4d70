"""How texts become words, in documents and searches alike: what is one word, and under which spellings it is found."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from anyascii import anyascii

from models.emoji import SEQUENCE
from models.text import MARKS_MAX

WORD_MAX = 60  # characters; the rest of a word is cut off
WRITTEN_MAX = 2 * WORD_MAX  # characters looked at of what is written without a space, apostrophes and all
WORDS_MAX = 4_000  # of one text; the rest is left out
READ_MAX = 8  # characters of a run whose reading as a whole is worth a word: a name, a term
CACHED = 1 << 15  # words that are read once; with their tokens some 12 MB


@dataclass(frozen=True, slots=True)
class Token:
    """A word in its place. `others` are its further spellings, under which it is found there, too.

    `glued`: nothing but signs parts it from the one before, as in `ABC-123`; who searches for that wants both in a row.
    """

    word: str
    others: tuple[str, ...] = ()
    glued: bool = False


# What is written between the letters and is none: it joins nothing and parts nothing.
_STEERING = (  # category Cf, but for the joiner and the tags, of which emoji are made
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001"
)
_SELECTING = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff"  # variants, tones of skin
_TRADE = "©®℠™"
_VOWEL_POINTS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
"""Of Hebrew and Arabic: in schoolbooks, seldom in what people type."""
UNWRITTEN = re.compile(f"[{_STEERING}{_SELECTING}{_TRADE}{_VOWEL_POINTS}]")

# The accents of Latin, Greek and Cyrillic letters. The marks of other scripts make other letters, and stay.
_ACCENTS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
ACCENTS = re.compile(f"[{_ACCENTS}]")
ACCENTS_WITHIN = re.compile(f"[{_ACCENTS}\u0653-\u0655\u200d]")  # with the hamza of an alef, and joiners
LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ȷ": "j"}
    | {"ŋ": "n", "ŧ": "t", "ɨ": "i", "ʉ": "u", "ə": "e", "ƒ": "f", "ĸ": "k"}
)
"""Letters that Unicode does not take apart, as people type them who have no such key."""
DIGRAPHS = str.maketrans({"ü": "ue", "ö": "oe", "ä": "ae", "ø": "oe", "å": "aa"})
"""What German and Nordic people type without these keys."""
SIGNS = str.maketrans({"+": "plus", "#": "sharp"})
"""Signs that make another word of the one that they end: C, C++ and C# are three."""
GLUE = frozenset("-–‐‑._@/\\:&=+#~%^*'’·⁄")
GLUE_MAX = 3  # signs, as in `https://`

# Those beyond the BMP, of scripts that are hardly typed, would make each look-up a slow one.
_MARKS = "".join(
    c for c in map(chr, range(0x0590, 0xABF0)) if unicodedata.category(c)[0] == "M" and not ACCENTS.match(c)
)
# Putting a pile of marks in order takes quadratic time, and no language has one.
PILES = re.compile(f"([{_ACCENTS}{_MARKS}]{{{MARKS_MAX}}})[{_ACCENTS}{_MARKS}]+")
_HAN = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
)
_KANA = "\u3041-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\U0001aff0-\U0001afff\U0001b000-\U0001b16f"
_UNSPACED = "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f"  # Thai, Lao, Burmese, Khmer
_RUNS = _HAN + _KANA + _UNSPACED
_APOSTROPHES = "'’‘`ʼʻ·"  # the last is Catalan's: col·lega
_LETTER = f"[^\\W_ʼʻ{_RUNS}]"
_PIECE = f"(?:{_LETTER}++[{_MARKS}\u200d]*+)++"
_CLUSTER = f"[{_RUNS}](?<=\\w)[{_MARKS}\u200d]*+"


def _word(piece: str, letter: str) -> str:
    """A pattern for one word: pieces held together by an apostrophe or `_`, with a dot as of .NET, signs as of C#.

    A single sign counts where it ends the word: not in `a+b`. After figures it makes no other word: `10+`.
    """
    sign = rf"(?<=[^\W\d_])(?:\+\+|[+#](?![+#]|{letter}))"
    return rf"(?:(?<![\w.])\.)?{piece}(?:(?:_++|[{_APOSTROPHES}]){piece})*+(?:{sign})?"


PLAIN = re.compile(_word("[a-z0-9]++", "[a-z0-9]"))
ANY = re.compile(
    f"(?P<run>(?:{_CLUSTER})++)|{_word(_PIECE, _LETTER)}|(?P<emoji>(?![↔-↪▪-◾⬅-⬇〰〽])(?:{SEQUENCE.pattern}))"
)
"""Arrows and squares are signs: they head the lines of lists."""
CLUSTER, HAN = re.compile(_CLUSTER), re.compile(f"[{_HAN}]")
APOSTROPHES = re.compile(f"[{_APOSTROPHES}]")
NOT_ASCII_WORD = re.compile("[^a-z0-9]")


def words(text: str) -> list[str]:
    """The words of a text, folded, in their order."""
    return [token.word for token in tokens(text)]


def tokens(text: str) -> list[Token]:
    """The words of a text in their order, at most `WORDS_MAX`. Any text will do.

    No word holds white space, quotes, backslashes, or signs that mean something to an engine.

    - `O'Brien` is two words, `o` and `brien`, each to be found as `obrien`, too, and so is what is written so.
      A possessive s is no word of its own: `Ann's` is `ann`, or `anns`.
    - Of scripts that put no spaces between words, each letter is a word, glued to the one before.
    - An emoji is a word, without tones of skin.
    """
    return list(islice(chain.from_iterable(_read(text)), WORDS_MAX))


def fold(word: str) -> str:
    """A word in lower case without accents, in letters as people type them; й is no accented и."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFKD", word).replace("и\u0306", "й")
    return unicodedata.normalize("NFC", ACCENTS_WITHIN.sub("", apart).translate(LETTERS))


def _read(text: str) -> Iterator[tuple[Token, ...]]:
    is_plain = text.isascii()
    clean = text.lower() if is_plain else _clean(text)
    before = sys.maxsize  # where the last word ended
    for match in (PLAIN if is_plain else ANY).finditer(clean):
        start, end = match.span()
        glued = clean[before:start] != " " and _is_glue(clean[before:start], clean[start])
        before = end
        match match.lastgroup:
            case None:
                yield _written(match[0] if end - start <= WRITTEN_MAX else match[0][:WRITTEN_MAX], glued)
            case "run":
                yield _run(match[0], glued)
            case _:
                yield (_emoji(match[0], glued),)


def _clean(text: str) -> str:
    """A text in lower case and one form, without what is not written; accents stay on letters that have them."""
    told = PILES.sub(r"\1", UNWRITTEN.sub("", text)).replace("´", "'").replace("♯", "#")
    return ACCENTS.sub("", unicodedata.normalize("NFKC", told).casefold())


def _is_glue(gap: str, following: str) -> bool:
    return 0 < len(gap) <= GLUE_MAX and (GLUE.issuperset(gap) or (gap == "," and following.isdigit()))


@lru_cache(maxsize=CACHED)
def _written(written: str, glued: bool) -> tuple[Token, ...]:
    """The tokens of what is written as one word."""
    parts = [part for part in APOSTROPHES.split(written.lstrip(".").translate(SIGNS)) if part]
    more = list[str]()
    if len(parts) > 1 and parts[-1] == "s":
        parts.pop()
        more = [f"{spelling}s" for spelling in _spellings("".join(parts))]
    if len(parts) > 1:
        more += _spellings("".join(parts))
    if written[0] == ".":
        more.append(f"dot{fold(parts[0])}")
    return tuple(_token(_spellings(part) + more, glued and not at) for at, part in enumerate(parts))


def _spellings(word: str) -> list[str]:
    """A word folded, then otherwise: by the digraphs of its language, and in Latin letters."""
    if word.isascii():
        return [word]
    spellings = [fold(word), fold(word.translate(DIGRAPHS))]
    return spellings if spellings[0].isascii() else [*spellings, _latin(word)]


def _latin(word: str) -> str:
    return NOT_ASCII_WORD.sub("", anyascii(word).lower())


def _token(spellings: list[str], glued: bool) -> Token:
    word, *others = dict.fromkeys(spelling[:WORD_MAX] for spelling in spellings if spelling)
    return Token(word, tuple(others), glued)


def _run(run: str, glued: bool) -> tuple[Token, ...]:
    """A token for each letter; Chinese ones with their reading, and the first with that of a short run."""
    letters: list[str] = CLUSTER.findall(run[: 2 * WORDS_MAX])
    whole = _latin(run) if 1 < len(letters) <= READ_MAX else ""
    return (_letter(letters[0], whole, glued), *(_letter(letter, "", True) for letter in letters[1:]))


@lru_cache(maxsize=CACHED)
def _letter(letter: str, whole: str, glued: bool) -> Token:
    reading = _latin(letter) if HAN.match(letter) else ""
    return _token([fold(letter[:WORD_MAX]), reading, whole], glued)


def _emoji(emoji: str, glued: bool) -> Token:
    """An emoji; one made of several, as a woman who shrugs, is found by its first, too."""
    is_flag = "\U0001f1e6" <= emoji[0] <= "\U0001f1ff"
    return _token([emoji] if is_flag else [emoji, emoji[0]], glued)
