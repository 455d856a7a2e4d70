"""What posts, comments and messages have in common as documents: who said it, when, and in which language."""

from __future__ import annotations

from collections.abc import Iterator

import asyncpg

from search.languages import language
from search.words import words

HEARD = 500  # characters by which a text's language is told


def terms(row: asyncpg.Record, within: object, text: str) -> Iterator[str]:
    """The terms of something that `author_id` has said `within` an audience."""
    if row["author_id"]:
        yield f"author:{row['author_id']}"
    yield f"audience:{within}"
    if spoken := language(words(text[:HEARD])):
        yield f"language:{spoken}"
