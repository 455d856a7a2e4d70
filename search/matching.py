"""Whether a document holds what was searched: the plain form of what every engine does with an index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum

from search import languages, spelling
from search.engine import Document
from search.lexemes import UNSAID
from search.query import Phrase, Query
from search.words import Token, tokens

BEGIN_MIN, LAST_MIN = 3, 2  # letters of a word that may be a beginning; fewer of the last one: it is being typed


class Form(IntEnum):
    """How a word of a text is one that was searched, the nearest first."""

    SAME = 0
    INFLECTED = 1
    BEGUN = 2
    MISSPELT = 3


class Sought:
    """A word of a search, made ready to be compared with many others: in no form looser than `loosest`.

    `begins` is the number of letters from which it may be the beginning of a word.
    """

    def __init__(self, token: Token, loosest: Form, begins: int) -> None:
        self.word = token.word
        self.loosest = loosest
        self.spellings = frozenset((token.word, *token.others))
        self.starts = tuple(word for word in self.spellings if len(word) >= begins)
        self.near = [(word, most, frozenset(word)) for word in self.spellings if (most := spelling.allowed(word))]
        self._stems: dict[str, str] = {}

    def form(self, found: Token, stem: str, language: str) -> Form | None:
        """The form in which a word of a text is this one; None: it is another. `stem` is its stem in `language`."""
        word = found.word
        if found.others:
            return self._form_of_any((word, *found.others), stem, language)
        if word in self.spellings:
            return Form.SAME
        if self.loosest == Form.SAME:
            return None
        if stem == self.stem(language):
            return Form.INFLECTED
        if self.loosest == Form.INFLECTED:
            return None
        if word.startswith(self.starts):
            return Form.BEGUN
        return Form.MISSPELT if self._is_near(word) else None

    def stem(self, language: str) -> str:
        """The stem that it has if it is a word of this language."""
        if language not in self._stems:
            self._stems[language] = languages.stems(language, [self.word])[0]
        return self._stems[language]

    def _is_near(self, other: str) -> bool:
        return any(
            # An error takes one letter away and brings one at most; to see that costs less than the distance.
            len(letters.symmetric_difference(other)) <= 2 * most and spelling.distance(word, other, most) is not None
            for word, most, letters in self.near
        )

    def _form_of_any(self, spellings: Sequence[str], stem: str, language: str) -> Form | None:
        forms = (self.form(Token(word, (), False), stem, language) for word in spellings)
        return min((form for form in forms if form is not None), default=None)


def sieve(sought: Sequence[Sought], language: str, *, near: bool = True) -> Callable[[str, str], bool]:
    """A quick test that lets through each spelling, with its stem, that is one of these in any form, and few others.

    Unless `near`, those that are misspelt are left out.
    """
    spellings = frozenset[str]().union(*(one.spellings for one in sought))
    starts = tuple(start for one in sought for start in one.starts)
    stems = {one.stem(language) for one in sought}
    alike: dict[int, list[tuple[frozenset[str], int]]] = defaultdict(list)  # by the length of what is let through
    for word, most, letters in (nearby for one in sought if near for nearby in one.near):
        for length in range(len(word) - most, len(word) + most + 1):
            alike[length].append((letters, 2 * most))

    def may_be(word: str, stem: str) -> bool:
        if stem in stems or word in spellings or word.startswith(starts):
            return True
        spelt = alike.get(len(word))
        return spelt is not None and any(len(letters.symmetric_difference(word)) <= most for letters, most in spelt)

    return may_be


def matches(query: Query, document: Document) -> bool:
    """Whether a document is what was searched, whoever may see it."""
    return (
        document.kind in query.kinds and _termed(query, document) and _timed(query, document) and _said(query, document)
    )


def wanted(query: Query) -> list[list[Sought]]:
    """The phrases that a document must hold. Those of words such as `the` do not count where there are others."""
    of_weight = [phrase for phrase in query.wanted if not _is_light(phrase)] or query.wanted
    typing = next((phrase for phrase in reversed(of_weight) if not phrase.exact), None)

    def words(phrase: Phrase) -> Iterator[Sought]:
        loosest = Form.SAME if phrase.exact else Form.MISSPELT
        for left, token in enumerate(reversed(phrase.words)):
            yield Sought(token, loosest, LAST_MIN if phrase is typing and not left else BEGIN_MIN)

    return [list(words(phrase))[::-1] for phrase in of_weight]


def unwanted(query: Query) -> list[list[Sought]]:
    """The phrases that a document must not hold: these words and their inflections, or, quoted, these words alone."""
    return [
        [Sought(token, Form.SAME if phrase.exact else Form.INFLECTED, BEGIN_MIN) for token in phrase.words]
        for phrase in query.unwanted
    ]


def _is_light(phrase: Phrase) -> bool:
    return not phrase.exact and all(languages.is_function_word(token.word) for token in phrase.words)


def _termed(query: Query, document: Document) -> bool:
    held = {*document.terms, f"kind:{document.kind}"}
    return all(not held.isdisjoint(group) for group in query.terms) and held.isdisjoint(query.without)


def _timed(query: Query, document: Document) -> bool:
    if query.after is None and query.before is None:
        return True
    moment = document.moment
    return (
        moment is not None
        and (query.after is None or query.after <= moment)
        and (query.before is None or moment < query.before)
    )


def _said(query: Query, document: Document) -> bool:
    language = document.language or UNSAID
    texts = [_stemmed(tokens(text), language) for text in (document.title, document.keywords, document.body)]

    def is_said(phrase: Sequence[Sought]) -> bool:
        return any(_holds(text, phrase, language) for text in texts)

    return all(map(is_said, wanted(query))) and not any(map(is_said, unwanted(query)))


def _stemmed(text: Sequence[Token], language: str) -> list[tuple[Token, str]]:
    return list(zip(text, languages.stems(language, [token.word for token in text]), strict=True))


def _holds(text: Sequence[tuple[Token, str]], phrase: Sequence[Sought], language: str) -> bool:
    """Whether the words of a phrase stand side by side in a text."""
    return any(
        all(sought.form(*text[start + i], language) is not None for i, sought in enumerate(phrase))
        for start in range(len(text) - len(phrase) + 1)
    )
