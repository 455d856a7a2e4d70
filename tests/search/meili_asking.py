"""Documents and searches without any rows: `await meili.put([post("Honey")])`, `await found(meili, "honey")`."""

from __future__ import annotations

import uuid
from typing import Any

from search.engine import Document, Sight
from search.meili import MeiliEngine
from search.query import Query, typed

MEMBER = Sight(frozenset(), is_member=True)
KINDS = ("PERSON", "POST", "COMMENT", "MESSAGE", "GROUP", "TAG")


def query(text: str, *terms: frozenset[str], **more: Any) -> Query:
    """What is typed, with terms that must be there; `kinds` are all unless they are given."""
    read = typed(text)
    return Query(more.pop("kinds", KINDS), read.wanted, read.unwanted, terms, **more)


def post(title: str = "", body: str = "", **more: Any) -> Document:
    """A post that every member may find, unless `more` says otherwise."""
    values: dict[str, Any] = {"kind": "POST", "subject": uuid.uuid4(), "version": 1, "audiences": (), "open": True}
    return Document(title=title, body=body, **{**values, **more})


async def found(engine: MeiliEngine, asked: Query | str, sight: Sight = MEMBER) -> list[uuid.UUID]:
    """The subjects of the hits, best first."""
    return [hit.subject for hit in (await engine.find(query(asked) if isinstance(asked, str) else asked, sight)).hits]
