"""Documents as PostgreSQL's tsvectors, searches as its tsqueries: made here, so that both split texts alike.

Lexemes are words as `search.words` gives them, their stems where these differ (`~en:univers`) and, with a leading
slash, what is no text: terms, audiences, days. Only what went through `quoted` stands in either.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence

from models.search_finding import days
from search import languages
from search.engine import Document, Sight
from search.query import Phrase
from search.words import Token, tokens

OPEN = "/o"
TITLE, KEYWORDS, BODY = "A", "B", "D"
GAP = 10  # places between two texts of a document: no phrase reaches from one into the other
PLACES_MAX = 16_000  # places that PostgreSQL tells apart
UNSAID = "en"  # the language of names and of texts too short to tell


class Beginning(str):
    """All words that begin with what stands before its last sign, a star that tells it from that word."""

    @classmethod
    def of(cls, word: str) -> Beginning:
        return cls(f"{word}*")


Forms = Mapping[str, Sequence[str]]
"""Further words that a word of the search may stand for: those that it begins, or whose spelling is near."""


def vector(document: Document) -> str:
    """A document as the text of a tsvector."""
    language = document.language or UNSAID
    parts, place = list[str](), 1
    for text, weight in ((document.title, TITLE), (document.keywords, KEYWORDS), (document.body, BODY)):
        found = tokens(text)
        parts.extend(_placed(found, language, place, "" if weight == BODY else weight))
        place += len(found) + GAP
    return " ".join([*parts, *(quoted(lexeme) for lexeme in _signs(document))])


def _placed(found: Sequence[Token], language: str, place: int, weight: str) -> Iterator[str]:
    stems = languages.stems(language, [token.word for token in found])
    for at, (token, stem) in enumerate(zip(found, stems, strict=True), place):
        mark = f":{min(at, PLACES_MAX)}{weight}"
        yield f"'{token.word}'{mark}"
        if stem != token.word:
            yield f"'~{language}:{stem}'{mark}"
        for other in token.others:
            yield f"'{other}'{mark}"


def _signs(document: Document) -> Iterator[str]:
    """What a document is found by besides its words."""
    yield f"/kind:{document.kind}"
    yield from (f"/{term}" for term in document.terms)
    yield from (within(audience) for audience in document.audiences)
    if document.open:
        yield OPEN
    if document.moment:
        yield from days(document.moment)


def within(audience: uuid.UUID) -> str:
    """The lexeme of what an audience may find."""
    return f"/a{audience.hex}"


def seen(sight: Sight) -> str:
    """A tsquery for what a viewer may find by its audiences; empty where that is nothing."""
    return either([within(audience) for audience in sight.audiences] + [OPEN] * sight.is_member)


def termed(terms: Iterable[frozenset[str]]) -> list[str]:
    """A tsquery for each of these sets of terms: for what has one of them."""
    return [f"({either(f'/{term}' for term in sorted(group))})" for group in terms if group]


def exactly(phrase: Phrase) -> str:
    """A tsquery for a phrase as it was typed."""
    return _phrase([_either([token.word, *token.others]) for token in phrase.words])


def loosely(phrase: Phrase, forms: Forms) -> str:
    """A tsquery for a phrase with any form of its words; a quoted one has no other forms."""
    if phrase.exact:
        return exactly(phrase)
    return _phrase([_either(_forms(token, forms)) for token in phrase.words])


def inflected(phrase: Phrase) -> str:
    """A tsquery for a phrase and its words' inflections, but no other words."""
    return loosely(phrase, {})


def ranked(phrases: Iterable[Phrase], forms: Forms | None) -> tuple[str, int]:
    """A tsquery for any word of some phrases, in any form or as typed, and how many lexemes it has.

    What is found is ranked by it. PostgreSQL divides by that number, which others' words must not decide.
    """
    words = dict.fromkeys(token for phrase in phrases for token in phrase.words)
    lexemes = (form for token in words for form in (_forms(token, forms) if forms is not None else [token.word]))
    distinct = dict.fromkeys(lexemes)
    return either(distinct), len(distinct)


def adjacent(phrases: Sequence[Phrase]) -> str:
    """A tsquery for all words side by side, as they were typed."""
    return "<->".join(quoted(token.word) for phrase in phrases for token in phrase.words)


def either(lexemes: Iterable[str]) -> str:
    return "|".join(map(quoted, lexemes))


def quoted(lexeme: str) -> str:
    """A lexeme as it may stand in a tsvector and a tsquery, whatever it is made of."""
    if isinstance(lexeme, Beginning):
        return f"{quoted(str(lexeme)[:-1])}:*"
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''").replace("\x00", "") + "'"


def _forms(token: Token, forms: Forms) -> list[str]:
    """All that may stand in a document for a word of a search: of which language that is, nobody has said."""
    stems = {language: languages.stems(language, [token.word])[0] for language in languages.LANGUAGES}
    inflected = [*stems.values(), *(f"~{language}:{stem}" for language, stem in stems.items())]
    return [*dict.fromkeys((token.word, *token.others, *inflected, *forms.get(token.word, ())))]


def _either(lexemes: Iterable[str]) -> str:
    return f"({either(dict.fromkeys(lexemes))})"


def _phrase(words: Sequence[str]) -> str:
    return f"({'<->'.join(words)})" if len(words) > 1 else words[0]
