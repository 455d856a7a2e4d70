"""Names as they are suggested while somebody types: the words of what people, groups and tags are called."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from models import suggestions as table
from models.audiences import COMPANY
from models.suggestions import Row
from search.engine import Document
from search.words import tokens

NAMED = frozenset({"PERSON", "GROUP", "TAG"})
"""The kinds of what is suggested."""

LEFT = "person:LEFT"  # the term of those who have left: nobody suggests them


def names(document: Document) -> list[str]:
    """What it is called: a tag by its synonyms, too. Nothing for what is not suggested."""
    if document.kind not in NAMED or LEFT in document.terms:
        return []
    return [document.title, document.keywords] if document.kind == "TAG" else [document.title]


async def put(documents: Sequence[Document]) -> None:
    """Have these be suggested as they are now called, and to nobody else than those who may find them."""
    named = {d.subject: d for d in documents if d.kind in NAMED}
    await table.put(list(named), [row for document in named.values() for row in rows(document)])


async def drop(subjects: Sequence[uuid.UUID]) -> None:
    """Suggest these no more."""
    await table.drop(subjects)


def rows(document: Document) -> list[Row]:
    """The rows by which it is found, one for each of its words and of the audiences that may find it."""
    words = spelt(names(document))
    said = "".join(f" {word}" for word in words)
    audiences = {*document.audiences, *([COMPANY] if document.open else ())}
    return [(audience, document.kind, word, document.subject, said) for audience in audiences for word in words]


def spelt(texts: Iterable[str]) -> list[str]:
    """The words of some names in their order, each followed by its other spellings; none twice."""
    return list(dict.fromkeys(word for text in texts for token in tokens(text) for word in (token.word, *token.others)))


def typed(text: str, most: int) -> list[tuple[str, ...]]:
    """The words of the beginning of a name, none twice and at most so many, each with its other spellings."""
    return list(dict.fromkeys((token.word, *token.others) for token in tokens(text)))[:most]


def begin(words: Sequence[Sequence[str]], names: Iterable[str]) -> bool:
    """Whether each of the words typed, in any of its spellings, begins a word of one of the names."""
    known = spelt(names)
    return all(any(word.startswith(tuple(spellings)) for word in known) for spellings in words)
