"""Looking for what was taken away and an index still holds: `await gone(ann, word)` finds nothing of it anywhere.

Nobody reads the log meanwhile: the index holds everything as it was before. Each removal is looked for by a word that
only what is removed holds, in hits, total, facets, suggestions and experts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from models.groups import Group
from models.people import Person
from tests.conftest import Ask
from tests.factories.feed import a_comment, a_post
from tests.factories.tags import a_tag, tagged
from tests.search.asking import Who

MANY, FEW = 24, 8  # removals of each sort; together more than 500

LOOK = """
query Look($text: String!) {
  search(text: $text, first: 5) {
    totalCount totalCountIsExact
    edges { highlights { html } node { __typename } }
    facets { values { label count } }
    pageInfo { hasNextPage }
  }
  suggest(prefix: $text, first: 5) { __typename }
  experts(topic: $text, first: 5) { totalCount nodes { score } }
}
"""
NOTHING: dict[str, Any] = {
    "search": {
        "totalCount": 0,
        "totalCountIsExact": True,
        "edges": [],
        "facets": [],
        "pageInfo": {"hasNextPage": False},
    },
    "suggest": [],
    "experts": {"totalCount": 0, "nodes": []},
}
TOTAL = "query Total($text: String!) { search(text: $text, first: 1) { totalCount } }"

_number = count()


@dataclass
class Removals:
    """Removals that were looked for, and how many there were."""

    ask: Ask
    counted: int = 0

    async def total(self, who: Who, text: str) -> int:
        """How many hits a text has."""
        answer = await self.ask.text(who, TOTAL, {"text": text})
        assert answer.data, answer.errors
        return answer.data["search"]["totalCount"]

    async def __call__(self, who: Who, *words: str) -> None:
        """One removal: none of these words leads anywhere."""
        self.counted += 1
        for word in words:
            answer = await self.ask.text(who, LOOK, {"text": word})
            assert not answer.errors
            assert answer.data == NOTHING, f"{word} is still found"

    async def done(self, who: Who | None, operation: str, **variables: Any) -> None:
        """Run an operation that must succeed."""
        [payload] = (await self.ask(who, operation, **variables)).values()
        assert not payload["errors"], payload


def word() -> str:
    """A word that nothing else holds, and that no other is like."""
    number = next(_number)
    return "zq" + "".join(chr(97 + number // 26**place % 26) * 3 for place in range(4))


async def said_in(group: Group, author: Person) -> str:
    """A word that a post of a group holds, and a comment under it, and a tag."""
    text = word()
    post = await tagged(await a_post(f"everywhere {text}", author=author, audience=group.id), await a_tag(text))
    await a_comment(post, f"everywhere {text}", author=author)
    return text
