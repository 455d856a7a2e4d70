"""Search by PostgreSQL's full text: always there, nothing to install."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence

from auth.viewer import Viewer
from models import search as table
from search.engine import Document, Hit

WORDS_MAX = 20  # words of a query that count
BODY_MAX = 20_000  # characters of a document that are indexed

WORD = re.compile(r"\w+[+#]*")
SIGNS = str.maketrans({"+": "plus", "#": "sharp"})
"""Signs that make another word of the one they end, for PostgreSQL drops them: C, C++ and C# are three."""


class PostgresEngine:
    """Finds documents that hold all words of the text, each as a word's beginning."""

    name = "postgres"

    async def put(self, documents: Sequence[Document]) -> None:
        latest = {d.subject: d for d in documents}
        await table.put(
            [
                (d.kind, d.subject, d.audience, d.version, " ".join(words(d.title)), " ".join(words(d.body[:BODY_MAX])))
                for d in latest.values()
            ]
        )

    async def drop(self, subjects: Sequence[uuid.UUID]) -> None:
        await table.drop(subjects)

    async def find(self, text: str, kinds: Sequence[str], viewer: Viewer, *, limit: int, offset: int) -> list[Hit]:
        query = tsquery(text)
        if not query:
            return []
        found = await table.find(
            query,
            kinds,
            list(viewer.audiences),
            viewer.person_id,
            is_member=not viewer.is_guest,
            limit=limit,
            offset=offset,
        )
        return [Hit(r["kind"], r["subject_id"], r["score"]) for r in found]


def tsquery(text: str) -> str:
    """A tsquery of the text's words; empty where there is no word.

    Only word characters reach it, each word quoted, so nothing a person types can be an operator.
    """
    return " & ".join(f"'{word}':*" for word in list(dict.fromkeys(words(text)))[:WORDS_MAX])


def words(text: str) -> list[str]:
    """The words of a text in their order, without case and accents: split alike in documents and queries.

    PostgreSQL's own splitting would make one word of `Node.js` and lose what ends `C++`.
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(c for c in apart if not unicodedata.combining(c))
    return [word.translate(SIGNS) for word in WORD.findall(folded)]
