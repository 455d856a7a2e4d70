"""Documents and searches as Meilisearch takes them: both as words that we split ourselves, so that they meet."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from unicodedata import category

from search import languages
from search.engine import Document, Hit
from search.query import Phrase, Query
from search.words import Token, tokens

FORMAT = 1  # of the documents; with another an index has to be built anew before it answers
SPELLINGS_MAX = 3  # ways of writing a search that are asked for
STEMMED_MAX = 8  # ways of stemming it
TERMS_MAX = 10  # words and phrases of one request that count with Meilisearch; it passes over the rest
SIGN_MAX = 200  # characters; Meilisearch cuts what one filters by at 468 bytes

UNSAID = "en"  # the language of names and of texts too short to tell
STEM = "ƿƿ"  # what stems begin with, and no word that anybody types

PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789:_.-")
AGES = 1e-13  # of the score, a second: of what matches alike the newest comes first
SHOWN = ("id", "kind", "version", "edition", "terms", "moment")
"""What a hit is made of. Texts never leave the index."""


def made(document: Document) -> dict[str, object]:
    """A document as the index holds it; `moment` is in seconds since 1970 UTC.

    `others` and `more` are the texts in other spellings of their words, `stems` what its words have in common with
    their inflections, told apart from words by what it begins with. `signs` are its terms to filter by.
    """
    title, keywords, body = tokens(document.title), tokens(document.keywords), tokens(document.body)
    language = document.language or UNSAID
    return {
        "id": str(document.subject),
        "kind": document.kind,
        "version": document.version,
        "edition": document.edition,
        "audiences": [str(audience) for audience in document.audiences],
        "open": document.open,
        "moment": document.moment.timestamp() if document.moment else None,
        "title": _text(title),
        "others": " ".join([*_otherwise(title), *_otherwise(keywords)]),
        "keywords": _text(keywords),
        "body": _text(body),
        "more": " ".join(_otherwise(body)),
        "stems": " ".join(dict.fromkeys(_stems(language, [token.word for token in (*title, *keywords, *body)]))),
        "terms": list(document.terms),
        "signs": [sign(f"kind:{document.kind}"), *(sign(term) for term in document.terms)],
    }


def hit(found: Mapping[str, Any]) -> Hit:
    """What the index has found."""
    return Hit(
        found["kind"],
        uuid.UUID(found["id"]),
        found["version"],
        found["edition"],
        tuple(found["terms"]),
        found["_rankingScore"] + AGES * (found["moment"] or 0),
    )


def sign(term: str) -> str:
    """A term as it is filtered by: different for different terms, and of harmless characters alone.

    Meilisearch cannot be asked for every string: it takes upper for lower case, and no escaping of its own reaches
    a backslash before a quote. So what is not a plain letter, figure or sign is written as `%` and two figures.
    """
    written = "".join(chr(b) if b in PLAIN else f"%{b:02x}" for b in term.encode(errors="surrogatepass"))
    if len(written) <= SIGN_MAX:
        return written
    return f"%{hashlib.sha256(term.encode(errors='surrogatepass')).hexdigest()}"


def asked_for(query: Query) -> list[list[str]]:
    """A search in Meilisearch's own words: ways of writing it, each as requests of which a hit fulfils all."""
    return list(islice(_spelt(query), SPELLINGS_MAX))


def inflected(query: Query) -> list[list[str]]:
    """The same, of inflections of its words in any language, and without words that say nothing."""
    wanted = [phrase for phrase in query.wanted if not (_is_loose(phrase) and _says_nothing(phrase))] or query.wanted
    ways = [[_stem(language, phrase) for phrase in wanted] for language in languages.LANGUAGES]
    found = [_parts(query, way) for way in ways]
    return [way for at, way in enumerate(found) if way not in found[:at]][:STEMMED_MAX]


def _spelt(query: Query) -> Iterator[list[str]]:
    yield _requests(query, 0)
    most = max((len(token.others) for phrase in query.wanted for token in phrase.words), default=0)
    for nth in range(1, most + 1):
        yield _requests(query, nth)


def _requests(query: Query, spelling: int) -> list[str]:
    return _parts(query, [_asked(phrase, spelling) for phrase in query.wanted])


def _parts(query: Query, wanted: Sequence[str]) -> list[str]:
    """At least one request, of at most `TERMS_MAX` wanted parts each; unwanted ones are in all of them.

    They stand first, where no limit cuts them off; and so the last word remains the last one, which may be unfinished.
    """
    unwanted = [f"-{_quoted(phrase.words, nth)}" for phrase in query.unwanted for nth in _ways(phrase)]
    parts = [wanted[at : at + TERMS_MAX] for at in range(0, len(wanted), TERMS_MAX)] or [[]]
    return [" ".join([*unwanted, *part]) for part in parts]


def _asked(phrase: Phrase, spelling: int) -> str:
    """A word that may be inflected, misspelt or unfinished, or in quotes what may not: phrases, and codes."""
    return _spelling(phrase.words[0], spelling) if _is_loose(phrase) else _quoted(phrase.words, spelling)


def _stem(language: str, phrase: Phrase) -> str:
    return _stems(language, [phrase.words[0].word])[0] if _is_loose(phrase) else _quoted(phrase.words, 0)


def _stems(language: str, words: Sequence[str]) -> list[str]:
    return [f"{STEM}{_split_alike(stem)}" for stem in languages.stems(language, words)]


def _is_loose(phrase: Phrase) -> bool:
    return not phrase.exact and len(phrase.words) == 1 and not _is_code(phrase.words[0].word)


def _says_nothing(phrase: Phrase) -> bool:
    return all(languages.is_function_word(token.word) for token in phrase.words)


def _is_code(word: str) -> bool:
    """Whether it has letters and figures; those of figures alone are never taken for one another, by a setting."""
    return not word.isdigit() and any(letter.isdigit() for letter in word)


def _ways(phrase: Phrase) -> range:
    return range(1 + max(len(token.others) for token in phrase.words))


def _quoted(words: Sequence[Token], spelling: int) -> str:
    return f'"{" ".join(_spelling(token, spelling) for token in words)}"'


def _spelling(token: Token, nth: int) -> str:
    """The word itself, or its nth other spelling, or the last one before."""
    return _split_alike(token.others[min(nth, len(token.others)) - 1] if nth and token.others else token.word)


def _text(words: Sequence[Token]) -> str:
    return " ".join(_split_alike(token.word) for token in words)


def _otherwise(words: Sequence[Token]) -> list[str]:
    """A text once for each other spelling that its words have, so that phrases stay together."""
    most = max((len(token.others) for token in words), default=0)
    return [_spelling(token, nth) for nth in range(1, most + 1) for token in words]


def _split_alike(word: str) -> str:
    """A word so that Meilisearch lets it be one: it would part `_`, and pass over other signs."""
    return (
        word if word.isalnum() else "".join(c if c.isalnum() or category(c)[0] == "M" else f"x{ord(c):x}" for c in word)
    )
