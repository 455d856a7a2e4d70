"""A search as typed, read into what must be in a document, what must not, and operators such as `from:`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from search.words import Token, tokens

PHRASES_MAX = 20  # words and phrases of a search that count
OPERATORS = frozenset({"from", "in", "tag", "before", "after"})

PART = re.compile(
    r"""(?P<minus>(?<!\S)-)?(?:(?P<name>[a-z]+):(?=[^\s:/]))?(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))""",
    re.IGNORECASE,
)
QUOTES = str.maketrans(dict.fromkeys("“”„«»‟〝〞＂", '"'))
"""Quotes as phones and word processors write them."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side in a document; most often one.

    `exact`: quoted, so that only these very words count; else each may also be inflected, misspelt or a beginning.
    """

    words: tuple[Token, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Operator:
    """Something like `from:ann`; `name` is one of `OPERATORS`."""

    name: str
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """A search as typed: a document holds every one of `wanted` and none of `unwanted`."""

    wanted: tuple[Phrase, ...]
    unwanted: tuple[Phrase, ...] = ()
    operators: tuple[Operator, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What an engine is asked. Of each set of `terms` a document holds at least one, and none of `without`.

    `after` (included) and `before` (excluded) bound the moment of what has one; other things are not found then.
    `whole` is the same search before it was narrowed by kinds and filters: what is found of that decides how much is
    forgiven, so that the count of a facet is what one finds by choosing it. How old things are is counted from `as_of`,
    which all pages of a search have in common, as far as an engine counts it.
    """

    kinds: tuple[str, ...]
    wanted: tuple[Phrase, ...]
    unwanted: tuple[Phrase, ...] = ()
    terms: tuple[frozenset[str], ...] = ()
    without: frozenset[str] = field(default_factory=frozenset[str])
    after: datetime | None = None
    before: datetime | None = None
    whole: Query | None = None
    as_of: datetime | None = None


def typed(text: str) -> Typed:
    """Read a search. Whatever is no operator of ours is words; a quote that is never closed quotes to the end."""
    wanted: list[Phrase] = []
    unwanted: list[Phrase] = []
    operators: list[Operator] = []
    for part in PART.finditer(_closed(text.translate(QUOTES))):
        negated, name = bool(part["minus"]), (part["name"] or "").lower()
        value = part["plain"] if part["quoted"] is None else part["quoted"]
        if name in OPERATORS and value.strip():
            operators.append(Operator(name, value, negated))
        elif negated:
            unwanted.append(Phrase(tuple(tokens(f"{name} {value}")), exact=part["quoted"] is not None))
        else:
            wanted.extend(_phrases(name))
            wanted.extend([Phrase(tuple(tokens(value)), exact=True)] if part["quoted"] is not None else _phrases(value))
    return Typed(_kept(wanted), _kept(unwanted), tuple(operators[:PHRASES_MAX]))


def _phrases(text: str) -> Iterator[Phrase]:
    """The words of a text, each by itself unless signs glue it to the one before."""
    held: list[Token] = []
    for token in tokens(text):
        if held and not token.glued:
            yield Phrase(tuple(held))
            held = []
        held.append(token)
    if held:
        yield Phrase(tuple(held))


def _kept(phrases: list[Phrase]) -> tuple[Phrase, ...]:
    return tuple(dict.fromkeys(phrase for phrase in phrases if phrase.words))[:PHRASES_MAX]


def _closed(text: str) -> str:
    return text + '"' if text.count('"') % 2 else text
