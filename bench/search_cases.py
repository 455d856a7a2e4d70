"""What is asked of a large company: words by how common they are there, names, beginnings, and who asks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models import db
from search import languages
from search.words import words

SEARCH, SUGGEST, EXPERTS = "search/search", "suggestions/suggest", "experts/experts"

PEOPLE = """
SELECT id FROM person WHERE NOT is_guest AND active AND unit_id IS NOT NULL ORDER BY md5(id::text) LIMIT $1
"""
GUEST = "SELECT id FROM person WHERE is_guest AND active ORDER BY id LIMIT 1"
BUSIEST = """
SELECT m.person_id FROM audience_member m JOIN person p ON p.id = m.person_id AND NOT p.is_guest AND p.active
GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1
"""
AUTHOR = """
SELECT p.name FROM post x JOIN person p ON p.id = x.author_id AND p.active
GROUP BY p.id ORDER BY count(*) DESC, p.id LIMIT 1
"""
SKILL = """
SELECT s.name FROM person_skill x JOIN skill s ON s.id = x.skill_id GROUP BY s.id
ORDER BY count(*) {order}, s.id LIMIT 1
"""
TEXT = "SELECT body FROM post WHERE status = 'PUBLISHED' AND body ILIKE '% ' || $1 || ' %' ORDER BY id DESC LIMIT 1"

# Of the words (nothing else begins with a letter) of about so many documents, in how many each is.
SAMPLE = 20_000
COMMON = """
SELECT word, ndoc FROM ts_stat($$SELECT words FROM search_document TABLESAMPLE SYSTEM ({percent}) REPEATABLE (1)$$)
WHERE word ~ '^[a-z]{{4,}}$' ORDER BY ndoc DESC, word
"""


@dataclass(frozen=True)
class Case:
    """An operation and its variables; `viewer` is None where it is anybody."""

    name: str
    operation: str
    variables: Mapping[str, Any]
    viewer: uuid.UUID | None = None


async def cases() -> list[Case]:
    """All that is asked of the connected company."""
    return [*await _searches(), *await _suggestions(), *await _experts()]


async def _searches() -> list[Case]:
    common = await _by_commonness()
    most, second = common[:2]
    middling = common[len(common) // 4]
    author = await db.value(AUTHOR)
    surname = author.split()[-1]
    asked = {
        f"a rare word, {common[-1]}": common[-1],
        f"a middling word, {middling}": middling,
        f"the commonest word, {most}": most,
        "the commonest word of no weight, the": "the",
        f"two common words, {most} {second}": f"{most} {second}",
        "a phrase": await _phrase(most),
        "a misspelt name": surname[:2] + surname[3:],
        "from: and a word": f'from:"{author}" {most}',
        "a beginning of two letters": most[:2],
        "a word and a beginning": f"{middling} {most[:2]}",
        "no such word": "xqzvkw",
    }
    found = [_search(name, text) for name, text in asked.items()]
    for who, sql in (("a guest", GUEST), ("the person in most groups", BUSIEST)):
        person = await db.value(sql)
        found += [_search(f"{word}, {who}", word, person) for word in (most, middling)]
    return found


async def _suggestions() -> list[Case]:
    first, *_, last = (await db.value(AUTHOR)).lower().split()
    return [
        Case(f"{SUGGEST}: {prefix!r}", SUGGEST, {"prefix": prefix})
        for prefix in (last[:1], last[:2], last[:4], f"{first} {last[:2]}")
    ]


async def _experts() -> list[Case]:
    topics = [await db.value(SKILL.format(order=order)) for order in ("DESC", "ASC")]
    return [Case(f"{EXPERTS}: {topic}", EXPERTS, {"topic": topic}) for topic in topics]


async def _by_commonness() -> list[str]:
    """Words that mean something, the commonest first; the last one is in few documents."""
    documents = await db.value("SELECT greatest(reltuples, 1) FROM pg_class WHERE oid = 'search_document'::regclass")
    percent = min(100.0, 100 * SAMPLE / documents)
    rows = await db.rows(COMMON.format(percent=percent))
    return [row["word"] for row in rows if not languages.is_function_word(row["word"])]


async def _phrase(word: str) -> str:
    """This word and the one behind it in a post."""
    said = words((await db.value(TEXT, word)) or word)
    at = said.index(word) if word in said else 0
    return f'"{" ".join(said[at : at + 2])}"'


def _search(name: str, text: str, viewer: uuid.UUID | None = None) -> Case:
    return Case(f"{SEARCH}: {name}", SEARCH, {"text": text}, viewer)
