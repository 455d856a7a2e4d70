"""Filters of Meilisearch, built from typed values by one quoting function: what people type is never part of one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from search.engine import Sight
from search.meili_documents import sign
from search.query import Query

SAID = ("POST", "COMMENT", "MESSAGE")


class Word(str):
    """A word of our own making, such as a kind or the id of the stamp: letters, figures and `_` alone."""

    __slots__ = ()

    def __new__(cls, text: str) -> Word:
        if not (text.isascii() and text.replace("_", "").isalnum()):
            raise ValueError(f"{text!r} is no word")
        return super().__new__(cls, text)


Value = uuid.UUID | datetime | bool | Word | str
"""What one filters by; any other `str` than a `Word` is a term."""


def quoted(value: Value) -> str:
    """A value as it may stand in a filter, whatever it is made of."""
    match value:
        case bool():
            return "true" if value else "false"
        case uuid.UUID():
            return f'"{value}"'  # with its hyphens, for without them some would pass for numbers
        case datetime():
            return repr(value.timestamp())
        case Word():
            return f'"{value}"'
        case str():
            return f'"{sign(value)}"'


def found(query: Query, sight: Sight) -> str:
    """A filter for what a query's terms allow, of what a viewer may find."""
    parts = [among("kind", map(Word, query.kinds)), _seen(sight)]
    parts.extend(among("signs", sorted(terms)) for terms in query.terms)
    if query.without:
        parts.append(f"NOT {among('signs', sorted(query.without))}")
    if query.after:
        parts.append(f"moment >= {quoted(query.after)}")
    if query.before:
        parts.append(f"moment < {quoted(query.before)}")
    return " AND ".join(parts)


def within(audience: uuid.UUID) -> str:
    """A filter for what has been said within an audience."""
    return f"{among('audiences', [audience])} AND {among('kind', map(Word, SAID))}"


def of_kind(kind: str, after: uuid.UUID) -> str:
    """A filter for the documents of a kind with greater keys."""
    return f"kind = {quoted(Word(kind))} AND id > {quoted(after)}"


def among(field: str, values: Iterable[Value]) -> str:
    """A filter for what has one of these values in a field; nothing has one of none."""
    return f"{field} IN [{', '.join(map(quoted, values))}]"


def _seen(sight: Sight) -> str:
    parts = [among("audiences", sorted(sight.audiences))] if sight.audiences else []
    if sight.is_member:
        parts.append(f"open = {quoted(True)}")
    if sight.people:
        parts.append(among("id", sorted(sight.people)))
    return f"({' OR '.join(parts)})" if parts else among("id", [])
