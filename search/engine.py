"""What a search engine must do for us. Two do: Meilisearch, and PostgreSQL's full text, which is always there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from search.query import Query

HITS_MAX = 1_000  # best hits of a search; it pages no deeper
LANGUAGE = "language:"


class Unavailable(Exception):
    """An engine cannot answer now; its message says what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Document:
    """A thing as the index holds it.

    Whoever belongs to one of `audiences` may find it, and everybody of the company where it is `open`; the read checks
    again. `version` is the row's and grows with what it says; `edition` stands for what else decides its words (which
    fields are public), and differs when that does. `moment` is when it was said, None for what has no time.
    `title` is what it is called, `keywords` short words by which it is known (skills, tags, a unit), `body` plain text.
    `terms` are what filters and facets go by, such as `author:<uuid>`; the name of a field, a colon, a value.
    """

    kind: str
    subject: uuid.UUID
    version: int
    audiences: tuple[uuid.UUID, ...]
    title: str = ""
    keywords: str = ""
    body: str = ""
    terms: tuple[str, ...] = ()
    moment: datetime | None = None
    open: bool = False
    edition: int = 0

    @property
    def language(self) -> str | None:
        """The language of its texts, where that is known: a term of it says so."""
        return next((term[len(LANGUAGE) :] for term in self.terms if term.startswith(LANGUAGE)), None)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a viewer may find: documents of these audiences, as a member of the company what is open to it, too.

    `people` are those whom a guest may find besides, whose documents are the company's.
    """

    audiences: frozenset[uuid.UUID]
    is_member: bool
    people: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found, as the index knows it; it is read again within the viewer's scope before anybody sees it."""

    kind: str
    subject: uuid.UUID
    version: int
    edition: int
    terms: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits, best first, at most `HITS_MAX`; `whole`: there are no others."""

    hits: Sequence[Hit]
    whole: bool


class Engine(Protocol):
    """An index and its search. All methods raise `Unavailable` where it cannot be reached or used."""

    name: str

    async def put(self, documents: Sequence[Document]) -> None:
        """Insert or replace; an older version never replaces a newer one. They can be found when this returns."""
        ...

    async def drop(self, subjects: Sequence[uuid.UUID]) -> None:
        """Forget these."""
        ...

    async def drop_within(self, audience: uuid.UUID) -> None:
        """Forget all posts, comments and messages of an audience."""
        ...

    async def find(self, query: Query, sight: Sight) -> Found:
        """The best hits of what a viewer may find."""
        ...

    async def versions(self, subjects: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, tuple[int, int]]:
        """Version and edition of those of these that it holds; at most 1,000 at a time."""
        ...

    async def subjects(self, kind: str, after: uuid.UUID, most: int) -> Sequence[uuid.UUID]:
        """What it holds of a kind, in the order of the keys, from behind `after`."""
        ...

    async def rebuilt(self) -> Engine:
        """An empty index beside the one that is searched, to be filled and then put in its place by `take_over`.

        An engine whose documents are replaced one by one, and are found all the while, gives itself.
        """
        ...

    async def take_over(self) -> None:
        """Be the index that is searched from now on, in one step; the one before is deleted."""
        ...
